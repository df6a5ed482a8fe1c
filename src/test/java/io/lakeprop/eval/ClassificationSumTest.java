package io.lakeprop.eval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.base.InvalidInput;
import java.util.Random;
import java.util.SortedMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Metrics of classes are their definitions, counted row by row and pair by pair. */
class ClassificationSumTest {
  private static final int ROWS = 400;

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 7})
  void metricsAreTheirDefinitions(int classes) {
    Sums.Rows rows = rows(classes, classes);
    SortedMap<String, Double> metrics = rows.addTo(new ClassificationSum(classes)).metrics();
    double weight = sum(rows, row -> 1);
    assertEquals(
        sum(rows, row -> right(rows, row) ? 1 : 0) / weight, metrics.get("accuracy"), 1e-12);
    assertEquals(
        sum(rows, row -> -Math.log(score(rows, row, label(rows, row)))) / weight,
        metrics.get("log_loss"),
        1e-12);
    assertEquals(sum(rows, row -> rows.losses()[row]) / weight, metrics.get("loss"), 1e-12);
    double recalls = 0;
    double f1s = 0;
    for (int c = 0; c < classes; c++) {
      int own = c;
      double hits = sum(rows, row -> label(rows, row) == own && right(rows, row) ? 1 : 0);
      double labelled = sum(rows, row -> label(rows, row) == own ? 1 : 0);
      double predicted = sum(rows, row -> predicted(rows, row) == own ? 1 : 0);
      double recall = hits / labelled;
      double precision = predicted == 0 ? 0 : hits / predicted;
      recalls += recall;
      f1s += hits == 0 ? 0 : 2 * precision * recall / (precision + recall);
    }
    assertEquals(recalls / classes, metrics.get("balanced_accuracy"), 1e-12);
    assertEquals(f1s / classes, metrics.get("macro_f1"), 1e-12);
    double areas = 0;
    for (int c = classes == 2 ? 1 : 0; c < classes; c++) {
      areas += pairs(rows, c);
    }
    assertEquals(areas / (classes == 2 ? 1 : classes), metrics.get("auc"), 2e-3);
  }

  /** Scores of few distinct values: ties count one half, and bins cannot blur anything. */
  @Test
  void tiesCountOneHalf() {
    Random random = new Random(9);
    Sums.Rows rows = rows(2, 9);
    for (int row = 0; row < ROWS; row++) {
      float p = (1 + random.nextInt(4)) / 5f;
      rows.predictions()[2 * row] = 1 - p;
      rows.predictions()[2 * row + 1] = p;
    }
    assertEquals(pairs(rows, 1), rows.addTo(new ClassificationSum(2)).metrics().get("auc"), 1e-12);
  }

  /** Scores lie evenly over k bins, and the likelier class 1, the higher: the area is 5/6. */
  @Test
  void binsLowerTheAreaByTheSquareOfTheirNumber() {
    int steps = 1000;
    for (int k : new int[] {4, 10, 71}) {
      for (boolean alone : new boolean[] {true, false}) {
        ClassificationSum sum =
            alone ? new ClassificationSum(2) : ClassificationSum.amongSeveral(2);
        for (int i = 0; i < steps; i++) {
          float u = (i + 0.5f) / steps;
          float p = (float) (1 / (1 + Math.exp(-u * k / (alone ? 1024.0 : 256.0))));
          float[] predictions = {1 - p, p, 1 - p, p};
          sum.add(2, predictions, new float[] {1, 0}, new float[] {u, 1 - u}, new float[2]);
        }
        double area = 5.0 / 6;
        assertEquals(area - (area - 0.5) / (k * k), sum.metrics().get("auc"), 1e-5, k + " bins");
      }
    }
  }

  @Test
  void certainScoresStayInTheBins() {
    float[] predictions = {1, 0, 0, 1, 0, 1, 1, 0};
    float[] ones = {1, 1, 1, 1};
    ClassificationSum sum = new ClassificationSum(2);
    sum.add(4, predictions, new float[] {0, 1, 1, 0}, ones, ones);
    assertEquals(1, sum.metrics().get("auc"));
  }

  @Test
  void anySplitIsTheWhole() {
    for (int classes : new int[] {2, 5}) {
      Sums.Rows rows = rows(classes, 77);
      SortedMap<String, Double> whole = rows.addTo(new ClassificationSum(classes)).metrics();
      for (int trial = 0; trial < 10; trial++) {
        SortedMap<String, Double> split =
            Sums.split(rows, () -> new ClassificationSum(classes), new Random(trial));
        split.forEach((name, value) -> assertEquals(whole.get(name), value, 1e-12, name));
        // Weights are whole numbers: counts are exact in any order.
        for (String exact : new String[] {"accuracy", "balanced_accuracy", "macro_f1", "auc"}) {
          assertEquals(whole.get(exact), split.get(exact), exact);
        }
      }
    }
  }

  /** scikit-learn 1.5: labels 0 1 2 0 1 2 predicted 0 2 1 0 0 1 have macro F1 0.26666. */
  @Test
  void macroF1IsScikitLearnsExample() {
    int[] labels = {0, 1, 2, 0, 1, 2};
    int[] predicted = {0, 2, 1, 0, 0, 1};
    ClassificationSum sum = new ClassificationSum(3);
    for (int row = 0; row < 6; row++) {
      float[] p = {0.2f, 0.2f, 0.2f};
      p[predicted[row]] = 0.6f;
      float[] one = {1};
      sum.add(1, p, new float[] {labels[row]}, one, one);
    }
    assertEquals(0.8 / 3, sum.metrics().get("macro_f1"), 1e-12);
    assertArrayEquals(new double[] {2, 0, 0}, sum.confusion()[0]);
    assertArrayEquals(new double[] {1, 0, 1}, sum.confusion()[1]);
    assertArrayEquals(new double[] {0, 2, 0}, sum.confusion()[2]);
  }

  @Test
  void classesThatDoNotOccurDoNotCount() {
    ClassificationSum sum = new ClassificationSum(4);
    float[] ones = {1, 1};
    sum.add(2, new float[] {1, 0, 0, 0, 0, 1, 0, 0}, new float[] {0, 1}, ones, ones);
    assertEquals(1, sum.metrics().get("balanced_accuracy"));
    assertEquals(1, sum.metrics().get("macro_f1"));
    assertEquals(1, sum.metrics().get("auc"));
  }

  @Test
  void oneClassIsRefused() {
    assertThrows(InvalidInput.class, () -> new ClassificationSum(1));
  }

  /** Rows whose weight is 0, 1, 2 or 3; every class occurs. */
  private static Sums.Rows rows(int classes, long seed) {
    Random random = new Random(seed);
    float[] predictions = new float[ROWS * classes];
    float[] labels = new float[ROWS];
    float[] weights = new float[ROWS];
    float[] losses = new float[ROWS];
    for (int row = 0; row < ROWS; row++) {
      labels[row] = row % classes;
      weights[row] = random.nextInt(4);
      double sum = 0;
      double[] e = new double[classes];
      for (int c = 0; c < classes; c++) {
        e[c] = Math.exp(2 * random.nextGaussian() + (c == row % classes ? 1 : 0));
        sum += e[c];
      }
      for (int c = 0; c < classes; c++) {
        predictions[row * classes + c] = (float) (e[c] / sum);
      }
      losses[row] = (float) -Math.log(e[row % classes] / sum);
    }
    assertTrue(IntStream.range(0, ROWS).anyMatch(row -> weights[row] == 0));
    return new Sums.Rows(classes, predictions, labels, weights, losses);
  }

  private interface OfRow {
    double value(int row);
  }

  private static double sum(Sums.Rows rows, OfRow value) {
    return IntStream.range(0, rows.size())
        .mapToDouble(row -> (double) rows.weights()[row] * value.value(row))
        .sum();
  }

  private static int label(Sums.Rows rows, int row) {
    return (int) rows.labels()[row];
  }

  private static boolean right(Sums.Rows rows, int row) {
    return predicted(rows, row) == label(rows, row);
  }

  private static int predicted(Sums.Rows rows, int row) {
    int best = 0;
    for (int c = 1; c < rows.width(); c++) {
      best = score(rows, row, c) > score(rows, row, best) ? c : best;
    }
    return best;
  }

  private static float score(Sums.Rows rows, int row, int c) {
    return rows.predictions()[row * rows.width() + c];
  }

  /** The share of (positive, negative) pairs in which the positive one scores higher. */
  private static double pairs(Sums.Rows rows, int c) {
    double won = 0;
    double all = 0;
    for (int p = 0; p < rows.size(); p++) {
      for (int n = 0; n < rows.size(); n++) {
        if (label(rows, p) == c && label(rows, n) != c) {
          double weight = (double) rows.weights()[p] * rows.weights()[n];
          int order = Float.compare(score(rows, p, c), score(rows, n, c));
          won += weight * (order > 0 ? 1 : order == 0 ? 0.5 : 0);
          all += weight;
        }
      }
    }
    return won / all;
  }
}
