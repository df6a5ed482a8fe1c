package io.lakeprop.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.spark.TestSpark;
import io.lakeprop.spark.TestTables;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What predict writes as CSV is read by any reader of CSV, to the last character and digit. */
final class CsvOutputTest {
  private static final List<String> NOTES =
      Arrays.asList(
          "plain",
          "a, b",
          "\"quoted\"",
          "say \"\"twice\"\"",
          "\"",
          "line\nbreak",
          "carriage\r\nreturn",
          "a lone\rone",
          " blanks at both ends ",
          "\ttab\t",
          "back\\slash",
          "back\\\"slash and quote\\",
          "#comment",
          "größe 東京 🙂",
          "it's; fine|really",
          "",
          " ",
          "null",
          "NaN",
          null);

  /** Of classes, which become column names. */
  private static final List<String> CLASSES =
      List.of("yes", "no, \"never\"", "may.be `so`\nor not", "");

  private static final String COLUMNS =
      "id INT, x DOUBLE, note STRING, kind STRING, `odd, \"name\".x` STRING";

  @TempDir private static Path folder;

  @BeforeAll
  static void model() throws IOException {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      String note = NOTES.get(i % NOTES.size());
      rows.add(
          RowFactory.create(
              i, i % 4 + 0.1 * (i % 3), note, CLASSES.get(i % 4), i % 2 == 0 ? note : "o"));
    }
    TestTables.of(rows, COLUMNS).coalesce(1).write().parquet(folder.resolve("t").toString());
    train("run", "kind", "");
  }

  private static void train(String run, String label, String table) throws IOException {
    Path job =
        Files.writeString(
            folder.resolve(run + ".yaml"),
            """
            table: {path: %1$s/t%4$s}
            label: %3$s
            output: %1$s/%2$s
            validation: none
            test: none
            features: {include: [x]}
            network: {hidden: 4}
            training: {epochs: 1, checkpoints: none}
            """
                .formatted(folder, run, label, table));
    Ran.lakeprop("train", job.toString()).done();
  }

  private static Path predict(String name, String format, String... more) {
    ran("run", name, format, more).done();
    return folder.resolve(name);
  }

  private static Ran ran(String run, String name, String format, String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("predict", "--model", folder.resolve(run).toString()));
    arguments.addAll(List.of("--output", folder.resolve(name).toString()));
    arguments.addAll(List.of("--output-format", format));
    arguments.addAll(List.of(more));
    return Ran.lakeprop(arguments.toArray(String[]::new));
  }

  /** The header, which all files share, and the records of all files. */
  private static List<List<String>> records(Path output) throws IOException {
    List<List<String>> all = new ArrayList<>();
    for (Path file : TestTables.parts(output)) {
      List<List<String>> own = Rfc4180.records(Files.readString(file, StandardCharsets.UTF_8));
      all.addAll(all.isEmpty() ? own : own.subList(1, own.size()));
    }
    for (List<String> record : all) {
      assertEquals(all.get(0).size(), record.size(), record.toString());
    }
    return all;
  }

  @Test
  void everyCellComesBack() throws IOException {
    String table = folder.resolve("t").toString();
    List<List<String>> records = records(predict("csv", "csv", "--table", table));
    List<String> header = new ArrayList<>(List.of("id", "x", "note", "kind", "odd, \"name\".x"));
    header.add("prediction");
    List<String> classes = CLASSES.stream().sorted().toList();
    classes.forEach(value -> header.add("probability_" + value));
    assertEquals(header, records.get(0));
    String parquet = predict("parquet", "parquet", "--table", table).toString();
    List<Row> rows = TestSpark.session().read().parquet(parquet).orderBy("id").collectAsList();
    assertEquals(rows.size(), records.size() - 1);
    for (int i = 0; i < rows.size(); i++) {
      List<String> record = records.get(i + 1);
      Row row = rows.get(i);
      assertEquals(row.getInt(0), Integer.parseInt(record.get(0)));
      assertEquals(row.getDouble(1), Double.parseDouble(record.get(1)));
      for (int text : List.of(2, 3, 4, 5)) {
        assertEquals(row.getString(text), record.get(text));
      }
      Map<String, Double> probabilities = row.getJavaMap(row.fieldIndex("probabilities"));
      for (int j = 0; j < classes.size(); j++) {
        assertEquals(
            probabilities.get(classes.get(j)), Double.parseDouble(record.get(6 + j)), "to the bit");
      }
    }
    Dataset<Row> again =
        TestSpark.session()
            .read()
            .options(
                Map.of(
                    "header",
                    "true",
                    "escape",
                    "\"",
                    "multiLine",
                    "true",
                    "emptyValue",
                    "",
                    "lineSep",
                    "\n"))
            .csv(folder.resolve("csv").toString());
    assertEquals(200, again.count());
    assertEquals(
        NOTES.subList(0, 15),
        again.limit(15).collectAsList().stream().map(row -> row.getString(2)).toList());
  }

  @Test
  void otherTypesComeInFull() throws IOException {
    String sql =
        """
        SELECT 0.5D AS x, timestamp'2024-02-29 23:59:59.123456' AS t,
          timestamp'2024-02-29 12:00:00' AS noon, timestamp_ntz'2024-02-29 01:02:03.5' AS n,
          date'1582-10-10' AS d, cast('0.000000000000000001' AS decimal(38,18)) AS m,
          1.0E10D AS e, cast(0.1 AS float) AS f, cast('NaN' AS double) AS nan, true AS b,
          X'00ff' AS bytes, interval '1-2' year to month AS i, null AS nothing,
          array('a,b', null, '"') AS a, map('k"', 1) AS k,
          named_struct('p', null, 'q', timestamp'2024-02-29 23:59:59.123456') AS s
        """;
    List<List<String>> records = records(predict("types", "csv", "--sql", sql));
    assertEquals(2, records.size());
    assertEquals(
        Arrays.asList(
            "0.5",
            "2024-02-29 23:59:59.123456",
            "2024-02-29 12:00:00",
            "2024-02-29 01:02:03.5",
            "1582-10-10",
            "0.000000000000000001",
            "1.0E10",
            "0.1",
            "NaN",
            "true",
            "AP8=",
            "INTERVAL '1-2' YEAR TO MONTH",
            null,
            "[\"a,b\",null,\"\\\"\"]",
            "{\"k\\\"\":1}",
            "{\"p\":null,\"q\":\"2024-02-29T23:59:59.123456Z\"}"),
        records.get(1).subList(0, 16));
  }

  @Test
  void jsonHasTheMicrosecondsToo() throws IOException {
    String sql =
        "SELECT 0.5D AS x, timestamp'2024-02-29 23:59:59.123456' AS t,"
            + " named_struct('n', timestamp_ntz'2024-02-29 01:02:03.000001') AS s";
    Path file = TestTables.parts(predict("lines", "json", "--sql", sql)).get(0);
    String line = Files.readString(file);
    assertTrue(line.contains("\"t\":\"2024-02-29T23:59:59.123456Z\""), line);
    assertTrue(line.contains("{\"n\":\"2024-02-29T01:02:03.000001\"}"), line);
    assertTrue(line.contains("\"probabilities\":{"), line);
  }

  @Test
  void noRowsHaveAHeader() throws IOException {
    String table = folder.resolve("t").toString();
    Path output = predict("none", "csv", "--table", table, "--where", "x > 100");
    List<List<String>> records = records(output);
    assertEquals(1, records.size());
    assertEquals("prediction", records.get(0).get(5));
  }

  /** Spark and most readers of tables would take one column for the other. */
  @Test
  void classesThatDifferInCaseNeedAMap() throws IOException {
    train("cases", "answer", ", derive: {answer: \"if(x > 1, 'Yes', 'yes')\"}");
    String table = folder.resolve("t").toString();
    Refusal.assertRefused(
        ran("cases", "cases-csv", "csv", "--table", table),
        List.of("\"probability_yes\" would be added twice", "--output-format parquet"));
    ran("cases", "cases-parquet", "parquet", "--table", table).done();
  }

  @Test
  void severalLabelsHaveTheirNames() throws IOException {
    train("several", "[low, odd]", ", derive: {low: x < 2, odd: id % 2 = 1}");
    Ran ran = ran("several", "several-csv", "csv", "--table", folder.resolve("t").toString());
    ran.done();
    List<String> header = records(folder.resolve("several-csv")).get(0);
    assertEquals(
        List.of(
            "prediction_low",
            "probability_low_false",
            "probability_low_true",
            "prediction_odd",
            "probability_odd_false",
            "probability_odd_true"),
        header.subList(5, header.size()));
  }
}
