package io.lakeprop.nn;

import io.lakeprop.base.Check;
import java.util.List;

/**
 * Affine map {@code y = x wᵀ + b}; backward {@code dw += dyᵀ x}, {@code db += Σ dy}, {@code dx = dy
 * w}.
 *
 * <p>Shapes, n rows: x (n, inputs), w (outputs, inputs), b (outputs), y (n, outputs).
 */
public record Linear(int inputs, int outputs) implements Layer {
  public Linear {
    Check.positive(inputs, "inputs");
    Check.positive(outputs, "outputs");
  }

  @Override
  public List<Slot> slots() {
    return List.of(
        new Slot("weight", outputs, inputs, Slot.Role.WEIGHT),
        new Slot("bias", 1, outputs, Slot.Role.BIAS));
  }

  @Override
  public String words() {
    return "linear";
  }

  @Override
  public long forwardFlops() {
    return 2L * inputs * outputs;
  }

  @Override
  public long backwardFlops(boolean below) {
    return (below ? 2 : 1) * forwardFlops();
  }

  @Override
  public void forward(Pass pass, float[] x, float[] y) {
    float[] theta = pass.theta;
    pass.gemm.forward(pass.rows, inputs, outputs, x, theta, pass.offset, theta, bias(pass), y);
  }

  @Override
  public void backward(Pass pass, float[] x, float[] y, float[] dy, float[] dx) {
    pass.gemm.weightGradient(pass.rows, inputs, outputs, dy, x, pass.gradient, pass.offset);
    VectorApi.ELEMENTS.addRows(pass.rows, outputs, dy, pass.gradient, bias(pass));
    if (dx != null) {
      pass.gemm.inputGradient(pass.rows, inputs, outputs, dy, pass.theta, pass.offset, dx);
    }
  }

  private int bias(Pass pass) {
    return pass.offset + inputs * outputs;
  }
}
