package io.lakeprop.base;

import java.io.Serial;
import java.io.Serializable;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Times that mean "no value here": whole days where a mark is a date, such as {@code 9999-12-31},
 * and moments where it has an hour.
 */
public final class MissingTimes implements Serializable {
  @Serial private static final long serialVersionUID = 1L;

  private static final long MICROS = 1_000_000;

  /** Farther from 1970 than any mark. */
  private static final double FARTHEST_DAY = 1e7;

  /** The microseconds of an instant that is farther away are no number of 64 bits. */
  private static final int FARTHEST_YEAR = 290_000;

  /**
   * What a clock on the wall shows, from a time up to another.
   *
   * @param isUtc whether the mark names a zone, in which case the clock hangs in UTC, wherever the
   *     others hang
   */
  public record Span(LocalDateTime from, LocalDateTime until, boolean isUtc)
      implements Serializable {
    /** The zone of the clock. */
    public ZoneId zone(ZoneId otherwise) {
      return isUtc ? ZoneOffset.UTC : otherwise;
    }

    /** The same time on a clock of a zone, where the mark names another. */
    public Span on(ZoneId zone) {
      return isUtc ? new Span(on(from, zone), on(until, zone), false) : this;
    }

    private static LocalDateTime on(LocalDateTime time, ZoneId zone) {
      return time.atZone(ZoneOffset.UTC).withZoneSameInstant(zone).toLocalDateTime();
    }

    private boolean holds(LocalDateTime shown) {
      return !shown.isBefore(from) && shown.isBefore(until);
    }

    /** Numbers of that size are no finer than some microseconds. */
    private boolean holds(double seconds, ZoneId zone) {
      return seconds >= seconds(from, zone)
          && seconds <= seconds(until.minus(1, ChronoUnit.MICROS), zone);
    }

    private double seconds(LocalDateTime time, ZoneId zone) {
      Instant instant = time.atZone(zone(zone)).toInstant();
      // Not by ChronoUnit, which counts nanoseconds and has none left after 292 years.
      return (instant.getEpochSecond() * MICROS + instant.getNano() / 1_000) / (double) MICROS;
    }
  }

  private final ArrayList<Span> spans = new ArrayList<>();

  /** Those of a list of marks, most of which may be no times. */
  MissingTimes(Collection<String> marks) {
    for (String mark : marks) {
      span(mark).ifPresent(spans::add);
    }
  }

  private static Optional<Span> span(String mark) {
    try {
      return IsoTime.local(mark, ZoneOffset.UTC)
          .filter(from -> Math.abs(from.getYear()) <= FARTHEST_YEAR)
          .map(
              from ->
                  new Span(
                      from,
                      IsoTime.hasHour(mark) ? from.plus(1, ChronoUnit.MICROS) : from.plusDays(1),
                      IsoTime.hasZone(mark)));
    } catch (DateTimeException e) {
      return Optional.empty(); // 31 of February is a text.
    }
  }

  /** Whether no mark is a time. */
  public boolean isNone() {
    return spans.isEmpty();
  }

  /** The times themselves. */
  public List<Span> spans() {
    return List.copyOf(spans);
  }

  /** Whether what a clock on the wall of a zone shows is one. */
  public boolean hold(LocalDateTime shown, ZoneId zone) {
    for (Span span : spans) {
      if (span.on(zone).holds(shown)) {
        return true;
      }
    }
    return false;
  }

  /** Whether the midnight of a day is one, counted from 1970 on. */
  public boolean holdDay(double day, ZoneId zone) {
    return !spans.isEmpty()
        && Math.abs(day) < FARTHEST_DAY
        && hold(LocalDate.ofEpochDay((long) day).atStartOfDay(), zone);
  }

  /** Whether an instant is one, in microseconds since 1970. */
  public boolean holdMicros(long micros, ZoneId zone) {
    for (Span span : spans) {
      Instant instant = Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
      if (span.holds(LocalDateTime.ofInstant(instant, span.zone(zone)))) {
        return true;
      }
    }
    return false;
  }

  /** The same in seconds; NaN is none. */
  public boolean holdSeconds(double seconds, ZoneId zone) {
    for (Span span : spans) {
      if (span.holds(seconds, zone)) {
        return true;
      }
    }
    return false;
  }
}
