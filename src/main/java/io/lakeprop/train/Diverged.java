package io.lakeprop.train;

import io.lakeprop.nn.ParameterLayout;
import io.lakeprop.optim.Update;
import java.io.Serial;

/** A round's loss or gradient was not a finite number; theta was left as it was before. */
public final class Diverged extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private Diverged(String message) {
    super(message);
  }

  /**
   * Throws when the loss or any number of the mean gradient is not finite.
   *
   * @param round from 0; the message counts from 1, as every file and line that a person reads does
   * @param gradient its norm says whether all is well; only when it is not is the first bad number
   *     looked for
   */
  static void guard(long round, double loss, Update gradient, ParameterLayout layout) {
    if (!Double.isFinite(gradient.norm())) {
      throw new Diverged(
          "round %d diverged: loss=%s, first non-finite gradient at %s (try a lower optimizer.learning_rate or optimizer.clip_norm)"
              .formatted(round + 1, loss, layout.describe(firstNotFinite(gradient.values()))));
    }
    if (!Double.isFinite(loss)) {
      throw new Diverged(
          "round %d diverged: loss=%s (try a lower optimizer.learning_rate or optimizer.clip_norm)"
              .formatted(round + 1, loss));
    }
  }

  private static int firstNotFinite(float[] values) {
    int index = 0;
    while (Float.isFinite(values[index])) {
      index++;
    }
    return index;
  }
}
