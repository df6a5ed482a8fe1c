package io.lakeprop.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.data.LabelEncoder;
import io.lakeprop.eval.ClassificationSum;
import io.lakeprop.eval.RegressionSum;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Truth and prediction stand where the words say, and no line is wider than the terminal. */
final class ConfusionTextTest {
  private static List<String> texts(List<String> classes, int[][] rows, int columns) {
    ClassificationSum sum = new ClassificationSum(classes.size());
    for (int truth = 0; truth < rows.length; truth++) {
      for (int prediction = 0; prediction < rows.length; prediction++) {
        float[] predictions = new float[classes.size()];
        predictions[prediction] = 1;
        for (int row = 0; row < rows[truth][prediction]; row++) {
          sum.add(1, predictions, new float[] {truth}, new float[] {1}, new float[] {0});
        }
      }
    }
    LabelEncoder label = new LabelEncoder.Classes("y", "STRING", classes);
    return ConfusionText.lines(List.of(label), sum, "test", columns).stream()
        .map(line -> "%-10s %s".formatted(line.heading(), line.text()))
        .toList();
  }

  @Test
  void fewClassesAreATable() {
    assertEquals(
        List.of(
            "confusion  test rows: truth on the left, prediction on top",
            "           truth     no    yes",
            "           no     1,234      5",
            "           yes       17    210"),
        texts(List.of("no", "yes"), new int[][] {{1234, 5}, {17, 210}}, 80));
  }

  @Test
  void whatDoesNotFitIsTheWorstPairs() {
    List<String> classes = IntStream.range(0, 26).mapToObj(i -> "c" + (char) ('A' + i)).toList();
    int[][] rows = new int[26][26];
    rows[4][4] = 90;
    rows[4][7] = 3;
    rows[9][1] = 12;
    assertEquals(
        List.of(
            "confusion  test rows: most often mistaken",
            "           truth cJ as cB: 12",
            "           truth cE as cH: 3"),
        texts(classes, rows, 80));
    assertTrue(texts(classes, new int[26][26], 80).isEmpty());
  }

  @Test
  void noLineIsWiderThanTheTerminal() {
    List<String> classes = List.of("a class with a long name", "another one, longer still", "c");
    int[][] rows = {{100_000, 2, 3}, {4, 5, 6}, {7, 8, 9}};
    for (int columns : new int[] {60, 80, 120}) {
      for (String line : texts(classes, rows, columns)) {
        assertTrue(line.length() < columns, line);
      }
    }
  }

  @Test
  void numbersHaveNone() {
    LabelEncoder label = new LabelEncoder.Quantity("y", 0, 1);
    assertTrue(ConfusionText.lines(List.of(label), new RegressionSum(1), "test", 80).isEmpty());
  }
}
