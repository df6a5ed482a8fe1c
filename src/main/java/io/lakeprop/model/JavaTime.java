package io.lakeprop.model;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.SignStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.Calendar;
import java.util.GregorianCalendar;
import java.util.Locale;
import java.util.Optional;

/** Dates and timestamps of Java's older and newer kinds, as Spark counts and writes them. */
@SuppressWarnings("JavaUtilDate") // Callers have them.
final class JavaTime {
  private static final double MICROSECONDS = 1e6;

  /** Seconds whose microseconds fit 64 bits. */
  private static final long LONGEST = 9_000_000_000_000L;

  /** The first instant of the Gregorian calendar, to {@link java.util.Date}'s mind. */
  private static final long GREGORIAN = -12_219_292_800_000L;

  /** As Spark's cast: years of four digits, a fraction of at most six without its last zeros. */
  private static final DateTimeFormatter TEXT =
      new DateTimeFormatterBuilder()
          .appendValue(ChronoField.YEAR, 4, 10, SignStyle.EXCEEDS_PAD)
          .appendPattern("-MM-dd HH:mm:ss")
          .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
          .toFormatter(Locale.ROOT);

  private JavaTime() {}

  /** Days since 1970-01-01 of a date; empty of what is no date. */
  static Optional<Double> days(Object value) {
    return date(value).map(date -> (double) date.toEpochDay());
  }

  /**
   * Seconds since 1970-01-01T00:00:00Z, in whole microseconds; empty of what is no timestamp.
   *
   * @param zone of a timestamp that names none
   */
  static Optional<Double> seconds(Object value, ZoneId zone) {
    return instant(value, zone).map(JavaTime::seconds);
  }

  private static double seconds(Instant instant) {
    long whole = instant.getEpochSecond();
    // What Spark has no microseconds for, such as a driver's "infinity", is far from all else.
    return Math.abs(whole) > LONGEST
        ? whole
        : (whole * 1_000_000 + instant.getNano() / 1000) / MICROSECONDS;
  }

  /**
   * The text of a date or of a timestamp, as clocks of a zone show it; empty of what is neither.
   *
   * @param clock zone of a timestamp that names none
   */
  static Optional<String> text(Object value, ZoneId zone, ZoneId clock) {
    Optional<LocalDateTime> shown =
        value instanceof LocalDateTime time && clock.equals(zone)
            ? Optional.of(time) // Also one that the zone's clocks pass over.
            : instant(value, clock).map(instant -> LocalDateTime.ofInstant(instant, zone));
    return date(value)
        .map(LocalDate::toString)
        .or(() -> shown.map(time -> TEXT.format(time.truncatedTo(ChronoUnit.MICROS))));
  }

  private static Optional<LocalDate> date(Object value) {
    if (value instanceof LocalDate date) {
      return Optional.of(date);
    }
    // Its day is that of the machine's zone, which is how JDBC makes it.
    return value instanceof java.sql.Date date
        ? Optional.of(local(date).toLocalDate())
        : Optional.empty();
  }

  private static Optional<Instant> instant(Object value, ZoneId zone) {
    if (value instanceof Instant instant) {
      return Optional.of(instant);
    }
    if (value instanceof OffsetDateTime time) {
      return Optional.of(time.toInstant());
    }
    if (value instanceof ZonedDateTime time) {
      return Optional.of(time.toInstant());
    }
    if (value instanceof LocalDateTime time) {
      return Optional.of(time.atZone(zone).toInstant());
    }
    boolean timestamp =
        value instanceof java.util.Date
            && !(value instanceof java.sql.Date)
            && !(value instanceof java.sql.Time);
    return timestamp ? Optional.of(instant((java.util.Date) value)) : Optional.empty();
  }

  /** Before 1582 the old class counts in the Julian calendar; what it shows is what is meant. */
  private static Instant instant(java.util.Date date) {
    return date.getTime() >= GREGORIAN
        ? date.toInstant()
        : local(date).atZone(ZoneId.systemDefault()).toInstant();
  }

  /** What an old date shows in the machine's zone. */
  private static LocalDateTime local(java.util.Date date) {
    Calendar shown = new GregorianCalendar();
    shown.setTimeInMillis(date.getTime());
    int year = shown.get(Calendar.YEAR);
    int nanos =
        date instanceof java.sql.Timestamp timestamp
            ? timestamp.getNanos()
            : 1_000_000 * shown.get(Calendar.MILLISECOND);
    return LocalDateTime.of(
        shown.get(Calendar.ERA) == GregorianCalendar.AD ? year : 1 - year,
        shown.get(Calendar.MONTH) + 1,
        shown.get(Calendar.DAY_OF_MONTH),
        shown.get(Calendar.HOUR_OF_DAY),
        shown.get(Calendar.MINUTE),
        shown.get(Calendar.SECOND),
        nanos);
  }
}
