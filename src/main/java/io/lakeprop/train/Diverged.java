package io.lakeprop.train;

import java.io.Serial;

/** A round's loss, gradient or step was not finite; theta was left as it was before. */
public final class Diverged extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  /**
   * @param round from 0; the message counts from 1, as every file and line that a person reads does
   * @param what was not finite
   * @param besides what had been tried
   */
  Diverged(long round, String what, String besides) {
    super(
        "round %d diverged: %s%s (try a lower optimizer.learning_rate, optimizer.clip_norm or training.non_finite: retry)"
            .formatted(round + 1, what, besides));
  }
}
