package io.lakeprop.train;

/**
 * The port through which the trainer gets gradients.
 *
 * <p>The result is a pure function of (theta, round), to the bit: every adapter reads the rows of
 * {@link RoundPlan#share}, computes with {@link Objective#gradient} and adds in the order of {@link
 * TreeSum}. An adapter may keep tasks running between calls; {@link #close} ends them.
 */
public interface RoundRunner extends AutoCloseable {
  /**
   * The gradient sum of a round.
   *
   * @param theta read only, not kept
   */
  GradientSum gradient(float[] theta, long round);

  /** How long it took in the last round to hand theta out; 0 where it is not known. */
  default long broadcastNanos() {
    return 0;
  }

  /** How long the driver added up in the last round; 0 where it is not known. */
  default long aggregateNanos() {
    return 0;
  }

  @Override
  default void close() {}
}
