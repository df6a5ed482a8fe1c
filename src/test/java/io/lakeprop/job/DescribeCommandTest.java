package io.lakeprop.job;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.lakeprop.nn.Concat;
import io.lakeprop.nn.Linear;
import io.lakeprop.nn.Network;
import io.lakeprop.nn.Recompute;
import io.lakeprop.nn.TableInput;
import io.lakeprop.nn.WorkspacePlan;
import io.lakeprop.spark.RoundLoad;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * {@code describe} counts what a run needs, {@code training.recompute} changes that, and not one
 * bit of the model.
 */
final class DescribeCommandTest {
  private static final int PIECE = 40;
  private static final List<String> MODEL_FILES =
      List.of("model.json", "theta.safetensors", "SHA256SUMS");

  @TempDir private static Path folder;
  private static String line;

  @BeforeAll
  static void trainKeepingEverything() throws IOException {
    Csv.write(folder.resolve("shops.csv"), Csv.SHOPS, Csv.rows(0, 300, Csv::shop));
    Files.writeString(
        folder.resolve("job.yaml"),
        """
        table: %s/shops.csv
        label: kind
        output: %s/none
        network: {type: residual, blocks: 3, width: 12, norm: batch, noise: 0.1}
        training: {epochs: 2, batch: 128, slices: 3, piece: %d}
        """
            .formatted(folder, folder, PIECE));
    line = train("none");
  }

  /** Trains and returns what the console says of memory. */
  private static String train(String recompute) {
    String out =
        Ran.lakeprop(
                "train",
                folder.resolve("job.yaml").toString(),
                "--set",
                "output=" + folder.resolve(recompute),
                "--set",
                "training.recompute=" + recompute)
            .done()
            .out();
    return out.lines().filter(text -> text.startsWith("memory ")).findFirst().orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({"auto", "3"})
  void theModelIsTheSameFile(String recompute) throws IOException {
    train(recompute);
    for (String file : MODEL_FILES) {
      assertArrayEquals(
          Files.readAllBytes(folder.resolve("none/model").resolve(file)),
          Files.readAllBytes(folder.resolve(recompute + "/model").resolve(file)),
          file);
    }
    JsonNode kept = described("none");
    JsonNode again = described(recompute);
    assertTrue(
        again.get("workspace_bytes").asLong() < kept.get("workspace_bytes").asLong(), "" + again);
    assertTrue(again.get("segments").asInt() > 1);
    assertEquals(kept.get("forward_flops"), again.get("forward_flops"));
    assertTrue(again.get("training_flops").asLong() > kept.get("training_flops").asLong());
  }

  /** What the command writes for machines. */
  private static JsonNode described(String run, String... options) {
    Path json = folder.resolve("costs.json");
    List<String> arguments = new ArrayList<>(List.of("describe", folder.resolve(run).toString()));
    arguments.addAll(List.of("--json", json.toString()));
    arguments.addAll(List.of(options));
    Ran.lakeprop(arguments.toArray(String[]::new)).done();
    return Ran.json(json);
  }

  @Test
  void costsAreThoseOfTheRun() {
    JsonNode costs = described("none");
    assertEquals(PIECE, costs.get("piece").asInt());
    assertEquals(3, costs.at("/round/slices").asInt());
    assertEquals(3, costs.at("/round/tasks").asInt());
    long parameters = Ran.json(folder.resolve("none/report.json")).get("parameters").asLong();
    assertEquals(parameters, costs.get("parameters").asLong());
    assertEquals(3 * 4 * parameters, costs.at("/round/bytes_out").asLong());
    assertEquals("[1,1,1]", costs.at("/round/sums_a_task").toString());
    long layers = 0;
    for (JsonNode layer : costs.get("layers")) {
      for (String piece : List.of("value_bytes", "scratch_bytes", "skip_bytes")) {
        layers += layer.get(piece).asLong();
      }
    }
    long widest = 24;
    assertEquals(2 * 4 * PIECE * widest, costs.get("gradient_bytes").asLong());
    assertEquals(
        layers + 2 * 4 * PIECE * widest + 4 * 4 * PIECE, costs.get("workspace_bytes").asLong());
    JsonNode asked = described("none", "--tasks", "2", "--piece", "80", "--recompute", "4");
    assertEquals(2 * 4 * parameters, asked.at("/round/bytes_out").asLong());
    assertEquals(80, asked.get("piece").asInt());
    assertTrue(asked.get("segments").asInt() > 5);
    // Of a tree of eight slices, one of five tasks has two that are halves of different nodes.
    JsonNode alone = described("none/model", "--slices", "8", "--tasks", "5");
    assertEquals("[1,2,1,1,1]", alone.at("/round/sums_a_task").toString());
    // Beside the parameters, a counter a unit of relu: 24 inside each block, 12 on top.
    long node = 4 * (parameters + 3 * 24 + 12) + 128;
    assertEquals(6 * node, alone.at("/round/bytes_in").asLong());
    assertEquals(PIECE, alone.get("piece").asInt());
  }

  /** A run may be called model, and lie beside somebody's job.yaml or in another run's folder. */
  @Test
  void aRunCalledModelIsItself() throws IOException {
    Path around = folder.resolve("around");
    Path run = around.resolve("model");
    for (String file : List.of("RUN", "job.yaml", "model/model.json", "model/theta.safetensors")) {
      copy(file, run);
    }
    copy("model/SHA256SUMS", run);
    Files.writeString(around.resolve("job.yaml"), "training: {piece: 7}\n");
    assertEquals(PIECE, described("around/model").get("piece").asInt());
    assertEquals(PIECE, described("around/model/model").get("piece").asInt());
    Files.copy(run.resolve("RUN"), around.resolve("RUN"));
    assertEquals(PIECE, described("around/model").get("piece").asInt());
    Files.delete(run.resolve("RUN"));
    assertEquals(7, described("around/model").get("piece").asInt());
    assertEquals(JobReader.PIECE, described("around/model/model").get("piece").asInt());
    Files.writeString(around.resolve("RUN"), "a novel");
    assertEquals(JobReader.PIECE, described("around/model/").get("piece").asInt());
  }

  private static void copy(String file, Path run) throws IOException {
    Files.createDirectories(run.resolve(file).getParent());
    Files.copy(folder.resolve("none").resolve(file), run.resolve(file));
  }

  /** As messages print it. */
  @ParameterizedTest
  @CsvSource({"file:, /none", "file:, /none/model", "file://, /none/model/"})
  void aSchemeHasOneSlashOrThree(String scheme, String run) {
    Path json = folder.resolve("costs.json");
    Ran.lakeprop("describe", scheme + folder + run, "--json", json.toString()).done();
    assertEquals(PIECE, Ran.json(json).get("piece").asInt());
  }

  /** Columns stand below each other, whatever they hold. */
  @Test
  void theTableIsATable() {
    String run = folder.resolve("none").toString();
    List<String> lines = Ran.lakeprop("describe", run).done().out().lines().toList();
    int head =
        lines.indexOf(
            lines.stream().filter(text -> text.startsWith("layer ")).findFirst().orElseThrow());
    int rows = 2 + 1 + 3 * 7 + 2 + 1 + 1;
    for (int row = head; row <= head + rows - 1; row++) {
      assertEquals(lines.get(head).length(), lines.get(row).length(), lines.get(row));
    }
    assertTrue(lines.get(head + rows).startsWith("in all "), lines.get(head + rows));
    assertTrue(line.matches("memory     \\d\\S* .B of parameters, .* out, .* in"), line);
    assertTrue(line.length() <= 80, line);
  }

  /** A long name keeps both of its ends; sizes have two or three digits. */
  @Test
  void longNamesAndLargeNumbers() {
    String name = "a".repeat(20) + "-and-" + "z".repeat(60);
    Network network =
        new Network(
            new TableInput(1_000_000, List.of()),
            List.of(
                new Network.Named(name, new Linear(1_000_000, 1024)),
                new Network.Named("sum", new Concat(name, 1024, 1024))));
    WorkspacePlan plan = new WorkspacePlan(network, 2, new Recompute.None());
    List<String> lines = new CostTable(plan, new RoundLoad(64, 64, 1_024_001_024, 0, 0)).lines();
    assertEquals(
        List.of(
            "layer                             kind                              "
                + "     in      out     parameters  values  scratch   skips  forward  training",
            "input                             1000000 numbers, 0 categories     "
                + "1000000  1000000              0  7.6 MB        0       0        0         0",
            "aaaaaaaaaaaaaaa..zzzzzzzzzzzzzzz  linear                            "
                + "1000000     1024  1,024,001,024  8.0 KB        0  8.0 KB    2.0 G     4.1 G",
            "sum                               concat from aaa..zzzzzzzzzzzzzzz  "
                + "   1024     2048              0   16 KB        0       0        0         0"),
        lines.subList(0, 4));
    assertEquals("0", Console.bytes(0));
    assertEquals("1023 B", Console.bytes(1023));
    assertEquals("1.0 KB", Console.bytes(1024));
    assertEquals("10 KB", Console.bytes(10 * 1024 - 1));
    assertEquals("244 GB", Console.bytes(64L * 4 * 1_024_001_024));
    assertEquals("1.5 M", Console.count(1_500_000));
  }

  @Test
  void refusals() {
    String run = folder.resolve("none").toString();
    refused("--piece must be positive, however: --piece=0", run, "--piece", "0");
    refused("--slices must be positive, however: --slices=-1", run, "--slices", "-1");
    refused("--tasks must be from 1 to the slices, 3, however: --tasks=4", run, "--tasks", "4");
    assertEquals("", Ran.lakeprop("describe", run, "--tasks", "-1").out());
    refused("a piece must have fewer than 2^31 numbers, with 24 a row", run, "--piece", "99999999");
    refused(
        "recompute must be none, auto or a positive number of layers, however: x",
        run,
        "--recompute",
        "x");
  }

  private static void refused(String words, String run, String... options) {
    List<String> arguments = new ArrayList<>(List.of("describe", run));
    arguments.addAll(List.of(options));
    Refusal.assertRefused(Ran.lakeprop(arguments.toArray(String[]::new)), List.of(words));
  }
}
