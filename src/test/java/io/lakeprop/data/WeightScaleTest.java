package io.lakeprop.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Weights are relative: their unit reaches neither rows nor what is said of labels. */
class WeightScaleTest {
  private static final double[] UNITS = {1, 3, 1e-42, 1e-50, 1e300, 0x1p-1060, 1e-7};
  private static final double[] WEIGHTS = {0.25, 1, 4, 0, 2.5, 1, 8, 0.5};

  @Test
  void anyUnitGivesTheSameWeights() {
    float[] expected = scaled(1);
    double mean = 17.25 / 8;
    for (int i = 0; i < WEIGHTS.length; i++) {
      assertEquals((float) (WEIGHTS[i] / mean), expected[i]);
    }
    for (double unit : UNITS) {
      assertArrayEquals(expected, scaled(unit), "unit " + unit);
    }
  }

  private static float[] scaled(double unit) {
    RowStats stats = new RowStats();
    for (double weight : WEIGHTS) {
      stats.add(7, weight * unit, 1);
    }
    float[] scaled = new float[WEIGHTS.length];
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] = stats.scale().of(WEIGHTS[i] * unit);
    }
    return scaled;
  }

  @Test
  void weightsOfOneAndOfOneSizeAreOne() {
    for (double weight : new double[] {1, Double.MIN_VALUE, Double.MAX_VALUE, 1e-310, 7}) {
      RowStats stats = new RowStats();
      for (int row = 0; row < 1001; row++) {
        stats.add(row, weight, 1);
      }
      assertEquals(1, stats.scale().of(weight), "weight " + weight);
      if (weight == 1) {
        assertEquals(WeightScale.ONE, stats.scale());
      }
    }
  }

  /** The mean of the smallest number and nine zeros is no double. */
  @Test
  void aSingleWeightIsTheNumberOfRows() {
    RowStats stats = new RowStats();
    for (int row = 0; row < 10; row++) {
      stats.add(row, row == 3 ? Double.MIN_VALUE : 0, 1);
    }
    assertEquals(10, stats.scale().of(Double.MIN_VALUE));
    assertEquals(0, stats.scale().of(0));
  }

  @Test
  void whatIsSaidOfLabelsHasNoUnit() {
    LabelStats expected = labels(1).label(0);
    LabelStats classes = labels(1).label(1);
    double sum = 0;
    double weight = 0;
    for (int i = 0; i < WEIGHTS.length; i++) {
      sum += WEIGHTS[i] * ((i - 2.5) / 3 - i % 3);
      weight += WEIGHTS[i];
    }
    assertEquals(sum / weight, expected.mean(), 1e-15);
    for (double unit : UNITS) {
      LabelStats own = labels(unit).label(0);
      assertEquals(1, own.mean() / expected.mean(), 1e-14, "unit " + unit);
      assertEquals(1, own.meanOffset() / expected.meanOffset(), 1e-14);
      assertEquals(1, own.rate() / expected.rate(), 1e-14);
      LabelStats ofClasses = labels(unit).label(1);
      double share = classes.weight("a") / classes.weight("b");
      assertEquals(share, ofClasses.weight("a") / ofClasses.weight("b"), 1e-14);
    }
  }

  private static FeatureStats labels(double unit) {
    FeatureStats stats = new FeatureStats(List.of(), 2);
    for (int i = 0; i < WEIGHTS.length; i++) {
      stats.addLabel(0, (i - 2.5) / 3, WEIGHTS[i] * unit, i % 3);
      stats.addLabel(1, i % 3 == 0 ? "a" : "b", WEIGHTS[i] * unit, i % 3);
    }
    return stats;
  }

  /** Another weight is other content, but no other place. */
  @Test
  void contentHasTheWeight() {
    Random random = new Random(3);
    for (int i = 0; i < 100; i++) {
      long hash = random.nextLong();
      assertEquals(hash, RowContent.of(hash, 1));
      assertEquals(false, RowContent.of(hash, 2) == RowContent.of(hash, 3));
    }
  }
}
