package io.lakeprop.base;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EditDistanceTest {
  @ParameterizedTest
  @CsvSource({
    "learning_rate, lerning_rate, 1",
    "ab, ba, 1",
    "kitten, sitting, 3",
    "'', abc, 3",
    "x, x, 0"
  })
  void countsEdits(String a, String b, int distance) {
    assertEquals(distance, EditDistance.of(a, b));
    assertEquals(distance, EditDistance.of(b, a));
  }

  @Test
  void theNearestIsMeantUnlessNoneIsNear() {
    assertEquals(Optional.of("age"), EditDistance.nearest("ages", List.of("pay", "age")));
    assertEquals(Optional.of("AGE"), EditDistance.nearest("age", List.of("agee", "AGE")));
    assertEquals(Optional.empty(), EditDistance.nearest("xyz", List.of("age", "pay")));
    assertEquals(Optional.empty(), EditDistance.nearest("age", List.of()));
    assertEquals(Optional.empty(), EditDistance.nearest("aged", List.of("wages"), 1));
    assertEquals(Optional.of("wages"), EditDistance.nearest("aged", List.of("wages"), 2));
    assertEquals(Optional.empty(), EditDistance.nearest("abcdefgh", List.of("abcd"), 9));
  }
}
