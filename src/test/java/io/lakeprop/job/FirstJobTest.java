package io.lakeprop.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.lakeprop.model.LocalStorage;
import io.lakeprop.model.ModelFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A table as people have them, and a job of three lines. */
final class FirstJobTest {
  @TempDir private static Path folder;

  private static Path customers() throws IOException {
    return CustomersTable.in(folder);
  }

  private static Path job(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name + ".yaml"), text);
  }

  private static Set<String> names(JsonNode list) {
    Set<String> names = new TreeSet<>();
    StreamSupport.stream(list.spliterator(), false).forEach(one -> names.add(one.asText()));
    return names;
  }

  @Test
  void threeLinesTrainAndTellWhatBecameOfEachColumn() throws IOException {
    Path job =
        job(
            "first",
            """
            table: %s
            label: churned
            output: %s/first
            """
                .formatted(customers(), folder));
    Ran ran = Ran.lakeprop("train", job.toString(), "--set", "training.rounds=300").done();
    for (String words :
        List.of(
            "currency (always \"EUR\"), fax (no value), mail (all values different), row (row"
                + " numbers)",
            "ids or amounts? whole numbers that are all different: account",
            "ended",
            "confusion  test rows: truth on the left, prediction on top",
            "truth")) {
      assertTrue(ran.out().contains(words), () -> words + " is not in " + ran.out());
    }
    JsonNode report = Ran.json(folder.resolve("first/report.json"));
    JsonNode useless = report.at("/data/useless_columns");
    assertEquals(4, useless.size(), useless.toString());
    assertEquals("row numbers", useless.get("row").asText());
    assertEquals(Set.of("account"), names(report.at("/data/possible_ids")));
    assertEquals("rounds", report.get("ended_by").asText());
    assertTrue(report.get("best_epoch").asInt() >= 1);
    assertTrue(report.has("still_improving"));
    assertTrue(report.at("/metrics/test/accuracy").asDouble() > 0.9, report::toString);
    JsonNode model = Ran.json(folder.resolve("first/model/model.json"));
    Set<String> features = new TreeSet<>();
    model.get("features").forEach(feature -> features.add(feature.get("name").asText()));
    assertEquals(Set.of("account", "calls", "joined", "plan"), features);
    Yaml.Mapping resolved = Yaml.read("job", Files.readString(folder.resolve("first/job.yaml")));
    Yaml.Mapping training = (Yaml.Mapping) resolved.entries().get("training");
    assertTrue(training.entries().keySet().containsAll(Set.of("epochs", "batch", "patience")));
  }

  /** Rows that differ in what is left out alone are alike, and on one side of every split. */
  @Test
  void rowsThatDifferInTheirNumberAloneAreOnOneSide() throws IOException {
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      // Each kind of row eight times; the label is noise that only its own row could tell.
      rows.add("%d,%d,%s".formatted(i, i % 50 * 31 % 50, i * 7919 % 13 < 6 ? "yes" : "no"));
    }
    Csv.write(folder.resolve("twins.csv"), "row,x,y", rows);
    Path job =
        job(
            "twins",
            """
            table: %1$s/twins.csv
            label: y
            output: %1$s/twins
            validation: 0.2
            test: none
            network: {hidden: 4}
            training: {epochs: 1}
            """
                .formatted(folder));
    Ran.lakeprop("train", job.toString()).done();
    JsonNode kept = Ran.json(folder.resolve("twins/report.json"));
    for (String split : List.of("train", "validation")) {
      assertEquals(0, kept.at("/rows/" + split).asInt() % 8, kept.get("rows")::toString);
    }
  }

  @Test
  void aColumnThatTheJobNamesIsKept() throws IOException {
    Path job =
        job(
            "named",
            """
            table: %1$s
            label: churned
            output: %2$s/named
            features: {columns: {row: {kind: numeric}}}
            network: {hidden: 4}
            training: {epochs: 1}
            """
                .formatted(customers(), folder));
    Ran ran = Ran.lakeprop("train", job.toString()).done();
    assertFalse(ran.out().contains("row (row numbers)"), ran.out());
  }

  /** What the rows have decided is no difference to a job that leaves it to them. */
  @ParameterizedTest
  @ValueSource(strings = {"", "network: {type: perceptron}", "training:", "network: {hidden: 5}"})
  void whatIsLeftToTheRowsGoesOn(String more) throws IOException {
    String output = folder.resolve("on" + more.length()).toString();
    Path job =
        job(
            "on",
            """
            table: %s
            label: churned
            output: %s
            %s
            """
                .formatted(customers(), output, more));
    Ran.lakeprop("train", job.toString(), "--set", "training.rounds=40").done();
    Ran same =
        Ran.lakeprop("train", job.toString(), "--resume", "--set", "training.rounds=40").done();
    assertTrue(same.out().contains("finished already"), same.out());
    Ran more80 =
        Ran.lakeprop("train", job.toString(), "--extend", "--set", "training.rounds=80").done();
    assertTrue(more80.out().contains("80 rounds"), more80.out());
    assertEquals(80, Ran.json(Path.of(output, "report.json")).get("rounds").asInt());
  }

  /** A line goes on for ever; what it was fitted to does not. */
  @Test
  void predictionsStayWithinTheTrainingLabels() throws IOException {
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      rows.add("%s,%s".formatted(i % 100 / 10.0, 3 + i % 100 / 5.0));
    }
    Csv.write(folder.resolve("line.csv"), "x,y", rows);
    Csv.write(folder.resolve("far.csv"), "x,y", List.of("1e6,99.5", "-1e6,3.5", "5,13"));
    for (String range : List.of("training", "any")) {
      Path job =
          job(
              range,
              """
              table: %1$s/line.csv
              label: {column: y, task: regression, predictions: %2$s}
              output: %1$s/%2$s
              features: {numeric: {scaling: none}}
              validation: none
              test: %1$s/far.csv
              network: {hidden: 8}
              training: {epochs: 30, batch: 32}
              optimizer: {learning_rate: 0.02}
              """
                  .formatted(folder, range));
      Ran.lakeprop("train", job.toString()).done();
      double[] far =
          ModelFiles.read(new LocalStorage(), folder.resolve(range).toString())
              .predictor()
              .predict(Map.of("x", 1e6));
      double rmse =
          Ran.json(folder.resolve(range + "/report.json")).at("/metrics/test/rmse").asDouble();
      Ran.lakeprop(
              "predict",
              "--model",
              folder.resolve(range).toString(),
              "--table",
              folder.resolve("far.csv").toString(),
              "--output",
              folder.resolve("scored-" + range).toString(),
              "--output-format",
              "csv")
          .done();
      String scored = scored(folder.resolve("scored-" + range));
      if (range.equals("training")) {
        assertTrue(far[0] >= 3 && far[0] <= 22.8, "predicted " + far[0]);
        assertTrue(rmse < 60, "rmse " + rmse);
        assertTrue(scored.contains("," + far[0]), scored);
      } else {
        assertTrue(Math.abs(far[0]) > 1000, "predicted " + far[0]);
        assertTrue(rmse > 1000, "rmse " + rmse);
      }
    }
  }

  private static String scored(Path table) throws IOException {
    StringBuilder all = new StringBuilder();
    try (var files = Files.list(table)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".csv")).toList()) {
        all.append(Files.readString(file));
      }
    }
    return all.toString();
  }
}
