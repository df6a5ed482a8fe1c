package io.lakeprop.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.data.Feature;
import io.lakeprop.data.NumberTransform;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a row of plain Java values holds: number by number, text by text, null by null. */
class MapRowTest {
  private static final int CATEGORY = 0;
  private static final int NUMBER = 1;
  private static final int VECTOR = 2;
  private static final NumberTransform SAME = new NumberTransform.Affine(0, 1);
  private static final List<Feature> FEATURES =
      List.of(
          new Feature.Categorical(
              "c", List.of("1", "2.0", "3"), false, Feature.Rare.NONE, List.of(), 0),
          new Feature.Numeric("n", false, SAME, false),
          new Feature.Vector("v", 2, false, List.of(SAME), false));
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  /** The same value in each column. */
  private static MapRow row(Object value) {
    Map<String, Object> values = new HashMap<>();
    FEATURES.forEach(feature -> values.put(feature.name(), value));
    return new MapRow(FEATURES, values, ZoneId.of("UTC"));
  }

  @Test
  void ofNothingAllIsMissing() {
    for (MapRow row : List.of(row(null), new MapRow(FEATURES, Map.of(), BERLIN))) {
      for (int column = 0; column < FEATURES.size(); column++) {
        assertTrue(row.isNull(column));
        assertFalse(row.isSingle(column));
        assertTrue(Double.isNaN(row.number(column)));
        assertNull(row.text(column));
        assertNull(row.vector(column));
      }
    }
  }

  @Test
  void numbersOf32BitsAreTold() {
    assertTrue(row(0.1f).isSingle(NUMBER));
    assertTrue(row(0.1f).isSingle("n"));
    assertEquals(0.1f, row(0.1f).number(NUMBER));
    assertFalse(row(0.1).isSingle(NUMBER));
    assertFalse(row(0.1).isSingle("n"));
    assertFalse(row(0.1).isNull(NUMBER));
    assertEquals(0.1, row(0.1).numberOf("n"));
  }

  @Test
  void vectorsAndTheirNulls() {
    MapRow row = row(Arrays.asList(1, null));
    assertArrayEquals(new float[] {1, Float.NaN}, row.vector(VECTOR));
    assertEquals("{1}", row.nulls(VECTOR).toString());
    assertFalse(row.isNull(VECTOR));
  }

  /** A category of another spelling would be one that nobody has seen. */
  @ParameterizedTest
  @CsvSource({
    "2.0, 2.0",
    "4.5, 4.5",
    "4.0, 4.0",
    "1e18, 1.0E18",
    "1.0, 'must hold values like \"1\", as in training, however: 1.0 (Double)'",
    "3.0, 'must hold values like \"3\", as in training, however: 3.0 (Double)'"
  })
  void numbersAmongTextsAreSpeltAsInTraining(double number, String expected) {
    if (expected.startsWith("must")) {
      String refusal =
          assertThrows(InvalidInput.class, () -> row(number).text(CATEGORY)).getMessage();
      assertEquals("column \"c\" " + expected, refusal);
    } else {
      assertEquals(expected, row(number).text(CATEGORY));
    }
  }

  @Test
  void wholeNumbersAmongFractionsAreRefusedAsWell() {
    assertEquals("1", row(1).text(CATEGORY));
    assertEquals("7", row(7L).text(CATEGORY));
    String refusal = assertThrows(InvalidInput.class, () -> row(2).text(CATEGORY)).getMessage();
    assertTrue(refusal.contains("like \"2.0\", as in training, however: 2 (Integer)"), refusal);
    assertNull(row(Double.NaN).text(CATEGORY));
  }

  @Test
  void whatTrainingsTypeSaysOfNumbers() {
    Map<String, Object> values = Map.of("c", 1.0);
    MapRow numbers = new MapRow(FEATURES, values, BERLIN, BERLIN, Map.of("c", "INT"), Map.of());
    assertEquals("1.0", numbers.text(CATEGORY), "which is found by what it is worth");
    MapRow flags = new MapRow(FEATURES, values, BERLIN, BERLIN, Map.of("c", "BOOLEAN"), Map.of());
    assertEquals("1.0", flags.text(CATEGORY), "which is true");
  }

  /** A clock on the wall stays as it is; any other timestamp without a zone is of the clock's. */
  @Test
  void timestampsThatNameNoZone() {
    Map<String, Object> values = Map.of("c", LocalDateTime.of(2024, 7, 1, 12, 0));
    for (String type : List.of("TIMESTAMP", "TIMESTAMP_NTZ")) {
      MapRow row =
          new MapRow(FEATURES, values, ZoneId.of("UTC"), BERLIN, Map.of("c", type), Map.of());
      assertEquals(
          type.equals("TIMESTAMP") ? "2024-07-01 10:00:00" : "2024-07-01 12:00:00",
          row.text(CATEGORY));
    }
  }
}
