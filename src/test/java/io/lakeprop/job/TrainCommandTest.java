package io.lakeprop.job;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.lakeprop.base.InvalidInput;
import io.lakeprop.spark.TestSpark;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training through the command line: what a three-line job leaves, and when it stops. */
final class TrainCommandTest {
  private static final int ROWS = 400;

  @TempDir private static Path folder;
  private static Path run;

  @BeforeAll
  static void threeLines() throws IOException {
    Csv.write(folder.resolve("shops.csv"), Csv.SHOPS, Csv.rows(0, ROWS, Csv::shop));
    run = folder.resolve("run");
    Path job = job("table: %s/shops.csv\nlabel: kind\noutput: %s\n".formatted(folder, run));
    Ran ran = Ran.lakeprop("train", job.toString()).done();
    assertEquals("", ran.err());
    assertTrue(ran.out().contains("done       " + run), ran.out());
  }

  private static Path job(String text) throws IOException {
    return Files.writeString(Files.createTempFile(folder, "job", ".yaml"), text);
  }

  @Test
  void theRunFolderIsWhole() throws IOException {
    try (Stream<Path> files = Files.list(run)) {
      Set<String> names = new TreeSet<>();
      files.forEach(file -> names.add(file.getFileName().toString()));
      assertEquals(
          Set.of("DONE", "RUN", "checkpoints", "job.yaml", "model", "report.json", "rounds.jsonl"),
          names);
    }
    try (Stream<Path> files = Files.list(run.resolve("model"))) {
      Set<String> names = new TreeSet<>();
      files.forEach(file -> names.add(file.getFileName().toString()));
      assertEquals(Set.of("SHA256SUMS", "model.json", "theta.safetensors"), names);
    }
  }

  @Test
  void theReportSaysWhatHappened() {
    JsonNode report = Ran.json(run.resolve("report.json"));
    int rows = 0;
    for (String split : List.of("train", "validation", "test")) {
      JsonNode metrics = report.at("/metrics/" + split);
      for (String name : List.of("accuracy", "balanced_accuracy", "macro_f1", "auc", "log_loss")) {
        assertTrue(metrics.get(name).isNumber(), split + " " + name);
      }
      assertTrue(metrics.get("accuracy").doubleValue() > 0.7, split + " " + metrics);
      rows += report.at("/rows/" + split).intValue();
      assertEquals(
          report.at("/rows/" + split).doubleValue(), sum(report.at("/confusion/" + split)));
    }
    assertEquals(ROWS, rows);
    assertEquals("[\"high\",\"low\",\"mid\"]", report.at("/confusion/classes").toString());
    assertTrue(report.get("seconds").doubleValue() > 0);
    assertTrue(report.get("parameters").intValue() > 128 * 128);
    for (String key : List.of("lakeprop", "spark", "java", "master", "kernel")) {
      assertFalse(report.at("/provenance/" + key).textValue().isEmpty(), key);
    }
    assertEquals(1, report.at("/provenance/seed").intValue());
    JsonNode model = Ran.json(run.resolve("model/model.json"));
    assertEquals(
        report.at("/provenance/training_fingerprint"),
        model.at("/provenance/training_fingerprint"));
    assertEquals(report.get("best_round"), model.at("/provenance/rounds"));
  }

  private static double sum(JsonNode matrix) {
    double sum = 0;
    for (JsonNode row : matrix) {
      for (JsonNode cell : row) {
        sum += cell.doubleValue();
      }
    }
    return sum;
  }

  @Test
  void aLineARound() {
    JsonNode report = Ran.json(run.resolve("report.json"));
    List<JsonNode> rounds = rounds(run);
    assertEquals(report.get("rounds").intValue(), rounds.size());
    long rows = 0;
    int perEpoch = report.get("rounds_per_epoch").intValue();
    for (int i = 0; i < rounds.size(); i++) {
      JsonNode line = rounds.get(i);
      assertEquals(i + 1, line.get("round").intValue());
      assertEquals(i / perEpoch + 1, line.get("epoch").intValue());
      for (String key : List.of("loss", "gradient_norm", "learning_rate", "compute_seconds")) {
        assertTrue(line.get(key).doubleValue() > 0, key);
      }
      rows += line.get("rows").longValue();
      if ((i + 1) % perEpoch == 0) {
        long epochs = line.get("epoch").longValue();
        assertEquals(epochs * report.at("/rows/train").longValue(), rows, "every row, each epoch");
      }
    }
    assertEquals(rows, report.get("rows_read").longValue());
  }

  /** The job file in it lies in its own output; a copy does not. */
  @Test
  void aRunInTheJobsPlaceIsToldHowToGoOn() throws IOException {
    Path own = run.resolve("job.yaml");
    Refusal.assertRefused(
        Ran.lakeprop("train", run.toString()),
        List.of("it is a folder (the run's job is " + own + ": copy it out of the run"));
    Path copy = Files.copy(own, folder.resolve("copy.yaml"));
    Ran ran = Ran.lakeprop("train", copy.toString(), "--resume").done();
    assertTrue(ran.out().contains("is finished already"), ran.out());
  }

  @Test
  void itsJobFileGivesTheSameModelAgain() throws IOException {
    Path again = folder.resolve("again");
    Path job = job(Files.readString(run.resolve("job.yaml")));
    Ran.lakeprop("train", job.toString(), "--set", "output=" + again).done();
    for (String file : List.of("model.json", "theta.safetensors", "SHA256SUMS")) {
      assertArrayEquals(
          Files.readAllBytes(run.resolve("model").resolve(file)),
          Files.readAllBytes(again.resolve("model").resolve(file)),
          file);
    }
    assertEquals(
        Ran.json(run.resolve("report.json")).get("metrics"),
        Ran.json(again.resolve("report.json")).get("metrics"));
  }

  /** The folder was as new when it was looked at, with another process at work in it. */
  @Test
  void aRunThatEndsWhileItsLockIsWaitedForStays() throws IOException {
    Path output = FolderTree.make(folder.resolve("waited"), Map.of("LOCK", ""));
    Map<String, String> ended =
        Map.of("DONE", "", "model/SHA256SUMS", "x", "checkpoints/a", "", "RUN", "{\"run\":1}");
    boolean[] told = new boolean[1];
    OutputStream ends =
        new OutputStream() {
          @Override
          public void write(int one) throws IOException {
            if (!told[0]) {
              told[0] = true;
              FolderTree.make(output, ended);
              Files.delete(output.resolve("LOCK"));
            }
          }
        };
    String text = "table: %s/shops.csv\nlabel: kind\noutput: %s\n".formatted(folder, output);
    Job job = JobReader.read(JobTree.resolve("job.yaml", text, List.of(), Map.of()));
    Console console = new Console(new PrintStream(ends, true, StandardCharsets.UTF_8), false);
    String message =
        assertThrows(
                InvalidInput.class,
                () ->
                    TrainCommand.train(TestSpark.session(), job, RunFolder.Earlier.REFUSE, console))
            .getMessage();
    assertTrue(message.contains("must not exist, however: it holds a run"), message);
    assertTrue(told[0]);
    for (Map.Entry<String, String> file : ended.entrySet()) {
      assertEquals(file.getValue(), Files.readString(output.resolve(file.getKey())));
    }
    assertFalse(Files.exists(output.resolve("LOCK")));
  }

  @Test
  void stopsWhenValidationGetsNoBetter() throws IOException {
    Path output = folder.resolve("early");
    Path job =
        job(
            """
            vars: {rate: 0.03}
            table: %s/shops.csv
            label: kind
            output: %s
            validation: 0.3
            network: {hidden: [64], dropout: 0}
            training: {epochs: 200, patience: 3, batch: 64, evaluate_every_rounds: 4}
            optimizer:
              learning_rate: ${rate}
            """
                .formatted(folder, output));
    Ran.lakeprop("train", job.toString()).done();
    JsonNode report = Ran.json(output.resolve("report.json"));
    int rounds = report.get("rounds").intValue();
    int planned = 200 * report.get("rounds_per_epoch").intValue();
    assertTrue(rounds < planned, rounds + " of " + planned);
    JsonNode best = null;
    List<JsonNode> evaluations = new ArrayList<>();
    for (JsonNode line : Ran.lines(output.resolve("rounds.jsonl"))) {
      if (line.has("validation")) {
        evaluations.add(line);
        double loss = line.at("/validation/log_loss").doubleValue();
        boolean better = best == null || loss < best.at("/validation/log_loss").doubleValue();
        assertEquals(better, line.get("best").booleanValue(), line.toString());
        best = better ? line : best;
      }
    }
    assertEquals(best.get("round"), report.get("best_round"));
    assertEquals(best.get("round").intValue() + 3 * 4, rounds, "three evaluations after the best");
    assertEquals(rounds / 4, evaluations.size());
    // The model is that of the best round, not of the last.
    assertEquals(best.get("validation"), report.at("/metrics/validation"));
    assertTrue(
        Files.readString(output.resolve("job.yaml")).contains("learning_rate: 0.03"), "resolved");
  }

  @Test
  void overwriteReplacesARun() throws IOException {
    Path output = folder.resolve("twice");
    String text = "table: %s/shops.csv\nlabel: kind\noutput: %s\n".formatted(folder, output);
    String[] quick = {
      "train", job(text).toString(), "--set", "training.epochs=1", "--set", "network.hidden=4"
    };
    Ran.lakeprop(quick).done();
    byte[] first = Files.readAllBytes(output.resolve("report.json"));
    Refusal.assertRefused(Ran.lakeprop(quick), List.of(output.toString(), "--overwrite"));
    assertArrayEquals(first, Files.readAllBytes(output.resolve("report.json")));
    List<String> again = new ArrayList<>(List.of(quick));
    again.addAll(List.of("--overwrite", "--set", "seed=3"));
    Ran.lakeprop(again.toArray(String[]::new)).done();
    assertEquals(3, Ran.json(output.resolve("report.json")).at("/provenance/seed").intValue());
  }

  private static List<JsonNode> rounds(Path output) {
    return Ran.lines(output.resolve("rounds.jsonl")).stream()
        .filter(line -> !line.has("validation"))
        .toList();
  }
}
