package io.lakeprop.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.spark.TestSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.BinaryType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A table's own columns leave predict as they came, and clash with those that are added alone. */
final class OwnColumnsTest {
  /** Of each type what rows of Java objects are known to change, and a null. */
  private static final String TYPES =
      """
      SELECT cast(id AS int) AS id, id % 7 + 0.25D AS x, id % 7 > 3 AS y, id * 2.5D AS v,
        element_at(array(date'0001-01-01', date'1582-10-10', date'1500-02-28', date'9999-12-31',
          null), cast(id % 5 + 1 AS int)) AS d,
        element_at(array(timestamp'0001-01-01 00:00:00', timestamp'1582-10-10 12:34:56.123456',
          timestamp'1883-11-18 12:00:00.5', timestamp'2024-03-10 02:30:00.999999', null),
          cast(id % 5 + 1 AS int)) AS t,
        element_at(array(timestamp_ntz'1582-10-10 12:34:56.123456', null,
          timestamp_ntz'2024-03-10 02:30:00.000001'), cast(id % 3 + 1 AS int)) AS n,
        cast('12345678901234567890.123456789012345678' AS decimal(38,18)) AS m,
        element_at(array(-0.0D, cast('NaN' AS double), 4.9E-324D), cast(id % 3 + 1 AS int)) AS f,
        cast(0.1 AS float) AS g, cast(id AS tinyint) AS b, X'00ff80' AS bytes,
        if(id = 3, null, '') AS text,
        interval '1-2' year to month AS ym, interval '1 02:03:04.000005' day to second AS ds,
        named_struct('a', date'1582-10-10', 'b', array(timestamp'1582-10-10 00:00:00.000001', null),
          'c', named_struct('e', cast(null AS string))) AS s,
        map('k', date'1582-10-11', 'l', null) AS k, array(map(1, 'a')) AS am,
        1 AS `odd.name, "x"`
      FROM range(40)
      """;

  @TempDir private static Path folder;

  @BeforeAll
  static void models() throws IOException {
    TestSpark.session().sql(TYPES).coalesce(2).write().parquet(path("t"));
    train("classes", "y", "[x]", "t");
    train("number", "v", "[x]", "t");
    derive("stacked", "id % 5 + 0.5D AS prediction", "t");
    train("stack", "y", "[x, prediction]", "stacked");
  }

  private static String path(String name) {
    return folder.resolve(name).toString();
  }

  private static void derive(String name, String column, String from) {
    TestSpark.session()
        .sql("SELECT *, %s FROM parquet.`%s`".formatted(column, path(from)))
        .write()
        .parquet(path(name));
  }

  private static void train(String run, String label, String features, String table)
      throws IOException {
    Path job =
        Files.writeString(
            folder.resolve(run + ".yaml"),
            """
            table: %1$s/%2$s
            validation: none
            test: none
            label: %3$s
            features: {include: %4$s}
            output: %1$s/%5$s
            network: {hidden: 4}
            training: {epochs: 1, checkpoints: none}
            """
                .formatted(folder, table, label, features, run));
    Ran.lakeprop("train", job.toString()).done();
  }

  private static Ran predict(String run, String table, String output, String... more) {
    List<String> arguments = new ArrayList<>(List.of("predict", "--model", path(run)));
    arguments.addAll(List.of("--table", path(table), "--output", path(output)));
    arguments.addAll(List.of(more));
    return Ran.lakeprop(arguments.toArray(String[]::new));
  }

  @Test
  void everyTypeKeepsItsValues() {
    same("t", "t", "parquet");
    // Spark's ORC has no intervals, and days of its own in nested columns: what Spark itself makes
    // of the table counts.
    Dataset<Row> plain = TestSpark.session().read().parquet(path("t")).drop("ym", "ds");
    plain.write().parquet(path("plain"));
    plain.write().orc(path("plain-orc"));
    same("plain", "plain-orc", "orc");
  }

  private static void same(String table, String expected, String format) {
    predict("classes", table, "out-" + format, "--output-format", format).done();
    Dataset<Row> before = TestSpark.session().read().format(format).load(path(expected));
    Dataset<Row> after = TestSpark.session().read().format(format).load(path("out-" + format));
    String[] names = before.columns();
    assertEquals(Arrays.asList(names), Arrays.asList(after.columns()).subList(0, names.length));
    for (String name : names) {
      assertEquals(before.schema().apply(name).dataType(), after.schema().apply(name).dataType());
    }
    assertEquals(texts(before, names), texts(after, names));
  }

  /** Rows as texts in full precision, in the order of their ids. */
  private static List<String> texts(Dataset<Row> table, String... names) {
    Column[] columns =
        Arrays.stream(names)
            .map(
                name -> {
                  Column column = functions.col("`" + name + "`");
                  return table.schema().apply(name).dataType() instanceof BinaryType
                      ? functions.hex(column)
                      : column.cast("string");
                })
            .toArray(Column[]::new);
    return table.orderBy("id").select(columns).collectAsList().stream().map(Row::toString).toList();
  }

  /** Bytes that are no text in UTF-8 are the table's, not the model's: nobody reads them. */
  @Test
  void textsOfOtherEncodingsKeepTheirBytes() {
    TestSpark.session()
        .sql(
            "SELECT cast(id AS int) AS id, id + 0.5D AS x, cast(X'C328' AS string) AS note,"
                + " '\u00e9\ud83d\ude00' AS good, cast(null AS string) AS none FROM range(5)")
        .write()
        .parquet(path("latin"));
    predict("classes", "latin", "out-latin").done();
    List<Row> after =
        TestSpark.session()
            .read()
            .parquet(path("out-latin"))
            .selectExpr("hex(cast(note AS binary))", "good", "none")
            .distinct()
            .collectAsList();
    assertEquals("[[C328,\u00e9\ud83d\ude00,null]]", after.toString());
  }

  /** What means a missing value to the model is the table's own value all the same. */
  @Test
  void marksLeaveAsTheyCame() throws IOException {
    Path job =
        Files.writeString(
            folder.resolve("marks.yaml"),
            """
            table: {path: %1$s/t, missing: ["-999", NA, "9999-12-31"]}
            validation: none
            test: none
            label: y
            features: {include: [x]}
            output: %1$s/marks
            network: {hidden: 4}
            training: {epochs: 1, checkpoints: none}
            """
                .formatted(folder));
    Ran.lakeprop("train", job.toString()).done();
    TestSpark.session()
        .sql(
            """
            SELECT id, if(id = 1, -999D, 2D) AS x, cast(-999 AS bigint) AS balance, 'NA' AS comment,
              array(-999, 1) AS v, array(coalesce(id, 0L) - 999) AS w, date'9999-12-31' AS until,
              timestamp'9999-12-31 23:59:59' AS gone, '' AS empty,
              if(id = 2, 'NA', 'DE') AS country
            FROM range(3)
            """)
        .write()
        .partitionBy("country")
        .parquet(path("marked"));
    String[] names = {
      "id", "x", "balance", "comment", "v", "w", "until", "gone", "empty", "country"
    };
    List<String> expected = texts(TestSpark.session().read().parquet(path("marked")), names);
    predict("marks", "marked", "marked-out").done();
    assertEquals(expected, texts(TestSpark.session().read().parquet(path("marked-out")), names));

    // Texts are what they are, and the numbers that marks are in columns of numbers.
    Files.writeString(
        folder.resolve("marked.csv"),
        """
        id,x,zip,comment,empty,until,price
        0,-999,-999,NA,,9999-12-31,1.25
        1,2,7,yes,"",2024-02-29,1.234
        2,NA,8,no,,NA,-999
        """);
    predict(
            "marks",
            "marked.csv",
            "csv-out",
            "--schema=id INT, x DOUBLE, zip INT, comment STRING, empty STRING, until DATE,"
                + " price DECIMAL(5,2)",
            "--malformed=missing")
        .done();
    assertEquals(
        List.of(
            "[0,-999.0,-999,NA,null,9999-12-31,1.25]",
            "[1,2.0,7,yes,,2024-02-29,null]",
            "[2,null,8,no,null,null,-999.00]"),
        TestSpark.session()
            .read()
            .parquet(path("csv-out"))
            .select("id", "x", "zip", "comment", "empty", "until", "price")
            .orderBy("id")
            .collectAsList()
            .stream()
            .map(Row::toString)
            .toList());
    // A table's own way to write dates counts, not that of training.
    Files.writeString(folder.resolve("own.csv"), "id,x,until\n0,1,31/12/9999\n1,2,29/02/2024\n");
    predict("marks", "own.csv", "own-out", "--option", "dateFormat=dd/MM/yyyy").done();
    assertEquals(
        List.of("[9999-12-31]", "[2024-02-29]"),
        TestSpark.session()
            .read()
            .parquet(path("own-out"))
            .orderBy("id")
            .select("until")
            .collectAsList()
            .stream()
            .map(Row::toString)
            .toList());
    predict("marks", "marked", "marked-csv", "--output-format", "csv").done();
    List<String> lines = new ArrayList<>();
    for (Row row :
        TestSpark.session().read().text(path("marked-csv")).orderBy("value").collectAsList()) {
      lines.add(row.getString(0));
    }
    assertTrue(
        lines
            .get(1)
            .startsWith("1,-999.0,-999,NA,\"[-999,1]\",[-998],9999-12-31,9999-12-31 23:59:59,"),
        lines.toString());
    assertEquals(
        1,
        lines.stream()
            .filter(line -> line.contains(",NA,false,") || line.contains(",NA,true,"))
            .count(),
        lines.toString());
  }

  @Test
  void onlyWhatIsAddedClashes() {
    derive("probable", "id AS probabilities", "t");
    derive("likely", "id AS probability_true", "t");
    predict("number", "probable", "n1").done();
    predict("number", "likely", "n2", "--output-format", "csv").done();
    predict("classes", "likely", "c1").done();
    predict("classes", "probable", "c2", "--output-format", "csv").done();
    refused("classes", "probable", "\"probabilities\"");
    refused("classes", "likely", "\"probability_true\"", "--output-format", "csv");
    refused("number", "stacked", "\"prediction\"");
  }

  /** As Spark takes them, unless its session says that case matters. */
  @Test
  void namesThatDifferInCaseClash() {
    derive("upper", "id AS PREDICTION", "t");
    refused("number", "upper", "\"PREDICTION\"");
    Ran ran =
        Ran.on(
            "local[2]",
            Map.of("spark.sql.caseSensitive", "true"),
            "predict",
            "--model",
            path("number"),
            "--table",
            path("upper"),
            "--output",
            path("upper-out"));
    ran.done();
  }

  private static void refused(String run, String table, String column, String... more) {
    Ran ran = predict(run, table, "refused", more);
    Refusal.assertRefused(
        ran, List.of(table, column, "which is added", "--exclude " + column.replace("\"", "")));
    assertTrue(Files.notExists(folder.resolve("refused")));
  }

  /** The mend of a clash: the column is left out, and read where it is a feature. */
  @Test
  void excludedColumnsAreNotWritten() {
    predict("stack", "stacked", "s1", "--exclude", "prediction", "--exclude", "odd.name, \"x\"")
        .done();
    Dataset<Row> scored = TestSpark.session().read().parquet(path("s1"));
    List<String> names = Arrays.asList(scored.columns());
    assertEquals(19 - 1 + 2, names.size());
    assertTrue(!names.contains("odd.name, \"x\""), names.toString());
    assertEquals("boolean", scored.schema().apply("prediction").dataType().simpleString());
    // Seven values of x alone would give seven.
    assertTrue(scored.selectExpr("probabilities['true']").distinct().count() > 7);
    Refusal.assertRefused(
        predict("number", "t", "s2", "--exclude", "predictoin"), List.of("\"predictoin\""));
  }
}
