package io.lakeprop.job;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.lakeprop.base.InvalidInput;
import io.lakeprop.model.LocalStorage;
import io.lakeprop.model.ModelFiles;
import io.lakeprop.model.Predictor;
import io.lakeprop.nn.Kernel;
import io.lakeprop.spark.TestSpark;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A table whose values are written otherwise than in training, in another format or of other types,
 * is the same table: predictions, metrics and a training's own validation do not change.
 */
final class WrittenOtherwiseTest {
  /** Values of x, of which none but 0.5 is a number of 32 bits. */
  private static final List<String> X = List.of("0.1", "0.2", "0.3", "0.5", "0.7", "-1");

  private static final String SCHEMA =
      "id INT, x FLOAT, price DECIMAL(10,2), day DATE, code INT, flag BOOLEAN, at TIMESTAMP,"
          + " until DATE, y INT";

  @TempDir private static Path folder;
  private static String job;

  @BeforeAll
  static void train() throws IOException {
    Csv.write(
        folder.resolve("t.csv"),
        "id,x,price,day,code,flag,at,until,y",
        Csv.rows(
            0,
            400,
            i ->
                "%d,%s,%d.%d0,2024-01-0%d,%d,%s,2024-05-0%d 1%d:00:00,%s,%d"
                    .formatted(
                        i,
                        X.get(i * 7 % 6),
                        i % 3,
                        i % 5,
                        1 + i % 7,
                        i % 4,
                        i * 3 % 5 < 2,
                        1 + i % 3,
                        i % 2,
                        i % 9 == 0 ? "9999-12-31" : "2024-03-1" + i % 8,
                        label(i))));
    job =
        """
        table:
          path: %1$s/t.csv
          schema: "%2$s"
          options: {nullValue: "-1"}
          missing: [NA, "9999-12-31"]
        label: {column: y, rare: other, minimum_count: 12}
        features:
          exclude: [id]
          columns:
            price: {kind: categorical}
            day: {kind: categorical}
            code: {kind: categorical}
            at: {kind: categorical}
        network: {hidden: 8}
        training: {epochs: 8, checkpoints: none}
        output: %1$s/run
        """
            .formatted(folder, SCHEMA);
    Ran.lakeprop("train", Files.writeString(folder.resolve("job.yaml"), job).toString()).done();
    writeTables();
  }

  /** Classes 0 and 1, and some rare ones. */
  private static int label(int row) {
    return row % 40 == 7 ? 2 + row / 40 : row % 4 / 2 ^ (row * 3 % 5 < 2 ? 1 : 0);
  }

  /** The training table as other programs write it. */
  private static void writeTables() {
    TestSpark.session()
        .read()
        .schema(SCHEMA)
        .option("header", true)
        .csv(folder + "/t.csv")
        .selectExpr(
            "id",
            "cast(cast(x as string) as double) x",
            "cast(price as double) price",
            "cast(day as timestamp) day",
            "concat('0', code) code",
            "initcap(cast(flag as string)) flag",
            "date_format(at, \"yyyy-MM-dd'T'HH:mm:ss\") at",
            "until",
            "cast(y as double) y")
        .coalesce(1)
        .createOrReplaceTempView("otherwise");
    TestSpark.session().table("otherwise").write().parquet(folder + "/t.parquet");
    TestSpark.session()
        .table("otherwise")
        .selectExpr(
            "id",
            "x",
            "price",
            "date_format(day, 'yyyy-M-d') day",
            "cast(code as double) code",
            "flag",
            "at",
            "until",
            "y")
        .write()
        .json(folder + "/t.json");
  }

  private static Map<Integer, double[]> predicted(String table) {
    List<String> arguments = new ArrayList<>(List.of("predict", "--model", folder + "/run"));
    arguments.addAll(List.of("--table", folder + "/" + table, "--overwrite"));
    arguments.addAll(List.of("--output", folder + "/scored"));
    Ran ran = Ran.lakeprop(arguments.toArray(String[]::new)).done();
    assertFalse(ran.out().contains("no value that training saw"), ran.out());
    Map<Integer, double[]> predicted = new HashMap<>();
    for (Row row :
        TestSpark.session()
            .read()
            .parquet(folder + "/scored")
            .selectExpr("id", "map_values(probabilities)")
            .collectAsList()) {
      predicted.put(
          ((Number) row.get(0)).intValue(),
          row.<Double>getList(1).stream().mapToDouble(Double::doubleValue).toArray());
    }
    return predicted;
  }

  @Test
  void predictionsAreTheSame() throws IOException {
    Map<Integer, double[]> expected = predicted("t.csv");
    assertEquals(400, expected.size());
    for (String other : List.of("t.parquet", "t.json")) {
      Map<Integer, double[]> predicted = predicted(other);
      expected.forEach((id, p) -> assertArrayEquals(p, predicted.get(id), 0, other + " " + id));
    }
    Predictor predictor =
        ModelFiles.read(new LocalStorage(), folder + "/run").predictor(Kernel.rowByRow()).strict();
    for (int id : IntStream.range(0, 400).toArray()) {
      for (boolean texts : new boolean[] {false, true}) {
        double[] p = predictor.predict(javaRow(id, texts));
        assertArrayEquals(expected.get(id), p, 0, texts + " " + id);
      }
    }
  }

  /** A row as Java programs have it, its numbers and times as texts or not. */
  private static Map<String, Object> javaRow(int i, boolean texts) {
    LocalDateTime at = LocalDateTime.of(2024, 5, 1 + i % 3, 10 + i % 2, 0);
    BigDecimal price = new BigDecimal("%d.%d".formatted(i % 3, i % 5));
    Map<String, Object> row = new HashMap<>();
    row.put("x", Double.valueOf(X.get(i * 7 % 6)));
    row.put("price", texts ? price.toPlainString() : price);
    row.put(
        "day", texts ? "2024-1-" + (1 + i % 7) : LocalDate.of(2024, 1, 1 + i % 7).atStartOfDay());
    row.put("code", texts ? "0" + i % 4 + ".0" : (Object) (double) (i % 4));
    row.put("flag", texts ? (i * 3 % 5 < 2 ? "TRUE" : "False") : (Object) (i * 3 % 5 < 2));
    row.put("at", texts ? at + ":00Z" : Instant.parse(at + ":00Z"));
    row.put("until", LocalDate.parse(i % 9 == 0 ? "9999-12-31" : "2024-03-1" + i % 8));
    return row;
  }

  @Test
  void oneAndZeroAreTruthValuesAndTwoIsNone() throws IOException {
    Predictor predictor = ModelFiles.read(new LocalStorage(), folder + "/run").predictor();
    for (boolean flag : new boolean[] {false, true}) {
      Map<String, Object> row = javaRow(1, false);
      row.put("flag", flag);
      double[] expected = predictor.predict(row);
      for (Object same : List.of(flag ? 1 : 0, flag ? 1.0 : 0.0, flag ? "1.0" : "0")) {
        row.put("flag", same);
        assertArrayEquals(expected, predictor.predict(row), 0, flag + " as " + same);
      }
    }
    Map<String, Object> row = javaRow(1, false);
    row.put("flag", 2);
    String refusal = assertThrows(InvalidInput.class, () -> predictor.predict(row)).getMessage();
    assertEquals(
        "column \"flag\" must be BOOLEAN, as in training, however: \"2\" (true or false)", refusal);
  }

  /** What a table is refused for does not pass for a value that nobody has seen. */
  @Test
  void whatCannotBeTheColumnsTypeIsRefused() throws IOException {
    Predictor predictor = ModelFiles.read(new LocalStorage(), folder + "/run").predictor();
    Map<String, List<Object>> wrong =
        Map.of(
            "day",
            List.of(
                "01.01.2024",
                19723,
                true,
                LocalDateTime.of(2024, 1, 1, 10, 30),
                Instant.parse("2024-01-01T00:00:01Z")),
            "at",
            List.of(1719806400L, "01.07.2024 00:00", 1719806400000.0),
            "flag",
            List.of("ja", "2", "on", LocalDate.of(2024, 1, 1)),
            "code",
            List.of("abc", "1,50", true, LocalDate.of(2024, 1, 1)),
            "price",
            List.of("12 EUR", false));
    wrong.forEach(
        (column, values) -> {
          for (Object value : values) {
            Map<String, Object> row = javaRow(1, false);
            row.put(column, value);
            String refusal =
                assertThrows(InvalidInput.class, () -> predictor.predict(row), column + value)
                    .getMessage();
            assertTrue(refusal.startsWith("column \"" + column + "\" must be "), refusal);
            assertTrue(refusal.contains(", as in training, however: "), refusal);
          }
        });
    Map<String, List<Object>> unseen =
        Map.of("day", List.of(LocalDate.of(1999, 1, 1), "NA"), "code", List.of(77, "1e2", "NA"));
    Map<String, Object> row = javaRow(0, false);
    double[] expected = predictor.predict(row);
    for (String same : List.of("2024-05-01 10:00:00 UTC", "2024-05-01T12:00+0200")) {
      row.put("at", same);
      assertArrayEquals(expected, predictor.predict(row), 0, same);
    }
    unseen.forEach(
        (column, values) ->
            values.forEach(
                value -> {
                  Map<String, Object> own = new HashMap<>(row);
                  own.put(column, value);
                  assertEquals(3, predictor.predict(own).length, column + value);
                }));
  }

  @Test
  void metricsAreTheSame() {
    String expected = evaluated("t.csv");
    assertFalse(expected.contains("accuracy 0.0\n"), expected);
    assertEquals(expected, evaluated("t.parquet"));
    assertEquals(expected, evaluated("t.json"));
  }

  private static String evaluated(String table) {
    Ran ran =
        Ran.lakeprop("evaluate", "--model", folder + "/run", "--table", folder + "/" + table)
            .done();
    return ran.out().substring(ran.out().indexOf("rows 400"));
  }

  @Test
  void theValidationTableIsTheSame() {
    List<JsonNode> reports = new ArrayList<>();
    for (String validation : List.of("t.csv", "t.parquet", "t.json")) {
      Ran.lakeprop(
              "train",
              folder + "/job.yaml",
              "--overwrite",
              "--set=validation=" + folder + "/" + validation,
              "--set=training.epochs=2",
              "--set=output=" + folder + "/validated")
          .done();
      reports.add(Ran.json(folder.resolve("validated/report.json")).at("/metrics/validation"));
    }
    assertTrue(reports.get(0).has("accuracy"), reports.toString());
    for (JsonNode report : reports) {
      for (String metric : List.of("accuracy", "auc", "log_loss")) {
        // Rows are added up in the order of their contents' hashes.
        assertEquals(
            reports.get(0).get(metric).doubleValue(), report.get(metric).doubleValue(), 1e-6);
      }
    }
  }

  @Test
  void valuesThatTrainingNeverSawAreTold() {
    for (String command : List.of("predict", "evaluate")) {
      List<String> arguments =
          new ArrayList<>(List.of(command, "--model", folder + "/run", "--table"));
      arguments.addAll(List.of(folder + "/t.csv", "--derive", "code=code + 10"));
      if (command.equals("predict")) {
        arguments.addAll(List.of("--output", folder + "/unseen", "--overwrite"));
      }
      Ran ran = Ran.lakeprop(arguments.toArray(String[]::new)).done();
      assertTrue(
          ran.out()
              .contains(
                  "in column code 100 % of the rows have no value that training saw, such as"),
          ran.out());
    }
  }

  /** A text that was hardly meant to be another value is told of, however few rows have it. */
  @Test
  void valuesInOtherCapitalsOrBlanksAreTold() throws IOException {
    List<String> lines = new ArrayList<>(List.of("id,c,y"));
    for (int i = 0; i < 200; i++) {
      lines.add("%d,%s,%s".formatted(i, i % 3 == 0 ? "Zürich" : "b", i % 3 == 0 ? "yes" : "no"));
    }
    Files.write(folder.resolve("c.csv"), lines);
    Files.writeString(
        folder.resolve("c.yaml"),
        """
        table: %1$s/c.csv
        label: y
        output: %1$s/c
        features: {columns: {c: {kind: categorical}}}
        training: {epochs: 2, batch: 50}
        """
            .formatted(folder));
    Ran.lakeprop("train", folder + "/c.yaml").done();
    for (String other :
        List.of("ZÜRICH", "Zürich ", "Zu\u0308rich", " Zürich", "\u00A0Zürich", "Basel")) {
      List<String> scored = new ArrayList<>(lines.subList(0, 100));
      scored.add("%d,\"%s\",no".formatted(1000, other));
      Files.write(folder.resolve("o.csv"), scored);
      for (String command : List.of("predict", "evaluate")) {
        List<String> arguments =
            new ArrayList<>(
                List.of(command, "--model", folder + "/c", "--table", folder + "/o.csv"));
        if (command.equals("predict")) {
          arguments.addAll(List.of("--output", folder + "/other", "--overwrite"));
        }
        String out = Ran.lakeprop(arguments.toArray(String[]::new)).done().out();
        assertEquals(
            !other.equals("Basel"),
            out.contains("column c has \"" + other + "\", which training knows as \"Zürich\""),
            out);
      }
    }
    List<String> scored =
        lines.stream().map(line -> line.replace("Zürich", "Genf").replace(",b", ",B")).toList();
    Files.write(folder.resolve("o.csv"), scored);
    String out =
        Ran.lakeprop("evaluate", "--model", folder + "/c", "--table", folder + "/o.csv")
            .done()
            .out();
    assertTrue(
        out.contains(
            "100 % of the rows have no value that training saw, such as \"b\", \"Zürich\", but"
                + " others, such as \"B\", \"Genf\": each of them counts as unknown"),
        out);
  }
}
