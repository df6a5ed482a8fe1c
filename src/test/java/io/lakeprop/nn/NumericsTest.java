package io.lakeprop.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** The elementary functions are the JDK's double ones up to float rounding, and keep NaN. */
class NumericsTest {
  @Test
  void elementaryFunctionsAreNearTheDoubleOnes() {
    for (int i = -8000; i <= 8000; i++) {
      float x = i * 0.01f;
      assertEquals(1, Numerics.exp(x) / Math.exp(x), 3e-7, "exp " + x);
      assertEquals(Math.tanh(x), Numerics.tanh(x), 2e-7, "tanh " + x);
      assertEquals(1, Numerics.sigmoid(x) * (1 + Math.exp(-x)), 4e-7, "sigmoid " + x);
      double softplus = Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
      assertEquals(1, Numerics.softplus(x) / softplus, 4e-7, "softplus " + x);
      assertEquals(1, Numerics.normalCdf(x) + Numerics.normalCdf(-x), 1e-7, "cdf " + x);
    }
  }

  @Test
  void tanhKeepsRelativePrecisionNearZero() {
    for (float x = 1e-30f; x < 1; x *= 1.5f) {
      assertEquals(1, Numerics.tanh(x) / Math.tanh(x), 3e-7, "tanh " + x);
    }
  }

  /** Φ from the tables: Abramowitz and Stegun 26.1. */
  @Test
  void normalDistributionIsTheTables() {
    double[][] table = {
      {0, 0.5},
      {1, 0.8413447460685429},
      {-1, 0.1586552539314571},
      {2, 0.9772498680518208},
      {-3, 0.0013498980316301},
      {-5, 2.866515718791939e-7}
    };
    for (double[] row : table) {
      assertEquals(1, Numerics.normalCdf((float) row[0]) / row[1], 1e-6);
    }
    assertEquals(0.24197072451914337, Numerics.normalDensity(1), 1e-7);
  }

  @Test
  void notANumberStaysOne() {
    assertTrue(Float.isNaN(Numerics.exp(Float.NaN)));
    assertTrue(Float.isNaN(Numerics.tanh(Float.NaN)));
    assertTrue(Float.isNaN(Numerics.softplus(Float.NaN)));
    for (Nonlinearity f : Nonlinearity.values()) {
      assertTrue(Float.isNaN(f.value(Float.NaN)), f.name());
    }
  }
}
