package io.lakeprop.nn;

import io.lakeprop.base.Check;
import java.util.List;

/**
 * A skip connection that appends: {@code y = [x, s]}, where s is the output of an earlier layer, or
 * of the network's input (Huang 2017).
 *
 * <p>Shapes, n rows: x (n, inputs), s (n, skipped), y (n, inputs + skipped).
 *
 * @param from name of the layer that gives s, or {@link Network#INPUT}
 */
public record Concat(String from, int inputs, int skipped) implements Skip {
  public Concat {
    Check.positive(inputs, "inputs");
    Check.positive(skipped, "skipped");
    Check.width((long) inputs + skipped, "outputs");
  }

  @Override
  public int outputs() {
    return inputs + skipped;
  }

  @Override
  public List<Slot> slots() {
    return List.of();
  }

  @Override
  public String words() {
    return "concat from " + from;
  }

  @Override
  public void forward(Pass pass, float[] x, float[] y) {
    for (int row = 0; row < pass.rows; row++) {
      int start = row * outputs();
      System.arraycopy(x, row * inputs, y, start, inputs);
      System.arraycopy(pass.skipped, row * skipped, y, start + inputs, skipped);
    }
  }

  @Override
  public void backward(Pass pass, float[] x, float[] y, float[] dy, float[] dx) {
    float[] ds = pass.skippedGradient;
    for (int row = 0; row < pass.rows; row++) {
      int start = row * outputs();
      for (int j = 0; ds != null && j < skipped; j++) {
        ds[row * skipped + j] += dy[start + inputs + j];
      }
      if (dx != null) {
        System.arraycopy(dy, start, dx, row * inputs, inputs);
      }
    }
  }
}
