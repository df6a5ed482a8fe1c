package io.lakeprop.nn;

import io.lakeprop.base.Check;
import java.util.List;

/**
 * Relu with a slope below 0 that is learnt, one a unit (He 2015): {@code y = x} above 0, {@code a
 * x} below; backward {@code dx = dy} or {@code a dy}, {@code da += Σ dy x} over x below 0.
 *
 * <p>Shapes, n rows: x and y (n, inputs), a (inputs).
 */
public record PRelu(int inputs) implements Layer {
  public PRelu {
    Check.positive(inputs, "inputs");
  }

  @Override
  public int outputs() {
    return inputs;
  }

  @Override
  public List<Slot> slots() {
    return List.of(new Slot("slope", 1, inputs, Slot.Role.SLOPE));
  }

  @Override
  public String words() {
    return "prelu";
  }

  @Override
  public void forward(Pass pass, float[] x, float[] y) {
    float[] a = pass.theta;
    int offset = pass.offset;
    for (int row = 0; row < pass.rows; row++) {
      int start = row * inputs;
      for (int j = 0; j < inputs; j++) {
        float v = x[start + j];
        y[start + j] = Math.max(v, 0) + a[offset + j] * Math.min(v, 0);
      }
    }
  }

  @Override
  public void backward(Pass pass, float[] x, float[] y, float[] dy, float[] dx) {
    float[] da = pass.gradient;
    int offset = pass.offset;
    for (int row = 0; row < pass.rows; row++) {
      int start = row * inputs;
      for (int j = 0; j < inputs; j++) {
        da[offset + j] += dy[start + j] * Math.min(x[start + j], 0);
      }
      if (dx != null) {
        for (int j = 0; j < inputs; j++) {
          dx[start + j] = dy[start + j] * (x[start + j] > 0 ? 1 : pass.theta[offset + j]);
        }
      }
    }
  }
}
