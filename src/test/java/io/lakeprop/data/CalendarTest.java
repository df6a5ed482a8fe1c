package io.lakeprop.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lakeprop.base.InvalidInput;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Dates and timestamps are read as java.time reads them, in the table's zone. */
class CalendarTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
  private static final int YEAR = 1;
  private static final int AGE = 2;
  private static final int MONTH = 3;
  private static final int DAY = 15;
  private static final int HOUR = 22;

  private static double day(int year, int month, int day) {
    return LocalDate.of(year, month, day).toEpochDay();
  }

  private static float clipped(double u) {
    return (float) (u / Math.sqrt(1 + u * u / 9));
  }

  private static FeatureEncoder encoder(NumberUnit unit, ZoneId zone, double... training) {
    FeatureSpec spec = new FeatureSpec.Numeric("t", FeatureSpec.Scaling.NONE, false).in(unit);
    FeatureStats stats = new FeatureStats(List.of(spec));
    for (double value : training) {
      stats.add(List.of(spec), new FakeRow(value));
    }
    return FeatureEncoder.bind(List.of(spec), stats, Map.of(), zone);
  }

  private static float[] encoded(FeatureEncoder encoder, double value) {
    float[] numbers = new float[encoder.numbers()];
    Arrays.fill(numbers, 9);
    encoder.encode(new FakeRow(value), numbers, 0, new int[0], 0);
    return numbers;
  }

  /** The places of ones in a window. */
  private static int[] ones(float[] numbers, int from, int length) {
    return IntStream.range(0, length).filter(i -> numbers[from + i] == 1).toArray();
  }

  @Test
  void aDayHasYearAgeMonthAndDayOfTheWeek() {
    FeatureEncoder encoder =
        encoder(NumberUnit.DAYS, BERLIN, day(2020, 1, 1), day(2022, 7, 1), day(2024, 12, 31));
    assertEquals(22, encoder.numbers());
    float[] leap = encoded(encoder, day(2024, 2, 29));
    assertEquals((float) day(2024, 2, 29), leap[0]);
    assertEquals(clipped(1), leap[YEAR]);
    assertEquals(clipped(306.0 / 1826), leap[AGE], 1e-6);
    assertArrayEquals(new int[] {1}, ones(leap, MONTH, 12));
    assertArrayEquals(new int[] {3}, ones(leap, DAY, 7)); // A Thursday.
    float[] before = encoded(encoder, day(1969, 12, 31));
    assertEquals(clipped((1969 - 2022) / 2.0), before[YEAR]);
    assertArrayEquals(new int[] {11}, ones(before, MONTH, 12));
    assertArrayEquals(new int[] {2}, ones(before, DAY, 7)); // A Wednesday.
  }

  /** In March 2024 Berlin's clocks went from 02:00 to 03:00. */
  @Test
  void aTimestampHasTheHourOfItsZone() {
    double end = ZonedDateTime.of(2024, 3, 31, 0, 59, 59, 0, ZoneOffset.UTC).toEpochSecond();
    FeatureEncoder encoder = encoder(NumberUnit.SECONDS, BERLIN, end - 1e6, end, end + 1e6);
    assertEquals(46, encoder.numbers());
    assertArrayEquals(new int[] {1}, ones(encoded(encoder, end + 0.75), HOUR, 24));
    assertArrayEquals(new int[] {3}, ones(encoded(encoder, end + 1), HOUR, 24));
    // A Sunday in Berlin, and still the Saturday before in UTC.
    double night = ZonedDateTime.of(2024, 3, 31, 0, 30, 0, 0, BERLIN).toEpochSecond();
    assertArrayEquals(new int[] {6}, ones(encoded(encoder, night), DAY, 7));
    assertArrayEquals(new int[] {0}, ones(encoded(encoder, night), HOUR, 24));
  }

  @Test
  void aMissingOneHasNone() {
    FeatureEncoder encoder =
        encoder(NumberUnit.DAYS, BERLIN, day(2020, 1, 1), Double.NaN, day(2024, 12, 31));
    float[] expected = new float[23];
    expected[1] = 1; // It says that it is missing.
    assertArrayEquals(expected, encoded(encoder, Double.NaN));
    assertEquals(0, encoded(encoder, day(2020, 1, 1))[1]);
    assertArrayEquals(new int[] {0}, ones(encoded(encoder, day(2020, 1, 1)), MONTH + 1, 12));
  }

  @Test
  void aJobMayHaveTheNumberAlone() {
    FeatureSpec spec =
        new FeatureSpec.Numeric(
            "t", FeatureSpec.Scaling.NONE, false, NotFinite.DEFAULT, NumberUnit.DAYS, false);
    FeatureStats stats = new FeatureStats(List.of(spec));
    stats.add(List.of(spec), new FakeRow(1.0));
    stats.add(List.of(spec), new FakeRow(2.0));
    assertEquals(1, FeatureEncoder.bind(List.of(spec), stats, Map.of(), ZoneOffset.UTC).numbers());
    assertEquals(1, encoder(NumberUnit.PLAIN, ZoneOffset.UTC, 1, 2).numbers());
  }

  @Test
  void plainNumbersHaveNoCalendar() {
    assertThrows(
        InvalidInput.class,
        () ->
            new Feature.Numeric(
                "x",
                false,
                new NumberTransform.Affine(0, 1),
                false,
                NotFinite.DEFAULT,
                NumberUnit.PLAIN,
                TimeRange.UNKNOWN,
                Calendar.in(ZoneOffset.UTC)));
  }
}
