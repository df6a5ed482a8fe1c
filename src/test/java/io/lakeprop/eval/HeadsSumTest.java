package io.lakeprop.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.base.InvalidInput;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Several labels are judged as each would be alone, whatever stands beside it. */
class HeadsSumTest {
  private static final int ROWS = 3000;

  /** Predictions a row: of a label of two classes, a number, one of two classes. */
  private static final int[] WIDTHS = {2, 1, 2};

  private static final int WIDTH = 5;
  private static final float[] WEIGHTS = {0.5f, 2, 0.25f};

  private final Random random = new Random(21);
  private final float[] predictions = new float[ROWS * WIDTH];
  private final float[] labels = new float[ROWS * 3];
  private final float[] weights = new float[ROWS];
  private final float[] losses = new float[ROWS * 3];

  HeadsSumTest() {
    for (int row = 0; row < ROWS; row++) {
      weights[row] = 0.5f * random.nextInt(5);
      for (int h = 0; h < 3; h++) {
        losses[row * 3 + h] = random.nextFloat();
      }
      classes(row, 0, 0);
      labels[row * 3 + 1] = (float) random.nextGaussian();
      predictions[row * WIDTH + 2] = (float) random.nextGaussian();
      classes(row, 3, 2);
    }
  }

  private void classes(int row, int first, int label) {
    float p = 1 / (1 + (float) Math.exp(-random.nextGaussian()));
    predictions[row * WIDTH + first] = 1 - p;
    predictions[row * WIDTH + first + 1] = p;
    labels[row * 3 + label] = random.nextFloat() < p ? 1 : 0;
  }

  private static MetricSum alone(int head) {
    return head == 1 ? new RegressionSum(3) : ClassificationSum.amongSeveral(2);
  }

  private static HeadsSum empty(int... heads) {
    List<HeadsSum.Part> parts = new java.util.ArrayList<>();
    for (int h : heads) {
      parts.add(new HeadsSum.Part("l" + h, WEIGHTS[h], WIDTHS[h], alone(h)));
    }
    return new HeadsSum(parts);
  }

  /** Some columns of the first or last rows. */
  private static float[] part(float[] from, int width, int first, int columns, int row, int rows) {
    float[] to = new float[rows * columns];
    for (int i = 0; i < to.length; i++) {
      to[i] = from[(row + i / columns) * width + first + i % columns];
    }
    return to;
  }

  private HeadsSum sum(int row, int rows) {
    HeadsSum sum = empty(0, 1, 2);
    sum.add(
        rows,
        part(predictions, WIDTH, 0, WIDTH, row, rows),
        part(labels, 3, 0, 3, row, rows),
        part(weights, 1, 0, 1, row, rows),
        part(losses, 3, 0, 3, row, rows));
    return sum;
  }

  @Test
  void everyLabelHasTheMetricsThatItWouldHaveAlone() {
    HeadsSum sum = sum(0, ROWS);
    SortedMap<String, Double> expected = new TreeMap<>();
    double loss = 0;
    int first = 0;
    for (int h = 0; h < 3; h++) {
      MetricSum alone = alone(h);
      alone.add(
          ROWS,
          part(predictions, WIDTH, first, WIDTHS[h], 0, ROWS),
          part(labels, 3, h, 1, 0, ROWS),
          weights,
          part(losses, 3, h, 1, 0, ROWS));
      String name = "l" + h + ".";
      alone.metrics().forEach((metric, value) -> expected.put(name + metric, value));
      assertEquals(alone.metrics(), sum.sum(h).metrics());
      loss += WEIGHTS[h] * alone.metrics().get("loss");
      first += WIDTHS[h];
    }
    expected.put("loss", loss);
    assertEquals(expected, sum.metrics());
    assertEquals(ROWS, sum.rows());
  }

  @Test
  void anySplitIsTheWhole() {
    SortedMap<String, Double> whole = sum(0, ROWS).metrics();
    for (int cut : new int[] {0, 1, 1234, ROWS}) {
      sum(0, cut)
          .merge(sum(cut, ROWS - cut))
          .metrics()
          .forEach((name, value) -> assertEquals(whole.get(name), value, 1e-11, name));
    }
  }

  /** Coarse bins move the area by next to nothing: against all pairs of rows. */
  @Test
  void theAreaOfALabelAmongSeveralIsThatOfAllPairs() {
    double pairs = 0;
    double right = 0;
    for (int a = 0; a < ROWS; a++) {
      for (int b = 0; b < ROWS; b++) {
        if (labels[a * 3] == 1 && labels[b * 3] == 0) {
          double pair = (double) weights[a] * weights[b];
          float higher = predictions[a * WIDTH + 1] - predictions[b * WIDTH + 1];
          right += pair * (higher > 0 ? 1 : higher == 0 ? 0.5 : 0);
          pairs += pair;
        }
      }
    }
    assertEquals(right / pairs, sum(0, ROWS).metrics().get("l0.auc"), 1e-4);
  }

  @Test
  void labelsOfClassesAloneHaveMeans() {
    HeadsSum both = empty(0, 2);
    float[] p = new float[ROWS * 4];
    for (int row = 0; row < ROWS; row++) {
      System.arraycopy(predictions, row * WIDTH, p, row * 4, 2);
      System.arraycopy(predictions, row * WIDTH + 3, p, row * 4 + 2, 2);
    }
    float[] two = new float[ROWS * 2];
    for (int i = 0; i < two.length; i++) {
      two[i] = labels[i / 2 * 3 + i % 2 * 2];
    }
    both.add(ROWS, p, two, weights, new float[ROWS * 2]);
    Map<String, Double> metrics = both.metrics();
    for (String metric : List.of("accuracy", "auc")) {
      double mean = (metrics.get("l0." + metric) + metrics.get("l2." + metric)) / 2;
      assertEquals(mean, metrics.get(metric), 1e-15);
    }
    assertFalse(sum(0, ROWS).metrics().containsKey("accuracy"));
  }

  /** A label that is always the same has no area; the mean is that of the others. */
  @Test
  void aLabelWithoutAnAreaIsLeftOutOfTheMean() {
    HeadsSum both = empty(0, 2);
    float[] p = {0.8f, 0.2f, 0.5f, 0.5f, 0.3f, 0.7f, 0.5f, 0.5f};
    both.add(2, p, new float[] {0, 1, 1, 1}, new float[] {1, 1}, new float[4]);
    assertFalse(both.metrics().containsKey("l2.auc"));
    assertEquals(Map.of("l2.auc", "all rows are of one class"), both.undefined());
    assertEquals(1, both.metrics().get("auc"));
  }

  @Test
  void monitorsAreTheSumsOrALabels() {
    Monitor own = new LabelMetric("l1", Metric.RMSE);
    assertEquals("l1.rmse", own.key());
    assertTrue(own.better(1, 2) && !own.better(2, 1) && !own.better(Double.NaN, 1));
    assertEquals(own, own.checked(empty(0, 1).offers()));
    for (Monitor bad :
        List.of(
            new LabelMetric("l0", Metric.RMSE), new LabelMetric("x", Metric.LOSS), Metric.AUC)) {
      String message =
          assertThrows(InvalidInput.class, () -> bad.checked(empty(0, 1).offers())).getMessage();
      assertTrue(message.contains("l1.rmse") && message.endsWith(": " + bad.key()), message);
    }
  }
}
