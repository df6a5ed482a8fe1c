package io.lakeprop.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The fastest goes on, after few rounds of the others. */
final class RaceTest {
  private static final long WARM_UP = 1_000_000;

  @ParameterizedTest(name = "rounds of {0} ms: {1} goes on after {2}")
  @CsvSource({
    "7,           0, ''",
    // Twice as slow: out after a turn, and what comes after it is not tried.
    "5 50,        0, 000111",
    "5 50 1,      0, 000111",
    "5 4 50 1,    1, 000111222000111",
    // Close to each other: a second lap decides.
    "5 6,         0, 000111000111",
    "6 5,         1, 000111000111",
    "5 5,         0, 000111000111",
    "9 6 3,       2, 000111222000111222",
    "9 3,         1, 000111000111",
    "50 5,        1, 000111000111",
  })
  void theFastestGoesOn(String millis, int winner, String rounds) {
    long[] times = Arrays.stream(millis.split(" ", -1)).mapToLong(Long::parseLong).toArray();
    Race race = new Race(times.length);
    StringBuilder ran = new StringBuilder();
    int last = -1;
    while (!race.decided()) {
      int now = race.next();
      ran.append(now);
      // The first round of a turn starts things, and says nothing.
      race.took(now == last ? times[now] : WARM_UP);
      last = now;
    }
    assertEquals(rounds, ran.toString());
    assertEquals(winner, race.next());
  }

  @Test
  void theSecondLapDecides() {
    assertEquals(1, winner(List.of(9L, 5L, 5L), List.of(9L, 6L, 6L), List.of(9L, 4L, 4L), 3L));
  }

  @Test
  void aRoundThatWasDisturbedDoesNotCount() {
    assertEquals(0, winner(List.of(9L, 900L, 5L), List.of(9L, 6L, 6L), List.of(9L, 5L, 900L), 6L));
  }

  /** Of two: the first's rounds, the second's, the first's again, then one time for the rest. */
  private static int winner(List<Long> first, List<Long> second, List<Long> again, long rest) {
    Race race = new Race(2);
    List<Long> all = new ArrayList<>();
    List.of(first, second, again).forEach(all::addAll);
    for (long nanos : all) {
      assertFalse(race.decided());
      race.took(nanos);
    }
    for (int i = 0; i < 3; i++) {
      race.took(rest);
    }
    assertTrue(race.decided());
    return race.next();
  }
}
