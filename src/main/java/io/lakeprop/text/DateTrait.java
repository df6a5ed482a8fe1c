package io.lakeprop.text;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What stands in dates that are clear to a person and texts to every parser, such as {@code
 * 31.12.24 10:00 PM}. Which of day, month and year is the first number, single dates tell: {@code
 * 31/12/2024} can only be of one kind, {@code 1/2/2024} and {@code 24/12/31} may be of two.
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
  /** {@code 95/12/31}: the first number can only be the year. */
  SHORT_YEAR_FIRST("[yyyy][yy]/M/d"),
  /** {@code 24/12/31}: the first number may be the year as well. */
  YEAR_MAY_BE_FIRST(""),
  /** {@code 1/2/2024}, {@code 31/12/99}: the first number cannot be the year. */
  YEAR_LAST(""),
  /** A year of two digits. */
  SHORT_YEAR(""),
  /** A time of the day. */
  TIME(""),
  /** {@code 2024-12-31 22:00:00 CET}: ISO 8601 but for the name of its zone. */
  ZONE("");

  /** The names of months. */
  static final String NAME =
      "(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
          + "|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)";

  private static final String MONTHS = "janfebmaraprmayjunjulaugsepoctnovdec";
  private static final int LONGEST_MONTH = 31;

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
    boolean mayBeYear = first.length() == 2 && last.length() == 2 && isDate(first, second, last);
    if (mayBeYear && Integer.parseInt(first) > LONGEST_MONTH) {
      return EnumSet.of(SHORT_YEAR_FIRST, SHORT_YEAR);
    }
    EnumSet<DateTrait> traits = yearLast(first, second, last);
    traits.add(mayBeYear ? YEAR_MAY_BE_FIRST : YEAR_LAST);
    return traits;
  }

  private static EnumSet<DateTrait> yearLast(String first, int second, String last) {
    int number = Integer.parseInt(first);
    if (number > 12) {
      return checked(DAY_FIRST, last, second, first);
    }
    return second > 12
        ? checked(MONTH_FIRST, last, number, Integer.toString(second))
        : checked(EITHER_FIRST, last, second, first);
  }

  private static EnumSet<DateTrait> checked(DateTrait order, String year, int month, String day) {
    LocalDate.of(whole(year), month, Integer.parseInt(day));
    return year.length() == 2 ? EnumSet.of(order, SHORT_YEAR) : EnumSet.of(order);
  }

  private static boolean isDate(String year, int month, String day) {
    return month >= 1
        && month <= 12
        && Integer.parseInt(day) >= 1
        && Integer.parseInt(day) <= YearMonth.of(whole(year), month).lengthOfMonth();
  }

  private static int whole(String year) {
    int number = Integer.parseInt(year);
    return year.length() > 2 ? number : number < 69 ? 2000 + number : 1900 + number;
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
  private static boolean isEither(Set<DateTrait> traits) {
    return traits.contains(EITHER_FIRST)
        && !traits.contains(DAY_FIRST)
        && !traits.contains(MONTH_FIRST);
  }

  /** Which numbers are first in some dates and which in others; empty where one order is all's. */
  static Optional<String> both(Set<DateTrait> traits) {
    if (traits.contains(SHORT_YEAR_FIRST)) {
      return traits.contains(YEAR_LAST)
          ? Optional.of("some have the year first and others the day or month")
          : Optional.empty();
    }
    return traits.contains(DAY_FIRST) && traits.contains(MONTH_FIRST)
        ? Optional.of("some have the day first and others the month")
        : Optional.empty();
  }

  /** The orders that all dates may be in: {@link #DAY_FIRST} and others by their first number. */
  static List<DateTrait> orders(Set<DateTrait> traits) {
    if (traits.contains(SHORT_YEAR_FIRST)) {
      return List.of(SHORT_YEAR_FIRST);
    }
    List<DateTrait> orders = new ArrayList<>();
    if (isEither(traits) || !traits.contains(MONTH_FIRST)) {
      orders.add(DAY_FIRST);
    }
    if (isEither(traits) || traits.contains(MONTH_FIRST)) {
      orders.add(MONTH_FIRST);
    }
    if (traits.contains(YEAR_MAY_BE_FIRST) && !traits.contains(YEAR_LAST)) {
      orders.add(SHORT_YEAR_FIRST);
    }
    return orders;
  }

  /** What is the first number of an order, in words. */
  String first() {
    return this == DAY_FIRST ? "day" : this == MONTH_FIRST ? "month" : "year";
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
   * @param order one of the {@link #orders} that the dates may be in
   */
  static String mend(String sql, Set<DateTrait> traits, DateTrait order) {
    if (traits.contains(ZONE)) {
      return "cast(trim(%s) as timestamp)".formatted(sql);
    }
    String own = "regexp_replace(trim(%s), '[ ,./-]+|(?<=[0-9])T', '/')".formatted(sql);
    if (isNamed(traits)) {
      own = "regexp_replace(%s, '([A-Za-z]{3})[A-Za-z]+', '$1')".formatted(own);
    }
    if (traits.contains(SHORT_YEAR)) {
      own =
          order == SHORT_YEAR_FIRST
              ? "regexp_replace(%s, '^(69|[7-9][0-9])/', '19$1/')".formatted(own)
              : "regexp_replace(%s, '/(69|[7-9][0-9])(?![0-9])', '/19$1')".formatted(own);
    }
    boolean timed = traits.contains(TIME);
    return "%s(%s, '%s%s')"
        .formatted(
            timed ? "to_timestamp" : "to_date",
            own,
            format(traits, order),
            timed ? "[/h:mm[:ss]/a][/H:mm[:ss]]" : "");
  }

  private static String format(Set<DateTrait> traits, DateTrait order) {
    EnumSet<DateTrait> orders = EnumSet.copyOf(traits);
    if (order == SHORT_YEAR_FIRST) {
      orders.removeAll(EnumSet.of(DAY_FIRST, YEAR_FIRST));
      orders.add(order);
    } else if (isEither(traits)) {
      orders.add(order);
    }
    String year = traits.contains(SHORT_YEAR) ? "[yyyy][yy]" : "yyyy";
    List<String> formats = new ArrayList<>();
    for (DateTrait own : orders) {
      if (!own.format.isEmpty()) {
        formats.add(own.format.replace("YEAR", year));
      }
    }
    return formats.size() == 1 ? formats.get(0) : "[" + String.join("][", formats) + "]";
  }
}
