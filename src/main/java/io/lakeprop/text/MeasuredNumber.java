package io.lakeprop.text;

import java.util.Optional;

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
  private static final String GROUPED = "\\d{1,3}(?:[.,'\u2019 \u00a0\u202f]\\d{3})+(?:[.,]\\d+)?";

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
    String body = text.substring(first, last + 1);
    boolean isPlain = NumberText.isFinite(body);
    if (!isPlain && !body.matches(GROUPED)) {
      return Optional.empty();
    }
    String before = withoutSign(text.substring(0, first));
    String behind = text.substring(last + 1);
    return before.isEmpty() == behind.isEmpty()
        ? Optional.empty()
        : unit(before, behind).map(unit -> new MeasuredNumber(unit, isPlain));
  }

  private static Optional<String> unit(String before, String behind) {
    boolean isApart = !before.isEmpty() && isBlank(before.charAt(before.length() - 1));
    String unit = trimmed(before.isEmpty() ? behind : before);
    boolean isUnit =
        !unit.isEmpty()
            && unit.length() <= LONGEST_UNIT
            && unit.chars().allMatch(c -> Character.isLetter(c) || isSymbol(c))
            && (before.isEmpty() || isApart || unit.chars().allMatch(MeasuredNumber::isSymbol));
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

  /** What stands before a number, without a minus or plus at either end of it. */
  private static String withoutSign(String before) {
    return before.replaceFirst("^[+\u2212-]", "").replaceFirst("[+\u2212-]$", "");
  }

  private static boolean isBlank(char c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c);
  }

  private static String trimmed(String text) {
    int from = 0;
    int to = text.length();
    while (from < to && isBlank(text.charAt(from))) {
      from++;
    }
    while (to > from && isBlank(text.charAt(to - 1))) {
      to--;
    }
    return text.substring(from, to);
  }
}
