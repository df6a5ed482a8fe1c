package io.lakeprop.text;

import io.lakeprop.base.ShortDecimal;
import java.io.Serial;
import java.io.Serializable;
import java.math.BigDecimal;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the texts of a column look like: how many are whole numbers, fractions, dates and so on, and
 * which of them mean a missing value. Merging is associative and commutative.
 */
@SuppressWarnings("EnumOrdinal") // Of one release on both sides: nothing of it is stored.
public final class ColumnProfile implements Serializable {
  @Serial private static final long serialVersionUID = 1L;

  private static final int LONGEST_EXAMPLE = 60;

  /** Digits that no number has. */
  private static final int UNKNOWN = 10_000;

  /** Digits of the widest DECIMAL. */
  private static final int WIDEST = 38;

  /** Digits of which every number has a DOUBLE of its own. */
  private static final int OF_DOUBLE = 15;

  /** Units of which it matters whether there are several. */
  private static final int UNITS = 2;

  /**
   * What numbers and dates begin with besides a digit: signs, currencies, names of months and days.
   */
  private static final String BEGINNINGS =
      "+-\u2212\u2013(.,$€£¥EUGC\u00a0\u2007\u202fJFMASONDTWjfmasondtw";

  /** What a text looks like. */
  public enum Look {
    TRUTH,
    WHOLE,
    /** A whole number that begins with 0 or +, or has more digits than 64 bits. */
    WHOLE_AS_TEXT,
    NUMBER,
    /** A fraction that begins with 0 and another digit. */
    NUMBER_AS_TEXT,
    /** A number such as {@code 12E4}, which is a code where no other number is there. */
    NUMBER_OR_CODE,
    DATE,
    TIMESTAMP,
    /** A number in a way that no parser takes. */
    SPELLED_NUMBER,
    /** The same of a date. */
    SPELLED_DATE,
    /** A number with a unit, such as {@code 12 kg}. */
    MEASURED_NUMBER,
    /** Another text with a digit, which may be a number to a person, such as {@code >100}. */
    TEXT_WITH_DIGIT,
    TEXT
  }

  private final long[] looks = new long[Look.values().length];
  private final String[] examples = new String[looks.length];
  private final TreeSet<DateTrait> dates = new TreeSet<>();
  private final TreeSet<NumberTrait> traits = new TreeSet<>();
  private final TreeSet<String> units = new TreeSet<>();
  private final TreeMap<String, Long> marks = new TreeMap<>();
  private final TreeMap<String, Long> marksAmongNumbers = new TreeMap<>();
  private long blank;
  private boolean isLarge;

  /** Cells among {@link Look#TEXT_WITH_DIGIT} that are times to a person, and the first one. */
  private long ownForms;

  private String ownForm;

  /** Whether there are fractions, infinities, or numbers that 64 bits do not hold. */
  private boolean isBeyondWhole;

  /** The most digits before the point of a number, zeros at its begin among them. */
  private int mostDigits;

  /**
   * The most digits behind the point; {@link #UNKNOWN} where no DECIMAL holds one of the numbers.
   */
  private int mostDecimals;

  /** The fewest digits behind the point of a fraction; -1 where one is written otherwise. */
  private int leastDecimals = Integer.MAX_VALUE;

  /** The most digits behind the point of a fraction whose last one, not the first, is 0. */
  private int mostDecimalsWithZero;

  /** Whether each number with a unit is one to every parser without it. */
  private boolean areMeasuredPlain = true;

  /** Whether each date can be read as a timestamp, as a column with both kinds needs. */
  private boolean datesAreTimes = true;

  /** Takes a cell in; null is one without a character. */
  public void add(String cell, MissingMarks missing, TimeFormat format) {
    add(cell, 1, missing, format);
  }

  /** Takes in cells that are alike. */
  public void add(String cell, long cells, MissingMarks missing, TimeFormat format) {
    if (cell == null) {
      blank += cells;
    } else if (missing.hold(cell)) {
      marks.merge(cell.strip(), cells, Long::sum);
    } else if (missing.holdAmongNumbers(cell) || missing.holdTime(cell, format)) {
      marksAmongNumbers.merge(cell.strip(), cells, Long::sum);
    } else {
      String text = cell.strip();
      Look look = look(text, format);
      look(look == Look.TEXT ? spelled(text, cells) : look, cell, cells);
    }
  }

  /** Takes in a cell of a column whose type is given, of which only marks are of interest. */
  public void addMark(String cell, MissingMarks missing, TextType type) {
    if (cell == null) {
      blank++;
    } else if (missing.hold(cell, type)) {
      marks.merge(cell.strip(), 1L, Long::sum);
    }
  }

  private Look look(String text, TimeFormat format) {
    if (NumberText.isFinite(text)) {
      return number(text);
    }
    if (text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false")) {
      return Look.TRUTH;
    }
    if (NumberText.value(text).isPresent()) {
      isBeyondWhole = true;
      mostDecimals = UNKNOWN;
      return Look.NUMBER; // An infinity, or NaN where it is no mark.
    }
    if (format.isOwn() || (begins(text) && text.length() >= 6)) {
      if (format.days(text).isPresent()) {
        datesAreTimes &= !format.isOwn() || format.micros(text).isPresent();
        return Look.DATE;
      }
      if (format.micros(text).isPresent()) {
        return Look.TIMESTAMP;
      }
    }
    return Look.TEXT;
  }

  /** Whether a number or date in any spelling may begin so: most texts need no closer look. */
  private static boolean begins(String text) {
    return !text.isEmpty()
        && (NumberText.isDigit(text.charAt(0)) || BEGINNINGS.indexOf(text.charAt(0)) >= 0);
  }

  /** Takes in how a text is spelled that no parser takes. */
  private Look spelled(String text, long cells) {
    if (!hasDigit(text)) {
      return Look.TEXT;
    }
    if (begins(text)) {
      Set<NumberTrait> number = NumberTrait.of(text);
      traits.addAll(number);
      Set<DateTrait> date = number.isEmpty() ? DateTrait.of(text) : Set.of();
      dates.addAll(date);
      if (!number.isEmpty() || !date.isEmpty()) {
        return number.isEmpty() ? Look.SPELLED_DATE : Look.SPELLED_NUMBER;
      }
      if (OwnFormTime.is(text)) {
        ownForms += cells;
        ownForm = first(ownForm, text);
        return Look.TEXT_WITH_DIGIT;
      }
    }
    Optional<MeasuredNumber> measured = MeasuredNumber.of(text);
    measured.ifPresent(
        number -> {
          areMeasuredPlain &= number.isPlain();
          if (units.size() < UNITS) {
            units.add(number.unit());
          }
        });
    return measured.isPresent() ? Look.MEASURED_NUMBER : Look.TEXT_WITH_DIGIT;
  }

  private static boolean hasDigit(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (NumberText.isDigit(text.charAt(i))) {
        return true;
      }
    }
    return false;
  }

  private Look number(String text) {
    OptionalLong whole = NumberText.whole(text);
    isBeyondWhole |= whole.isEmpty();
    isLarge |= whole.isPresent() && whole.getAsLong() != (int) whole.getAsLong();
    if (!traits.contains(NumberTrait.NO_UNIT) && NumberTrait.isNotZero(text)) {
      traits.add(NumberTrait.NO_UNIT);
    }
    if (NumberText.isWhole(text)) {
      measure(text, 0);
      return NumberText.losesText(text) ? Look.WHOLE_AS_TEXT : Look.WHOLE;
    }
    if (!traits.contains(NumberTrait.DECIMAL_POINT)) {
      traits.addAll(NumberTrait.ofFraction(text));
    }
    int decimals = NumberText.decimals(text);
    leastDecimals = Math.min(leastDecimals, decimals);
    measure(text, decimals);
    if (decimals > 1 && text.endsWith("0")) {
      mostDecimalsWithZero = Math.max(mostDecimalsWithZero, decimals);
    }
    return NumberText.losesTextOfFraction(text)
        ? Look.NUMBER_AS_TEXT
        : NumberText.mayBeCode(text) ? Look.NUMBER_OR_CODE : Look.NUMBER;
  }

  /** Takes in how long a number is; its decimals are below 0 where it must be read to know. */
  private void measure(String text, int decimals) {
    if (decimals >= 0) {
      int others = (decimals > 0 ? 1 : 0) + ("+-".indexOf(text.charAt(0)) < 0 ? 0 : 1);
      mostDigits = Math.max(mostDigits, text.length() - decimals - others);
      mostDecimals = Math.max(mostDecimals, decimals);
      return;
    }
    Optional<BigDecimal> number =
        ShortDecimal.of(text)
            .filter(own -> Math.max(own.precision(), own.scale()) <= WIDEST)
            .filter(own -> own.precision() - own.scale() <= WIDEST);
    mostDecimals = Math.max(mostDecimals, number.map(BigDecimal::scale).orElse(UNKNOWN));
    mostDigits = Math.max(mostDigits, number.map(own -> own.precision() - own.scale()).orElse(0));
  }

  private void look(Look look, String cell, long cells) {
    looks[look.ordinal()] += cells;
    String shown = cell.length() > LONGEST_EXAMPLE ? cell.substring(0, LONGEST_EXAMPLE) : cell;
    examples[look.ordinal()] = first(examples[look.ordinal()], shown);
  }

  /** The first of two texts in their order; null is none. */
  private static String first(String one, String other) {
    return one == null || (other != null && other.compareTo(one) < 0) ? other : one;
  }

  /** Takes the other profile in. */
  public void merge(ColumnProfile other) {
    for (Look look : Look.values()) {
      int i = look.ordinal();
      looks[i] += other.looks[i];
      examples[i] = first(examples[i], other.examples[i]);
    }
    dates.addAll(other.dates);
    traits.addAll(other.traits);
    other.units.stream().filter(unit -> units.size() < UNITS).forEach(units::add);
    areMeasuredPlain &= other.areMeasuredPlain;
    other.marks.forEach((mark, count) -> marks.merge(mark, count, Long::sum));
    other.marksAmongNumbers.forEach((mark, c) -> marksAmongNumbers.merge(mark, c, Long::sum));
    ownForms += other.ownForms;
    ownForm = first(ownForm, other.ownForm);
    blank += other.blank;
    isLarge |= other.isLarge;
    isBeyondWhole |= other.isBeyondWhole;
    mostDigits = Math.max(mostDigits, other.mostDigits);
    mostDecimals = Math.max(mostDecimals, other.mostDecimals);
    leastDecimals = Math.min(leastDecimals, other.leastDecimals);
    mostDecimalsWithZero = Math.max(mostDecimalsWithZero, other.mostDecimalsWithZero);
    datesAreTimes &= other.datesAreTimes;
  }

  /** Cells of a look. */
  public long count(Look look) {
    return looks[look.ordinal()];
  }

  /** The first text of a look in the order of texts, where there is one. */
  public Optional<String> example(Look look) {
    return Optional.ofNullable(examples[look.ordinal()]);
  }

  /** The same as a mark that a job may list; empty where the text is too long to be told whole. */
  Optional<String> mark(Look look) {
    return example(look).filter(text -> text.length() < LONGEST_EXAMPLE).map(String::strip);
  }

  /** Cells with a date or time in a form that has a pattern of its own. */
  long ownForms() {
    return ownForms;
  }

  /** The first text of these in the order of texts. */
  Optional<String> ownForm() {
    return Optional.ofNullable(ownForm);
  }

  /** What stands in the dates that no parser takes, and in the first ones that one takes. */
  Set<DateTrait> dates() {
    EnumSet<DateTrait> all = EnumSet.noneOf(DateTrait.class);
    all.addAll(dates);
    if (!all.contains(DateTrait.ZONE)) {
      example(Look.DATE).ifPresent(date -> all.addAll(DateTrait.of(date.strip())));
      example(Look.TIMESTAMP).ifPresent(time -> all.addAll(DateTrait.of(time.strip())));
    }
    return all;
  }

  /** What stands in the numbers, those that parsers take among them. */
  Set<NumberTrait> traits() {
    return traits;
  }

  /** The unit of all numbers that have one; empty where there are several. */
  Optional<String> unit() {
    return units.size() == 1 ? Optional.of(units.first()) : Optional.empty();
  }

  /** Whether each number with a unit is one to every parser without it. */
  boolean areMeasuredPlain() {
    return areMeasuredPlain;
  }

  /** The marks that are texts unless all other cells are numbers, dates or truth values. */
  Set<String> marksAmongNumbers() {
    return marksAmongNumbers.keySet();
  }

  /** Cells with a value. */
  public long values() {
    long sum = 0;
    for (long count : looks) {
      sum += count;
    }
    return sum;
  }

  /** Cells that are numbers, their text kept or not. */
  public long numbers() {
    return count(Look.WHOLE)
        + count(Look.WHOLE_AS_TEXT)
        + count(Look.NUMBER)
        + count(Look.NUMBER_OR_CODE)
        + count(Look.NUMBER_AS_TEXT);
  }

  /** Cells of each text that means a missing value in a column of a type; blank ones apart. */
  public Map<String, Long> marks(TextType.Kind kind) {
    Map<String, Long> all = withBlank(kind);
    all.remove("");
    return all;
  }

  /** The texts that mean a missing value in a column of a type, the blank one among them. */
  public Set<String> marked(TextType.Kind kind) {
    return withBlank(kind).keySet();
  }

  private Map<String, Long> withBlank(TextType.Kind kind) {
    TreeMap<String, Long> all = new TreeMap<>(marks);
    if (kind != TextType.Kind.STRING) {
      marksAmongNumbers.forEach((mark, count) -> all.merge(mark, count, Long::sum));
    }
    return all;
  }

  /** The narrowest type that all cells with a value fit and whose values keep their text. */
  public TextType.Kind kind() {
    long all = values();
    if (all == 0) {
      return TextType.Kind.STRING;
    }
    if (count(Look.TRUTH) == all) {
      return TextType.Kind.BOOLEAN;
    }
    if (count(Look.WHOLE) == all) {
      return isLarge ? TextType.Kind.BIGINT : TextType.Kind.INT;
    }
    long mayBeCodes = count(Look.NUMBER_OR_CODE);
    if (count(Look.WHOLE) + count(Look.NUMBER) + mayBeCodes == all && mayBeCodes < all) {
      return TextType.Kind.DOUBLE;
    }
    if (count(Look.DATE) == all) {
      return TextType.Kind.DATE;
    }
    return areTimes() ? TextType.Kind.TIMESTAMP : TextType.Kind.STRING;
  }

  /** Whether all cells with a value are dates or timestamps. */
  boolean isAllDates() {
    return count(Look.DATE) + count(Look.TIMESTAMP) == values();
  }

  /**
   * The same where the column's values are only told apart: numbers of which two texts may be one,
   * such as the versions {@code 1.1} and {@code 1.10}, stay the texts that they are.
   */
  public TextType.Kind kindOfCategory() {
    TextType.Kind kind = kind();
    boolean isText = leastDecimals() < 0 || mayBeOneNumber();
    return kind == TextType.Kind.DOUBLE && isText ? TextType.Kind.STRING : kind;
  }

  /** Whether two texts of numbers may be one, as 1.1 and 1.10 are. */
  public boolean mayBeOneNumber() {
    return leastDecimals() < mostDecimalsWithZero;
  }

  private int leastDecimals() {
    return count(Look.WHOLE) > 0 ? Math.min(0, leastDecimals) : leastDecimals;
  }

  /** Whether each value can be read as a timestamp, dates as midnights. */
  private boolean areTimes() {
    return isAllDates() && datesAreTimes;
  }

  /** Whether all numbers are whole, also those that are written {@code 39.0}, and fit 64 bits. */
  public boolean isWhole() {
    return !isBeyondWhole;
  }

  /** Whether two numbers of as many digits as these may be one DOUBLE. */
  public boolean isBeyondDouble() {
    return mostDigits + (mostDecimals == UNKNOWN ? 0 : mostDecimals) > OF_DOUBLE;
  }

  /** The DECIMAL that holds every number of the column digit by digit; empty where none does. */
  public Optional<TextType> decimal(TimeFormat format) {
    int precision = Math.max(1, mostDigits + mostDecimals);
    return precision > WIDEST
        ? Optional.empty()
        : Optional.of(new TextType(TextType.Kind.DECIMAL, precision, mostDecimals, format));
  }

  /** Whether all cells with a value are numbers, whatever becomes of their text. */
  public boolean isAllNumbers() {
    return numbers() == values();
  }
}
