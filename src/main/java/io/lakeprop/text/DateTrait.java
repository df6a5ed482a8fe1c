package io.lakeprop.text;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What stands in dates that are clear to a person and texts to every parser, such as {@code
 * 31.12.24 10:00 PM}. Which of day and month is the first number, single dates tell: {@code
 * 31/12/2024} can only be of one kind, {@code 1/2/2024} may be of both.
 */
public enum DateTrait {
  /** {@code 2024/12/31}. */
  YEAR_FIRST("yyyy/M/d"),
  /** {@code 2024-Dec-31}. */
  YEAR_NAME("yyyy/MMM/d"),
  /** {@code 31 December 2024}. */
  DAY_NAME("d/MMM/YEAR"),
  /** {@code Dec 31, 2024}. */
  NAME_DAY("MMM/d/YEAR"),
  /** {@code 31.12.2024}: the second number can only be the month. */
  DAY_FIRST("d/M/YEAR"),
  /** {@code 12/31/2024}: the first number can only be the month. */
  MONTH_FIRST("M/d/YEAR"),
  /** {@code 1/2/2024}: either number may be the month. */
  EITHER_FIRST(""),
  /** A year of two digits. */
  SHORT_YEAR(""),
  /** A time of the day. */
  TIME(""),
  /** {@code 2024-12-31 22:00:00 CET}: ISO 8601 but for the name of its zone. */
  ZONE("");

  private static final String NAME =
      "(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
          + "|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)";
  private static final String MONTHS = "janfebmaraprmayjunjulaugsepoctnovdec";
  private static final String SET_APART = "[ ,./-]{1,2}";

  /** A date, and a time of the day behind it. */
  private static final Pattern TIMED =
      Pattern.compile("(.+?)(?:[ T](\\d{1,2}):(\\d{2})(?::(\\d{2}))?( [ap]m)?)?", flags());

  private static final Pattern NUMBERS =
      Pattern.compile("(\\d{4}|\\d{1,2})[/.-](\\d{1,2})[/.-](\\d{4}|\\d{1,2})");
  private static final Pattern DAY_AND_NAME = named("(\\d{1,2}) NAME (\\d{4}|\\d{2})");
  private static final Pattern NAME_AND_DAY = named("NAME (\\d{1,2}) (\\d{4}|\\d{2})");
  private static final Pattern YEAR_AND_NAME = named("(\\d{4}) NAME (\\d{1,2})");

  /** Zones whose names mean the same everywhere; CST, IST and BST are several. */
  private static final Pattern ZONED =
      Pattern.compile(
          "\\d{4}-\\d{1,2}-\\d{1,2}[ T]\\d{1,2}:\\d{2}:\\d{2}(?:\\.\\d{1,6})?"
              + " (?:CET|EET|WET|MET|EST|MST|HST|(?:Africa|America|Asia|Atlantic|Australia|Europe"
              + "|Indian|Pacific)/[A-Za-z_/-]+)");

  private final String format;

  DateTrait(String format) {
    this.format = format;
  }

  private static int flags() {
    return Pattern.CASE_INSENSITIVE;
  }

  private static Pattern named(String parts) {
    return Pattern.compile(parts.replace(" ", SET_APART).replace("NAME", NAME), flags());
  }

  /** The traits of a text; none where it is no date of the calendar. */
  static Set<DateTrait> of(String text) {
    Matcher timed = TIMED.matcher(text);
    if (text.length() > 40 || !timed.matches()) {
      return EnumSet.noneOf(DateTrait.class);
    }
    if (ZONED.matcher(text).matches()) {
      return EnumSet.of(ZONE);
    }
    try {
      EnumSet<DateTrait> traits = ofDate(timed.group(1));
      if (timed.group(2) != null && !traits.isEmpty()) {
        checkTime(timed);
        traits.add(TIME);
      }
      return traits;
    } catch (DateTimeException e) {
      return EnumSet.noneOf(DateTrait.class);
    }
  }

  private static EnumSet<DateTrait> ofDate(String date) {
    Matcher parts = NUMBERS.matcher(date);
    if (parts.matches()) {
      return ofNumbers(parts.group(1), Integer.parseInt(parts.group(2)), parts.group(3));
    }
    parts = DAY_AND_NAME.matcher(date);
    if (parts.matches()) {
      return checked(DAY_NAME, parts.group(3), month(parts.group(2)), parts.group(1));
    }
    parts = NAME_AND_DAY.matcher(date);
    if (parts.matches()) {
      return checked(NAME_DAY, parts.group(3), month(parts.group(1)), parts.group(2));
    }
    parts = YEAR_AND_NAME.matcher(date);
    return parts.matches()
        ? checked(YEAR_NAME, parts.group(1), month(parts.group(2)), parts.group(3))
        : EnumSet.noneOf(DateTrait.class);
  }

  private static EnumSet<DateTrait> ofNumbers(String first, int second, String last) {
    if (first.length() == 4) {
      return last.length() == 4
          ? EnumSet.noneOf(DateTrait.class)
          : checked(YEAR_FIRST, first, second, last);
    }
    if (last.length() == 1) {
      return EnumSet.noneOf(DateTrait.class);
    }
    int number = Integer.parseInt(first);
    if (number > 12) {
      return checked(DAY_FIRST, last, second, first);
    }
    return second > 12
        ? checked(MONTH_FIRST, last, number, Integer.toString(second))
        : checked(EITHER_FIRST, last, second, first);
  }

  private static EnumSet<DateTrait> checked(DateTrait order, String year, int month, String day) {
    boolean isShort = year.length() == 2;
    int number = Integer.parseInt(year);
    int whole = !isShort ? number : number < 69 ? 2000 + number : 1900 + number;
    LocalDate.of(whole, month, Integer.parseInt(day));
    return isShort ? EnumSet.of(order, SHORT_YEAR) : EnumSet.of(order);
  }

  private static void checkTime(Matcher timed) {
    int hour = Integer.parseInt(timed.group(2));
    if (timed.group(5) != null && (hour < 1 || hour > 12)) {
      throw new DateTimeException("a clock of 12 hours does not show " + hour);
    }
    int second = timed.group(4) == null ? 0 : Integer.parseInt(timed.group(4));
    LocalTime.of(hour, Integer.parseInt(timed.group(3)), second);
  }

  private static int month(String name) {
    return MONTHS.indexOf(name.toLowerCase(Locale.ROOT).substring(0, 3)) / 3 + 1;
  }

  /** Whether traits are of month names. */
  private static boolean isNamed(Set<DateTrait> traits) {
    return traits.contains(DAY_NAME) || traits.contains(NAME_DAY) || traits.contains(YEAR_NAME);
  }

  /** Whether a day and a month are all that can be told apart by nobody. */
  static boolean isEither(Set<DateTrait> traits) {
    return traits.contains(EITHER_FIRST)
        && !traits.contains(DAY_FIRST)
        && !traits.contains(MONTH_FIRST);
  }

  /** Whether some dates have the day first and others the month. */
  static boolean isBoth(Set<DateTrait> traits) {
    return traits.contains(DAY_FIRST) && traits.contains(MONTH_FIRST);
  }

  /** Whether some times have a zone's name and others are written in another form as well. */
  static boolean isPartlyZoned(Set<DateTrait> traits) {
    return traits.contains(ZONE) && traits.size() > 1;
  }

  /** For a person, such as {@code dates in another order than 2024-12-31}. */
  static String words(Set<DateTrait> traits) {
    if (traits.contains(ZONE)) {
      return "times with the name of a zone";
    }
    if (traits.contains(TIME)) {
      return "times in another form than 2024-12-31 22:00:00";
    }
    return isNamed(traits)
        ? "dates with the name of a month"
        : "dates in another order than 2024-12-31";
  }

  /**
   * The SQL that reads the dates. It is the same in YAML's quotes and without.
   *
   * @param sql of the text
   * @param month whether the month is the first number where nobody can tell
   */
  static String mend(String sql, Set<DateTrait> traits, boolean month) {
    if (traits.contains(ZONE)) {
      return "cast(trim(%s) as timestamp)".formatted(sql);
    }
    String own = "regexp_replace(trim(%s), '[ ,./-]+|(?<=[0-9])T', '/')".formatted(sql);
    if (isNamed(traits)) {
      own = "regexp_replace(%s, '([A-Za-z]{3})[A-Za-z]+', '$1')".formatted(own);
    }
    if (traits.contains(SHORT_YEAR)) {
      own = "regexp_replace(%s, '/(69|[7-9][0-9])(?![0-9])', '/19$1')".formatted(own);
    }
    boolean timed = traits.contains(TIME);
    return "%s(%s, '%s%s')"
        .formatted(
            timed ? "to_timestamp" : "to_date",
            own,
            format(traits, month),
            timed ? "[/h:mm[:ss]/a][/H:mm[:ss]]" : "");
  }

  private static String format(Set<DateTrait> traits, boolean month) {
    EnumSet<DateTrait> orders = EnumSet.copyOf(traits);
    if (isEither(traits)) {
      orders.add(month ? MONTH_FIRST : DAY_FIRST);
    }
    String year = traits.contains(SHORT_YEAR) ? "[yyyy][yy]" : "yyyy";
    List<String> formats = new ArrayList<>();
    for (DateTrait order : orders) {
      if (!order.format.isEmpty()) {
        formats.add(order.format.replace("YEAR", year));
      }
    }
    return formats.size() == 1 ? formats.get(0) : "[" + String.join("][", formats) + "]";
  }
}
