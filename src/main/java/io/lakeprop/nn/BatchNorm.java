package io.lakeprop.nn;

import io.lakeprop.base.Check;
import java.util.Arrays;
import java.util.List;

/**
 * Batch normalisation (Ioffe and Szegedy 2015): {@code h = (x - μ) / √(σ² + epsilon)}, {@code y = g
 * h + b}, column by column.
 *
 * <p>In training μ and σ² are the moments of the piece, each row counting as often as its weight w
 * says, W in all: {@code μ = Σ w x / W}, {@code σ² = Σ w (x - μ)² / W}. Backward: {@code dg = Σ dy
 * h}, {@code db = Σ dy}, {@code dx = g (dy - w (db + h dg) / W) / √(σ² + epsilon)}. A piece is a
 * number of rows in the job file, so the result does not depend on the cluster.
 *
 * <p>In prediction they are the running moments M and V, two slots that no optimizer moves. What a
 * piece puts into their place in the gradient are the sums {@code Σ w (x - M)} and {@code Σ w (x -
 * M)²}, which add up over pieces, slices and tasks as gradients do; the round's sums over its
 * weight are then exact moments of all its rows, however they were cut, taken about the same M
 * everywhere (so that little cancels once M is near), and the driver moves M and V by them.
 *
 * <p>NOTE[DIFF]: PyTorch ignores row weights, and moves its running values by each batch (here: a
 * piece) in turn, on one machine. With weights of 1 and rounds of one piece it is the same.
 *
 * <p>Shapes, n rows: x and y (n, inputs); g, b, M and V (inputs).
 *
 * @param momentum share of a round's moments in the new running ones
 */
public record BatchNorm(float momentum, float epsilon, int inputs) implements Layer {
  public BatchNorm {
    Check.fraction(momentum, "momentum");
    Check.positive(epsilon, "epsilon");
    Check.positive(inputs, "inputs");
  }

  @Override
  public int outputs() {
    return inputs;
  }

  @Override
  public List<Slot> slots() {
    return List.of(
        new Slot("scale", 1, inputs, Slot.Role.SCALE),
        new Slot("bias", 1, inputs, Slot.Role.BIAS),
        new Slot("running_mean", 1, inputs, Slot.Role.MEAN),
        new Slot("running_variance", 1, inputs, Slot.Role.VARIANCE));
  }

  @Override
  public String words() {
    return "batch norm";
  }

  /** The piece's mean, variance and one over its deviation, then two sums for the way back. */
  @Override
  public int[] scratch(int rows) {
    return new int[] {5 * inputs};
  }

  @Override
  public void forward(Pass pass, float[] x, float[] y) {
    float[] theta = pass.theta;
    float[] scratch = pass.scratch[0];
    int offset = pass.offset;
    double weight = pass.randomness == null ? 0 : weight(pass);
    if (weight > 0) {
      moments(pass, x, weight);
    } else {
      System.arraycopy(theta, offset + firstMoment(), scratch, 0, moments());
    }
    for (int j = 0; j < inputs; j++) {
      scratch[2 * inputs + j] = (float) (1 / Math.sqrt((double) scratch[inputs + j] + epsilon));
    }
    for (int row = 0; row < pass.rows; row++) {
      int start = row * inputs;
      for (int j = 0; j < inputs; j++) {
        float h = (x[start + j] - scratch[j]) * scratch[2 * inputs + j];
        y[start + j] = h * theta[offset + j] + theta[offset + inputs + j];
      }
    }
  }

  /** The piece's weighted mean and variance, into the scratch. */
  private void moments(Pass pass, float[] x, double weight) {
    float[] scratch = pass.scratch[0];
    Arrays.fill(scratch, 0, 2 * inputs, 0);
    for (int row = 0; row < pass.rows; row++) {
      float w = (float) (pass.weights[row] / weight);
      int start = row * inputs;
      for (int j = 0; j < inputs; j++) {
        scratch[j] += w * x[start + j];
      }
    }
    for (int row = 0; row < pass.rows; row++) {
      float w = (float) (pass.weights[row] / weight);
      int start = row * inputs;
      for (int j = 0; j < inputs; j++) {
        float difference = x[start + j] - scratch[j];
        scratch[inputs + j] += w * difference * difference;
      }
    }
  }

  @Override
  public void backward(Pass pass, float[] x, float[] y, float[] dy, float[] dx) {
    double weight = pass.randomness == null ? 0 : weight(pass);
    sums(pass, x, dy);
    count(pass, weight);
    if (dx != null) {
      input(pass, x, dy, dx, weight);
    }
  }

  /** The gradients of scale and bias, into the scratch and added to the gradient. */
  private void sums(Pass pass, float[] x, float[] dy) {
    float[] scratch = pass.scratch[0];
    int scale = 3 * inputs;
    int bias = 4 * inputs;
    Arrays.fill(scratch, scale, 5 * inputs, 0);
    for (int row = 0; row < pass.rows; row++) {
      int start = row * inputs;
      for (int j = 0; j < inputs; j++) {
        float h = (x[start + j] - scratch[j]) * scratch[2 * inputs + j];
        scratch[scale + j] += dy[start + j] * h;
        scratch[bias + j] += dy[start + j];
      }
    }
    for (int i = 0; i < 2 * inputs; i++) {
      pass.gradient[pass.offset + i] += scratch[scale + i];
    }
  }

  /** {@code Σ w (x - M)} and {@code Σ w (x - M)²} from the piece's own moments. */
  private void count(Pass pass, double weight) {
    float[] scratch = pass.scratch[0];
    int mean = pass.offset + firstMoment();
    for (int j = 0; weight > 0 && j < inputs; j++) {
      double shift = (double) scratch[j] - pass.theta[mean + j];
      pass.gradient[mean + j] += (float) (weight * shift);
      pass.gradient[mean + inputs + j] += (float) (weight * (scratch[inputs + j] + shift * shift));
    }
  }

  private void input(Pass pass, float[] x, float[] dy, float[] dx, double weight) {
    float[] scratch = pass.scratch[0];
    int scale = 3 * inputs;
    int bias = 4 * inputs;
    for (int row = 0; row < pass.rows; row++) {
      float w = weight > 0 ? (float) (pass.weights[row] / weight) : 0;
      int start = row * inputs;
      for (int j = 0; j < inputs; j++) {
        float inverse = scratch[2 * inputs + j];
        float h = (x[start + j] - scratch[j]) * inverse;
        float inside = dy[start + j] - w * (scratch[bias + j] + h * scratch[scale + j]);
        dx[start + j] = pass.theta[pass.offset + j] * inside * inverse;
      }
    }
  }

  private static double weight(Pass pass) {
    double sum = 0;
    for (int row = 0; row < pass.rows; row++) {
      sum += pass.weights[row];
    }
    return sum;
  }

  /** Where, behind the layer's first slot, its moments start. */
  int firstMoment() {
    return 2 * inputs;
  }

  /** How many moments there are. */
  int moments() {
    return 2 * inputs;
  }

  /**
   * Moves the running moments after a round: {@code M += momentum d}, {@code V += momentum (v - V)}
   * with {@code d = mean(x - M)} and the unbiased variance {@code v = (mean((x - M)²) - d²) n / (n
   * - 1)} of the round's n rows.
   *
   * @param mean place of M in theta; V follows
   * @param means place of both means, one after the other, at {@code from}
   * @param rows of the round; fewer than two say nothing of a variance
   */
  void move(float[] theta, int mean, float[] means, int from, long rows) {
    for (int j = 0; rows > 1 && j < inputs; j++) {
      double shift = means[from + j];
      double unbiased = unbiased(shift, means[from + inputs + j], rows);
      theta[mean + j] += (float) (momentum * shift);
      theta[mean + inputs + j] += (float) (momentum * (unbiased - theta[mean + inputs + j]));
    }
  }

  private static double unbiased(double shift, double square, long rows) {
    return (square - shift * shift) * rows / (rows - 1);
  }

  /**
   * Puts exact moments in the place of the running ones: {@code M += d}, {@code V = v}, as {@link
   * #move} has them.
   *
   * @param mean place of M in theta; V follows
   * @param sums as {@link #backward} brings them, over the same M, at {@code from}
   * @param weight of the rows
   * @param rows fewer than two say nothing of a variance
   */
  void set(float[] theta, int mean, double[] sums, int from, double weight, long rows) {
    for (int j = 0; rows > 1 && weight > 0 && j < inputs; j++) {
      double shift = sums[from + j] / weight;
      double unbiased = unbiased(shift, sums[from + inputs + j] / weight, rows);
      theta[mean + j] = (float) (theta[mean + j] + shift);
      // What never varies may come out a little below 0.
      theta[mean + inputs + j] = (float) Math.max(0, unbiased);
    }
  }
}
