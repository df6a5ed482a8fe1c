package io.lakeprop.eval;

import java.io.Serial;

/** A metric that is defined on its rows came out as NaN: the network's numbers overflow. */
public final class NotANumber extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  /**
   * @param rows that were judged, such as {@code validation}
   */
  NotANumber(String metric, String rows) {
    super(
        "%s of the %s rows must be a number, however: NaN (the network's numbers overflow: a lower optimizer.learning_rate, optimizer.clip_norm or smaller inputs)"
            .formatted(metric, rows));
  }
}
