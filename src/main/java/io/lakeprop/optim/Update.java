package io.lakeprop.optim;

import io.lakeprop.base.Chunks;
import io.lakeprop.nn.ParameterLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * The update of one optimizer step, on its way from the mean gradient to what is added to theta.
 *
 * <p>Rules hand in what they do to each element. Nothing happens until somebody asks for a figure
 * of the whole vector or for the result; then all that was handed in runs in one pass over memory,
 * chunk by chunk, on all cores when the vector is long. The bits are those of one rewriting after
 * the other over the whole vector, whatever the number of cores.
 */
public final class Update {
  /** Rewrites the elements [from, to) of the update, and reads and writes no others anywhere. */
  @FunctionalInterface
  interface Rewrite {
    void apply(float[] update, int from, int to);
  }

  private final float[] values;
  private final float[] theta;
  private final Memory memory;
  private final long step;
  private final List<Rewrite> pending = new ArrayList<>();
  private OptionalDouble norm = OptionalDouble.empty();

  /**
   * @param values the gradient at first; rewritten in place
   * @param theta changed by {@link #addToTheta} only
   * @param memory changed with the update
   * @param step number of steps taken before this one
   */
  public Update(float[] values, float[] theta, Memory memory, long step) {
    this.values = values;
    this.theta = theta;
    this.memory = memory;
    this.step = step;
  }

  /** The parameters before the step, to be read only. */
  float[] theta() {
    return theta;
  }

  /** What the optimizer remembers. */
  Memory memory() {
    return memory;
  }

  /** Number of steps taken before this one. */
  long step() {
    return step;
  }

  /** Hands in a rewriting of all elements. */
  void rewrite(Rewrite rewrite) {
    pending.add(rewrite);
    norm = OptionalDouble.empty();
  }

  /** Hands in a rewriting of some ranges' elements. */
  void rewrite(List<ParameterLayout.Range> ranges, Rewrite rewrite) {
    rewrite(
        (update, from, to) -> {
          for (ParameterLayout.Range range : ranges) {
            int first = Math.max(from, range.start());
            int end = Math.min(to, range.end());
            if (first < end) {
              rewrite.apply(update, first, end);
            }
          }
        });
  }

  /** Multiplies every element. */
  public void scale(float factor) {
    rewrite(
        (update, from, to) -> {
          for (int i = from; i < to; i++) {
            update[i] *= factor;
          }
        });
  }

  /**
   * The Euclidean norm of the update as it is now; finite if and only if all elements are.
   *
   * <p>Squares are summed in double precision chunk by chunk, in an order that follows from the
   * length alone. No finite floats are so large or so many that their squares would overflow.
   */
  public double norm() {
    if (norm.isEmpty()) {
      Rewrite[] rewrites = takePending();
      double squares =
          Chunks.sum(
              values.length,
              (from, to) -> {
                run(rewrites, from, to);
                return squares(values, from, to);
              });
      norm = OptionalDouble.of(Math.sqrt(squares));
    }
    return norm.getAsDouble();
  }

  /** The update as it is now. */
  public float[] values() {
    if (!pending.isEmpty()) {
      Rewrite[] rewrites = takePending();
      Chunks.forEach(values.length, (from, to) -> run(rewrites, from, to));
    }
    return values;
  }

  /** Ends the step: theta += update. */
  public void addToTheta() {
    Rewrite[] rewrites = takePending();
    Chunks.forEach(
        values.length,
        (from, to) -> {
          run(rewrites, from, to);
          add(theta, values, from, to);
        });
  }

  private Rewrite[] takePending() {
    Rewrite[] rewrites = pending.toArray(Rewrite[]::new);
    pending.clear();
    return rewrites;
  }

  private void run(Rewrite[] rewrites, int from, int to) {
    for (Rewrite rewrite : rewrites) {
      rewrite.apply(values, from, to);
    }
  }

  private static void add(float[] theta, float[] update, int from, int to) {
    for (int i = from; i < to; i++) {
      theta[i] += update[i];
    }
  }

  /** Four sums side by side: one alone would wait for each addition to finish. */
  private static double squares(float[] values, int from, int to) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int i = from;
    for (; i < to - 3; i += 4) {
      a += (double) values[i] * values[i];
      b += (double) values[i + 1] * values[i + 1];
      c += (double) values[i + 2] * values[i + 2];
      d += (double) values[i + 3] * values[i + 3];
    }
    for (; i < to; i++) {
      a += (double) values[i] * values[i];
    }
    return (a + b) + (c + d);
  }
}
