package io.lakeprop.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run says of its numbers' health: on the console, in rounds.jsonl and in report.json. */
final class HealthJobTest {
  @TempDir private static Path folder;

  @BeforeAll
  static void table() throws IOException {
    Csv.write(folder.resolve("shops.csv"), Csv.SHOPS, Csv.rows(0, 400, Csv::shop));
  }

  private static Ran train(String name, String keys) throws IOException {
    String text =
        "table: %s/shops.csv\nlabel: kind\noutput: %s/%s\n".formatted(folder, folder, name);
    Path job = Files.writeString(folder.resolve(name + ".yaml"), text + keys);
    return Ran.lakeprop("train", job.toString());
  }

  private static List<JsonNode> lines(String run, String key) {
    return Ran.lines(folder.resolve(run).resolve("rounds.jsonl")).stream()
        .filter(line -> line.has(key))
        .toList();
  }

  @Test
  void everyOtherRoundHasItsLayers() throws IOException {
    Ran ran =
        train(
            "good",
            """
            features: {categorical: {one_hot_up_to: 0}}
            network: {hidden: [16, 8], dropout: 0}
            training: {rounds: 7, batch: 64, layer_figures_every: 2}
            """);
    assertTrue(!ran.done().out().contains("\nwarning"), ran.out());
    List<JsonNode> rounds = lines("good", "layers");
    assertEquals(
        List.of(1, 3, 5, 7), rounds.stream().map(line -> line.get("round").intValue()).toList());
    for (JsonNode line : rounds) {
      JsonNode layers = line.get("layers");
      List<String> names = new ArrayList<>();
      layers.fieldNames().forEachRemaining(names::add);
      assertEquals(
          List.of(
              "input.shop",
              "hidden1",
              "hidden2",
              "head",
              "hidden1.activation",
              "hidden2.activation"),
          names);
      double squares = 0;
      for (String name : names.subList(0, 4)) {
        double norm = layers.get(name).get("gradient_norm").doubleValue();
        double ratio = layers.get(name).get("update_ratio").doubleValue();
        squares += norm * norm;
        assertTrue(ratio > 1e-5 && ratio < 0.1, name + " " + line);
      }
      double whole = line.get("gradient_norm").doubleValue();
      assertEquals(whole, Math.sqrt(squares), 1e-5 * whole);
      double dead = layers.get("hidden1.activation").get("dead").doubleValue();
      assertTrue(dead >= 0 && dead < 0.5 && 16 * dead == Math.rint(16 * dead), line.toString());
    }
    JsonNode report = Ran.json(folder.resolve("good/report.json"));
    assertEquals("[]", report.get("warnings").toString());
    assertEquals(0, report.get("non_finite_rounds").intValue());
  }

  @Test
  void aWarningStandsInAllThreePlaces() throws IOException {
    String hidden = Collections.nCopies(20, 8).toString();
    Ran ran =
        train(
            "deep",
            "network: {hidden: %s, activation: sigmoid, dropout: 0}\n".formatted(hidden)
                + "training: {rounds: 30, batch: 64}\n");
    List<JsonNode> warned = lines("deep", "warning");
    assertEquals(1, warned.size());
    JsonNode warning = warned.get(0);
    assertEquals("vanishing_gradients", warning.get("warning").textValue());
    assertEquals("hidden1", warning.get("layers").get(0).textValue());
    String line = "round %d: %s".formatted(20, warning.get("text").textValue());
    assertTrue(ran.done().out().contains("warning    " + line), ran.out());
    JsonNode report = Ran.json(folder.resolve("deep/report.json"));
    assertEquals(List.of(warning), List.of(report.get("warnings").get(0)));
    assertTrue(
        lines("deep", "layers").get(0).at("/layers/hidden1.activation").has("saturated"),
        "a share of saturated units");
  }

  @Test
  void aRateThatNoHalvingHelpsEndsInOneLine() throws IOException {
    Ran ran =
        train(
            "wild",
            """
            network: {hidden: [16, 8], dropout: 0}
            training: {rounds: 50, batch: 64, non_finite: retry}
            optimizer: {type: sgd, learning_rate: 1.0e+38}
            """);
    assertEquals(1, ran.code());
    assertEquals(1, ran.errors().size(), ran.err());
    assertTrue(ran.err().contains("diverged: loss="), ran.err());
    assertTrue(ran.err().contains("halved 10 times"), ran.err());
    assertEquals(10, lines("wild", "non_finite").size());
    assertEquals(10, ran.out().lines().filter(line -> line.contains(": not finite: ")).count());
    for (JsonNode line : lines("wild", "non_finite")) {
      assertEquals("retry", line.get("non_finite").textValue());
      assertTrue(line.get("loss").isNull() || line.get("loss").isNumber(), line.toString());
    }
  }
}
