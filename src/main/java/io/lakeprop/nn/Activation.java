package io.lakeprop.nn;

import io.lakeprop.base.Check;
import java.util.List;
import java.util.Locale;

/**
 * A nonlinearity on each number of a row: {@code y = f(x)}, {@code dx = dy f'(x)}.
 *
 * <p>Shapes, n rows: x and y (n, inputs).
 */
public record Activation(Nonlinearity function, int inputs) implements Layer {
  public Activation {
    Check.positive(inputs, "inputs");
  }

  @Override
  public int outputs() {
    return inputs;
  }

  @Override
  public boolean readsOutput() {
    return true;
  }

  @Override
  public List<Slot> slots() {
    return List.of();
  }

  @Override
  public String words() {
    return function.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public void forward(Pass pass, float[] x, float[] y) {
    VectorApi.ELEMENTS.forward(function, pass.rows * inputs, x, y);
  }

  @Override
  public void backward(Pass pass, float[] x, float[] y, float[] dy, float[] dx) {
    if (pass.flatRows != null) {
      count(pass, x, y);
    }
    if (dx != null) {
      VectorApi.ELEMENTS.backward(function, pass.rows * inputs, x, y, dy, dx);
    }
  }

  /** Counts where it is about to be read anyway: once a row, only in training. */
  private void count(Pass pass, float[] x, float[] y) {
    FlatRegion flat = function.flat();
    if (!flat.nowhere()) {
      float[] seen = flat.ofOutput() ? y : x;
      VectorApi.ELEMENTS.countOutside(
          pass.rows, inputs, seen, flat.low(), flat.high(), pass.flatRows, pass.counter);
    }
  }
}
