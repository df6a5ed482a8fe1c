package io.lakeprop.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.base.InvalidInput;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real dates pass, however late; a number in another unit never does. */
class TimeRangeTest {
  private static final TimeRange SECONDS =
      new TimeRange(seconds("2015-01-01T00:00:00Z"), seconds("2024-12-31T23:59:59Z"));
  private static final TimeRange DAYS = new TimeRange(day("2015-01-01"), day("2024-12-31"));

  private static double seconds(String instant) {
    return Instant.parse(instant).getEpochSecond();
  }

  private static double day(String date) {
    return LocalDate.parse(date).toEpochDay();
  }

  @ParameterizedTest
  @CsvSource({
    "2024-12-31T23:59:59.5Z",
    "2300-06-01T00:00:00Z",
    "9999-12-31T23:59:59Z",
    "1900-01-01T00:00:00Z",
    "0001-01-01T00:00:00Z",
    "1970-01-01T00:00:00Z",
    "1969-12-31T16:00:00Z",
    "1970-01-01T05:30:00Z",
    "1970-01-01T00:00:01Z",
    "1969-12-31T23:59:59Z",
    "1970-03-01T00:00:01Z"
  })
  void realTimestampsPass(String instant) {
    SECONDS.check(seconds(instant), NumberUnit.SECONDS, "t");
  }

  @ParameterizedTest
  @CsvSource({"2024-12-31", "2300-06-01", "9999-12-31", "1900-01-01", "0001-01-01", "1970-01-02"})
  void realDatesPass(String date) {
    DAYS.check(day(date), NumberUnit.DAYS, "d");
  }

  /** The same instants, from 1980 to 2100, in every other unit. */
  @ParameterizedTest
  @CsvSource({
    "SECONDS, 1e3, milliseconds",
    "SECONDS, 1e6, microseconds",
    "SECONDS, 1e9, nanoseconds",
    "SECONDS, 1.1574074074074073e-5, days",
    "DAYS, 86400, seconds",
    "DAYS, 86400e3, milliseconds",
    "DAYS, 86400e6, microseconds",
    "DAYS, 86400e9, nanoseconds",
  })
  void otherUnitsAreRefusedAndNamed(NumberUnit unit, double factor, String likely) {
    TimeRange range = unit == NumberUnit.DAYS ? DAYS : SECONDS;
    for (int year = 1980; year <= 2100; year++) {
      double value =
          unit == NumberUnit.DAYS ? day(year + "-03-04") : seconds(year + "-03-04T05:06:07Z");
      double mistaken = value * factor;
      String message =
          assertThrows(InvalidInput.class, () -> range.check(mistaken, unit, "t")).getMessage();
      assertTrue(message.endsWith(mistaken + " (" + likely + "?)"), message);
      assertTrue(
          message.contains("column \"t\" must be " + unit.name().toLowerCase(Locale.ROOT)),
          message);
      assertTrue(message.contains("2015-01-01"), message);
      assertTrue(message.contains("2024-12-31"), message);
    }
  }

  @Test
  void theRangeOfLogarithmsIsThatOfTheNumbers() {
    for (NumberUnit unit : new NumberUnit[] {NumberUnit.DAYS, NumberUnit.SECONDS}) {
      NumberStats plain = NumberStats.empty(FeatureSpec.Scaling.STANDARD);
      NumberStats logs = NumberStats.empty(FeatureSpec.Scaling.STANDARD);
      for (String date : new String[] {"1935-02-03", "2024-12-31", "9999-12-31"}) {
        double value = day(date) * (unit == NumberUnit.DAYS ? 1 : 86_400);
        plain.add(value);
        logs.add(Feature.signedLog(value));
      }
      assertEquals(TimeRange.of(plain, unit, false), TimeRange.of(logs, unit, true));
    }
  }

  @Test
  void whatTrainingItselfHadPasses() {
    // Milliseconds in a column of seconds, all along.
    TimeRange odd = new TimeRange(1.5e12, 1.7e12);
    odd.check(1.6e12, NumberUnit.SECONDS, "t");
    odd.check(1.9e12, NumberUnit.SECONDS, "t");
    assertThrows(InvalidInput.class, () -> odd.check(1.6e15, NumberUnit.SECONDS, "t"));
    assertThrows(InvalidInput.class, () -> odd.check(1.6e9, NumberUnit.SECONDS, "t"));
    // The mark for "never" beside real ones.
    new TimeRange(1.5e9, 253402300799.0).check(253402300799.0, NumberUnit.SECONDS, "t");
    // Around 1970 nothing is too near.
    new TimeRange(-5, 1e9).check(1, NumberUnit.SECONDS, "t");
    new TimeRange(0, 100_000).check(seconds("2069-01-01T00:00:00Z"), NumberUnit.SECONDS, "t");
    // Only before 1970.
    TimeRange old = new TimeRange(-2e9, -1e9);
    assertThrows(InvalidInput.class, () -> old.check(-20_001, NumberUnit.SECONDS, "t"));
    old.check(-3e9, NumberUnit.SECONDS, "t");
  }

  @Test
  void noRangeRefusesNothing() {
    TimeRange.UNKNOWN.check(1e300, NumberUnit.SECONDS, "t");
    Feature.Numeric plain =
        new Feature.Numeric("x", false, new NumberTransform.Affine(0, 1), false);
    assertEquals(TimeRange.UNKNOWN, plain.range());
  }

  @Test
  void theEncoderRefuses() {
    Feature.Numeric feature =
        new Feature.Numeric(
            "t",
            false,
            new NumberTransform.Affine(0, 1e9),
            false,
            NotFinite.DEFAULT,
            NumberUnit.SECONDS,
            SECONDS);
    float[] numbers = new float[1];
    feature.encode(new FakeRow((Object) null), 0, numbers, 0);
    feature.encode(new FakeRow(1.6e9), 0, numbers, 0);
    assertEquals(1.6f, numbers[0]);
    assertThrows(InvalidInput.class, () -> feature.encode(new FakeRow(1.6e12), 0, numbers, 0));
  }
}
