package io.lakeprop.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.data.Feature;
import io.lakeprop.data.NotFinite;
import io.lakeprop.data.NumberTransform;
import io.lakeprop.data.NumberUnit;
import io.lakeprop.data.TimeRange;
import io.lakeprop.spark.TestSpark;
import io.lakeprop.spark.TestTables;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.CharBuffer;
import java.sql.Date;
import java.sql.Time;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TimeZone;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A plain Java value is to the encoder what Spark makes of the same value in a table. */
@SuppressWarnings("JavaUtilDate") // Callers have them.
class JavaValueTest {
  /** An enum whose text is not its name. */
  enum Fuel {
    GAS;

    @Override
    public String toString() {
      return "gas (natural)";
    }
  }

  /** Values as Java has them, and the type of the column that holds the same. */
  static Stream<Arguments> casts() {
    Instant micros = Instant.parse("2024-02-29T23:59:59.123456Z");
    return Stream.of(
        Arguments.of(true, "BOOLEAN"),
        Arguments.of((byte) -7, "TINYINT"),
        Arguments.of(39, "INT"),
        Arguments.of(Long.MIN_VALUE, "BIGINT"),
        Arguments.of(1.0, "DOUBLE"),
        Arguments.of(0.1, "DOUBLE"),
        Arguments.of(1e7, "DOUBLE"),
        Arguments.of(123456789.125, "DOUBLE"),
        Arguments.of(1e-5, "DOUBLE"),
        Arguments.of(1e300, "DOUBLE"),
        Arguments.of(Double.NEGATIVE_INFINITY, "DOUBLE"),
        Arguments.of(0.1f, "FLOAT"),
        Arguments.of(16777216f, "FLOAT"),
        Arguments.of(new BigDecimal("12.50"), "DECIMAL(10,2)"),
        Arguments.of(new BigDecimal("0.000000001"), "DECIMAL(38,9)"),
        Arguments.of(new BigDecimal("1234567890123456789.5"), "DECIMAL(38,1)"),
        Arguments.of("größe \"x\"", "STRING"),
        Arguments.of(LocalDate.of(2024, 2, 29), "DATE"),
        Arguments.of(LocalDate.of(1, 1, 1), "DATE"),
        Arguments.of(LocalDate.of(1582, 10, 10), "DATE"),
        Arguments.of(LocalDate.of(12024, 1, 1), "DATE"),
        Arguments.of(Date.valueOf("1500-02-28"), "DATE"),
        Arguments.of(micros, "TIMESTAMP"),
        Arguments.of(Instant.parse("2024-02-29T23:59:59Z"), "TIMESTAMP"),
        Arguments.of(Instant.parse("1969-12-31T23:59:59.9Z"), "TIMESTAMP"),
        Arguments.of(Instant.parse("0001-01-01T00:00:00.000001Z"), "TIMESTAMP"),
        Arguments.of(Instant.parse("+12024-01-01T00:00:00Z"), "TIMESTAMP"),
        Arguments.of(Instant.parse("-0004-03-01T00:00:00Z"), "TIMESTAMP"),
        Arguments.of(Timestamp.from(micros), "TIMESTAMP"),
        Arguments.of(Timestamp.valueOf("0001-01-01 00:00:00"), "TIMESTAMP"),
        Arguments.of(LocalDateTime.ofInstant(micros, ZoneOffset.UTC), "TIMESTAMP_NTZ"));
  }

  private static final List<String> ZONES = List.of("UTC", "America/New_York", "Asia/Kolkata");

  /** What Spark makes of a value in a zone. */
  private static Row cast(Object value, String type, String expression, String zone) {
    TestSpark.session().conf().set("spark.sql.session.timeZone", zone);
    try {
      return TestTables.of(List.of(RowFactory.create(value)), "v " + type)
          .selectExpr(expression)
          .head();
    } finally {
      TestSpark.session().conf().set("spark.sql.session.timeZone", "UTC");
    }
  }

  private static String text(Object value) {
    return text(value, ZoneOffset.UTC);
  }

  private static String text(Object value, ZoneId zone) {
    return JavaValue.text("v", zone, zone, value);
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("casts")
  void textsAreThoseOfSparksCast(Object value, String type) {
    for (String zone : type.startsWith("TIMESTAMP") ? ZONES : List.of("UTC")) {
      assertEquals(
          cast(value, type, "cast(v AS string)", zone).getString(0),
          text(value, ZoneId.of(zone)),
          zone);
    }
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("casts")
  void numbersAreThoseOfSparksCast(Object value, String type) {
    NumberUnit unit =
        type.startsWith("TIMESTAMP")
            ? NumberUnit.SECONDS
            : type.equals("DATE") ? NumberUnit.DAYS : NumberUnit.PLAIN;
    String number =
        switch (unit) {
          case PLAIN -> "cast(v AS double)";
          case DAYS -> "cast(unix_date(v) AS double)";
          case SECONDS -> "cast(cast(v AS timestamp) AS double)";
        };
    if (!type.equals("STRING")) {
      for (String zone : unit == NumberUnit.SECONDS ? ZONES : List.of("UTC")) {
        assertEquals(
            cast(value, type, number, zone).getDouble(0),
            JavaValue.number("v", unit, ZoneId.of(zone), value),
            zone);
      }
    }
  }

  /** Cells of texts may be of another zone than the session's; a wall clock has none. */
  @Test
  void aLocalTimeIsWhatACellWithItIs() {
    LocalDateTime noon = LocalDateTime.parse("2024-01-05T12:00:00");
    List<Feature> features = new ArrayList<>();
    Map<String, Object> values = new HashMap<>();
    for (String name : List.of("at", "noted", "at_text", "noted_text")) {
      values.put(name, noon);
      features.add(
          name.endsWith("_text")
              ? new Feature.Categorical(
                  name, List.of("a", "b"), false, Feature.Rare.NONE, List.of(), 0)
              : new Feature.Numeric(
                  name,
                  false,
                  new NumberTransform.Affine(0, 1),
                  false,
                  NotFinite.DEFAULT,
                  NumberUnit.SECONDS,
                  TimeRange.UNKNOWN));
    }
    MapRow row =
        new MapRow(
            features,
            values,
            ZoneOffset.UTC,
            ZoneId.of("America/New_York"),
            Map.of(
                "at",
                "TIMESTAMP",
                "noted",
                "TIMESTAMP_NTZ",
                "at_text",
                "TIMESTAMP",
                "noted_text",
                "TIMESTAMP_NTZ"),
            Map.of());
    assertEquals(Instant.parse("2024-01-05T17:00:00Z").toEpochMilli() / 1e3, row.number(0));
    assertEquals(Instant.parse("2024-01-05T12:00:00Z").toEpochMilli() / 1e3, row.number(1));
    assertEquals("2024-01-05 17:00:00", row.text(2));
    assertEquals("2024-01-05 12:00:00", row.text(3));
  }

  @Test
  void textsThatSparkHasNoTypeFor() {
    assertEquals("GAS", text(Fuel.GAS));
    assertEquals("x", text('x'));
    assertEquals("ab", text(CharBuffer.wrap("ab")));
    assertEquals("7", text(new AtomicInteger(7)));
    assertEquals("true", text(new AtomicBoolean(true)));
    assertEquals("18446744073709551616", text(BigInteger.TWO.pow(64)));
    assertEquals("0.0", text(-0.0));
    assertEquals("0.0", text(-0.0f));
    assertEquals("1000000000000", text(new BigDecimal("1e12")));
    assertEquals("1E+2147483647", text(new BigDecimal("1e2147483647")));
    assertEquals("1.00E+2147483649", text(new BigDecimal("100e2147483647")));
    assertEquals("1E-2147483647", text(new BigDecimal("1e-2147483647")));
    assertNull(text(Double.NaN));
    assertNull(text(Float.NaN));
    assertEquals("2024-01-01 10:30:00", text(OffsetDateTime.parse("2024-01-01T12:30:00+02:00")));
  }

  /** Each is one second and a half past noon, UTC. */
  @Test
  void everyKindOfTimestampIsTheSameNumber() {
    Instant instant = Instant.parse("2024-06-01T12:00:01.5Z");
    for (Object value :
        List.of(
            instant,
            instant.plusNanos(999),
            LocalDateTime.parse("2024-06-01T12:00:01.5"),
            OffsetDateTime.parse("2024-06-01T17:30:01.5+05:30"),
            ZonedDateTime.parse("2024-06-01T08:00:01.5-04:00[America/New_York]"),
            new java.util.Date(instant.toEpochMilli()),
            Timestamp.from(instant),
            1717243201.5,
            new BigDecimal("1717243201.5"))) {
      assertEquals(1717243201.5, JavaValue.number("v", NumberUnit.SECONDS, ZoneOffset.UTC, value));
    }
    assertEquals(3, JavaValue.number("v", NumberUnit.SECONDS, ZoneOffset.UTC, new AtomicLong(3)));
    assertTrue(JavaValue.number("v", NumberUnit.SECONDS, ZoneOffset.UTC, Instant.MAX) > 1e16);
  }

  /** JDBC gives midnight of the machine's zone; in UTC that may be the day before or the same. */
  @Test
  void aDateOfJdbcIsTheMachinesDay() {
    TimeZone before = TimeZone.getDefault();
    try {
      for (String zone : List.of("America/Los_Angeles", "Asia/Tokyo", "UTC", "Pacific/Apia")) {
        TimeZone.setDefault(TimeZone.getTimeZone(zone));
        for (String day : List.of("2024-03-10", "1969-12-31", "0001-01-01", "9999-12-31")) {
          Date date = Date.valueOf(day);
          double days = LocalDate.parse(day).toEpochDay();
          assertEquals(
              days, JavaValue.number("v", NumberUnit.DAYS, ZoneOffset.UTC, date), zone + " " + day);
          assertEquals(day, text(date), zone);
        }
      }
    } finally {
      TimeZone.setDefault(before);
    }
  }

  static Stream<Arguments> refused() {
    Object noon = Instant.parse("2024-06-01T12:00:00Z");
    return Stream.of(
        Arguments.of(NumberUnit.PLAIN, "39", "a number", "String"),
        Arguments.of(NumberUnit.PLAIN, noon, "a number", "Instant"),
        Arguments.of(NumberUnit.PLAIN, Optional.of(3), "a number", "Optional (give its value"),
        Arguments.of(NumberUnit.PLAIN, OptionalInt.of(3), "a number", "OptionalInt (give"),
        Arguments.of(NumberUnit.PLAIN, 'x', "a number", "Character"),
        Arguments.of(NumberUnit.DAYS, noon, "a date (LocalDate", "Instant"),
        Arguments.of(NumberUnit.DAYS, LocalDateTime.MIN, "a date", "LocalDateTime"),
        Arguments.of(NumberUnit.DAYS, new Timestamp(0), "a date", "Timestamp"),
        Arguments.of(NumberUnit.DAYS, new java.util.Date(0), "a date", "Date"),
        Arguments.of(NumberUnit.DAYS, "2024-01-01", "a date", "String"),
        Arguments.of(NumberUnit.DAYS, true, "a date", "Boolean"),
        Arguments.of(NumberUnit.SECONDS, LocalDate.EPOCH, "a timestamp (Instant", "LocalDate"),
        Arguments.of(NumberUnit.SECONDS, new Date(0), "a timestamp", "Date"),
        Arguments.of(NumberUnit.SECONDS, new Time(0), "a timestamp", "Time"),
        Arguments.of(NumberUnit.SECONDS, "2024-01-01T00:00:00Z", "a timestamp", "String"));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("refused")
  void otherValuesAreRefusedByName(NumberUnit unit, Object value, String rule, String seen) {
    String message =
        assertThrows(InvalidInput.class, () -> JavaValue.number("v", unit, ZoneOffset.UTC, value))
            .getMessage();
    assertTrue(message.startsWith("column \"v\" must be " + rule), message);
    assertTrue(message.contains(", however: " + seen), message);
  }

  @Test
  void objectsAreNoCategories() {
    for (Object value :
        List.of(Optional.of("a"), List.of("a"), Map.of(), new byte[2], new Object(), new Time(0))) {
      String message = assertThrows(InvalidInput.class, () -> text(value)).getMessage();
      assertTrue(message.contains(value.getClass().getSimpleName()), message);
    }
  }

  @Test
  void vectorsAreArraysAndListsOfAnyNumbers() {
    float[] expected = {1, -2, 0.5f};
    for (Object value :
        List.of(
            expected,
            new double[] {1, -2, 0.5},
            new Double[] {1.0, -2.0, 0.5},
            new Number[] {1, -2L, 0.5f},
            List.of(1, new BigDecimal("-2"), 0.5))) {
      assertArrayEquals(expected, JavaValue.vector("v", value));
    }
    assertArrayEquals(new float[] {3, 4}, JavaValue.vector("v", new int[] {3, 4}));
    assertArrayEquals(new float[] {3, 4}, JavaValue.vector("v", new long[] {3, 4}));
    Integer[] holes = {1, null};
    assertArrayEquals(new float[] {1, Float.NaN}, JavaValue.vector("v", holes));
    assertEquals("{1}", JavaValue.nulls(holes).toString());
    assertEquals("{0, 2}", JavaValue.nulls(Arrays.asList(null, 1, null)).toString());
    assertEquals("{}", JavaValue.nulls(new float[] {Float.NaN}).toString());
    for (Object value :
        List.of(1, "1,2", new byte[2], new boolean[2], new String[] {"1"}, List.of("1"))) {
      assertThrows(InvalidInput.class, () -> JavaValue.vector("v", value), value.toString());
    }
  }

  /** Readers of JSON make 1.0 of 1, which no category is called. */
  @Test
  void anotherSpellingOfATrainedNumberIsRefused() {
    assertSpelling("1", 1.0, true);
    assertSpelling("1", 1.0f, true);
    assertSpelling("1", 1L, false);
    assertSpelling("1", 2.0, false);
    assertSpelling("1", 1.5, false);
    assertSpelling("1.0", 1, true);
    assertSpelling("1.0E7", 10_000_000, true);
    assertSpelling("1.0", 1.0, false);
    assertSpelling("0", -0.0, true);
    assertSpelling("Infinity", Double.POSITIVE_INFINITY, false);
  }

  private static void assertSpelling(String trained, Number given, boolean refused) {
    Feature feature =
        new Feature.Categorical("c", List.of(trained), true, Feature.Rare.NONE, List.of(), 0);
    MapRow row = new MapRow(List.of(feature), Map.of("c", given), ZoneOffset.UTC);
    if (refused) {
      String message = assertThrows(InvalidInput.class, () -> row.text(0)).getMessage();
      assertTrue(message.contains('"' + trained + '"'), message);
    } else {
      assertEquals(given.toString(), row.text(0));
    }
  }
}
