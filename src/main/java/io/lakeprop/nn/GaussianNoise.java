package io.lakeprop.nn;

import io.lakeprop.base.Check;
import java.util.List;

/**
 * Noise in training (Bishop 1995): {@code y = x + deviation n} with standard normal n, drawn from
 * (round, slice, row, layer, unit); nothing in prediction, and {@code dx = dy}.
 *
 * <p>Shapes, n rows: x and y (n, inputs).
 */
public record GaussianNoise(float deviation, int inputs) implements Layer {
  public GaussianNoise {
    Check.positive(deviation, "deviation");
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
    return "noise " + deviation;
  }

  @Override
  public void forward(Pass pass, float[] x, float[] y) {
    System.arraycopy(x, 0, y, 0, pass.rows * inputs);
    for (int row = 0; pass.randomness != null && row < pass.rows; row++) {
      long key = pass.randomness.row(pass.layer, row);
      for (int j = 0; j < inputs; j++) {
        y[row * inputs + j] += (float) (deviation * Randomness.normal(key, j));
      }
    }
  }

  @Override
  public void backward(Pass pass, float[] x, float[] y, float[] dy, float[] dx) {
    if (dx != null) {
      System.arraycopy(dy, 0, dx, 0, pass.rows * inputs);
    }
  }
}
