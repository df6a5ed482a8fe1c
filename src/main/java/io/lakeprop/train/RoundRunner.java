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

  @Override
  default void close() {}
}
