package io.lakeprop.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.base.InvalidInput;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Scalings centre and scale as they say; the quantile one follows the rows, however equal. */
class NumberTransformTest {
  private static final double[] SKEWED = skewed(5001);

  @Test
  void standardScalingCentresOnTheMeanAndScalesByTheDeviation() {
    double mean = Arrays.stream(SKEWED).average().orElseThrow();
    double squares = Arrays.stream(SKEWED).map(x -> (x - mean) * (x - mean)).sum();
    NumberTransform.SmoothClip clip =
        (NumberTransform.SmoothClip) bind(FeatureSpec.Scaling.STANDARD, SKEWED);
    assertEquals(mean, clip.center(), 1e-9);
    assertEquals(Math.sqrt(squares / SKEWED.length), clip.scale(), 1e-9);
  }

  @Test
  void robustScalingCentresOnTheMedianAndScalesByTheQuartiles() {
    double[] sorted = SKEWED.clone();
    Arrays.sort(sorted);
    NumberTransform.SmoothClip clip =
        (NumberTransform.SmoothClip) bind(FeatureSpec.Scaling.ROBUST, SKEWED);
    assertEquals(sorted[2500], clip.center(), 1e-3);
    assertEquals(sorted[3750] - sorted[1250], clip.scale(), 1e-3);
  }

  @Test
  void robustScalingOfAHeapFallsBackToTheDeviation() {
    double[] heap = new double[100];
    heap[0] = 10;
    assertEquals(
        new NumberTransform.SmoothClip(0, Math.sqrt(1 - 0.01)),
        bind(FeatureSpec.Scaling.ROBUST, heap));
  }

  /** The figures are of x / sqrt(1 + (x / 3)^2), by hand. */
  @Test
  void centredNumbersAreClippedSmoothly() {
    NumberTransform transform = new NumberTransform.SmoothClip(10, 2);
    assertEquals(0, transform.apply(10));
    assertEquals(3 / Math.sqrt(10), transform.apply(12), 1e-7);
    assertEquals(-3 / Math.sqrt(2), transform.apply(4), 1e-7);
    assertEquals(2.999753, transform.apply(10 + 2 * 234), 1e-6);
    float before = -3;
    for (double x = -1e4; x < 1e4; x += 0.37) {
      float y = transform.apply(x);
      assertTrue(y >= before && y <= 3, "at " + x);
      before = y;
    }
    assertEquals(3, transform.apply(Double.MAX_VALUE));
    assertEquals(-3, new NumberTransform.SmoothClip(1e308, 1e-300).apply(-Double.MAX_VALUE));
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

  /**
   * Numbers outside the training rows are further out than these, as one more such row would be.
   */
  @Test
  void quantileScalingRisesAndEndsBeyondTheTrainingRows() {
    NumberTransform transform = bind(FeatureSpec.Scaling.QUANTILE, SKEWED);
    float before = Float.NEGATIVE_INFINITY;
    for (double x = -1; x < 60; x += 0.003) {
      float y = transform.apply(x);
      assertTrue(y >= before, "falls at " + x);
      assertTrue(Math.abs(y) < 5.2, "outside at " + x);
      before = y;
    }
    double beyond = Normal.quantile(1 - 0.25 / SKEWED.length);
    for (double far : new double[] {1e9, 1e300, Double.MAX_VALUE}) {
      assertEquals(beyond, transform.apply(far), 1e-6);
      assertEquals(-beyond, transform.apply(-far), 1e-6);
    }
    double[] sorted = SKEWED.clone();
    Arrays.sort(sorted);
    assertEquals(Normal.quantile(0.5 / SKEWED.length), transform.apply(sorted[0]), 1e-6);
    assertTrue(transform.apply(sorted[0]) > -beyond);
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

  /** Each value a knot in the middle of its rows, however many there are of it. */
  @Test
  void fewValuesGetTheirExactShares() {
    double[] values = new double[120_000];
    Arrays.setAll(values, i -> i % 6);
    NumberTransform.Quantile six =
        (NumberTransform.Quantile) bind(FeatureSpec.Scaling.QUANTILE, values);
    assertArrayEquals(new double[] {0, 1, 2, 3, 4, 5}, six.values());
    double[] twelfths = {1 / 12.0, 3 / 12.0, 5 / 12.0, 7 / 12.0, 9 / 12.0, 11 / 12.0};
    assertArrayEquals(twelfths, six.shares());
    double[] skew = {7, 7, 7, 7, 7, 7, -3, 9, 9, 9};
    NumberTransform.Quantile three =
        (NumberTransform.Quantile) bind(FeatureSpec.Scaling.QUANTILE, skew);
    assertArrayEquals(new double[] {-3, 7, 9}, three.values());
    assertArrayEquals(new double[] {0.05, 0.4, 0.85}, three.shares());
  }

  /** A heap among many other values has the share that the record promises, knot by knot. */
  @Test
  void everyKnotHasTheShareOfTheRows() {
    double[] values = new double[3000];
    Arrays.setAll(values, i -> i < 1200 ? 41.5 : i / 30.0);
    NumberTransform.Quantile transform =
        (NumberTransform.Quantile) bind(FeatureSpec.Scaling.QUANTILE, values);
    assertTrue(transform.values().length > 100);
    for (int knot = 0; knot < transform.values().length; knot++) {
      double value = transform.values()[knot];
      long below = Arrays.stream(values).filter(other -> other < value).count();
      long equal = Arrays.stream(values).filter(other -> other == value).count();
      assertEquals((below + equal / 2.0) / values.length, transform.shares()[knot], 1e-12);
    }
    assertTrue(Arrays.stream(transform.values()).anyMatch(value -> value == 41.5));
  }

  /** Case 51's neighbour: the smallest, frequent value, written by another sign. */
  @Test
  void minusZeroIsZero() {
    double[] values = {0, -0.0, 0, 1, 2, -0.0};
    NumberTransform.Quantile quantile =
        (NumberTransform.Quantile) bind(FeatureSpec.Scaling.QUANTILE, values);
    assertArrayEquals(new double[] {0, 1, 2}, quantile.values());
    assertEquals(quantile.apply(0.0), quantile.apply(-0.0));
    assertEquals(Normal.quantile(2 / 6.0), quantile.apply(-0.0), 1e-6);
    // As a model of an earlier release may have it.
    NumberTransform old = quantile(new double[] {-3, -0.0}, new double[] {0.2, 0.6});
    assertEquals(Normal.quantile(0.6), old.apply(0.0), 1e-6);
    assertEquals(Normal.quantile(0.6), old.apply(-0.0), 1e-6);
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
    assertThrows(InvalidInput.class, () -> new NumberTransform.SmoothClip(0, 0));
  }

  private static NumberTransform quantile(double[] values, double[] shares) {
    return new NumberTransform.Quantile(values, shares);
  }

  private static NumberTransform bind(FeatureSpec.Scaling scaling, double[] values) {
    NumberStats stats = NumberStats.empty(scaling);
    Arrays.stream(values).forEach(stats::add);
    return NumberTransform.bind(scaling, stats);
  }

  /** Exponential numbers of mean 5. */
  private static double[] skewed(int size) {
    Random random = new Random(1);
    return random.doubles(size).map(u -> -5 * Math.log(1 - u)).toArray();
  }
}
