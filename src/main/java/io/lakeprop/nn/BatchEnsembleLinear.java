package io.lakeprop.nn;

import io.lakeprop.base.Check;
import java.util.Arrays;
import java.util.List;

/**
 * A linear layer of several members that share one weight (Wen 2020, BatchEnsemble; TabM's layer,
 * Gorishniy 2024): for member i {@code z = (x ∘ r_i) wᵀ}, {@code y = z ∘ s_i + b_i}.
 *
 * <p>Backward: {@code dz = dy ∘ s_i}, {@code ds_i = Σ dy ∘ z}, {@code db_i = Σ dy}, {@code dw = dzᵀ
 * (x ∘ r_i)}, {@code dq = dz w}, {@code dr_i = Σ dq ∘ x}, {@code dx = dq ∘ r_i}.
 *
 * <p>Shapes, n rows: x (n, members, width), y (n, members, units), w (units, width), r (members,
 * width), s and b (members, units).
 */
public record BatchEnsembleLinear(int members, int width, int units) implements Layer {
  public BatchEnsembleLinear {
    Check.positive(members, "members");
    Check.positive(width, "width");
    Check.positive(units, "units");
    Check.width((long) members * width, "inputs");
    Check.width((long) members * units, "outputs");
  }

  @Override
  public int inputs() {
    return members * width;
  }

  @Override
  public int outputs() {
    return members * units;
  }

  @Override
  public List<Slot> slots() {
    return List.of(
        new Slot("weight", units, width, Slot.Role.WEIGHT),
        new Slot("input_scale", members, width, Slot.Role.SCALE),
        new Slot("output_scale", members, units, Slot.Role.SCALE),
        new Slot("bias", members, units, Slot.Role.BIAS));
  }

  @Override
  public String words() {
    return "linear, " + members + " members";
  }

  @Override
  public long forwardFlops() {
    return 2L * members * width * units;
  }

  /** The gradient of r needs that of its product with x in any case. */
  @Override
  public long backwardFlops(boolean below) {
    return 2 * forwardFlops();
  }

  /** x ∘ r, which becomes dq; z, which becomes dz; and a row of zeros, the bias of z. */
  @Override
  public int[] scratch(int rows) {
    int all = Math.multiplyExact(rows, members);
    return new int[] {Math.multiplyExact(all, width), Math.multiplyExact(all, units), units};
  }

  @Override
  public void forward(Pass pass, float[] x, float[] y) {
    float[] q = pass.scratch[0];
    float[] z = pass.scratch[1];
    float[] theta = pass.theta;
    Arrays.fill(pass.scratch[2], 0, units, 0);
    for (int row = 0; row < pass.rows; row++) {
      int start = row * inputs();
      for (int i = 0; i < inputs(); i++) {
        q[start + i] = x[start + i] * theta[inputScale(pass) + i];
      }
    }
    int all = pass.rows * members;
    pass.gemm.forward(all, width, units, q, theta, pass.offset, pass.scratch[2], 0, z);
    for (int row = 0; row < pass.rows; row++) {
      int start = row * outputs();
      for (int o = 0; o < outputs(); o++) {
        y[start + o] = z[start + o] * theta[outputScale(pass) + o] + theta[bias(pass) + o];
      }
    }
  }

  @Override
  public void backward(Pass pass, float[] x, float[] y, float[] dy, float[] dx) {
    float[] q = pass.scratch[0];
    float[] dz = pass.scratch[1];
    output(pass, dy, dz);
    int all = pass.rows * members;
    pass.gemm.weightGradient(all, width, units, dz, q, pass.gradient, pass.offset);
    pass.gemm.inputGradient(all, width, units, dz, pass.theta, pass.offset, q);
    input(pass, x, q, dx);
  }

  /** The gradients of the outputs' scales and biases; z becomes dz. */
  private void output(Pass pass, float[] dy, float[] z) {
    float[] gradient = pass.gradient;
    int scale = outputScale(pass);
    int bias = bias(pass);
    for (int row = 0; row < pass.rows; row++) {
      int start = row * outputs();
      for (int o = 0; o < outputs(); o++) {
        gradient[scale + o] += dy[start + o] * z[start + o];
        gradient[bias + o] += dy[start + o];
        z[start + o] = dy[start + o] * pass.theta[scale + o];
      }
    }
  }

  /** The gradients of the inputs' scales and, when it is wanted, of the input. */
  private void input(Pass pass, float[] x, float[] dq, float[] dx) {
    float[] gradient = pass.gradient;
    int scale = inputScale(pass);
    for (int row = 0; row < pass.rows; row++) {
      int start = row * inputs();
      for (int i = 0; i < inputs(); i++) {
        gradient[scale + i] += dq[start + i] * x[start + i];
      }
      for (int i = 0; dx != null && i < inputs(); i++) {
        dx[start + i] = dq[start + i] * pass.theta[scale + i];
      }
    }
  }

  private int inputScale(Pass pass) {
    return pass.offset + units * width;
  }

  private int outputScale(Pass pass) {
    return inputScale(pass) + inputs();
  }

  private int bias(Pass pass) {
    return outputScale(pass) + outputs();
  }
}
