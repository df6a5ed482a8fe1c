package io.lakeprop.text;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A number with a unit that is no part of how numbers are written, such as {@code 12 kg} or {@code
 * ₹500}. Letters that stand before digits without a blank are a code's, such as {@code SKU12}.
 *
 * @param unit what stands before or behind the number
 * @param isPlain whether the rest is a number to every parser
 */
record MeasuredNumber(String unit, boolean isPlain) {
  private static final int LONGEST = 40;
  private static final int LONGEST_UNIT = 6;
  private static final Pattern GROUPED =
      Pattern.compile("\\d{1,3}(?:[.,'\u2019 \u00a0\u202f]\\d{3})+(?:[.,]\\d+)?");

  /** The number that a text is; empty where it is none, or has no unit or two. */
  static Optional<MeasuredNumber> of(String text) {
    int first = 0;
    int last = text.length() - 1;
    if (last >= LONGEST) {
      return Optional.empty();
    }
    while (first <= last && !NumberText.isDigit(text.charAt(first))) {
      first++;
    }
    while (last > first && !NumberText.isDigit(text.charAt(last))) {
      last--;
    }
    if (first > last) {
      return Optional.empty();
    }
    int from = first > 0 && isSign(text.charAt(0)) ? 1 : 0;
    int to = from == 0 && first > 0 && isSign(text.charAt(first - 1)) ? first - 1 : first;
    boolean isBefore = to > from;
    if (isBefore == (last + 1 < text.length())) {
      return Optional.empty();
    }
    Optional<String> unit =
        isBefore ? before(text.substring(from, to)) : unit(text.substring(last + 1));
    if (unit.isEmpty()) {
      return Optional.empty();
    }
    String body = text.substring(first, last + 1);
    boolean isFinite = NumberText.isFinite(body);
    return isFinite || GROUPED.matcher(body).matches()
        ? Optional.of(new MeasuredNumber(unit.get(), isFinite && isAscii(text, unit.get())))
        : Optional.empty();
  }

  private static boolean isSign(char c) {
    return c == '+' || c == '-' || c == '\u2212';
  }

  /** Parsers pass over blanks of ASCII alone, and know its minus alone. */
  private static boolean isAscii(String text, String unit) {
    return text.replace(unit, "").chars().allMatch(c -> c < 0x80);
  }

  /** A unit before the number: a symbol, or letters that a blank parts from it. */
  private static Optional<String> before(String text) {
    boolean isApart = isBlank(text.charAt(text.length() - 1));
    return unit(text).filter(unit -> isApart || unit.chars().allMatch(MeasuredNumber::isSymbol));
  }

  private static Optional<String> unit(String text) {
    String unit =
        text.length() > 2 * LONGEST_UNIT ? "" : NumberText.trimmed(text, MeasuredNumber::isBlank);
    boolean isUnit =
        !unit.isEmpty()
            && unit.length() <= LONGEST_UNIT
            && unit.chars().allMatch(c -> Character.isLetter(c) || isSymbol(c));
    return isUnit ? Optional.of(unit) : Optional.empty();
  }

  private static boolean isSymbol(int c) {
    int type = Character.getType(c);
    return type == Character.CURRENCY_SYMBOL
        || type == Character.OTHER_SYMBOL
        || c == '%'
        || c == '\u2030'
        || c == '/';
  }

  private static boolean isBlank(int c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c);
  }
}
