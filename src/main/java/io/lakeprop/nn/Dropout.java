package io.lakeprop.nn;

import io.lakeprop.base.Check;
import java.util.List;

/**
 * Inverted dropout (Srivastava 2014): in training each number is zeroed with probability {@code
 * rate} and the others are divided by {@code 1 - rate}; in prediction nothing happens.
 *
 * <p>The mask is not stored: it is drawn again in the backward pass from (round, slice, row, layer,
 * unit). A draw has 32 bits, so a probability is a multiple of 2^-32.
 *
 * <p>Shapes, n rows: x and y (n, inputs).
 */
public record Dropout(float rate, int inputs) implements Layer {
  private static final double TWO_TO_32 = 0x1.0p32;

  public Dropout {
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
    return "dropout " + rate;
  }

  @Override
  public void forward(Pass pass, float[] x, float[] y) {
    mask(pass, x, y);
  }

  @Override
  public void backward(Pass pass, float[] x, float[] y, float[] dy, float[] dx) {
    if (dx != null) {
      mask(pass, dy, dx);
    }
  }

  private void mask(Pass pass, float[] from, float[] to) {
    if (pass.randomness == null || rate == 0) {
      System.arraycopy(from, 0, to, 0, pass.rows * inputs);
      return;
    }
    int threshold = threshold(rate);
    float scale = 1 / (1 - rate);
    for (int row = 0; row < pass.rows; row++) {
      long key = pass.randomness.row(pass.layer, row);
      VectorApi.ELEMENTS.drop(inputs, key, threshold, scale, from, to, row * inputs);
    }
  }

  /** The unsigned number below which so large a share of all 32-bit draws lies. */
  static int threshold(float rate) {
    return (int) (long) (rate * TWO_TO_32);
  }
}
