package io.lakeprop.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** The inverse normal distribution is the tables', odd around one half, and rises. */
class NormalTest {
  /** R's qnorm. */
  @Test
  void quantilesAreTheTables() {
    double[][] table = {
      {0.5, 0},
      {0.75, 0.674489750196082},
      {0.841344746068543, 1},
      {0.9, 1.2815515655446},
      {0.975, 1.95996398454005},
      {0.99, 2.32634787404084},
      {0.999, 3.09023230616781},
      {1e-7, -5.19933758219274}
    };
    for (double[] row : table) {
      assertEquals(row[1], Normal.quantile(row[0]), 1e-8);
    }
  }

  @Test
  void isOddAndRises() {
    double before = Double.NEGATIVE_INFINITY;
    for (int i = 1; i < 10_000; i++) {
      double value = Normal.quantile(i / 10_000.0);
      assertTrue(value > before, "at " + i);
      assertEquals(-value, Normal.quantile(1 - i / 10_000.0), 1e-9);
      before = value;
    }
  }
}
