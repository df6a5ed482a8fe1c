package io.lakeprop.optim;

import io.lakeprop.base.Chunks;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
  private final double learningRate;
  private final double loss;
  private final List<Rewrite> pending = new ArrayList<>();
  private OptionalDouble norm = OptionalDouble.empty();
  private boolean mayClip;
  private volatile boolean clipped;

  /**
   * @param values the gradient at first; rewritten in place
   * @param theta changed by {@link #addToTheta} only
   * @param memory changed with the update
   * @param step number of steps taken before this one
   * @param learningRate of this step
   * @param loss at theta; NaN where no rule asks for it
   */
  public Update(
      float[] values, float[] theta, Memory memory, long step, double learningRate, double loss) {
    this.values = values;
    this.theta = theta;
    this.memory = memory;
    this.step = step;
    this.learningRate = learningRate;
    this.loss = loss;
  }

  /** For rules that do not ask for the loss. */
  public Update(float[] values, float[] theta, Memory memory, long step, double learningRate) {
    this(values, theta, memory, step, learningRate, Double.NaN);
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

  /** Of this step: the only place that a rule takes it from. */
  double learningRate() {
    return learningRate;
  }

  /** The mean loss at theta. */
  double loss() {
    return loss;
  }

  /** Notes that a clipping rule is there. */
  void mayClip() {
    mayClip = true;
  }

  /** Notes that a clipping rule changes something; from any thread. */
  void clip() {
    clipped = true;
  }

  /** Whether clipping changed anything, once the step has ended; empty without a clipping rule. */
  public Optional<Boolean> clipped() {
    return mayClip ? Optional.of(clipped) : Optional.empty();
  }

  /** Hands in a rewriting of all elements. */
  void rewrite(Rewrite rewrite) {
    pending.add(rewrite);
    norm = OptionalDouble.empty();
  }

  /** Hands in a rewriting of some windows' elements. */
  void rewrite(Windows windows, Rewrite rewrite) {
    rewrite(
        (update, from, to) ->
            windows.forEach(from, to, (window, first, end) -> rewrite.apply(update, first, end)));
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

  /** Multiplies each window's elements by its factor. */
  void scale(Windows windows, float[] factors) {
    rewrite(
        (update, from, to) ->
            windows.forEach(
                from,
                to,
                (window, first, end) -> {
                  float factor = factors[window];
                  for (int i = first; i < end; i++) {
                    update[i] *= factor;
                  }
                }));
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
                return Squares.of(values, from, to);
              });
      norm = OptionalDouble.of(Math.sqrt(squares));
    }
    return norm.getAsDouble();
  }

  /**
   * Euclidean norms of each window of the update as it is now, or of theta or of both together, as
   * the figures ask; all in one pass, with the bits of one core.
   *
   * @return a row a figure, a number a window
   */
  double[][] norms(Windows windows, Squares.Figure... figures) {
    Rewrite[] rewrites = takePending();
    WindowSums sums = new WindowSums(windows, figures.length);
    Chunks.forEach(
        values.length,
        (from, to) -> {
          run(rewrites, from, to);
          windows.forEach(
              from,
              to,
              (window, first, end) -> {
                for (int f = 0; f < figures.length; f++) {
                  sums.put(f, window, first, figures[f].of(values, theta, first, end));
                }
              });
        });
    return sums.roots();
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

  /**
   * Ends the step, and takes the new theta into an average in the same pass: {@code theta +=
   * update}, {@code average += weight (theta - average)}.
   *
   * @param average as long as theta
   */
  public void addToTheta(float[] average, float weight) {
    Rewrite[] rewrites = takePending();
    Chunks.forEach(
        values.length,
        (from, to) -> {
          run(rewrites, from, to);
          add(theta, values, from, to);
          mix(average, theta, weight, from, to);
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

  private static void mix(float[] average, float[] theta, float weight, int from, int to) {
    for (int i = from; i < to; i++) {
      average[i] += weight * (theta[i] - average[i]);
    }
  }

  private static void add(float[] theta, float[] update, int from, int to) {
    for (int i = from; i < to; i++) {
      theta[i] += update[i];
    }
  }
}
