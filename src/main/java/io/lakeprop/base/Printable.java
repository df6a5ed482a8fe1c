package io.lakeprop.base;

/**
 * Texts from elsewhere, such as names of columns, as a terminal may have them: what would move its
 * cursor, change its settings or turn the direction of reading around is shown as {@code \}{@code
 * u001b}.
 */
public final class Printable {
  /** Of the invisible ones, letters of some scripts need these, which do no harm. */
  private static final String HARMLESS = "\u00ad\u200c\u200d";

  private Printable() {}

  /** A text of which no character is invisible but blanks, for who must find what is wrong. */
  static String visible(String text) {
    return escaped(text, "");
  }

  /** A text that stays on its line. */
  public static String line(String text) {
    return escaped(text, "\t" + HARMLESS);
  }

  /** A text that may have lines, and go back to their start. */
  public static String lines(String text) {
    return escaped(text, "\t\r\n" + HARMLESS);
  }

  private static String escaped(String text, String allowed) {
    if (text.codePoints().allMatch(one -> isPlain(one, allowed))) {
      return text;
    }
    StringBuilder plain = new StringBuilder();
    text.codePoints()
        .forEach(
            one -> {
              if (isPlain(one, allowed)) {
                plain.appendCodePoint(one);
              } else {
                String digits = Integer.toHexString(one);
                plain.append("\\u").append("0".repeat(Math.max(0, 4 - digits.length())));
                plain.append(digits);
              }
            });
    return plain.toString();
  }

  private static boolean isPlain(int one, String allowed) {
    return switch (Character.getType(one)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          allowed.indexOf(one) >= 0;
      default -> true;
    };
  }
}
