package io.lakeprop.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the numbers of a column have in common. */
class ColumnProfileTest {
  private static final MissingMarks NO_MARKS = MissingMarks.of(Optional.of(List.of()));

  private static ColumnProfile of(List<String> cells) {
    ColumnProfile profile = new ColumnProfile();
    for (String cell : cells) {
      ColumnProfile own = new ColumnProfile();
      own.add(cell, NO_MARKS, TimeFormat.UTC);
      profile.merge(own);
    }
    return profile;
  }

  /** Java's own reading of each number is the oracle. */
  @Test
  void theDecimalHoldsEveryNumber() {
    SplittableRandom random = new SplittableRandom(5);
    int found = 0;
    for (int trial = 0; trial < 3_000; trial++) {
      List<String> cells = new ArrayList<>();
      int digits = 0;
      int decimals = 0;
      for (int i = 0; i < 3; i++) {
        String cell = anyNumber(random);
        cells.add(cell);
        BigDecimal number = new BigDecimal(cell).stripTrailingZeros();
        digits = Math.max(digits, number.precision() - number.scale());
        decimals = Math.max(decimals, number.scale());
      }
      Optional<TextType> type = of(cells).decimal(TimeFormat.UTC);
      if (type.isEmpty()) {
        // Zeros at the begin and the end, of which a cell has at most six, count as digits.
        assertTrue(digits + decimals > 38 - 12, cells.toString());
        continue;
      }
      found++;
      for (String cell : cells) {
        BigDecimal read = (BigDecimal) type.get().parse(cell).orElseThrow();
        assertEquals(0, read.compareTo(new BigDecimal(cell)), cell + " in " + cells);
      }
    }
    assertTrue(found > 1_000, "found " + found);
  }

  private static String anyNumber(SplittableRandom random) {
    StringBuilder digits = new StringBuilder("0".repeat(random.nextInt(3)));
    int length = random.nextInt(1, 24);
    for (int i = 0; i < length; i++) {
      digits.append(random.nextInt(10));
    }
    digits.append("0".repeat(random.nextInt(3)));
    if (random.nextBoolean()) {
      digits.insert(random.nextInt(digits.length() + 1), '.');
    }
    String sign = List.of("", "-", "+").get(random.nextInt(3));
    return sign + digits + (random.nextInt(4) == 0 ? "e" + random.nextInt(-5, 6) : "");
  }

  @ParameterizedTest
  @CsvSource({
    "999999999999999 -7, false",
    "1234567890123456 -7, true",
    "12345678901234 0.5, false",
    "12345678901234 0.25, true",
    "7 Infinity 1e40, false",
    "1234567890123456 Infinity 1e40, true"
  })
  void numbersOfMoreDigitsThanADouble(String cells, boolean beyond) {
    assertEquals(beyond, of(List.of(cells.split(" "))).isBeyondDouble());
  }

  @ParameterizedTest
  @CsvSource({
    "12345678901234567890 1.5, 'DECIMAL(21,1)'",
    "1234567890123456789 .5, 'DECIMAL(20,1)'",
    "-7 1e3, 'DECIMAL(4,0)'",
    "-7 5., 'DECIMAL(1,0)'",
    "0.001 .5, 'DECIMAL(4,3)'",
    "7 Infinity, ",
    "7 1e300, ",
    "12345678901234567890 0.12345678901234567890, "
  })
  void decimals(String cells, String sql) {
    assertEquals(
        Optional.ofNullable(sql),
        of(List.of(cells.split(" "))).decimal(TimeFormat.UTC).map(TextType::sql));
  }
}
