package io.lakeprop.train;

import java.io.Serial;

/** A round's loss, gradient or step was not finite; theta was left as it was before. */
public final class Diverged extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  /**
   * @param round from 0; the message counts from 1, as every file and line that a person reads does
   * @param what was not finite
   * @param tried what the training does with such rounds
   * @param besides what came of that
   */
  Diverged(long round, String what, NonFinite tried, String besides) {
    super(
        "round %d diverged: %s%s (try a lower optimizer.learning_rate or optimizer.clip_norm%s)"
            .formatted(
                round + 1,
                what,
                besides,
                tried == NonFinite.RETRY ? "" : ", or training.non_finite: retry"));
  }
}
