package io.lakeprop.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigDecimal;
import java.util.List;
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
}
