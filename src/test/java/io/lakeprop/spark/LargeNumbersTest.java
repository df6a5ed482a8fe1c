package io.lakeprop.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.data.FeatureSpec;
import io.lakeprop.data.LabelEncoder;
import io.lakeprop.data.LabelSettings;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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

  private List<String> notes(long label) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      rows.add(
          RowFactory.create(
              LIMIT - i,
              LIMIT - 1 - i,
              -LIMIT + i,
              BigDecimal.valueOf(LIMIT).add(BigDecimal.valueOf(i)),
              LIMIT + i,
              1e20 + i * 1e10,
              LIMIT + i % 3,
              label + i));
    }
    String path = TestTables.parquet(TestTables.of(rows, COLUMNS), folder.resolve("t"), 1);
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
            TestTables.features(
                new FeatureSpec.Numeric("logged", FeatureSpec.Scaling.STANDARD, true),
                new FeatureSpec.Categorical("kind", 1, 10, 10, 0)),
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
