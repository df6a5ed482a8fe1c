package io.lakeprop.data;

import io.lakeprop.base.InvalidInput;
import java.io.Serializable;

/**
 * What becomes of numbers of a feature that are not finite; a null is missing in any case.
 *
 * @param infinity of infinities of either sign
 */
public record NotFinite(Treatment nan, Treatment infinity) implements Serializable {
  /** NaN is how many writers spell a missing number; an infinity is an overflow or a mistake. */
  public static final NotFinite DEFAULT = new NotFinite(Treatment.MISSING, Treatment.REFUSE);

  /** What is done with a number. */
  public enum Treatment {
    /** It is a missing value. */
    MISSING,
    /** The table is refused. */
    REFUSE
  }

  /**
   * The number, or NaN where it counts as missing.
   *
   * @param isNull whether the table has no value at all
   * @throws InvalidInput when such a number is refused
   */
  double read(double value, boolean isNull, String column) {
    if (Double.isFinite(value)) {
      return value;
    }
    if (!isNull && treatment(value) == Treatment.REFUSE) {
      throw new InvalidInput(
          "column \"" + column + "\" must hold finite numbers, however: " + value);
    }
    return Double.NaN;
  }

  private Treatment treatment(double value) {
    return Double.isNaN(value) ? nan : infinity;
  }

  /** Values of the training rows that count as missing, nulls among them. */
  long missing(NumberStats stats) {
    return stats.missing() + (infinity == Treatment.MISSING ? stats.infinite() : 0);
  }
}
