package io.lakeprop.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** The time that is left follows the last rounds; a slow start promises no hour. */
final class PaceTest {
  private static final long SECOND = 1_000_000_000L;

  /**
   * Two seconds for the first round, then 0.01 s each: 9,999 rounds are 100 s and no five hours.
   */
  @Test
  void aSlowStartIsLeftOut() {
    Pace pace = new Pace(0);
    pace.at(1, 256, 2 * SECOND + 1);
    assertTrue(pace.secondsPerRound().isEmpty());
    for (int round = 2; round < 90; round++) {
      pace.at(round, 256L * round, 2 * SECOND + 1 + round * SECOND / 100);
      assertTrue(pace.secondsPerRound().isEmpty(), "after " + round);
    }
    for (int round = 102; round < 10_000; round++) {
      pace.at(round, 256L * round, 2 * SECOND + 1 + round * SECOND / 100);
      assertEquals(0.01, pace.secondsPerRound().orElseThrow(), 2e-4, "after " + round);
      assertEquals(25_600, pace.rowsPerSecond().orElseThrow(), 600, "after " + round);
    }
  }

  /** Half as fast from now on: after twenty seconds nothing is left of the time before. */
  @Test
  void thePaceIsThatOfTheLastSeconds() {
    Pace pace = new Pace(0);
    long nanos = 0;
    for (int round = 1; round < 3000; round++) {
      nanos += SECOND / 100;
      pace.at(round, round, nanos);
    }
    for (int round = 3000; round < 4100; round++) {
      nanos += SECOND / 50;
      pace.at(round, round, nanos);
    }
    assertEquals(0.02, pace.secondsPerRound().orElseThrow(), 1e-6);
  }

  @Test
  void nothingIsSaidOfNothing() {
    Pace pace = new Pace(5);
    assertTrue(pace.secondsPerRound().isEmpty() && pace.rowsPerSecond().isEmpty());
  }
}
