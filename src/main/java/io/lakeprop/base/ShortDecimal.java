package io.lakeprop.base;

import java.math.BigDecimal;
import java.util.Optional;

/**
 * Decimal numbers that are short when they are written out, as all numbers of tables are. Java
 * reads {@code 1e2147483647}, too: arithmetic with such a number overflows, and its digits fill the
 * memory.
 */
public final class ShortDecimal {
  /** Digits before or behind the point: more than any double or decimal of a table has. */
  private static final int MOST_DIGITS = 1_100;

  private ShortDecimal() {}

  /** The number that a text is, as Java writes it; empty where it is none, or a longer one. */
  public static Optional<BigDecimal> of(String text) {
    if (text.length() > MOST_DIGITS) {
      return Optional.empty(); // Long texts take time, too.
    }
    try {
      return Optional.of(new BigDecimal(text)).filter(ShortDecimal::isShort);
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** Whether a number is one of them. */
  public static boolean isShort(BigDecimal number) {
    long scale = number.scale();
    return Math.abs(scale) <= MOST_DIGITS && Math.abs(number.precision() - scale) <= MOST_DIGITS;
  }
}
