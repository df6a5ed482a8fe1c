package io.lakeprop.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Law 5: what is dropped depends on seed, layer and row number only, at the asked rate. */
class DropoutTest {
  private static final int WIDTH = 31;
  private static final int ROWS = 400;

  @Test
  void rateAndScaleAreAsAsked() {
    for (float rate : new float[] {0.1f, 0.5f, 0.9f}) {
      float[] y = forward(rate, ROWS, new Randomness(1, 0), 0);
      long dropped = 0;
      for (float value : y) {
        assertEquals(value == 0 ? 0 : 1 / (1 - rate), value, 1e-5);
        dropped += value == 0 ? 1 : 0;
      }
      double sigma = Math.sqrt(rate * (1 - rate) / y.length);
      assertEquals(rate, dropped / (double) y.length, 4 * sigma);
    }
  }

  @Test
  void masksDoNotDependOnPieces() {
    float[] whole = forward(0.5f, ROWS, new Randomness(1, 0), 2);
    float[] later = forward(0.5f, ROWS - 150, new Randomness(1, 150), 2);
    assertArrayEquals(Arrays.copyOfRange(whole, 150 * WIDTH, whole.length), later);
  }

  @Test
  void seedLayerAndRowChangeTheMask() {
    float[] mask = forward(0.5f, ROWS, new Randomness(1, 0), 0);
    assertFalse(Arrays.equals(mask, forward(0.5f, ROWS, new Randomness(2, 0), 0)));
    assertFalse(Arrays.equals(mask, forward(0.5f, ROWS, new Randomness(1, 0), 1)));
    assertFalse(Arrays.equals(mask, forward(0.5f, ROWS, new Randomness(1, 1), 0)));
  }

  @Test
  void nothingHappensInPrediction() {
    float[] ones = new float[ROWS * WIDTH];
    Arrays.fill(ones, 1);
    assertArrayEquals(ones, forward(0.5f, ROWS, null, 0));
  }

  private static float[] forward(float rate, int rows, Randomness randomness, int layer) {
    Pass pass = new Pass(new EjmlGemm());
    pass.rows = rows;
    pass.layer = layer;
    pass.randomness = randomness;
    float[] x = new float[rows * WIDTH];
    Arrays.fill(x, 1);
    float[] y = new float[x.length];
    new Dropout(rate, WIDTH).forward(pass, x, y);
    return y;
  }
}
