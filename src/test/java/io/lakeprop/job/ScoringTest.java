package io.lakeprop.job;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.lakeprop.data.LabelEncoder;
import io.lakeprop.model.LocalStorage;
import io.lakeprop.model.Model;
import io.lakeprop.model.ModelFiles;
import io.lakeprop.model.Predictor;
import io.lakeprop.spark.TestSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Date;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Evaluate and predict: the same numbers as the run's report, and as the model without Spark. */
final class ScoringTest {
  private static final int TEST_ROWS = 300;

  @TempDir private static Path folder;

  @BeforeAll
  static void twoModels() throws IOException {
    csv("shops", Csv.SHOPS, Csv.rows(0, 500, Csv::shop));
    csv("shops-test", Csv.SHOPS, Csv.rows(1000, 1000 + TEST_ROWS, Csv::shop));
    csv("prices", Csv.PRICES, Csv.rows(0, 500, Csv::price));
    csv("prices-test", Csv.PRICES, Csv.rows(1000, 1000 + TEST_ROWS, Csv::price));
    train("shops", "kind", "weight: weight");
    train("prices", "price", "seed: 2");
  }

  private static void csv(String name, String header, List<String> rows) throws IOException {
    Csv.write(folder.resolve(name + ".csv"), header, rows);
  }

  private static void train(String table, String label, String more) throws IOException {
    Path job =
        Files.writeString(
            folder.resolve(table + ".yaml"),
            """
            table: %1$s/%2$s.csv
            test: %1$s/%2$s-test.csv
            label: %3$s
            output: %1$s/run-%2$s
            network: {hidden: [32]}
            training: {epochs: 8}
            optimizer: {learning_rate: 0.01}
            %4$s
            """
                .formatted(folder, table, label, more));
    Ran.lakeprop("train", job.toString()).done();
  }

  @Test
  void evaluateAgreesWithTheReport() throws IOException {
    for (List<String> more : List.of(List.of("shops", "--weight", "weight"), List.of("prices"))) {
      String table = more.get(0);
      Path json = folder.resolve(table + "-metrics.json");
      List<String> arguments = new ArrayList<>(List.of("evaluate", "--model", run(table)));
      arguments.addAll(List.of("--table", folder + "/" + table + "-test.csv"));
      arguments.addAll(List.of("--json", json.toString()));
      arguments.addAll(more.subList(1, more.size()));
      Ran ran = Ran.lakeprop(arguments.toArray(String[]::new)).done();
      assertTrue(ran.out().contains("rows " + TEST_ROWS + "\n"), ran.out());
      JsonNode report = Ran.json(Path.of(run(table), "report.json"));
      assertEquals(TEST_ROWS, report.at("/rows/test").intValue());
      JsonNode expected = report.at("/metrics/test");
      JsonNode metrics = Ran.json(json).get("metrics");
      assertEquals(expected.size(), metrics.size());
      for (Map.Entry<String, JsonNode> metric : expected.properties()) {
        double value = metric.getValue().doubleValue();
        double tolerance = 1e-6 * Math.max(1, Math.abs(value));
        assertEquals(value, metrics.get(metric.getKey()).doubleValue(), tolerance);
        assertTrue(ran.out().contains(metric.getKey() + " "), ran.out());
      }
    }
  }

  /** The next prediction of the same table would read it for a row. */
  @Test
  void aReportIsPlantedInNoTableThatIsRead() throws IOException {
    Path table = Files.createDirectories(folder.resolve("tables/shops"));
    Files.copy(folder.resolve("shops-test.csv"), table.resolve("t.csv"));
    for (String source :
        List.of(
            "--table=" + table,
            "--table=" + table + "/*",
            "--sql=select cast(_c0 as double) size, _c2 shop, _c3 kind from csv.`" + table + "`")) {
      String json = table + "/metrics.json";
      Ran ran = Ran.lakeprop("evaluate", "--model", run("shops"), source, "--json", json);
      Refusal.assertRefused(ran, List.of(json, "outside of what is read", "name another file"));
      assertFalse(Files.exists(Path.of(json)));
    }
    String json = run("shops") + "/metrics.json";
    Ran.lakeprop("evaluate", "--model", run("shops"), "--table", table + "/t.csv", "--json", json)
        .done();
    assertEquals(TEST_ROWS, Ran.json(Path.of(json)).get("rows").intValue());
  }

  @Test
  void predictsClassesAsTheModelAlone() throws IOException {
    List<Row> rows = predict("shops", "parquet");
    assertEquals("size,weight,shop,kind,prediction,probabilities", names(rows));
    Model model = ModelFiles.read(new LocalStorage(), run("shops"));
    Predictor predictor = model.predictor();
    List<String> classes = ((LabelEncoder.Classes) model.labels().get(0)).values();
    int right = 0;
    for (Row row : rows) {
      double[] alone = predictor.predict(values(row, List.of("size", "shop")));
      Map<String, Double> probabilities = row.getJavaMap(row.fieldIndex("probabilities"));
      double[] table = classes.stream().mapToDouble(probabilities::get).toArray();
      assertArrayEquals(alone, table, 1e-6);
      double sum = 0;
      int best = 0;
      for (int j = 0; j < alone.length; j++) {
        sum += table[j];
        best = table[j] > table[best] ? j : best;
      }
      assertEquals(1, sum, 1e-5);
      assertEquals(classes.get(best), row.getAs("prediction"));
      right += row.getAs("prediction").equals(row.getAs("kind")) ? 1 : 0;
    }
    // The labels' own noise is nil; a guess is right once in three.
    assertTrue(right > 0.7 * TEST_ROWS, right + " of " + TEST_ROWS);
  }

  /** Of what training knew, a table needs the features alone, and nothing is added to it. */
  @Test
  void aJsonTableKeepsItsOwnColumns() throws IOException {
    Path table = folder.resolve("some.json");
    Files.writeString(table, "[{\"shop\": \"s1\"},\n{\"shop\": \"s4\"}]\n{\"shop\": \"s2\"}\n");
    Path scored = folder.resolve("some-scored");
    Ran ran = Ran.lakeprop(scoring("predict", table, "--output", scored.toString(), "csv")).done();
    assertTrue(ran.out().contains("no object has [size], so all of it is missing"), ran.out());
    try (Stream<Path> files = Files.list(scored)) {
      Path part = files.filter(own -> own.toString().endsWith(".csv")).findFirst().orElseThrow();
      String header = Files.readAllLines(part).get(0);
      assertTrue(header.startsWith("shop,prediction,probability_"), header);
    }
    Files.writeString(table, "{\"size\": 1.5, \"shop\": \"s1\", \"Kind\": \"low\"}\n");
    ran = Ran.lakeprop("evaluate", "--model", run("shops"), "--table", table.toString());
    assertEquals(2, ran.code());
    assertTrue(
        ran.err().contains("column \"kind\", however: it has [Kind, shop, size]"), ran.err());
  }

  private static String[] scoring(
      String command, Path table, String option, String value, String format) {
    return new String[] {
      command,
      "--model",
      run("shops"),
      "--table",
      table.toString(),
      option,
      value,
      "--output-format",
      format
    };
  }

  /** Rows that are written as CSV carry their texts; no message names that column. */
  @Test
  void messagesNameTheTablesColumnsAlone() throws IOException {
    Path table = folder.resolve("capital.csv");
    Csv.write(table, "size,Shop", List.of("1.5,s1"));
    Path scored = folder.resolve("capital-scored");
    String[] predict = scoring("predict", table, "--output", scored.toString(), "csv");
    Ran ran = Ran.lakeprop(predict);
    assertTrue(ran.err().contains("column \"shop\", however: it has [Shop, size]"), ran.err());
    List<String> derived = new ArrayList<>(List.of(predict));
    derived.addAll(List.of("--derive", "a=bogus"));
    ran = Ran.lakeprop(derived.toArray(String[]::new));
    assertTrue(ran.err().contains("bogus") && ran.err().contains("`Shop`"), ran.err());
    assertFalse(ran.err().contains("__"), ran.err());
  }

  @Test
  void predictsNumbersInTheirUnit() throws IOException {
    List<Row> rows = predict("prices", "orc");
    assertEquals("a,b,when,price,prediction", names(rows));
    Predictor alone = ModelFiles.read(new LocalStorage(), run("prices")).predictor();
    double squared = 0;
    for (Row row : rows) {
      double prediction = row.getAs("prediction");
      Map<String, Object> values = values(row, List.of("a", "b"));
      values.put("when", ((Date) row.getAs("when")).toLocalDate().toEpochDay());
      assertEquals(alone.predict(values)[0], prediction, 1e-3 * Math.abs(prediction));
      squared += Math.pow(prediction - (double) row.getAs("price"), 2);
    }
    double rmse = Math.sqrt(squared / TEST_ROWS);
    JsonNode report = Ran.json(Path.of(run("prices"), "report.json"));
    double reported = report.at("/metrics/test/rmse").doubleValue();
    assertEquals(reported, rmse, 1e-5 * rmse);
    assertTrue(rmse < 30_000, "better than the mean's 47,000: " + rmse);
  }

  @Test
  void predictionsHaveTheLabelsType() throws IOException {
    csv("flags", "x,flag,digit", Csv.rows(0, 120, i -> i % 10 + "," + (i % 10 > 4) + "," + i % 3));
    for (List<Object> label :
        List.of(
            List.of("flag", DataTypes.BooleanType),
            List.<Object>of("digit", DataTypes.IntegerType))) {
      Path run = folder.resolve("run-" + label.get(0));
      Path job =
          Files.writeString(
              folder.resolve(label.get(0) + ".yaml"),
              "table: %s/flags.csv\nlabel: %s\noutput: %s\ntest: none\ntraining: {epochs: 1}\n"
                  .formatted(folder, label.get(0), run));
      Ran.lakeprop("train", job.toString()).done();
      Path output = folder.resolve("out-" + label.get(0));
      Ran.lakeprop(
              "predict",
              "--model",
              run.toString(),
              "--table",
              folder + "/flags.csv",
              "--output",
              output.toString())
          .done();
      assertEquals(
          label.get(1),
          TestSpark.session()
              .read()
              .parquet(output.toString())
              .schema()
              .apply("prediction")
              .dataType());
    }
  }

  @Test
  void predictsToCsv() throws IOException {
    List<Row> rows = predict("shops", "csv");
    assertEquals(
        "size,weight,shop,kind,prediction,probability_high,probability_low,probability_mid",
        names(rows));
    Row row = rows.get(0);
    double sum = row.<Double>getAs(5) + row.<Double>getAs(6) + row.<Double>getAs(7);
    assertEquals(1, sum, 1e-6);
  }

  /** Where the network's numbers overflow, no class is more likely than another. */
  @Test
  void aRowWhoseNumbersOverflowHasNoPrediction() throws IOException {
    csv("far", "x,y", Csv.rows(0, 200, i -> i % 10 + "," + (i % 10 > 4 ? "yes" : "no")));
    Path job =
        Files.writeString(
            folder.resolve("far.yaml"),
            """
            table: %1$s/far.csv
            validation: none
            test: none
            label: y
            features: {numeric: {scaling: none}}
            output: %1$s/run-far
            network: {hidden: [64, 64, 64]}
            training: {epochs: 1, checkpoints: none}
            """
                .formatted(folder));
    Ran.lakeprop("train", job.toString()).done();
    csv("farther", "x", List.of("1", "3e38", "9", "-3e38"));
    Ran ran =
        Ran.lakeprop(
                "predict",
                "--model=" + run("far"),
                "--table=" + folder + "/farther.csv",
                "--output=" + folder + "/out-far")
            .done();
    List<String> predicted =
        TestSpark.session()
            .read()
            .parquet(folder + "/out-far")
            .selectExpr("abs(x) > 10", "prediction is null", "isnan(probabilities['yes'])")
            .distinct()
            .collectAsList()
            .stream()
            .map(Row::toString)
            .sorted()
            .toList();
    assertEquals(List.of("[false,false,false]", "[true,true,true]"), predicted);
    assertTrue(
        ran.out().contains("farther.csv: 2 rows have no finite prediction, since"), ran.out());
  }

  @Test
  void aLabelIsNotNeededToPredict() throws IOException {
    csv("unknown", "shop,size,note", List.of("s1,3.5,x", "s9,,y", ",1,z"));
    Path output = folder.resolve("unknown-out");
    Ran.lakeprop(
            "predict",
            "--model",
            run("shops") + "/model",
            "--table",
            folder + "/unknown.csv",
            "--where",
            "note <> 'z'",
            "--derive",
            "size=size * 2",
            "--output",
            output.toString(),
            "--output-format",
            "json")
        .done();
    List<String> lines = new ArrayList<>();
    try (Stream<Path> files = Files.list(output)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".json")).toList()) {
        lines.addAll(Files.readAllLines(file));
      }
    }
    assertEquals(2, lines.size());
    assertTrue(lines.toString().contains("\"note\":\"x\""), lines.toString());
    assertTrue(lines.toString().contains("\"size\":7.0"), lines.toString());
  }

  /** Predicts the test table, checks that its columns are kept, and returns the rows. */
  private static List<Row> predict(String table, String format) throws IOException {
    Path output = folder.resolve(table + "-" + format);
    String input = folder + "/" + table + "-test.csv";
    Ran.lakeprop(
            "predict",
            "--model",
            run(table),
            "--table",
            input,
            "--output",
            output.toString(),
            "--output-format",
            format)
        .done();
    List<Row> rows = read(format, output.toString());
    assertEquals(TEST_ROWS, rows.size());
    List<Row> before = read("csv", input);
    for (int i = 0; i < TEST_ROWS; i++) {
      for (String name : before.get(i).schema().fieldNames()) {
        assertEquals(before.get(i).<Object>getAs(name), rows.get(i).<Object>getAs(name));
      }
    }
    return rows;
  }

  private static List<Row> read(String format, String path) {
    return TestSpark.session()
        .read()
        .option("header", "true")
        .option("inferSchema", "true")
        .format(format)
        .load(path)
        .collectAsList();
  }

  private static String names(List<Row> rows) {
    return String.join(",", rows.get(0).schema().fieldNames());
  }

  private static Map<String, Object> values(Row row, List<String> names) {
    Map<String, Object> values = new HashMap<>();
    names.forEach(name -> values.put(name, row.getAs(name)));
    return values;
  }

  private static String run(String table) {
    return folder + "/run-" + table;
  }
}
