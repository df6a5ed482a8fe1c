package io.lakeprop.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A decimal is the number that stands there, or none. */
class TextTypeTest {
  private static Optional<Object> decimal(String text) {
    return new TextType(TextType.Kind.DECIMAL, 6, 2, TimeFormat.UTC).parse(text);
  }

  @ParameterizedTest
  @CsvSource({"12.30, 12.30", "1.2e3, 1200.00", "0.500, 0.50", "-9999.99, -9999.99", "0e900, 0.00"})
  void theNumberIsKept(String text, String value) {
    assertEquals(Optional.of(new BigDecimal(value)), decimal(text));
  }

  @ParameterizedTest
  @CsvSource({
    "12.345",
    "10000.00",
    "1e4",
    "1e76",
    "1e-76",
    "1e2147483647",
    "100e2147483647",
    "1e-2147483648",
    "1e2147483648",
    "7e99999999999999999999",
    "-1e-99999999999"
  })
  void anotherIsNone(String text) {
    assertEquals(Optional.empty(), decimal(text));
  }

  @ParameterizedTest
  @EnumSource(names = {"TINYINT", "SMALLINT", "INT", "BIGINT"})
  void aGiantExponentIsNoWholeNumber(TextType.Kind kind) {
    TextType type = TextType.of(kind, TimeFormat.UTC);
    for (String text : List.of("100e2147483647", "1e2147483647", "1e-2147483647", "1e9999999999")) {
      assertEquals(Optional.empty(), type.parse(text), text);
    }
  }

  /** What the guard is for: Java reads such a number, and cannot go on with it. */
  @Test
  void javaOverflows() {
    BigDecimal giant = new BigDecimal("100e2147483647");
    assertThrows(ArithmeticException.class, giant::stripTrailingZeros);
  }

  /** What Spark's cast takes for a truth value, and nothing else. */
  @ParameterizedTest
  @CsvSource({
    "true, true",
    "TRUE, true",
    "t, true",
    "T, true",
    "yes, true",
    "Y, true",
    "1, true",
    "' False ', false",
    "f, false",
    "no, false",
    "N, false",
    "0, false",
    "2, ",
    "1.0, true", // As a table of fractions has it.
    "0.0, false",
    "1.00, true",
    "1.01, ",
    "1., ",
    "01, ",
    "on, ",
    "tru, ",
    "'', ",
    "-1, "
  })
  void truthValues(String text, Boolean value) {
    assertEquals(
        Optional.ofNullable(value), TextType.of(TextType.Kind.BOOLEAN, TimeFormat.UTC).parse(text));
  }

  /** A day is a midnight in the zone of timestamps that name none; another moment is none. */
  @ParameterizedTest
  @CsvSource({
    "UTC, 2022-08-07, 2022-08-07",
    "UTC, 2022-08-07 00:00:00, 2022-08-07",
    "UTC, 2022-08-07T00:00:00.000Z, 2022-08-07",
    "UTC, 2022-08-07 00:00:00.000001, ",
    "UTC, 2022-08-07 12:00:00, ",
    "UTC, 2022-08-07T00:00:00+02:00, ",
    "Europe/Berlin, 2022-08-07T00:00:00+02:00, 2022-08-07",
    "Europe/Berlin, 2022-08-06T22:00:00Z, 2022-08-07",
    "Europe/Berlin, 2022-08-07T00:00:00Z, ",
    "Europe/Berlin, 2022-08-07 00:00, 2022-08-07",
    "America/Sao_Paulo, 2018-11-04 00:00:00, 2018-11-04", // Its clocks went on at midnight.
    "America/Sao_Paulo, 2018-11-04T03:00:00.000Z, 2018-11-04",
    "America/Sao_Paulo, 2018-11-04 02:00:00, "
  })
  void midnightsAreDays(String zone, String text, LocalDate day) {
    TimeFormat format = TimeFormat.of(Map.of(), zone);
    assertEquals(
        Optional.ofNullable(day).map(own -> (int) own.toEpochDay()),
        TextType.of(TextType.Kind.DATE, format).parse(text));
  }

  /** Where the job says how days are written, nothing else is one. */
  @Test
  void midnightsAreNoDaysOfAPattern() {
    TimeFormat format = TimeFormat.of(Map.of("dateformat", "dd.MM.yyyy"), "UTC");
    TextType days = TextType.of(TextType.Kind.DATE, format);
    assertEquals(Optional.of(1), days.parse("02.01.1970"));
    assertEquals(Optional.empty(), days.parse("1970-01-02 00:00:00"));
  }
}
