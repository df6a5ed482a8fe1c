package io.lakeprop.job;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code optimizer.type: lbfgs}: all rows a round, until there is nothing left to find. */
final class LbfgsJobTest {
  @TempDir private static Path folder;

  @BeforeAll
  static void table() throws IOException {
    Csv.write(folder.resolve("shops.csv"), Csv.SHOPS, Csv.rows(0, 600, Csv::shop));
  }

  @Test
  void endsByItselfAndTheResolvedJobGivesTheSameBytesOnAnotherCluster() throws IOException {
    Path run = folder.resolve("run");
    Ran.on("local[2]", Map.of(), "train", job(run, "").toString()).done();
    List<JsonNode> rounds =
        Ran.lines(run.resolve("rounds.jsonl")).stream().filter(l -> l.has("loss")).toList();
    assertTrue(rounds.size() < 500, "the most, however: " + rounds.size());
    double first = rounds.get(0).get("loss").doubleValue();
    double last = rounds.get(rounds.size() - 1).get("loss").doubleValue();
    assertTrue(last < 0.8 * first, first + " to " + last);
    JsonNode report = Ran.json(run.resolve("report.json"));
    assertEquals(
        report.at("/rows/train").longValue(), rounds.get(0).get("rows").longValue(), "all rows");

    Path again = folder.resolve("again");
    Ran.on(
            "local[1]",
            Map.of(),
            "train",
            run.resolve("job.yaml").toString(),
            "--set",
            "output=" + again)
        .done();
    assertArrayEquals(theta(run), theta(again));
  }

  @Test
  void aPartOfTheRowsIsRefusedOnceTheirNumberIsKnown() throws IOException {
    Ran ran =
        Ran.lakeprop("train", job(folder.resolve("part"), "training: {batch: 64}").toString());
    assertEquals(2, ran.code());
    assertEquals(1, ran.errors().size(), ran.err());
    assertTrue(
        ran.err().contains("optimizer lbfgs must read all training rows in each round"), ran.err());
    assertTrue(ran.err().contains("batch=64"), ran.err());
  }

  private static byte[] theta(Path run) throws IOException {
    return Files.readAllBytes(run.resolve("model/theta.safetensors"));
  }

  private static Path job(Path run, String more) throws IOException {
    return Files.writeString(
        Files.createTempFile(folder, "job", ".yaml"),
        """
        table: %s/shops.csv
        label: kind
        output: %s
        network: {hidden: [6], activation: tanh}
        optimizer: {type: lbfgs, weight_decay: 0.01}
        %s
        """
            .formatted(folder, run, more));
  }
}
