package io.lakeprop.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A number is a mark at the width that it has. */
final class MissingTextsTest {
  @Test
  void numbersAtTheirWidth() {
    MissingTexts marks = new MissingTexts(List.of(" -99.9", "99999999", "none", "0"));
    assertTrue(marks.hold(-99.9, false));
    assertFalse(marks.hold(-99.9f, false));
    assertTrue(marks.hold(-99.9f, true));
    assertTrue(marks.hold(-99.9, true), "read as one of 32 bits");
    assertFalse(marks.hold(1e8, false));
    assertTrue(marks.hold(1e8, true), "99999999 is no number of 32 bits");
    assertTrue(marks.hold(-0.0, false) && marks.hold(-0.0, true));
    assertTrue(marks.holdNumber("-99.90 ", false));
    assertFalse(marks.holdNumber("none", true));
    assertFalse(marks.hold(Double.NaN, true) || marks.hold(Double.NaN, false));
  }

  @Test
  void whatAWidthCannotHoldIsNoMarkThere() {
    MissingTexts marks = new MissingTexts(List.of("-1e300", "1e-300", "1e999"));
    assertEquals(List.of(-1e300, 1e-300), marks.numbers(false));
    assertEquals(List.of(), marks.numbers(true));
    assertFalse(marks.hold(0, true) || marks.hold(Double.NEGATIVE_INFINITY, true));
    assertFalse(marks.hold(Double.POSITIVE_INFINITY, false));
  }

  @Test
  void withoutValues() {
    MissingTexts marks = new MissingTexts(List.of("-999", "NA")).without(Set.of("-999"));
    assertTrue(marks.hold("NA"));
    assertFalse(marks.hasNumbers());
  }
}
