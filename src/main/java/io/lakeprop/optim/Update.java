package io.lakeprop.optim;

import io.lakeprop.base.Chunks;
import io.lakeprop.nn.ParameterLayout.Range;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

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

  /**
   * What a step came to.
   *
   * @param updateNorms Euclidean norm, to six digits, of what was added to each range of theta
   * @param thetaNorms of the range before that
   * @param firstNotFinite the first number of theta that would not have been finite; empty when all
   *     were and the step was made
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  public record Step(double[] updateNorms, double[] thetaNorms, OptionalInt firstNotFinite) {}

  /**
   * When the sum of an update's squares is below, no number of it exceeds 1e18, and no finite
   * number of theta leaves the range of floats by it: that needs 1e31. So the squares, which the
   * reports need anyway, are the guard.
   */
  private static final double SAFE = 1e36;

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
   * Euclidean norms, to six digits, of each range of the update as it is now; {@link #norm}, to the
   * bit as if it were asked alone, is taken in the same pass.
   *
   * @param ranges in ascending order, without overlaps
   */
  public double[] norms(List<Range> ranges) {
    Windows windows = Windows.of(ranges);
    WindowSums sums = new WindowSums(windows, 1);
    Rewrite[] rewrites = takePending();
    double squares =
        Chunks.sum(
            values.length,
            (from, to) -> {
              run(rewrites, from, to);
              double all = Squares.of(values, from, to);
              sums.putSquares(0, values, from, to, all);
              return all;
            });
    norm = OptionalDouble.of(Math.sqrt(squares));
    return sums.roots()[0];
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

  /** Ends the step without norms. */
  public Step addToTheta() {
    return addToTheta(List.of());
  }

  /**
   * Ends the step: theta += update, if all numbers of theta are finite after it; else theta is as
   * it was before. What the update was is gone in both cases.
   *
   * @param ranges whose norms are wanted, in ascending order, without overlaps
   */
  public Step addToTheta(List<Range> ranges) {
    Windows windows = Windows.of(ranges);
    WindowSums sums = new WindowSums(windows, 2);
    Rewrite[] rewrites = takePending();
    double bad =
        Chunks.sum(
            values.length,
            (from, to) -> {
              run(rewrites, from, to);
              double all = Squares.rough(values, from, to);
              sums.putSquares(0, values, from, to, all);
              windows.forEach(
                  from,
                  to,
                  (window, first, end) ->
                      sums.put(1, window, first, Squares.rough(theta, first, end)));
              exchange(theta, values, from, to);
              return all < SAFE || allFinite(theta, from, to) ? 0 : 1;
            });
    double[][] norms = sums.roots();
    OptionalInt firstNotFinite = bad > 0 ? takeBack() : OptionalInt.empty();
    return new Step(norms[0], norms[1], firstNotFinite);
  }

  private static boolean allFinite(float[] values, int from, int to) {
    for (int i = from; i < to; i++) {
      if (!Float.isFinite(values[i])) {
        return false;
      }
    }
    return true;
  }

  /** Theta as it was before the exchange; where it first was not finite after it. */
  private OptionalInt takeBack() {
    int first = 0;
    while (Float.isFinite(theta[first])) {
      first++;
    }
    System.arraycopy(values, 0, theta, 0, theta.length);
    return OptionalInt.of(first);
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

  /** Theta += update, and what theta was goes into the update's place: no further memory. */
  private static void exchange(float[] theta, float[] update, int from, int to) {
    for (int i = from; i < to; i++) {
      float before = theta[i];
      theta[i] = before + update[i];
      update[i] = before;
    }
  }
}
