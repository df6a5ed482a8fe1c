package io.lakeprop.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.base.MissingTexts;
import java.math.BigDecimal;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Other writings of a category's values are found; whatever else comes is none of them. */
class KnownValuesTest {
  private static final List<String> VALUES = List.of("0", "7", "-120");

  private static KnownValues known(String type) {
    return new KnownValues(type, ZoneOffset.UTC, VALUES);
  }

  /** Digits, signs, points and exponents, many of them where 32 bits end. */
  private static String anyNumber(SplittableRandom random) {
    long[] near = {0, 3, 38, 400, 1_100, Integer.MAX_VALUE, -(long) Integer.MIN_VALUE, 1L << 40};
    String digits = "0".repeat(random.nextInt(4)) + random.nextInt(1, 200_000);
    digits += "0".repeat(random.nextInt(4));
    int point = random.nextInt(digits.length() + 1);
    String mantissa = digits.substring(0, point) + "." + digits.substring(point);
    long exponent = near[random.nextInt(near.length)] + random.nextInt(-6, 7);
    return (random.nextBoolean() ? "-" : "")
        + (random.nextBoolean() ? mantissa : digits)
        + "eE".charAt(random.nextInt(2))
        + (random.nextBoolean() ? exponent : -exponent);
  }

  @ParameterizedTest
  @ValueSource(strings = {"INT", "BIGINT", "DECIMAL(20,2)", "FLOAT", "DOUBLE", "STRING", "DATE"})
  void anyExponentIsAValueOrNone(String type) {
    KnownValues known = known(type);
    SplittableRandom random = new SplittableRandom(11);
    for (int i = 0; i < 20_000; i++) {
      String text = anyNumber(random);
      String found = known.of(text);
      boolean unused = known.mayHold(text);
      assertTrue(found.equals(text) || VALUES.contains(found), text);
      if (!found.equals(text) && !type.equals("FLOAT") && !type.equals("DOUBLE")) {
        // The oracle reads the exponent by itself: a match is a small one.
        assertEquals(0, new BigDecimal(text).compareTo(new BigDecimal(found)), text);
      }
    }
  }

  /**
   * A timestamp's text is of the session's zone, and marks are what clocks of the reader's show.
   * Days and clocks on the wall are as they are.
   */
  @ParameterizedTest
  @CsvSource({
    "TIMESTAMP, 9999-12-30 23:00:00, true",
    "TIMESTAMP, 9999-12-31 22:59:59, true",
    "TIMESTAMP, 9999-12-31 23:30:00, false",
    "TIMESTAMP, 9999-12-30 22:59:59, false",
    "TIMESTAMP_NTZ, 9999-12-30 23:00:00, false",
    "TIMESTAMP_NTZ, 9999-12-31 23:30:00, true",
    "DATE, 9999-12-31, true",
    "DATE, 9999-12-30, false",
    "STRING, 9999-12-31, true",
    "STRING, 9999-12-31 00:00:00, false"
  })
  void marksAreWhatTheReadersClocksShow(String type, String text, boolean missing) {
    MissingTexts marks = new MissingTexts(List.of("9999-12-31"));
    KnownValues known = new KnownValues(type, ZoneOffset.UTC, List.of());
    assertEquals(missing, known.isMissing(text, marks, ZoneId.of("Europe/Berlin"), false));
  }

  /** A day begins when clocks of the zone go on from the hour that they skip. */
  @ParameterizedTest
  @CsvSource({
    "2018-11-04T03:00:00Z, 2018-11-04",
    "2018-11-04 01:00:00, 2018-11-04",
    "2018-11-04 00:00:00, 2018-11-04",
    "2018-11-05 00:00:00, 2018-11-05",
    "2018-11-05 01:00:00, ",
    "2018-11-04 02:00:00, "
  })
  void aDayWhoseClocksSkipMidnight(String text, String day) {
    List<String> days = List.of("2018-11-04", "2018-11-05");
    KnownValues known = new KnownValues("DATE", ZoneId.of("America/Sao_Paulo"), days);
    assertEquals(day == null ? text : day, known.of(text));
    assertEquals(day != null, known.mayHold(text));
  }

  @Test
  void aNumberTooLongToBeWrittenIsNoValueOfExactNumbers() {
    for (String text : List.of("100e2147483647", "1e2147483647", "1e-2147483647", "0e2147483647")) {
      assertFalse(known("INT").mayHold(text), text);
      assertEquals(text, known("DECIMAL(10,0)").of(text));
      assertTrue(known("DOUBLE").mayHold(text), text);
    }
    // As values of a model's file, too.
    KnownValues odd =
        new KnownValues("INT", ZoneOffset.UTC, List.of("100e2147483647", "1e2147483648", "7"));
    assertEquals("7", odd.of("0.7e1"));
    assertEquals("7", odd.of("007.0"));
  }
}
