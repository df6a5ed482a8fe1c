package io.lakeprop.text;

import io.lakeprop.base.InvalidInput;
import java.text.ParsePosition;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.chrono.IsoChronology;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A job's own pattern of dates and times, read as strictly as Spark reads it: no date is repaired,
 * capital letters do not matter, and a month, day or time that the pattern lacks is the first one.
 */
final class TimePattern {
  private static final Map<String, TimePattern> KNOWN = new ConcurrentHashMap<>();

  private static final int NANOS = 987_654_321;

  /** A time whose month, day, hour (in the afternoon), minute and second are all different. */
  private static final ZonedDateTime SAMPLE =
      ZonedDateTime.of(2019, 11, 25, 21, 48, 37, NANOS, ZoneId.of("Europe/Paris"));

  private static final Pattern OPTIONAL = Pattern.compile("\\[([^\\[\\]]*)]");

  /** Ways to choose among optional parts that are tried; nobody writes more. */
  private static final int MOST_CHOICES = 256;

  /**
   * What is often written in place of a pattern's letters.
   *
   * @param written a regular expression
   */
  private record Slip(String written, String meant) {}

  /** What other languages write, and slips, in the order in which they are mended. */
  private static final List<Slip> SLIPS =
      List.of(
          new Slip("%Y", "yyyy"),
          new Slip("%y", "yy"),
          new Slip("%m", "MM"),
          new Slip("%d", "dd"),
          new Slip("%H", "HH"),
          new Slip("%I", "hh"),
          new Slip("%M", "mm"),
          new Slip("%S", "ss"),
          new Slip("%f", "SSSSSS"),
          new Slip("%b", "MMM"),
          new Slip("%B", "MMMM"),
          new Slip("%p", "a"),
          new Slip("(?i)mon", "MMM"),
          new Slip("(?i)hh24", "HH"),
          new Slip("(?i)mi", "mm"),
          new Slip("Y", "y"),
          new Slip("D", "d"),
          new Slip("(?<=[yd])T(?=[HhKk])", "'T'"),
          new Slip(":MM", ":mm"),
          new Slip(":SS", ":ss"),
          new Slip("mmmm", "MMMM"),
          new Slip("mmm", "MMM"),
          new Slip("(?<![:m])mm(?![:m])", "MM"),
          new Slip("(?<![:m])m(?![:m])", "M"),
          new Slip("h", "H"));

  private final DateTimeFormatter formatter;

  private TimePattern(String pattern) {
    this.formatter =
        new DateTimeFormatterBuilder()
            .parseCaseInsensitive()
            .appendPattern(pattern)
            .parseDefaulting(ChronoField.ERA, 1)
            .toFormatter(Locale.ENGLISH)
            .withChronology(IsoChronology.INSTANCE)
            .withResolverStyle(ResolverStyle.STRICT);
  }

  static TimePattern of(String pattern) {
    return KNOWN.computeIfAbsent(pattern, TimePattern::new);
  }

  /**
   * What a text says.
   *
   * @param zone that the text names
   */
  record Time(LocalDateTime local, Optional<ZoneId> zone) {
    Instant instant(ZoneId otherwise) {
      return local.atZone(zone.orElse(otherwise)).toInstant();
    }

    /** The day, where the text says no other time of it than midnight. */
    Optional<LocalDate> day() {
      return local.toLocalTime().equals(LocalTime.MIDNIGHT)
          ? Optional.of(local.toLocalDate())
          : Optional.empty();
    }
  }

  /** What a text says; empty where it does not fit the pattern or names no day. */
  Optional<Time> read(String text) {
    ParsePosition end = new ParsePosition(0);
    if (formatter.parseUnresolved(text, end) == null || end.getIndex() < text.length()) {
      return Optional.empty(); // Most texts of other columns: an exception for each would be slow.
    }
    try {
      TemporalAccessor parsed = formatter.parse(text);
      ZoneOffset offset = parsed.query(TemporalQueries.offset());
      ZoneId zone = offset == null ? parsed.query(TemporalQueries.zone()) : offset;
      return Optional.of(new Time(day(parsed).atTime(time(parsed)), Optional.ofNullable(zone)));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static LocalDate day(TemporalAccessor parsed) {
    LocalDate day = parsed.query(TemporalQueries.localDate());
    return day != null
        ? day
        : LocalDate.of(
            parsed.get(ChronoField.YEAR),
            orFirst(parsed, ChronoField.MONTH_OF_YEAR),
            orFirst(parsed, ChronoField.DAY_OF_MONTH));
  }

  private static int orFirst(TemporalAccessor parsed, ChronoField field) {
    return parsed.isSupported(field) ? parsed.get(field) : 1;
  }

  /** Midnight where the text has no time of day; one of which the hour is unclear is refused. */
  private static LocalTime time(TemporalAccessor parsed) {
    LocalTime time = parsed.query(TemporalQueries.localTime());
    if (time != null) {
      return time;
    }
    for (ChronoField field : ChronoField.values()) {
      if (field.isTimeBased() && parsed.isSupported(field)) {
        throw new DateTimeException("the hour of the day is not clear");
      }
    }
    return LocalTime.MIDNIGHT;
  }

  /**
   * Refuses a pattern that does not read what it writes, such as {@code yyyy-mm-dd}.
   *
   * @param option that gives it
   */
  static void check(String option, String pattern) {
    if (!readsItself(pattern)) {
      throw new InvalidInput(
          "options.%s must read the dates and times that it writes, however: %s (%s)"
              .formatted(
                  option,
                  pattern,
                  mended(pattern)
                      .map(own -> "options: {%s: \"%s\"}".formatted(option, own))
                      .orElse(
                          "yyyy is a year, MM a month, MMM its name, dd a day, HH an hour of 24 or"
                              + " hh with a one of 12, mm a minute, ss a second; other letters"
                              + " stand between ' and '")));
    }
  }

  /** Whether a pattern reads what it writes, with some choice of its optional parts. */
  private static boolean readsItself(String pattern) {
    try {
      of(pattern);
    } catch (IllegalArgumentException e) {
      return false;
    }
    return choices(pattern).stream().anyMatch(TimePattern::readsSample);
  }

  private static boolean readsSample(String pattern) {
    try {
      TimePattern own = new TimePattern(pattern);
      String written = own.formatter.format(SAMPLE);
      return own.read(written)
          .filter(time -> !own.countsDaysOfAYearInAMonth(written))
          .filter(time -> isSample(time.local()))
          .map(time -> time.local().atZone(time.zone().orElse(SAMPLE.getZone())))
          .filter(time -> time.getOffset().equals(SAMPLE.getOffset()))
          .filter(time -> own.formatter.format(time).equals(written))
          .isPresent();
    } catch (IllegalArgumentException | DateTimeException e) {
      return false;
    }
  }

  /** Whether a pattern is of the kind of {@code yyyy-MM-DD}, which fits no day but January's. */
  private boolean countsDaysOfAYearInAMonth(String written) {
    TemporalAccessor fields = formatter.parseUnresolved(written, new ParsePosition(0));
    return fields.isSupported(ChronoField.DAY_OF_YEAR)
        && fields.isSupported(ChronoField.MONTH_OF_YEAR);
  }

  /** Whether a time is the sample's, from some unit of time on all zeros or first ones. */
  private static boolean isSample(LocalDateTime time) {
    LocalDateTime sample = SAMPLE.toLocalDateTime();
    List<LocalDateTime> all = new ArrayList<>();
    LocalDateTime day = sample.truncatedTo(ChronoUnit.DAYS);
    all.addAll(List.of(day.withDayOfYear(1), day.withDayOfMonth(1), day));
    all.add(sample.truncatedTo(ChronoUnit.HOURS));
    all.add(sample.truncatedTo(ChronoUnit.MINUTES));
    for (long unit = 1; unit <= 1_000_000_000L; unit *= 10) {
      all.add(sample.withNano((int) (NANOS / unit * unit)));
    }
    return all.contains(time);
  }

  /** The pattern with each choice of its optional parts. */
  private static List<String> choices(String pattern) {
    List<String> all = new ArrayList<>(List.of(pattern));
    for (int i = 0; i < all.size() && all.size() < MOST_CHOICES; i++) {
      Matcher optional = OPTIONAL.matcher(all.get(i));
      if (optional.find()) {
        String own = all.get(i);
        String before = own.substring(0, optional.start());
        String behind = own.substring(optional.end());
        all.add(before + optional.group(1) + behind);
        all.add(before + behind);
      }
    }
    return all;
  }

  /** A pattern near a wrong one that reads what it writes. */
  private static Optional<String> mended(String pattern) {
    String own = pattern;
    for (Slip slip : SLIPS) {
      boolean halves = slip.written().equals("h") && own.contains("a");
      own = halves ? own : own.replaceAll(slip.written(), slip.meant());
      if (own.indexOf('%') < 0 && readsItself(own)) {
        return Optional.of(own);
      }
    }
    return Optional.empty();
  }
}
