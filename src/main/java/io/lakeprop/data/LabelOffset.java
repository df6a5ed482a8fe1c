package io.lakeprop.data;

import io.lakeprop.base.Check;
import io.lakeprop.base.InvalidInput;
import java.io.Serializable;

/**
 * A column that is added to the logits of its row as it is, without anything to learn: the
 * logarithm of an exposure, or what an earlier model said.
 *
 * @param name of the column; empty for none
 * @param scale what one unit of the logit is in the column's own: that of a standardised label,
 *     else 1
 */
public record LabelOffset(String name, double scale) implements Serializable {
  /** Nothing is added. */
  public static final LabelOffset NONE = new LabelOffset("", 1);

  public LabelOffset {
    Check.positive(scale, "scale");
  }

  /** Whether there is no such column. */
  public boolean isNone() {
    return name.isEmpty();
  }

  /** What is added to the logits; refuses missing and infinite values. */
  public float encode(double value) {
    float offset = (float) (value / scale);
    if (!Float.isFinite(offset)) {
      throw new InvalidInput(
          "offset \"%s\" must be a finite number, however: %s"
              .formatted(name, Double.isNaN(value) ? "missing or NaN" : value));
    }
    return offset;
  }
}
