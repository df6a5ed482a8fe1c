package io.lakeprop.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import java.util.SortedMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Metrics of numbers are their definitions in the label's own unit. */
class RegressionSumTest {
  private static final int ROWS = 300;
  private static final double CENTER = 40;
  private static final double SCALE = 12.5;

  @Test
  void metricsAreTheirDefinitions() {
    Sums.Rows rows = rows();
    double[] labels = inUnits(rows.labels());
    double[] estimates = inUnits(rows.predictions());
    double weight = 0;
    double mean = 0;
    for (int i = 0; i < ROWS; i++) {
      weight += rows.weights()[i];
      mean += rows.weights()[i] * labels[i];
    }
    mean /= weight;
    double squares = 0;
    double sizes = 0;
    double spread = 0;
    for (int i = 0; i < ROWS; i++) {
      squares += rows.weights()[i] * Math.pow(labels[i] - estimates[i], 2);
      sizes += rows.weights()[i] * Math.abs(labels[i] - estimates[i]);
      spread += rows.weights()[i] * Math.pow(labels[i] - mean, 2);
    }
    SortedMap<String, Double> metrics = rows.addTo(new RegressionSum(SCALE)).metrics();
    assertEquals(Math.sqrt(squares / weight), metrics.get("rmse"), 1e-9);
    assertEquals(sizes / weight, metrics.get("mae"), 1e-9);
    assertEquals(1 - squares / spread, metrics.get("r2"), 1e-9);
  }

  @Test
  void theMeanAsEstimateExplainsNothing() {
    float[] labels = {1, 2, 3, 6};
    float[] ones = {1, 1, 1, 1};
    RegressionSum sum = new RegressionSum(2);
    sum.add(4, new float[] {3, 3, 3, 3}, labels, ones, ones);
    assertEquals(0, sum.metrics().get("r2"), 1e-12);
    assertEquals(2 * 1.5, sum.metrics().get("mae"), 1e-12);
    assertEquals(2 * Math.sqrt(3.5), sum.metrics().get("rmse"), 1e-12);
  }

  @Test
  void anySplitIsTheWhole() {
    Sums.Rows rows = rows();
    SortedMap<String, Double> whole = rows.addTo(new RegressionSum(SCALE)).metrics();
    for (int trial = 0; trial < 10; trial++) {
      Sums.split(rows, () -> new RegressionSum(SCALE), new Random(trial))
          .forEach((name, value) -> assertEquals(whole.get(name), value, 1e-11, name));
    }
    assertEquals(ROWS, rows.addTo(new RegressionSum(1)).rows());
  }

  private static double[] inUnits(float[] standardised) {
    return IntStream.range(0, ROWS).mapToDouble(i -> standardised[i] * SCALE + CENTER).toArray();
  }

  private static Sums.Rows rows() {
    Random random = new Random(3);
    float[] labels = new float[ROWS];
    float[] estimates = new float[ROWS];
    float[] weights = new float[ROWS];
    for (int i = 0; i < ROWS; i++) {
      labels[i] = (float) random.nextGaussian();
      estimates[i] = labels[i] + 0.5f * (float) random.nextGaussian();
      weights[i] = 0.5f * random.nextInt(5);
    }
    return new Sums.Rows(1, estimates, labels, weights, new float[ROWS]);
  }
}
