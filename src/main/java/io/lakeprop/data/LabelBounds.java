package io.lakeprop.data;

import io.lakeprop.base.InvalidInput;
import java.io.Serializable;

/**
 * The smallest and the largest label of the training rows, between which predictions of a number
 * stay: what lies beyond them nothing was learnt of, and a network's line goes on for ever there.
 *
 * @param smallest in the label's unit
 * @param largest in the label's unit
 */
public record LabelBounds(double smallest, double largest) implements Serializable {
  /** Predictions may lie anywhere. */
  public static final LabelBounds NONE =
      new LabelBounds(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);

  public LabelBounds {
    if (!(smallest <= largest)) {
      throw new InvalidInput(
          "bounds of a label must have smallest <= largest, however: smallest="
              + smallest
              + " largest="
              + largest);
    }
  }

  /** Whether predictions may lie anywhere. */
  public boolean isNone() {
    return equals(NONE);
  }

  /** The number, or the bound beyond which it is; what is not finite is a fault, and stays. */
  public double within(double value) {
    return Double.isInfinite(value) ? value : Math.max(smallest, Math.min(largest, value));
  }
}
