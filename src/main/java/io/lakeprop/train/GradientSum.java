package io.lakeprop.train;

import io.lakeprop.base.Chunks;
import io.lakeprop.optim.Memory;
import io.lakeprop.optim.Update;
import java.util.Arrays;

/**
 * What slices send to the driver: the gradient of the weighted sum of losses, that sum, the weight,
 * and in how many rows units were flat. The driver divides once.
 */
public final class GradientSum {
  private static final float[] NOTHING_COUNTED = {};

  private final float[] gradient;
  private final float[] flatRows;
  private double loss;
  private double weight;
  private long rows;
  private long computeNanos;

  /** The empty sum over this many parameters, without counters. */
  public GradientSum(int parameters) {
    this(parameters, 0);
  }

  /**
   * The empty sum.
   *
   * @param counters of units' flat rows
   */
  public GradientSum(int parameters, int counters) {
    this.gradient = new float[parameters];
    this.flatRows = new float[counters];
  }

  /**
   * A sum that was made elsewhere.
   *
   * @param gradient kept, not copied
   */
  public GradientSum(float[] gradient, double loss, double weight, long rows) {
    this(gradient, NOTHING_COUNTED, loss, weight, rows);
  }

  /**
   * A sum that was made elsewhere.
   *
   * @param gradient kept, not copied
   * @param flatRows kept, not copied
   */
  public GradientSum(float[] gradient, float[] flatRows, double loss, double weight, long rows) {
    this.gradient = gradient;
    this.flatRows = flatRows;
    this.loss = loss;
    this.weight = weight;
    this.rows = rows;
  }

  /** Makes it the empty sum again. */
  void clear() {
    Arrays.fill(gradient, 0);
    Arrays.fill(flatRows, 0);
    loss = 0;
    weight = 0;
    rows = 0;
    computeNanos = 0;
  }

  /** Gradient of the weighted sum of losses, as long as theta; layers add to it. */
  public float[] gradient() {
    return gradient;
  }

  /**
   * In how many rows each unit was flat (see {@link io.lakeprop.nn.UnitCounters}); whole numbers,
   * exact up to 2^24 rows a round; layers add to it.
   */
  public float[] flatRows() {
    return flatRows;
  }

  /** Counts rows in whose gradient was added. */
  public void count(int pieceRows, float[] weights, float[] losses) {
    for (int row = 0; row < pieceRows; row++) {
      loss += (double) weights[row] * losses[row];
      weight += weights[row];
    }
    rows += pieceRows;
  }

  /** Takes the other sum in, on this thread; returns this. */
  public GradientSum merge(GradientSum other) {
    add(gradient, other.gradient, 0, gradient.length);
    return mergeFigures(other);
  }

  /**
   * The same on all cores, to the bit. For the driver: a task of an executor has one core, and
   * merges with {@link #merge}.
   */
  public GradientSum mergeOnAllCores(GradientSum other) {
    float[] into = gradient;
    float[] more = other.gradient;
    Chunks.forEach(into.length, (from, to) -> add(into, more, from, to));
    return mergeFigures(other);
  }

  private GradientSum mergeFigures(GradientSum other) {
    add(flatRows, other.flatRows, 0, flatRows.length);
    loss += other.loss;
    weight += other.weight;
    rows += other.rows;
    computeNanos = Math.max(computeNanos, other.computeNanos);
    return this;
  }

  private static void add(float[] into, float[] more, int from, int to) {
    for (int i = from; i < to; i++) {
      into[i] += more[i];
    }
  }

  /** Rows that were read. */
  public long rows() {
    return rows;
  }

  /**
   * Notes how long a task has computed on this sum and all others of the round.
   *
   * @return this
   */
  public GradientSum computed(long nanos) {
    computeNanos = nanos;
    return this;
  }

  /** How long the slowest task has computed; says nothing about the numbers. */
  public long computeNanos() {
    return computeNanos;
  }

  /** Weighted sum of the rows' losses. */
  public double loss() {
    return loss;
  }

  /** Sum of the rows' weights. */
  public double weight() {
    return weight;
  }

  /** Weighted mean loss; NaN without weight. */
  public double meanLoss() {
    return loss / weight;
  }

  /**
   * The gradient of the mean loss, as the start of an optimizer step: the sum is divided by its
   * weight in the update's first pass over memory, in place.
   */
  public Update meanGradient(float[] theta, Memory memory, long step, double learningRate) {
    Update update = new Update(gradient, theta, memory, step, learningRate, meanLoss());
    update.scale((float) (1 / weight));
    return update;
  }
}
