package io.lakeprop.text;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.base.IsoTime;
import java.io.Serializable;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How dates and timestamps are written: in ISO 8601, or by a pattern of the job's.
 *
 * @param zone of timestamps that name none
 * @param date pattern of {@link DateTimeFormatter}, or empty for {@code 2024-01-05}
 * @param timestamp the same, or empty for {@code 2024-01-05T10:00:00.5+01:00} and its kin
 */
public record TimeFormat(String zone, String date, String timestamp) implements Serializable {
  private static final Pattern DATE = Pattern.compile("(\\d{4})-(\\d{1,2})-(\\d{1,2})");
  private static final Pattern TIMESTAMP =
      Pattern.compile(
          "(\\d{4}-\\d{1,2}-\\d{1,2})[ T](\\d{1,2}):(\\d{2})(?::(\\d{2})(?:[.,](\\d{1,9}))?)?"
              + " ?(Z|UTC|GMT|[+-]\\d{2}(?::?\\d{2})?)?");
  private static final long MICROS = 1_000_000L;

  /** ISO 8601, in UTC where a timestamp names no zone. */
  public static final TimeFormat UTC = new TimeFormat("UTC", "", "");

  /**
   * What the options of a reader say.
   *
   * @param options by their names in small letters
   * @param otherwise the zone where they name none
   */
  public static TimeFormat of(Map<String, String> options, String otherwise) {
    return new TimeFormat(
        options.getOrDefault("timezone", otherwise),
        options.getOrDefault("dateformat", ""),
        options.getOrDefault("timestampformat", ""));
  }

  /**
   * The same, once it is clear that there is such a zone and that a pattern reads what it writes.
   *
   * @throws InvalidInput that names the option of a reader
   */
  public TimeFormat checked() {
    try {
      ZoneId.of(zone);
    } catch (DateTimeException e) {
      throw new InvalidInput("options.timeZone must be a time zone, however: " + zone, e);
    }
    if (!date.isEmpty()) {
      TimePattern.check("dateFormat", date);
    }
    if (!timestamp.isEmpty()) {
      TimePattern.check("timestampFormat", timestamp);
    }
    return this;
  }

  /** Whether a pattern of the job's says how dates or timestamps are written. */
  public boolean isOwn() {
    return !date.isEmpty() || !timestamp.isEmpty();
  }

  /** The day of a date, from 1970 on. */
  Optional<Integer> days(String text) {
    try {
      Optional<LocalDate> day =
          date.isEmpty()
              ? isoDate(text)
              : TimePattern.of(date).read(text).flatMap(TimePattern.Time::day);
      return day.map(own -> (int) own.toEpochDay());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static Optional<LocalDate> isoDate(String text) {
    Matcher iso = DATE.matcher(text);
    return iso.matches()
        ? Optional.of(LocalDate.of(number(iso, 1), number(iso, 2), number(iso, 3)))
        : Optional.empty();
  }

  /**
   * Microseconds from 1970 on, of a timestamp or of the midnight before a date; where the job has a
   * pattern for timestamps alone, it does not say how dates among them are written.
   */
  Optional<Long> micros(String text) {
    return micros(text, ZoneId.of(zone));
  }

  /** The same of what a clock on the wall shows; a zone in the text is refused. */
  Optional<Long> localMicros(String text) {
    return hasZone(text) ? Optional.empty() : micros(text, ZoneOffset.UTC);
  }

  /**
   * Days from 1970 on, of a timestamp that is a midnight: so days are written by programs that have
   * timestamps alone. None where the job says how days or moments are written.
   */
  Optional<Integer> midnight(String text) {
    return (isOwn() ? Optional.<Long>empty() : micros(text))
        .map(own -> Instant.EPOCH.plus(own, ChronoUnit.MICROS).atZone(ZoneId.of(zone)))
        .filter(time -> IsoTime.beginsDay(time.toLocalDateTime(), time.getZone()))
        .map(time -> (int) time.toLocalDate().toEpochDay());
  }

  private boolean hasZone(String text) {
    Optional<TimePattern.Time> own = byPattern(text);
    if (own.isPresent() || !timestamp.isEmpty()) {
      return own.flatMap(TimePattern.Time::zone).isPresent();
    }
    Matcher iso = TIMESTAMP.matcher(text);
    return iso.matches() && iso.group(6) != null;
  }

  private Optional<Long> micros(String text, ZoneId otherwise) {
    try {
      Optional<Instant> own = byPattern(text).map(time -> time.instant(otherwise));
      return (own.isPresent() || !timestamp.isEmpty() ? own : iso(text, otherwise))
          .map(TimeFormat::micros);
    } catch (DateTimeException | ArithmeticException e) {
      return Optional.empty();
    }
  }

  private static long micros(Instant instant) {
    return Math.addExact(
        Math.multiplyExact(instant.getEpochSecond(), MICROS), instant.getNano() / 1000);
  }

  /** What a text says by the job's patterns of timestamps and, else, of dates. */
  private Optional<TimePattern.Time> byPattern(String text) {
    Optional<TimePattern.Time> time =
        timestamp.isEmpty() ? Optional.empty() : TimePattern.of(timestamp).read(text);
    return time.isPresent() || date.isEmpty()
        ? time
        : TimePattern.of(date).read(text).filter(own -> own.day().isPresent());
  }

  private Optional<Instant> iso(String text, ZoneId otherwise) {
    Matcher iso = TIMESTAMP.matcher(text);
    if (!iso.matches()) {
      return date.isEmpty()
          ? isoDate(text).map(day -> day.atStartOfDay(otherwise).toInstant())
          : Optional.empty();
    }
    LocalDateTime local =
        isoDate(iso.group(1))
            .orElseThrow()
            .atTime(number(iso, 2), number(iso, 3), iso.group(4) == null ? 0 : number(iso, 4))
            .plusNanos(nanos(iso.group(5)));
    return Optional.of(local.atZone(zone(iso.group(6), otherwise)).toInstant());
  }

  private static ZoneId zone(String named, ZoneId otherwise) {
    return named == null ? otherwise : ZoneId.of(named);
  }

  private static long nanos(String fraction) {
    return fraction == null ? 0 : Long.parseLong((fraction + "000000000").substring(0, 9));
  }

  private static int number(Matcher matcher, int group) {
    return Integer.parseInt(matcher.group(group));
  }
}
