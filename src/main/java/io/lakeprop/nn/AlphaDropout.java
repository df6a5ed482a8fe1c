package io.lakeprop.nn;

import io.lakeprop.base.Check;
import java.util.Arrays;
import java.util.List;

/**
 * Dropout for SELU (Klambauer 2017, section 3): with probability {@code rate} a unit is set to
 * SELU's lower end α' = -1.758, and {@code y = a x' + b} then restores mean 0 and variance 1, with
 * {@code a = (q + α'² q (1 - q))^(-1/2)}, {@code b = -a α' (1 - q)}, {@code q = 1 - rate}. In
 * prediction nothing happens.
 *
 * <p>The mask is drawn as {@link Dropout}'s is.
 *
 * <p>Shapes, n rows: x and y (n, inputs).
 */
public record AlphaDropout(float rate, int inputs) implements Layer {
  private static final float LOWER_END = -Nonlinearity.SELU_SCALE * Nonlinearity.SELU_ALPHA;

  public AlphaDropout {
    Check.fraction(rate, "rate");
    Check.positive(inputs, "inputs");
  }

  @Override
  public int outputs() {
    return inputs;
  }

  @Override
  public List<Slot> slots() {
    return List.of();
  }

  @Override
  public String words() {
    return "alpha dropout " + rate;
  }

  /** Which units of a row are kept. */
  @Override
  public int[] scratch(int rows) {
    return new int[] {inputs};
  }

  @Override
  public void forward(Pass pass, float[] x, float[] y) {
    if (pass.randomness == null) {
      System.arraycopy(x, 0, y, 0, pass.rows * inputs);
      return;
    }
    float a = scale();
    float b = -a * LOWER_END * rate;
    float dropped = a * LOWER_END + b;
    for (int row = 0; row < pass.rows; row++) {
      float[] kept = kept(pass, row);
      int start = row * inputs;
      for (int j = 0; j < inputs; j++) {
        float keep = kept[j];
        y[start + j] = keep * (a * x[start + j] + b) + (1 - keep) * dropped;
      }
    }
  }

  @Override
  public void backward(Pass pass, float[] x, float[] y, float[] dy, float[] dx) {
    if (dx == null) {
      return;
    }
    if (pass.randomness == null) {
      System.arraycopy(dy, 0, dx, 0, pass.rows * inputs);
      return;
    }
    float a = scale();
    for (int row = 0; row < pass.rows; row++) {
      float[] kept = kept(pass, row);
      int start = row * inputs;
      for (int j = 0; j < inputs; j++) {
        dx[start + j] = dy[start + j] * (a * kept[j]);
      }
    }
  }

  private float scale() {
    double q = 1 - (double) rate;
    return (float) (1 / Math.sqrt(q + (double) LOWER_END * LOWER_END * q * rate));
  }

  /** The row's mask: 1 kept, 0 dropped. */
  private float[] kept(Pass pass, int row) {
    float[] mask = pass.scratch[0];
    Arrays.fill(mask, 0, inputs, 1);
    long key = pass.randomness.row(pass.layer, row);
    VectorApi.ELEMENTS.drop(inputs, key, Dropout.threshold(rate), 1, mask, mask, 0);
    return mask;
  }
}
