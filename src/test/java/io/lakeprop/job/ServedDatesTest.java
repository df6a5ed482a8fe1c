package io.lakeprop.job;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.lakeprop.base.InvalidInput;
import io.lakeprop.model.LocalStorage;
import io.lakeprop.model.Model;
import io.lakeprop.model.ModelFiles;
import io.lakeprop.model.Predictor;
import io.lakeprop.nn.Kernel;
import io.lakeprop.spark.TestSpark;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Date;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A model of dates and timestamps: the same rows as a table and as Java values, one answer. */
final class ServedDatesTest {
  private static final String TABLE =
      """
      SELECT id, day, seen, cast(seen AS timestamp_ntz) AS noted, code, rate, grade, flag,
        if(day(day) > 15 AND code <> 2, 'late', 'early') AS y
      FROM (SELECT id, date_add(date'2015-01-01', cast(id * 17 % 3650 AS int)) AS day,
          timestamp_micros(1420070400000000 + id * 600000123457) AS seen, cast(id % 4 AS int) AS code,
          id % 3 + 0.5D AS rate, cast(id % 5 * 0.25 AS decimal(4,2)) AS grade, id % 2 = 0 AS flag
        FROM range(400))
      """;

  @TempDir private static Path folder;
  private static Model model;

  @BeforeAll
  static void model() throws IOException {
    TestSpark.session().sql(TABLE).write().parquet(folder.resolve("t").toString());
    Path job =
        Files.writeString(
            folder.resolve("job.yaml"),
            """
            table: %1$s/t
            label: y
            features:
              exclude: [id]
              columns: {code: {kind: categorical}, rate: {kind: categorical}, grade: {kind: categorical}}
            output: %1$s/run
            network: {hidden: 8}
            training: {epochs: 2, checkpoints: none}
            """
                .formatted(folder));
    Ran.lakeprop("train", job.toString()).done();
    model = ModelFiles.read(new LocalStorage(), folder + "/run");
  }

  @Test
  void aTableAndJavaValuesHaveOneAnswer() {
    Ran.lakeprop(
            "predict",
            "--model=" + folder + "/run",
            "--table=" + folder + "/t",
            "--output=" + folder + "/scored")
        .done();
    List<Row> rows =
        TestSpark.session()
            .read()
            .parquet(folder + "/scored")
            .selectExpr(
                "unix_date(day)",
                "unix_micros(seen)",
                "code",
                "rate",
                "grade",
                "flag",
                "probabilities['early']",
                "probabilities['late']")
            .collectAsList();
    assertEquals(400, rows.size());
    Predictor predictor = model.predictor().strict();
    Predictor same = model.predictor(Kernel.rowByRow());
    for (Row row : rows) {
      LocalDate day = LocalDate.ofEpochDay(row.getInt(0));
      Instant seen = Instant.EPOCH.plusNanos(1000 * row.getLong(1));
      LocalDateTime noted = LocalDateTime.ofInstant(seen, ZoneOffset.UTC);
      Map<String, Object> values = new HashMap<>();
      values.put("code", row.get(2));
      values.put("rate", row.get(3));
      values.put("grade", row.get(4));
      values.put("flag", row.get(5));
      double[] first = null;
      for (List<Object> times :
          List.<List<Object>>of(
              List.of(day, seen, noted),
              List.of(Date.valueOf(day), Timestamp.from(seen), seen.atOffset(ZoneOffset.MAX)),
              List.of(row.getInt(0), row.getLong(1) / 1e6, seen.atZone(ZoneId.of("Asia/Tokyo"))),
              List.of(
                  new BigDecimal(row.getInt(0)),
                  new BigDecimal(row.getLong(1)).movePointLeft(6),
                  seen))) {
        values.put("day", times.get(0));
        values.put("seen", times.get(1));
        values.put("noted", times.get(2));
        double[] p = predictor.predict(values);
        // Many rows at once are multiplied by another kernel.
        assertArrayEquals(new double[] {row.getDouble(6), row.getDouble(7)}, p, 1e-6);
        assertArrayEquals(first == null ? p : first, p, "to the bit");
        first = p;
        double[] asPredict = same.predict(values);
        assertArrayEquals(
            new double[] {row.getDouble(6), row.getDouble(7)}, asPredict, "to the bit");
      }
    }
  }

  @Test
  void theModelKnowsTheRange() {
    JsonNode features = Ran.json(folder.resolve("run/model/model.json")).get("features");
    Map<String, JsonNode> byName = new HashMap<>();
    features.forEach(feature -> byName.put(feature.get("name").textValue(), feature));
    JsonNode day = byName.get("day");
    assertEquals("days", day.get("unit").textValue());
    assertTrue(day.get("smallest").doubleValue() >= 16436, day.toString());
    assertTrue(day.get("largest").doubleValue() <= 16436 + 3650, day.toString());
    assertTrue(byName.get("seen").get("smallest").doubleValue() >= 1420070400, features.toString());
    assertTrue(!byName.get("code").has("smallest"), features.toString());
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          seen  | timestamp_seconds(unix_millis(seen)) | milliseconds
          noted | cast(timestamp_seconds(unix_date(day) + 1) AS timestamp_ntz) | days
          day   | date_from_unix_date(cast(unix_seconds(seen) AS int)) | seconds
          """)
  void aTableInAnotherUnitIsRefused(String column, String expression, String likely) {
    List<String> arguments = new ArrayList<>(List.of("--model=" + folder + "/run"));
    arguments.add("--table=" + folder + "/t");
    arguments.add("--derive=" + column + "=" + expression);
    arguments.add(0, "evaluate");
    Refusal.assertRefused(
        Ran.lakeprop(arguments.toArray(String[]::new)),
        List.of("column \"" + column + "\"", "since 1970 as in training", "(" + likely + "?)"));
  }

  @Test
  void soIsANumberOfJava() {
    Predictor predictor = model.predictor();
    double[] p = predictor.predict(Map.of("seen", 1_717_243_201L, "day", 19_875));
    assertArrayEquals(
        p,
        predictor.predict(
            Map.of(
                "seen", Instant.ofEpochSecond(1_717_243_201L), "day", LocalDate.of(2024, 6, 1))));
    assertUnit(Map.of("seen", 1_717_243_201_000L), "milliseconds");
    assertUnit(Map.of("day", 1_717_243_201L), "seconds");
    assertUnit(Map.of("day", 1_717_243_201_000L), "milliseconds");
    assertUnit(Map.of("seen", 19_875), "days");
    String message =
        assertThrows(InvalidInput.class, () -> predictor.predict(Map.of("seen", Instant.MAX)))
            .getMessage();
    assertTrue(message.contains("\"seen\" must be seconds since 1970"), message);
  }

  private static void assertUnit(Map<String, Object> values, String likely) {
    String message =
        assertThrows(InvalidInput.class, () -> model.predictor().predict(values)).getMessage();
    assertTrue(message.endsWith("(" + likely + "?)"), message);
  }
}
