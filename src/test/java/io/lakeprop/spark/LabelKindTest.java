package io.lakeprop.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.data.LabelEncoder;
import io.lakeprop.data.LabelSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Numbers that are whole and few are classes, whatever their type; all others are numbers. */
final class LabelKindTest {
  private static final int ROWS = 120;

  @BeforeAll
  static void table() {
    TestTables.of(IntStream.range(0, ROWS).mapToObj(i -> RowFactory.create(i)).toList(), "i INT")
        .createOrReplaceTempView("label_kinds");
  }

  @Test
  void wholeAndFewAreClasses() {
    for (String type : List.of("DOUBLE", "FLOAT", "DECIMAL(1,0)", "DECIMAL(9,2)", "INT")) {
      assertEquals(
          "[label y has 2 values: classification (label.task says otherwise)]",
          notes("CAST(i % 2 AS " + type + ")", LabelSettings.Task.AUTO).toString(),
          type);
    }
    List<String> notes = notes("CAST(i % 50 AS BIGINT)", LabelSettings.Task.AUTO);
    assertTrue(notes.get(0).contains("has 50 values: classification"), notes.toString());
    notes = notes("CAST(i % 10 AS DOUBLE)", LabelSettings.Task.AUTO);
    assertTrue(notes.get(0).contains("has 10 values: classification"), notes.toString());
    // NaN is no value, and -0.0 no other one.
    notes = notes("IF(i % 3 = 0, DOUBLE('NaN'), -(i % 3 - 1D))", LabelSettings.Task.AUTO);
    assertTrue(notes.get(0).contains("has 2 values: classification"), notes.toString());
    notes = notes("IF(i % 3 = 0, -0.0D, DOUBLE(i % 3 - 1))", LabelSettings.Task.AUTO);
    assertTrue(notes.get(0).contains("has 2 values: classification"), notes.toString());
  }

  @Test
  void othersAreNumbers() {
    for (String label :
        List.of(
            "CAST(i % 2 AS DOUBLE) + IF(i = 7, 0.5D, 0D)",
            "CAST(i % 2 AS DECIMAL(3,1)) + IF(i = 7, 0.5, 0.0)",
            "DOUBLE(i % 2) + IF(i = 7, DOUBLE('Infinity'), 0D)",
            "DATE_ADD(DATE'2020-01-01', i % 2)")) {
      assertEquals(true, prepared(label, LabelSettings.Task.AUTO, new ArrayList<>()), label);
    }
    List<String> notes = new ArrayList<>();
    assertEquals(true, prepared("CAST(i % 51 AS INT)", LabelSettings.Task.AUTO, notes));
    assertTrue(notes.get(0).contains("more than 50 values: regression"), notes.toString());
    assertEquals(true, prepared("CAST(i % 11 AS FLOAT)", LabelSettings.Task.AUTO, notes));
    assertTrue(notes.get(1).contains("more than 10 values: regression"), notes.toString());
  }

  @Test
  void theJobDecidesFirst() {
    List<String> notes = new ArrayList<>();
    assertEquals(true, prepared("DOUBLE(i % 2)", LabelSettings.Task.REGRESSION, notes));
    assertEquals(false, prepared("i + 0.5D", LabelSettings.Task.CLASSIFICATION, notes));
    assertEquals(List.of(), notes);
  }

  private static List<String> notes(String label, LabelSettings.Task task) {
    List<String> notes = new ArrayList<>();
    assertEquals(false, prepared(label, task, notes), label);
    return notes;
  }

  private static boolean prepared(String label, LabelSettings.Task task, List<String> notes) {
    LabelSettings settings =
        new LabelSettings(
            List.of(new LabelSettings.Label("y", task, LabelEncoder.Range.ANY)),
            java.util.Optional.empty());
    return new LabelPreparation(
            TestSpark.session().sql("select i, " + label + " as y from label_kinds"),
            "t",
            settings,
            notes::add)
        .numbers()
        .get(0);
  }
}
