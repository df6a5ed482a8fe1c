package io.lakeprop.job;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lakeprop.base.InvalidInput;
import io.lakeprop.model.LocalStorage;
import io.lakeprop.spark.TestSpark;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A small job whose runs are begun, lost and gone on with, in the shared session. */
final class Resumed {
  private final Path folder;

  Resumed(Path folder) throws IOException {
    this.folder = folder;
    Csv.write(folder.resolve("shops.csv"), Csv.SHOPS, Csv.rows(0, 400, Csv::shop));
    Csv.write(folder.resolve("valid.csv"), Csv.SHOPS, Csv.rows(400, 500, Csv::shop));
    Files.writeString(
        folder.resolve("job.yaml"),
        """
        table: %s/shops.csv
        validation: %s/valid.csv
        test: none
        label: kind
        network: {hidden: [8]}
        training:
          batch: 80
          epochs: 2
          checkpoints: {every_rounds: 1, keep: 100}
        optimizer: {schedule: constant}
        compute: {kernel: ejml, rounds: job}
        """
            .formatted(folder, folder));
  }

  Path run(String name) {
    return folder.resolve(name);
  }

  Path file() {
    return folder.resolve("job.yaml");
  }

  /** Trains; returns what the console shows. */
  String train(String run, RunFolder.Earlier earlier, String... sets) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Console console = new Console(new PrintStream(out, true, StandardCharsets.UTF_8), false);
    List<String> all = new ArrayList<>(List.of(sets));
    all.add("output=" + run(run));
    String text = Files.readString(file());
    Job job = JobReader.read(JobTree.resolve(file().toString(), text, all, Map.of()));
    assertEquals(0, TrainCommand.train(TestSpark.session(), job, earlier, console));
    return out.toString(StandardCharsets.UTF_8);
  }

  /** A refusal of all that begins like this, after which the folder is as it was. */
  String refusal(String run, RunFolder.Earlier earlier, String... sets) throws IOException {
    Map<String, String> before = files(run);
    String message = assertThrows(InvalidInput.class, () -> train(run, earlier, sets)).getMessage();
    assertEquals(before, files(run));
    return message;
  }

  /** All files of a run, by their bytes. */
  Map<String, String> files(String run) throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(run(run))) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        files.put(file.toString(), Files.readString(file, StandardCharsets.ISO_8859_1));
      }
    }
    return files;
  }

  /**
   * A copy of a finished run as it would be had its process died soon after a checkpoint, which is
   * the last one up to a round: while one is being written, no other is begun.
   */
  String lost(String finished, String run, long round) throws IOException {
    copy(run(finished), run(run));
    LocalStorage storage = new LocalStorage();
    for (String name : List.of("DONE", "report.json", "model")) {
      storage.delete(run(run).resolve(name).toString());
    }
    for (String name : storage.list(run(run) + "/checkpoints")) {
      if (name.startsWith("round-") && Long.parseLong(name.substring(6)) > round) {
        storage.delete(run(run) + "/checkpoints/" + name);
      }
    }
    return last(run);
  }

  /** The name of a run's last checkpoint. */
  String last(String run) throws IOException {
    List<String> names = new LocalStorage().list(run(run) + "/checkpoints");
    return names.get(names.size() - 1);
  }

  void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      all.forEach(
          path -> {
            try {
              Files.copy(path, to.resolve(from.relativize(path).toString()));
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    }
  }

  /** The same model to the byte, and the same rounds but for their seconds. */
  void assertSame(String expected, String run) throws IOException {
    for (String name : List.of("model.json", "theta.safetensors", "SHA256SUMS")) {
      assertArrayEquals(
          Files.readAllBytes(run(expected).resolve("model").resolve(name)),
          Files.readAllBytes(run(run).resolve("model").resolve(name)),
          name);
    }
    assertEquals(rounds(expected), rounds(run));
    for (String key : List.of("/metrics", "/rounds", "/best_round", "/rows_read", "/warnings")) {
      assertEquals(
          Ran.json(run(expected).resolve("report.json")).at(key),
          Ran.json(run(run).resolve("report.json")).at(key));
    }
  }

  private List<String> rounds(String run) {
    return Ran.lines(run(run).resolve("rounds.jsonl")).stream()
        .map(
            line ->
                ((ObjectNode) line)
                    .without(List.of("seconds", "compute_seconds", "step_seconds"))
                    .toString())
        .toList();
  }
}
