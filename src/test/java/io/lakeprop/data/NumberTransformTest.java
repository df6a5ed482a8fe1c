package io.lakeprop.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.base.Mix;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Scalings centre and scale as they say; the quantile one rises and stays within ±5.2. */
class NumberTransformTest {
  private static final double[] SKEWED = skewed(5001);

  @Test
  void standardScalingGivesMeanZeroAndVarianceOne() {
    NumberTransform transform = bind(FeatureSpec.Scaling.STANDARD, SKEWED);
    double sum = 0;
    double squares = 0;
    for (double value : SKEWED) {
      sum += transform.apply(value);
      squares += Math.pow(transform.apply(value), 2);
    }
    assertEquals(0, sum / SKEWED.length, 1e-6);
    assertEquals(1, squares / SKEWED.length, 1e-5);
  }

  @Test
  void robustScalingGivesMedianZeroAndQuartilesOneApart() {
    NumberTransform transform = bind(FeatureSpec.Scaling.ROBUST, SKEWED);
    double[] sorted = SKEWED.clone();
    Arrays.sort(sorted);
    assertEquals(0, transform.apply(sorted[2500]), 1e-6);
    assertEquals(1, transform.apply(sorted[3750]) - transform.apply(sorted[1250]), 1e-5);
  }

  @Test
  void robustScalingOfAHeapFallsBackToTheDeviation() {
    double[] heap = new double[100];
    heap[0] = 10;
    assertEquals(
        new NumberTransform.Affine(0, Math.sqrt(1 - 0.01)), bind(FeatureSpec.Scaling.ROBUST, heap));
  }

  @Test
  void noScalingChangesNothing() {
    assertEquals(1.5f, bind(FeatureSpec.Scaling.NONE, SKEWED).apply(1.5));
  }

  @Test
  void quantileScalingGivesNormalNumbers() {
    NumberTransform transform = bind(FeatureSpec.Scaling.QUANTILE, SKEWED);
    double[] encoded = Arrays.stream(SKEWED).map(transform::apply).sorted().toArray();
    assertEquals(0, encoded[2500], 5e-3);
    assertEquals(1, encoded[(int) (0.8413447 * 5000)], 2e-2);
    assertEquals(-1.959964, encoded[125], 3e-2);
  }

  @Test
  void quantileScalingRisesAndIsClamped() {
    NumberTransform transform = bind(FeatureSpec.Scaling.QUANTILE, SKEWED);
    float before = Float.NEGATIVE_INFINITY;
    for (double x = -1; x < 60; x += 0.003) {
      float y = transform.apply(x);
      assertTrue(y >= before, "falls at " + x);
      assertTrue(Math.abs(y) < 5.2, "outside at " + x);
      before = y;
    }
    for (double far : new double[] {1e9, 1e300, Double.MAX_VALUE}) {
      assertEquals(5.199, transform.apply(far), 1e-3);
      assertEquals(-5.199, transform.apply(-far), 1e-3);
    }
    assertNotEquals(transform.apply(0.1), transform.apply(0.2));
  }

  /** Zeros are 60 % of the rows: their knot stands in the middle of their share, at 30 %. */
  @Test
  void tiesStandInTheMiddleOfTheirShare() {
    double[] values = new double[1000];
    for (int i = 600; i < 1000; i++) {
      values[i] = i;
    }
    NumberTransform transform = bind(FeatureSpec.Scaling.QUANTILE, values);
    assertEquals(Normal.quantile(0.3), transform.apply(0), 1e-2);
    assertEquals(Normal.quantile(0.8), transform.apply(800), 2e-2);
    assertTrue(transform.apply(-1) < transform.apply(0));
  }

  @Test
  void quantilesOfHugeValuesStayNumbers() {
    double[] huge = {-1.7e308, -1e308, 0, 1e308, 1.7e308};
    NumberTransform transform = bind(FeatureSpec.Scaling.QUANTILE, huge);
    assertEquals(0, transform.apply(0), 1e-6);
    assertTrue(transform.apply(1e308) > 0.5);
  }

  @Test
  void fallingOrUnequalQuantilesAreRefused() {
    double[] rising = {1, 2};
    assertThrows(InvalidInput.class, () -> quantile(new double[] {2, 1}, new double[] {0, 1}));
    assertThrows(InvalidInput.class, () -> quantile(rising, new double[] {1, 0}));
    assertThrows(InvalidInput.class, () -> quantile(rising, new double[] {0, 1.5}));
    assertThrows(InvalidInput.class, () -> quantile(rising, new double[] {0}));
    assertThrows(InvalidInput.class, () -> quantile(new double[0], new double[0]));
    assertThrows(InvalidInput.class, () -> quantile(rising, new double[] {Double.NaN, 1}));
    assertThrows(InvalidInput.class, () -> new NumberTransform.Affine(0, 0));
    assertThrows(InvalidInput.class, () -> new NumberTransform.Affine(Double.NaN, 1));
  }

  private static NumberTransform quantile(double[] values, double[] shares) {
    return new NumberTransform.Quantile(values, shares);
  }

  private static NumberTransform bind(FeatureSpec.Scaling scaling, double[] values) {
    NumberStats stats = NumberStats.empty(scaling);
    for (int i = 0; i < values.length; i++) {
      stats.add(Mix.mix(i), values[i]);
    }
    return NumberTransform.bind(scaling, stats);
  }

  /** Exponential numbers of mean 5. */
  private static double[] skewed(int size) {
    Random random = new Random(1);
    return random.doubles(size).map(u -> -5 * Math.log(1 - u)).toArray();
  }
}
