package io.lakeprop.text;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What stands in numbers that are clear to a person and texts to every parser, such as {@code €
 * 1.100,50}. Which of point and comma is the decimal one, single numbers tell: {@code 1,5} and
 * {@code 1.100,50} can only be of one kind, {@code 1,234} may be of both.
 */
public enum NumberTrait {
  /** A currency or a percent sign. */
  UNIT,
  /** Blanks of any kind between thousands. */
  BLANK,
  /** The same of apostrophes. */
  APOSTROPHE,
  COMMA,
  POINT,
  /** Only a decimal comma makes a number of it. */
  DECIMAL_COMMA,
  /** Only a decimal point makes a number of it. */
  DECIMAL_POINT;

  private static final String BLANKS = " \\u00a0\\u2009\\u202f";
  private static final String EACH_BLANK = " \u00a0\u2009\u202f";
  private static final String CODES = "EUR|USD|GBP|CHF";
  private static final Pattern SPELLED =
      Pattern.compile(
          "[+-]?(?:([$€£¥]|CODES)[BLANKS]?)?[+-]?(BODY)(?:[BLANKS]?([$€£¥%]|CODES))?"
              .replace(
                  "BODY",
                  "\\d{1,3}(?:[BLANKS'’]\\d{3})+(?:[.,]\\d+)?"
                      + "|\\d{1,3}(?:,\\d{2,3})*,\\d{3}(?:\\.\\d+)?"
                      + "|\\d{1,3}(?:\\.\\d{3})+(?:,\\d+)?"
                      + "|\\d*[.,]\\d+|\\d+")
              .replace("BLANKS", BLANKS)
              .replace("CODES", CODES));

  /** A number whose point or comma may be a decimal one or stand between thousands. */
  private static final Pattern EITHER = Pattern.compile("[1-9]\\d{0,2}[.,]\\d{3}");

  /** The traits of a text; none where it is no number. */
  static Set<NumberTrait> of(String text) {
    EnumSet<NumberTrait> traits = EnumSet.noneOf(NumberTrait.class);
    Matcher number = SPELLED.matcher(text);
    if (text.length() > 40 || !number.matches()) {
      return traits;
    }
    if (number.group(1) != null || number.group(3) != null) {
      traits.add(UNIT);
    }
    addMarks(number.group(2), traits);
    return traits;
  }

  /** The traits of a fraction that parsers take. */
  static Set<NumberTrait> ofFraction(String number) {
    EnumSet<NumberTrait> traits = EnumSet.noneOf(NumberTrait.class);
    addMarks(
        number.charAt(0) == '-' || number.charAt(0) == '+' ? number.substring(1) : number, traits);
    return traits;
  }

  private static void addMarks(String body, Set<NumberTrait> traits) {
    int commas = (int) body.chars().filter(c -> c == ',').count();
    int points = (int) body.chars().filter(c -> c == '.').count();
    boolean apostrophe = body.indexOf('\'') >= 0 || body.indexOf('’') >= 0;
    boolean blank = body.chars().anyMatch(c -> EACH_BLANK.indexOf(c) >= 0);
    addIf(apostrophe, APOSTROPHE, traits);
    addIf(blank, BLANK, traits);
    addIf(commas > 0, COMMA, traits);
    addIf(points > 0, POINT, traits);
    if (commas + points == 0 || EITHER.matcher(body).matches()) {
      return;
    }
    boolean comma =
        (commas > 0 && points > 0)
            ? body.lastIndexOf(',') > body.lastIndexOf('.')
            : (commas == 1 || points > 1);
    traits.add(comma ? DECIMAL_COMMA : DECIMAL_POINT);
  }

  private static void addIf(boolean there, NumberTrait trait, Set<NumberTrait> traits) {
    if (there) {
      traits.add(trait);
    }
  }

  /** For a person, such as {@code numbers with a unit or currency and a decimal comma}. */
  static String words(Set<NumberTrait> traits) {
    List<String> words = new ArrayList<>();
    if (traits.contains(UNIT)) {
      words.add("a unit or currency");
    }
    if (traits.contains(BLANK)) {
      words.add("blanks between thousands");
    }
    if (traits.contains(APOSTROPHE)) {
      words.add("apostrophes between thousands");
    }
    boolean comma = traits.contains(DECIMAL_COMMA);
    boolean point = traits.contains(DECIMAL_POINT);
    if (traits.contains(COMMA)) {
      words.add(
          comma
              ? "a decimal comma"
              : "a comma between thousands" + (point ? "" : ", or a decimal one"));
    }
    if (traits.contains(POINT) && !point) {
      words.add("a point between thousands" + (comma ? "" : ", or a decimal one"));
    }
    return "numbers with " + String.join(" and ", words);
  }

  /** Whether all of the numbers may be read with a decimal comma and with a decimal point. */
  static boolean isEither(Set<NumberTrait> traits) {
    return (traits.contains(COMMA) || traits.contains(POINT))
        && !traits.contains(DECIMAL_COMMA)
        && !traits.contains(DECIMAL_POINT);
  }

  /** Whether some numbers have a decimal comma and others a decimal point. */
  static boolean isBoth(Set<NumberTrait> traits) {
    return traits.contains(DECIMAL_COMMA) && traits.contains(DECIMAL_POINT);
  }

  /**
   * The SQL that reads the numbers. Nothing but what stands in them is taken away, so that another
   * text is an error and no other number. It is the same in YAML's quotes and without.
   *
   * @param sql of the text
   */
  static String mend(String sql, Set<NumberTrait> traits, boolean comma) {
    String own = sql;
    boolean unit = traits.contains(UNIT);
    boolean apostrophe = traits.contains(APOSTROPHE);
    if (unit || apostrophe || traits.contains(BLANK)) {
      own =
          "regexp_replace(%s, '[%s%s%s]%s', '')"
              .formatted(
                  own,
                  BLANKS,
                  apostrophe ? "\\u2019" : "",
                  unit ? "$%\\u20ac\\u00a3\\u00a5" : "",
                  unit ? "|" + CODES : "");
    }
    own = apostrophe ? "replace(%s, char(39), '')".formatted(own) : own;
    if (comma) {
      own = traits.contains(POINT) ? "replace(%s, '.', '')".formatted(own) : own;
      own = traits.contains(COMMA) ? "replace(%s, ',', '.')".formatted(own) : own;
    } else {
      own = traits.contains(COMMA) ? "replace(%s, ',', '')".formatted(own) : own;
    }
    return "cast(%s as double)".formatted(own);
  }
}
