package io.lakeprop.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MissingTimesTest {
  private static MissingTimes marks(String... marks) {
    return new MissingTexts(List.of(marks)).times();
  }

  private static long micros(LocalDateTime time, ZoneId zone) {
    Instant instant = time.atZone(zone).toInstant();
    return instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1_000;
  }

  /** As a timestamp, as seconds in 64 bits, as what the clock shows: one answer. */
  @ParameterizedTest
  @CsvSource({
    "9999-12-31, 9999-12-31T00:00:00, true",
    "9999-12-31, 9999-12-31T23:59:59.999999, true",
    "9999-12-31, 9999-12-30T23:59:59, false",
    "9999-12-31 23:59:59.999, 9999-12-31T23:59:59.999, true",
    "9999-12-31 23:59:59.999, 9999-12-31T23:59:59, false",
    "1900-01-01 00:00:00, 1900-01-01T00:00:00, true",
    "1900-01-01 00:00:00, 1900-01-01T00:00:01, false",
    "0001-01-01, 0001-01-01T12:00:00, true",
    "2024-2-29, 2024-02-29T01:02:03.000004, true",
  })
  void whateverHoldsTheTime(String mark, LocalDateTime time, boolean held) {
    for (ZoneId zone :
        List.of(ZoneOffset.UTC, ZoneId.of("Europe/Berlin"), ZoneId.of("Asia/Tokyo"))) {
      long micros = micros(time, zone);
      assertEquals(held, marks(mark).hold(time, zone), "shown in " + zone);
      assertEquals(held, marks(mark).holdMicros(micros, zone), "micros in " + zone);
      assertEquals(held, marks(mark).holdSeconds(micros / 1e6, zone), "seconds in " + zone);
    }
  }

  /** A date is a day, also with the zone that XML's dates may have. */
  @Test
  void aDayOfAZone() {
    for (String mark : List.of("2024-05-06Z", "2024-05-06+00:00")) {
      MissingTimes.Span day = marks(mark).spans().get(0);
      assertEquals(LocalDateTime.parse("2024-05-06T00:00:00"), day.from(), mark);
      assertEquals(LocalDateTime.parse("2024-05-07T00:00:00"), day.until(), mark);
    }
  }

  /** Farther away than microseconds of 64 bits reach is a text. */
  @Test
  void aYearThatNoTimestampHas() {
    for (String mark : List.of("-999999999-01-01", "+999999999-12-31", "+290001-01-01")) {
      assertTrue(marks(mark).isNone(), mark);
    }
    assertFalse(marks("+290000-12-31").isNone());
  }

  /** A mark with a zone is that moment, wherever a clock hangs. */
  @ParameterizedTest
  @ValueSource(strings = {"1970-01-01T00:00:00Z", "1970-01-01 01:00:00+01:00"})
  void aMomentOfAZone(String mark) {
    for (ZoneId zone :
        List.of(ZoneOffset.UTC, ZoneId.of("Europe/Berlin"), ZoneId.of("Asia/Tokyo"))) {
      MissingTimes own = marks("x", mark);
      assertTrue(own.holdMicros(0, zone), zone.toString());
      assertTrue(own.holdSeconds(0, zone), zone.toString());
      assertTrue(own.hold(LocalDateTime.ofInstant(Instant.EPOCH, zone), zone), zone.toString());
      assertFalse(own.holdSeconds(-3600, zone), zone.toString());
      assertFalse(own.holdSeconds(3600, zone), zone.toString());
    }
  }

  /** Where clocks are put on at midnight, a day is itself all the same. */
  @Test
  void aDayWithoutAMidnight() {
    ZoneId zone = ZoneId.of("America/Sao_Paulo");
    MissingTimes.Span day = marks("2018-11-04").spans().get(0);
    assertEquals(day, day.on(zone));
    MissingTimes.Span moment = marks("2018-11-04 03:00Z").spans().get(0);
    assertEquals(LocalDateTime.parse("2018-11-04T01:00:00"), moment.on(zone).from());
  }

  @Test
  void days() {
    for (String day : List.of("9999-12-31", "0001-01-01", "1970-01-01")) {
      double number = LocalDate.parse(day).toEpochDay();
      assertTrue(marks(day).holdDay(number, ZoneOffset.UTC), day);
      assertTrue(marks(day + " 00:00:00").holdDay(number, ZoneOffset.UTC), day);
      assertFalse(marks(day + " 00:00:01").holdDay(number, ZoneOffset.UTC), day);
      assertFalse(marks(day).holdDay(number + 1, ZoneOffset.UTC), day);
      for (double none : new double[] {Double.NaN, 1e300, Double.NEGATIVE_INFINITY}) {
        assertFalse(marks(day).holdDay(none, ZoneOffset.UTC));
        assertFalse(marks(day).holdSeconds(none, ZoneOffset.UTC));
      }
    }
  }

  @Test
  void whatIsNoTimeIsNone() {
    assertTrue(marks("NA", "-999", "2024-02-30", "31.12.9999", "12:00", "").isNone());
  }
}
