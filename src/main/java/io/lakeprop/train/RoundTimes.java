package io.lakeprop.train;

/**
 * Where the wall time of a round went, in nanoseconds.
 *
 * @param compute of the slowest task: forward and backward over its slices, and adding them up
 * @param broadcast until theta was on its way
 * @param aggregate of the driver, adding up what came in
 * @param waiting the rest until the sum was there: messages, scheduling, other processes
 * @param optimizer mean, guard, clipping, step
 */
public record RoundTimes(
    long compute, long broadcast, long aggregate, long waiting, long optimizer) {
  /** All of it. */
  public long total() {
    return compute + broadcast + aggregate + waiting + optimizer;
  }

  /** What a round takes beyond its arithmetic. */
  public long overhead() {
    return total() - compute;
  }

  /**
   * The times of a round.
   *
   * @param gradient from theta handed out to the sum
   */
  static RoundTimes of(RoundRunner runner, GradientSum sum, long gradient, long optimizer) {
    long compute = Math.min(gradient, sum.computeNanos());
    long broadcast = Math.min(gradient - compute, runner.broadcastNanos());
    // Parts that come in early are added while other tasks still compute.
    long aggregate = Math.min(gradient - compute - broadcast, runner.aggregateNanos());
    return new RoundTimes(
        compute, broadcast, aggregate, gradient - compute - broadcast - aggregate, optimizer);
  }
}
