package io.lakeprop.job;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Batches in parts, rates that follow the batch and averages of theta, through the command line.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class LargeBatchTest {
  private static final int ROWS = 1500;
  private static final int FROM = 6;

  @TempDir private static Path folder;
  private String out;

  /** Four parts of a batch that the data chooses: 32 rows. */
  @BeforeAll
  void inParts() throws IOException {
    Csv.write(folder.resolve("shops.csv"), Csv.SHOPS, Csv.rows(0, ROWS, Csv::shop));
    Path job =
        Files.writeString(
            folder.resolve("parts.yaml"),
            """
            table: %s/shops.csv
            label: kind
            weight: weight
            output: %s/parts
            network: {hidden: [16, 8], dropout: 0.2, norm: batch}
            training:
              epochs: 3
              slices: 6
              accumulate: 4
              evaluate_every_rounds: 4
              average: {type: uniform, from_rounds: %d, every_rounds: 2}
            optimizer:
              {learning_rate: 0.001, schedule: constant, rate_scaling: linear, rate_batch: 32}
            """
                .formatted(folder, folder, FROM));
    out = Ran.lakeprop("train", job.toString()).done().out();
  }

  @Test
  void saysWhatItDoes() {
    assertTrue(out.contains(" an epoch of 4 x 32 rows in 6 slices, resident rounds\n"), out);
    assertTrue(
        out.contains("rate       learning rate 0.001 x 4 = 0.004 (linear, batch 128 for 32)\n"),
        out);
    assertTrue(out.contains("average    uniform, from round 6 on, every 2 rounds\n"), out);
    for (JsonNode line : Ran.lines(folder.resolve("parts/rounds.jsonl"))) {
      assertTrue(
          line.has("validation") || line.get("learning_rate").doubleValue() == 0.004,
          line.toString());
    }
  }

  @Test
  void isTheJobOfOneBigBatch() throws IOException {
    Ran whole = train("parts.yaml", "whole", "training.batch=128", "training.accumulate=1").done();
    assertTrue(whole.out().contains(" an epoch of 128 rows in 6 slices,"), whole.out());
    assertSame("whole");
  }

  /** Another master has other tasks; rounds are jobs. */
  @Test
  void theResolvedJobIsTheSameOnAnyCluster() throws IOException {
    String job = Files.readString(folder.resolve("parts/job.yaml"));
    assertTrue(job.contains("batch: 32\n"), job);
    train("parts/job.yaml", "again", "compute.rounds=job").done();
    assertSame("again");
  }

  /** The average that the last line has judged is the one in the model. */
  @Test
  void whatWasJudgedIsStored() {
    JsonNode best = null;
    for (JsonNode line : Ran.lines(folder.resolve("parts/rounds.jsonl"))) {
      best = line.has("best") && line.get("best").booleanValue() ? line : best;
    }
    assertTrue(best.get("round").intValue() >= FROM, "an average is the best: " + best);
    JsonNode report = Ran.json(folder.resolve("parts/report.json"));
    assertEquals(best.get("validation"), report.at("/metrics/validation"));
    assertEquals(4, report.at("/provenance/accumulate").intValue());
  }

  @Test
  void trainingKnowsNothingOfTheAverage() throws IOException {
    train("parts.yaml", "plain", "training.average=none").done();
    assertEquals(losses("parts"), losses("plain"));
    assertFalse(
        Arrays.equals(
            Files.readAllBytes(folder.resolve("parts/model/theta.safetensors")),
            Files.readAllBytes(folder.resolve("plain/model/theta.safetensors"))));
  }

  private static List<JsonNode> losses(String run) {
    return Ran.lines(folder.resolve(run).resolve("rounds.jsonl")).stream()
        .filter(line -> line.has("loss"))
        .map(line -> line.get("loss"))
        .toList();
  }

  private Ran train(String job, String output, String... sets) {
    ArrayList<String> arguments = new ArrayList<>(List.of("train", folder.resolve(job).toString()));
    arguments.addAll(List.of("--set", "output=" + folder.resolve(output)));
    for (String set : sets) {
      arguments.addAll(List.of("--set", set));
    }
    return Ran.on("local[1]", Map.of(), arguments.toArray(String[]::new));
  }

  private void assertSame(String other) throws IOException {
    for (String file : List.of("theta.safetensors", "SHA256SUMS", "model.json")) {
      assertArrayEquals(
          Files.readAllBytes(folder.resolve("parts/model").resolve(file)),
          Files.readAllBytes(folder.resolve(other).resolve("model").resolve(file)),
          file);
    }
    assertEquals(
        Ran.json(folder.resolve("parts/report.json")).get("metrics"),
        Ran.json(folder.resolve(other).resolve("report.json")).get("metrics"));
  }
}
