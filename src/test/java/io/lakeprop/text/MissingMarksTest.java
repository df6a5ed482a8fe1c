package io.lakeprop.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Texts that mean a missing value, in the writings of a job and in those of other tables. */
final class MissingMarksTest {
  /** What training met as a value is one among numbers, too. */
  @Test
  void valuesAreNoMarksAnywhere() {
    MissingMarks marks = MissingMarks.of(Optional.empty());
    MissingMarks left = marks.without(Set.of("NA", "none", "-"));
    for (String text : List.of("NA", "none", "-")) {
      assertTrue(marks.holdAmongNumbers(text), text);
      assertFalse(left.holdAmongNumbers(text), text);
    }
    assertTrue(left.hold("n/a"));
    assertTrue(left.holdAmongNumbers("unknown"));
  }

  /** The writing that any other table has of a time which is written as the job's are. */
  @ParameterizedTest
  @CsvSource({
    "31.12.9999, 9999-12-31",
    "31.12.9999 23:59, 9999-12-31 23:59",
    "31.12.9999 00:00 +01:00, 9999-12-30 23:00Z",
    "01.01.1970 00:00 Z, 1970-01-01 00:00Z",
    "9999-12-31, ''",
    "NA, ''"
  })
  void marksAsOtherTablesHaveThem(String mark, String iso) {
    for (String pattern : List.of("dd.MM.yyyy HH:mm", "dd.MM.yyyy HH:mm XXX")) {
      boolean isOfPattern = !mark.contains(":") || (mark.length() > 16) == pattern.endsWith("XXX");
      if (isOfPattern) {
        TimeFormat format = new TimeFormat("Europe/Berlin", "dd.MM.yyyy", pattern);
        assertEquals(
            iso.isEmpty() ? List.of(mark) : List.of(mark, iso),
            MissingMarks.alsoInIso(List.of(mark), format));
      }
    }
  }
}
