package io.lakeprop.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.base.InvalidInput;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Labels go in and come back; what training never saw is refused by name. */
class LabelEncoderTest {
  @Test
  void classesAreNumberedInTheirOrder() {
    var label = new LabelEncoder.Classes("y", "string", List.of("no", "yes", "maybe"));
    for (int i = 0; i < 3; i++) {
      assertEquals(i, label.encode(label.values().get(i)));
    }
    String unknown = assertThrows(InvalidInput.class, () -> label.encode("No")).getMessage();
    assertTrue(unknown.contains("\"y\"") && unknown.endsWith("\"No\""), unknown);
    assertThrows(InvalidInput.class, () -> label.encode(null));
  }

  @Test
  void fewerThanTwoOrRepeatedClassesAreRefused() {
    assertThrows(InvalidInput.class, () -> classes("a"));
    assertThrows(InvalidInput.class, () -> classes());
    assertThrows(InvalidInput.class, () -> classes("a", "b", "a"));
  }

  @Test
  void quantitiesComeBack() {
    var label = new LabelEncoder.Quantity("y", 1e6, 250);
    assertEquals(2, label.encode(1e6 + 500));
    for (double value : new double[] {1e6, 999_000, 1_234_567.25}) {
      assertEquals(value, label.decode(label.encode(value)), 1e-6 * value);
    }
  }

  @Test
  void quantitiesThatDoNotVaryOrAreNotFiniteAreRefused() {
    for (double scale : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThrows(InvalidInput.class, () -> new LabelEncoder.Quantity("y", 0, scale));
    }
    var label = new LabelEncoder.Quantity("y", 0, 1);
    assertThrows(InvalidInput.class, () -> label.encode(Double.NaN));
    assertThrows(InvalidInput.class, () -> label.encode(Double.NEGATIVE_INFINITY));
  }

  /** A sentinel such as the largest double is a finite number. */
  @Test
  void quantitiesThatDoNotFit32BitsAreRefused() {
    var label = new LabelEncoder.Quantity("y", -1e308, 2);
    assertEquals(1.5e38f, new LabelEncoder.Quantity("y", 0, 2).encode(3e38));
    for (double value : new double[] {1e300, Double.MAX_VALUE, -Double.MAX_VALUE}) {
      String message = assertThrows(InvalidInput.class, () -> label.encode(value)).getMessage();
      assertEquals("label \"y\" must fit 32 bits when encoded, however: " + value, message);
    }
  }

  private static LabelEncoder classes(String... values) {
    return new LabelEncoder.Classes("y", "string", List.of(values));
  }
}
