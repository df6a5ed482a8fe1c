package io.lakeprop.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.data.FeatureSettings;
import io.lakeprop.data.FeatureSpec;
import io.lakeprop.data.LabelEncoder;
import io.lakeprop.data.LabelSettings;
import io.lakeprop.data.TableSpec;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole numbers that a double cannot tell apart are noted, by the names of their columns. */
final class LargeNumbersTest {
  private static final long LIMIT = 1L << 53;
  private static final String COLUMNS =
      "atlimit BIGINT, below BIGINT, negative BIGINT, exact DECIMAL(20, 0), logged BIGINT,"
          + " fraction DOUBLE, kind BIGINT, label BIGINT";

  @TempDir private Path folder;

  @Test
  void columnsAndLabelsBeyondTheLimitAreNamed() {
    List<String> notes = notes(LIMIT + 5);
    assertEquals(
        List.of(
            "atlimit, exact, logged, negative reach 2^53 in the training rows: numbers that differ"
                + " in the last digits are one (for ids: features.columns.atlimit.kind:"
                + " categorical, features.columns.exact.kind: categorical,"
                + " features.columns.logged.kind: categorical, features.columns.negative.kind:"
                + " categorical, or features.exclude)",
            "label label reach 2^53 in the training rows: numbers that differ in the last digits"
                + " are one (for ids: label.task: classification)"),
        notes.stream().filter(note -> note.contains("2^53")).toList());
  }

  @Test
  void labelsBelowTheLimitAreNot() {
    List<String> notes = notes(LIMIT - 200);
    assertFalse(notes.stream().anyMatch(note -> note.contains("label label")), notes.toString());
    assertTrue(notes.stream().anyMatch(note -> note.startsWith("atlimit")), notes.toString());
  }

  /** Elements of vectors are floats: 1,700,000,000 and 1,700,000,063 are one. */
  @Test
  void vectorsWhoseElementsAreOneInFloatsAreNamed() {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      Object[] doubles = {i / 60.0, 1.7e9 + i};
      Object[] wide = {i / 60.0, 1.7e9 + 1e7 * i};
      Object[] floats = {i / 60f, 1.7e9f + i};
      Object[] constant = {1.0, (double) i};
      rows.add(
          RowFactory.create(
              List.of(doubles), List.of(wide), List.of(floats), List.of(constant), i));
    }
    String path =
        TestTables.parquet(
            TestTables.of(
                rows,
                "stamp ARRAY<DOUBLE>, years ARRAY<DOUBLE>, single ARRAY<FLOAT>, one ARRAY<DOUBLE>,"
                    + " label INT"),
            folder.resolve("v"),
            1);
    List<String> notes = notes(path, TestTables.features());
    assertEquals(
        List.of(
            "stamp: element 1 has numbers that differ little for their size, and elements of"
                + " vectors are kept in 32 bits (64 as a column of its own: table.derive:"
                + " {stamp_1: \"`stamp`[1]\"})"),
        notes.stream().filter(note -> note.contains("32 bits")).toList());
    TableSpec mended =
        new TableSpec(
            TestTables.files(path).source(), Map.of("stamp_1", "`stamp`[1]"), Optional.empty());
    assertEquals(
        60, LakeTable.open(TestSpark.session(), mended).select("stamp_1").distinct().count());
  }

  private List<String> notes(long label) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      rows.add(
          RowFactory.create(
              LIMIT - 7L * i,
              LIMIT - 1 - 7L * i,
              -LIMIT + 7L * i,
              BigDecimal.valueOf(LIMIT).add(BigDecimal.valueOf(i)),
              LIMIT + i,
              1e20 + i * 1e10,
              LIMIT + i % 3,
              label + i));
    }
    String path = TestTables.parquet(TestTables.of(rows, COLUMNS), folder.resolve("t"), 1);
    return notes(
        path,
        TestTables.features(
            new FeatureSpec.Numeric("logged", FeatureSpec.Scaling.STANDARD, true),
            new FeatureSpec.Categorical("kind", 1, 10, 10, 0)));
  }

  private static List<String> notes(String path, FeatureSettings features) {
    LabelSettings.Label settings =
        new LabelSettings.Label("label", LabelSettings.Task.REGRESSION, LabelEncoder.Range.ANY);
    List<String> notes = new ArrayList<>();
    TrainingData.fit(
        TestSpark.session(),
        new TrainingData.Request(
            TestTables.files(path),
            Optional.empty(),
            Optional.empty(),
            0,
            0,
            features,
            new LabelSettings(List.of(settings), Optional.empty()),
            1,
            OptionalInt.empty(),
            OptionalInt.empty(),
            1,
            "UTC"),
        notes::add);
    return notes;
  }
}
