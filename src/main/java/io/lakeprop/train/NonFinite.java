package io.lakeprop.train;

/**
 * What to do with a round whose loss, gradient, step or running moments are not finite; theta is
 * never touched by it.
 */
public enum NonFinite {
  /** Ends the training. */
  STOP,

  /** Leaves the round out, as if it had not been. */
  SKIP,

  /**
   * Goes back to the last good copy of what a step changes, and on from there at half the rate: the
   * cause is usually the step before. Rounds go on counting, so no round is done twice, the next
   * one reads other rows, and {@code rounds.jsonl} needs no reading backwards; only the step, which
   * the schedule and the optimizer's memory go by, is that of the copy again.
   */
  RETRY;

  /** Rounds in a row that may be left out: more are no accident. */
  static final int MOST_SKIPPED = 10;

  /** Times that the rate may be halved: a thousandth of what was asked for is another training. */
  static final int MOST_RETRIED = 10;

  /**
   * Meets a round that was not finite, with theta as before.
   *
   * @param what was not finite
   * @param stepped whether the optimizer's memory has moved already
   * @throws Diverged to end the training
   */
  Setback meet(TrainerState state, String what, boolean stepped) {
    return switch (this) {
      case STOP -> throw new Diverged(state.round, what, STOP, "");
      case SKIP -> skip(state, what, stepped);
      case RETRY -> retry(state, what);
    };
  }

  private static Setback skip(TrainerState state, String what, boolean stepped) {
    if (stepped) {
      // A finite gradient makes no such step by accident, and the next one would be no better.
      throw new Diverged(state.round, what, SKIP, ", which skipping rounds does not cure");
    }
    if (state.leftOutInARow == MOST_SKIPPED) {
      throw new Diverged(
          state.round, what, SKIP, ", the %d rounds before were left out".formatted(MOST_SKIPPED));
    }
    state.leaveOut();
    return new Setback(SKIP, what, state.round, state.rateFactor);
  }

  private static Setback retry(TrainerState state, String what) {
    if (state.retries == MOST_RETRIED) {
      throw new Diverged(
          state.round, what, RETRY, ", at a rate that was halved %d times".formatted(MOST_RETRIED));
    }
    state.leaveOut();
    state.goBack();
    return new Setback(RETRY, what, state.copy.round, state.rateFactor);
  }
}
