package io.lakeprop.text;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * What of a text is a number. Java's own parsers also take {@code 12D}, {@code 7F} and {@code
 * 0x1p3}.
 */
final class NumberText {
  /** Digits of the longest decimal type. */
  static final int LONGEST_DECIMAL = 76;

  /** Digits of the largest number of 64 bits. */
  private static final int LONGEST_LONG = 19;

  private static final Set<String> INFINITIES =
      Set.of("Infinity", "-Infinity", "+Infinity", "Inf", "-Inf", "inf", "-inf", "+inf");

  private NumberText() {}

  /** Whether a text is {@code [+-]digits}. */
  static boolean isWhole(String text) {
    int start = signs(text);
    return text.length() > start && digits(text, start) == text.length();
  }

  /**
   * Whether a text is {@code [+-]digits[.digits][e[+-]digits]}, with a digit before the exponent.
   */
  static boolean isFinite(String text) {
    int start = signs(text);
    int at = digits(text, start);
    int count = at - start;
    if (at < text.length() && text.charAt(at) == '.') {
      int end = digits(text, at + 1);
      count += end - at - 1;
      at = end;
    }
    if (count > 0 && at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
      int power = at + 1;
      if (power < text.length() && (text.charAt(power) == '+' || text.charAt(power) == '-')) {
        power++;
      }
      int end = digits(text, power);
      return end > power && end == text.length();
    }
    return count > 0 && at == text.length();
  }

  /**
   * The whole number that a number is, also one that is written {@code 39.0} or {@code 1e3}; empty
   * for a fraction, and for one that 64 bits do not hold.
   */
  static OptionalLong whole(String number) {
    if (isWhole(number)) {
      return fitsLong(number) ? OptionalLong.of(Long.parseLong(number)) : OptionalLong.empty();
    }
    boolean plain = number.indexOf('e') < 0 && number.indexOf('E') < 0;
    if (number.length() > 2 * LONGEST_DECIMAL || (plain && !isWholeWithPoint(number))) {
      return OptionalLong.empty();
    }
    try {
      BigDecimal value = new BigDecimal(number);
      long digits = (long) value.precision() - value.scale();
      return value.signum() == 0
          ? OptionalLong.of(0)
          : digits < 1 || digits > LONGEST_LONG
              ? OptionalLong.empty()
              : OptionalLong.of(value.setScale(0).longValueExact());
    } catch (ArithmeticException | NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  /** Whether a fraction has only zeros behind its point, such as {@code 39.0}. */
  private static boolean isWholeWithPoint(String fraction) {
    int point = fraction.indexOf('.');
    for (int i = point + 1; i < fraction.length(); i++) {
      if (fraction.charAt(i) != '0') {
        return false;
      }
    }
    return point >= 0;
  }

  /** The text as Java's parsers read it, where it is a number, an infinity or NaN. */
  static Optional<String> value(String text) {
    if (isFinite(text)) {
      return Optional.of(text);
    }
    if (INFINITIES.contains(text)) {
      return Optional.of(text.charAt(0) == '-' ? "-Infinity" : "Infinity");
    }
    return text.equalsIgnoreCase("nan") ? Optional.of("NaN") : Optional.empty();
  }

  /**
   * Whether the text of a whole number is lost when it becomes a number: it begins with 0 or {@code
   * +}, or does not fit 64 bits.
   */
  static boolean losesText(String whole) {
    int start = signs(whole);
    boolean led = whole.charAt(start) == '0' && whole.length() > start + 1;
    return led || whole.charAt(0) == '+' || whole.equals("-0") || !fitsLong(whole);
  }

  /** The same of a fraction: it begins with a 0 before another digit. */
  static boolean losesTextOfFraction(String number) {
    int start = signs(number);
    return number.length() > start + 1
        && number.charAt(start) == '0'
        && isDigit(number.charAt(start + 1));
  }

  /** Whether a number is written as codes are, too: {@code 12E4}, without a point and a sign. */
  static boolean mayBeCode(String number) {
    int end = digits(number, 0);
    return end > 0
        && end < number.length() - 1
        && (number.charAt(end) == 'e' || number.charAt(end) == 'E')
        && isDigit(number.charAt(end + 1));
  }

  /**
   * Digits behind the point of a number; -1 where it is written as programs do not write numbers,
   * such as {@code .5} and {@code +1.5}, or with an exponent.
   */
  static int decimals(String number) {
    int start = number.charAt(0) == '-' ? 1 : 0;
    int point = digits(number, start);
    if (point == number.length()) {
      return point == start ? -1 : 0;
    }
    int end = number.charAt(point) == '.' ? digits(number, point + 1) : 0;
    boolean isPlain = point > start && end == number.length() && end > point + 1;
    return isPlain ? end - point - 1 : -1;
  }

  /** A text without the blanks around it, of those kinds that a caller takes for blanks. */
  static String trimmed(String text, IntPredicate isBlank) {
    int from = 0;
    int to = text.length();
    while (from < to && isBlank.test(text.charAt(from))) {
      from++;
    }
    while (to > from && isBlank.test(text.charAt(to - 1))) {
      to--;
    }
    return text.substring(from, to);
  }

  private static boolean fitsLong(String whole) {
    if (whole.length() > 2 * LONGEST_DECIMAL) {
      return false;
    }
    try {
      Long.parseLong(whole);
      return true;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private static int signs(String text) {
    return !text.isEmpty() && (text.charAt(0) == '-' || text.charAt(0) == '+') ? 1 : 0;
  }

  private static int digits(String text, int from) {
    int at = from;
    while (at < text.length() && isDigit(text.charAt(at))) {
      at++;
    }
    return at;
  }

  static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
