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

  private static final double MICROS_A_SECOND = 1e6;

  /** Farther from 1970 than any mark. */
  private static final double FARTHEST_SECOND = 1e12;

  /** What a clock on the wall shows, from a time up to another. */
  public record Span(LocalDateTime from, LocalDateTime until) implements Serializable {
    boolean holds(LocalDateTime shown) {
      return !shown.isBefore(from) && shown.isBefore(until);
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
          .map(
              from ->
                  new Span(
                      from,
                      IsoTime.hasHour(mark) ? from.plus(1, ChronoUnit.MICROS) : from.plusDays(1)));
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

  /** Whether what a clock on the wall shows is one. */
  public boolean hold(LocalDateTime shown) {
    for (Span span : spans) {
      if (span.holds(shown)) {
        return true;
      }
    }
    return false;
  }

  /** Whether the midnight of a day is one, counted from 1970 on. */
  public boolean holdDay(double day) {
    return !spans.isEmpty()
        && Math.abs(day) < FARTHEST_SECOND / 86_400
        && hold(LocalDate.ofEpochDay((long) day).atStartOfDay());
  }

  /** Whether an instant is one, in microseconds since 1970. */
  public boolean holdMicros(long micros, ZoneId zone) {
    return !spans.isEmpty()
        && hold(LocalDateTime.ofInstant(Instant.EPOCH.plus(micros, ChronoUnit.MICROS), zone));
  }

  /** The same in seconds; none is NaN or infinite. */
  public boolean holdSeconds(double seconds, ZoneId zone) {
    return !spans.isEmpty()
        && Math.abs(seconds) < FARTHEST_SECOND
        && holdMicros(Math.round(seconds * MICROS_A_SECOND), zone);
  }
}
