package io.lakeprop.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Deviances are integrals of the variance function, and pinball loss and coverage definitions. */
class DevianceSumTest {
  private static final int ROWS = 200;
  private static final double SCALE = 2.5;
  private static final int PIECES = 20_000;
  private static final Map<Double, String> NAMES =
      Map.of(1.0, "poisson_deviance", 1.5, "tweedie_deviance", 2.0, "gamma_deviance");

  /** Jørgensen's definition: 2 times the integral of (y - t) / t^power from the mean to y. */
  @ParameterizedTest
  @CsvSource({"1", "1.5", "2"})
  void isTheIntegral(double power) {
    Sums.Rows rows = rows(power < 2);
    double sum = 0;
    double weight = 0;
    for (int i = 0; i < ROWS; i++) {
      double y = SCALE * rows.labels()[i];
      double mean = SCALE * rows.predictions()[i];
      sum += rows.weights()[i] * 2 * integral(y, mean, power);
      weight += rows.weights()[i];
    }
    double own = rows.addTo(new DevianceSum(SCALE, power)).metrics().get(NAMES.get(power));
    assertEquals(sum / weight, own, 1e-4 * own);
  }

  /** By the midpoint rule in s = √t, in which nothing is steep near 0. */
  private static double integral(double y, double mean, double power) {
    double from = Math.sqrt(mean);
    double step = (Math.sqrt(y) - from) / PIECES;
    double sum = 0;
    for (int i = 0; i < PIECES; i++) {
      double s = from + (i + 0.5) * step;
      sum += (y - s * s) / Math.pow(s * s, power) * 2 * s * step;
    }
    return sum;
  }

  @Test
  void aPerfectEstimateHasNone() {
    float[] labels = {0.5f, 1, 4};
    float[] ones = {1, 1, 1};
    for (double power : NAMES.keySet()) {
      DevianceSum sum = new DevianceSum(SCALE, power);
      sum.add(3, labels.clone(), labels, ones, ones);
      assertEquals(0, sum.metrics().get(NAMES.get(power)), 1e-12);
    }
  }

  @Test
  void quantilesAreTheirDefinitions() {
    List<Float> levels = List.of(0.1f, 0.9f);
    QuantileSum sum = new QuantileSum(levels, SCALE);
    float[] labels = {1, 2, 3, 4};
    float[] weights = {1, 1, 2, 0};
    float[] predictions = {0, 3, 2, 2, 1, 3.5f, 9, 9};
    sum.add(4, predictions, labels, weights, weights);
    // Errors at 0.1: 1, 0, 2 (twice); at 0.9: -2, 0, -0.5 (twice).
    double low = 0.1 * 1 + 0.1 * 0 + 2 * 0.1 * 2;
    double high = 0.1 * 2 + 0 + 2 * 0.1 * 0.5;
    assertEquals(SCALE * (low + high) / 4 / 2, sum.metrics().get("pinball_loss"), 1e-6);
    assertEquals(1.0 / 4, sum.metrics().get("coverage_0.1"), 1e-12);
    assertEquals(1, sum.metrics().get("coverage_0.9"), 1e-12);
  }

  @Test
  void anySplitIsTheWhole() {
    Sums.Rows rows = rows(false);
    SortedMap<String, Double> whole = rows.addTo(new DevianceSum(SCALE, 1.5)).metrics();
    assertTrue(whole.containsKey("tweedie_deviance"));
    float[] two = new float[2 * ROWS];
    for (int i = 0; i < two.length; i++) {
      two[i] = rows.predictions()[i / 2] + i % 2;
    }
    Sums.Rows quantiles = new Sums.Rows(2, two, rows.labels(), rows.weights(), rows.losses());
    List<Float> levels = List.of(0.25f, 0.5f);
    SortedMap<String, Double> ofQuantiles =
        quantiles.addTo(new QuantileSum(levels, SCALE)).metrics();
    for (int trial = 0; trial < 5; trial++) {
      Sums.split(rows, () -> new DevianceSum(SCALE, 1.5), new Random(trial))
          .forEach((name, value) -> assertEquals(whole.get(name), value, 1e-10, name));
      Sums.split(quantiles, () -> new QuantileSum(levels, SCALE), new Random(trial))
          .forEach((name, value) -> assertEquals(ofQuantiles.get(name), value, 1e-10, name));
    }
  }

  /** Positive labels and means; some labels 0 where the distribution has them. */
  private static Sums.Rows rows(boolean zeros) {
    Random random = new Random(9);
    float[] labels = new float[ROWS];
    float[] means = new float[ROWS];
    float[] weights = new float[ROWS];
    for (int i = 0; i < ROWS; i++) {
      means[i] = 0.2f + random.nextFloat() * 3;
      labels[i] = zeros && i % 4 == 0 ? 0 : means[i] * (0.3f + random.nextFloat() * 2);
      weights[i] = 0.5f * random.nextInt(4);
    }
    return new Sums.Rows(1, means, labels, weights, weights.clone());
  }
}
