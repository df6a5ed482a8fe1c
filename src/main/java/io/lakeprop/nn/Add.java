package io.lakeprop.nn;

import io.lakeprop.base.Check;
import java.util.List;

/**
 * A skip connection that adds: {@code y = x + s}, where s is the output of an earlier layer, or of
 * the network's input. Above a few layers it makes them a residual block (He 2016).
 *
 * <p>Shapes, n rows: x, s and y (n, inputs).
 *
 * @param from name of the layer that gives s, or {@link Network#INPUT}
 */
public record Add(String from, int inputs) implements Skip {
  public Add {
    Check.positive(inputs, "inputs");
  }

  @Override
  public int skipped() {
    return inputs;
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
    return "add from " + from;
  }

  @Override
  public void forward(Pass pass, float[] x, float[] y) {
    float[] s = pass.skipped;
    for (int i = 0; i < pass.rows * inputs; i++) {
      y[i] = x[i] + s[i];
    }
  }

  @Override
  public void backward(Pass pass, float[] x, float[] y, float[] dy, float[] dx) {
    float[] ds = pass.skippedGradient;
    for (int i = 0; ds != null && i < pass.rows * inputs; i++) {
      ds[i] += dy[i];
    }
    if (dx != null) {
      System.arraycopy(dy, 0, dx, 0, pass.rows * inputs);
    }
  }
}
