package io.lakeprop.text;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What stands in numbers that are clear to a person and texts to every parser, such as {@code €
 * 1.100,50}. Which of point and comma is the decimal one, single numbers tell: {@code 1,5} and
 * {@code 1.100,50} can only be of one kind, {@code 1,234} may be of both.
 */
public enum NumberTrait {
  PERCENT("%"),
  DOLLAR("$"),
  EURO("€"),
  POUND("£"),
  YEN("¥"),
  FRANC("CHF"),
  /** No unit, in a number that is not zero: 0 is the same in every unit. */
  NO_UNIT(""),
  /** Blanks of any kind between thousands. */
  BLANK(""),
  /** Blanks that parsers do not pass over before or behind the number. */
  BLANK_AROUND(""),
  /** Apostrophes between thousands. */
  APOSTROPHE(""),
  /** Brackets in the place of a minus. */
  BRACKETS(""),
  /** A minus that is no hyphen. */
  MINUS(""),
  /** A minus behind the number. */
  MINUS_BEHIND(""),
  COMMA(""),
  POINT(""),
  /** Only a decimal comma makes a number of it. */
  DECIMAL_COMMA(""),
  /** Only a decimal point makes a number of it. */
  DECIMAL_POINT("");

  private static final Set<NumberTrait> UNITS = EnumSet.range(PERCENT, FRANC);
  private static final String BLANKS = " \\u00a0\\u2007\\u2009\\u202f";
  private static final String EACH_BLANK = " \u00a0\u2007\u2009\u202f";
  private static final String CODES = "EUR|USD|GBP|CHF";
  private static final Map<String, NumberTrait> UNIT_OF =
      Map.of(
          "%",
          PERCENT, "$", DOLLAR, "USD", DOLLAR, "€", EURO, "EUR", EURO, "£", POUND, "GBP", POUND,
          "¥", YEN, "CHF", FRANC);
  private static final Pattern SPELLED =
      Pattern.compile(
          "(SIGN)?[BLANKS]?(?:([$€£¥]|CODES)[BLANKS]?)?(SIGN)?(BODY)(?:[BLANKS]?([$€£¥%]|CODES))?[BLANKS]?(MINUS)?"
              .replace(
                  "BODY",
                  "\\d{1,3}(?:[BLANKS'’]\\d{3})+(?:[.,]\\d+)?"
                      + "|\\d{1,3}(?:,\\d{2,3})*,\\d{3}(?:\\.\\d+)?"
                      + "|\\d{1,3}(?:\\.\\d{3})+(?:,\\d+)?"
                      + "|\\d*[.,]\\d+|\\d+")
              .replace("SIGN", "[+\u2212\u2013-]")
              .replace("MINUS", "[\u2212\u2013-]")
              .replace("BLANKS", BLANKS)
              .replace("CODES", CODES));

  /** Brackets around a number, its unit inside them or outside. */
  private static final Pattern BRACKETED = Pattern.compile("([^()\\d]*)\\(([^()]*)\\)([^()\\d]*)");

  /** A number whose point or comma may be a decimal one or stand between thousands. */
  private static final Pattern EITHER = Pattern.compile("[1-9]\\d{0,2}[.,]\\d{3}");

  private final String unit;

  NumberTrait(String unit) {
    this.unit = unit;
  }

  /** The traits of a text; none where it is no number. */
  static Set<NumberTrait> of(String text) {
    if (text.length() > 40) {
      return EnumSet.noneOf(NumberTrait.class);
    }
    Matcher brackets = BRACKETED.matcher(text);
    boolean bracketed = brackets.matches();
    String bare = bracketed ? brackets.replaceFirst("$1$2$3") : text;
    Matcher number = SPELLED.matcher(withoutBlanks(bare));
    if (!number.matches()) {
      return EnumSet.noneOf(NumberTrait.class);
    }
    List<String> signs = new ArrayList<>();
    for (int group : new int[] {1, 3, 6}) {
      if (number.group(group) != null) {
        signs.add(number.group(group));
      }
    }
    if (signs.size() > 1 || (bracketed && !signs.isEmpty())) {
      return EnumSet.noneOf(NumberTrait.class);
    }
    EnumSet<NumberTrait> traits = EnumSet.noneOf(NumberTrait.class);
    addIf(bracketed, BRACKETS, traits);
    addIf(number.group(6) != null, MINUS_BEHIND, traits);
    addIf(signs.contains("\u2212") || signs.contains("\u2013"), MINUS, traits);
    addUnits(number, traits);
    addIf(hasBlanksAround(text, number.group(4)), BLANK_AROUND, traits);
    addMarks(number.group(4), traits);
    return traits;
  }

  private static void addUnits(Matcher number, Set<NumberTrait> traits) {
    for (int group : new int[] {2, 5}) {
      if (number.group(group) != null) {
        traits.add(UNIT_OF.get(number.group(group)));
      }
    }
    boolean zero = number.group(4).chars().noneMatch(c -> c >= '1' && c <= '9');
    addIf(!zero && !hasUnit(traits), NO_UNIT, traits);
  }

  private static boolean hasUnit(Set<NumberTrait> traits) {
    return traits.stream().anyMatch(UNITS::contains);
  }

  private static boolean isBlank(int c) {
    return EACH_BLANK.indexOf(c) >= 0;
  }

  private static String withoutBlanks(String text) {
    return NumberText.trimmed(text, NumberTrait::isBlank);
  }

  private static boolean hasBlanksAround(String text, String body) {
    return text.chars().filter(NumberTrait::isBlank).count()
        > body.chars().filter(NumberTrait::isBlank).count();
  }

  /** Whether a number that parsers take is not zero. */
  static boolean isNotZero(String number) {
    for (int i = 0;
        i < number.length() && number.charAt(i) != 'e' && number.charAt(i) != 'E';
        i++) {
      if (number.charAt(i) >= '1' && number.charAt(i) <= '9') {
        return true;
      }
    }
    return false;
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
    boolean blank = body.chars().anyMatch(NumberTrait::isBlank);
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
    if (hasUnit(traits)) {
      words.add("a unit or currency");
    }
    if (traits.contains(BRACKETS)) {
      words.add("brackets for a minus");
    }
    if (traits.contains(MINUS)) {
      words.add("a minus that is no hyphen");
    }
    if (traits.contains(MINUS_BEHIND)) {
      words.add("a minus behind them");
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
    if (words.isEmpty()) {
      words.add("blanks around them");
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

  /** The units of numbers of more than one, such as {@code %, none}; empty where all have one. */
  static Optional<String> units(Set<NumberTrait> traits) {
    List<String> units = new ArrayList<>();
    for (NumberTrait unit : UNITS) {
      if (traits.contains(unit)) {
        units.add(unit.unit);
      }
    }
    if (!units.isEmpty() && traits.contains(NO_UNIT)) {
      units.add("none");
    }
    return units.size() > 1 ? Optional.of(String.join(", ", units)) : Optional.empty();
  }

  /**
   * The SQL that reads the numbers. Nothing but what stands in them is taken away, so that another
   * text is an error and no other number. It is the same in YAML's quotes and without.
   *
   * @param sql of the text
   */
  static String mend(String sql, Set<NumberTrait> traits, boolean comma) {
    String own = withoutSigns(sql, traits);
    own = traits.contains(MINUS) ? "translate(%s, '\\u2212\\u2013', '--')".formatted(own) : own;
    own =
        traits.contains(BRACKETS)
            ? "regexp_replace(%s, '^ *[(](.*)[)] *$', '-$1')".formatted(own)
            : own;
    own =
        traits.contains(MINUS_BEHIND)
            ? "regexp_replace(%s, '^ *(.*)- *$', '-$1')".formatted(own)
            : own;
    if (comma) {
      own = traits.contains(POINT) ? "replace(%s, '.', '')".formatted(own) : own;
      own = traits.contains(COMMA) ? "replace(%s, ',', '.')".formatted(own) : own;
    } else {
      own = traits.contains(COMMA) ? "replace(%s, ',', '')".formatted(own) : own;
    }
    return "cast(%s as double)".formatted(own);
  }

  /** The text without what stands in numbers and is no part of them. */
  private static String withoutSigns(String sql, Set<NumberTrait> traits) {
    boolean unit = hasUnit(traits);
    boolean apostrophe = traits.contains(APOSTROPHE);
    boolean blank = traits.contains(BLANK) || traits.contains(BLANK_AROUND);
    String own = sql;
    if (unit || apostrophe || blank) {
      own =
          "regexp_replace(%s, '[%s%s%s]%s', '')"
              .formatted(
                  own,
                  BLANKS,
                  apostrophe ? "\\u2019" : "",
                  unit ? "$%\\u20ac\\u00a3\\u00a5" : "",
                  unit ? "|" + CODES : "");
    }
    return apostrophe ? "replace(%s, char(39), '')".formatted(own) : own;
  }
}
