package io.lakeprop.train;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lakeprop.base.InvalidInput;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is chosen where the job leaves it open, at both sides of each step, and what is refused. */
class BatchingTest {
  /** Small ones for few rows, so that there are enough rounds, and hundreds of rounds of many. */
  @ParameterizedTest
  @CsvSource({
    "1, 32",
    "2799, 32",
    "2800, 64",
    "4500, 128",
    "31999, 128",
    "32000, 256",
    "64000, 512",
    "108000, 1024",
    "1048575, 1024",
    "1048576, 2048",
    "2097151, 2048",
    "2097152, 4096",
    "900000000, 4096"
  })
  void theBatchFollowsTheRows(long rows, int batch) {
    Batching batching = Batching.of(OptionalInt.empty(), 1, OptionalInt.empty(), rows, 4);
    assertEquals(batch, batching.batch());
  }

  /** About 512 rows of a round each, as a power of two from 2 to 64. */
  @ParameterizedTest
  @CsvSource({
    "1, 1, 2",
    "1024, 1, 2",
    "1025, 1, 4",
    "1024, 3, 8",
    "2048, 2, 8",
    "16384, 1, 32",
    "16385, 1, 64",
    "500000, 1, 64"
  })
  void slicesFollowTheRound(int batch, int accumulate, int slices) {
    Batching batching =
        Batching.of(OptionalInt.of(batch), accumulate, OptionalInt.empty(), 1000, 4);
    assertEquals(new Batching(batch, accumulate, slices, 1), batching);
    assertEquals(batch * accumulate, batching.rowsOfRound());
  }

  @Test
  void whatTheJobSaysIsTaken() {
    assertEquals(
        new Batching(100, 3, 7, 1),
        Batching.of(OptionalInt.of(100), 3, OptionalInt.of(7), 5000, 4));
    assertEquals(
        new Batching(1000, 1, 2, 1),
        Batching.of(OptionalInt.of(Batching.ALL_ROWS), 1, OptionalInt.empty(), 1000, 4));
  }

  /** Shards of at most 128 MiB. */
  @ParameterizedTest
  @CsvSource({
    "0, 100, 2, 1",
    "2097152, 128, 2, 1",
    "2097153, 128, 2, 2",
    "2097152, 128, 1, 2",
    "4194304, 128, 1, 4"
  })
  void groupsFollowTheBytes(long rows, int bytes, int slices, int groups) {
    assertEquals(groups, Batching.groups(rows, bytes, slices));
    if (rows > 0) {
      assertEquals(
          groups, Batching.of(OptionalInt.of(64), 1, OptionalInt.of(slices), rows, bytes).groups());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "50, 2, 1, 100, true",
    "50, 2, 1, 101, false",
    "50, 2, 1, 99, true",
    "50, 2, 2, 100, false"
  })
  void allRowsAreReadWhereOneGroupHoldsThem(
      int batch, int accumulate, int groups, long rows, boolean all) {
    assertEquals(all, new Batching(batch, accumulate, 4, groups).readsAll(rows));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 1, 1, 1, training.batch",
    "1, 0, 1, 1, training.accumulate",
    "1, 1, 0, 1, training.slices",
    "1, 1, 1, 0, groups",
    "1073741824, 2, 2, 1, below 2^31",
    "10, 4, 3, 1, at most training.slices=3"
  })
  void rulesAreNamed(int batch, int accumulate, int slices, int groups, String words) {
    String message =
        assertThrows(InvalidInput.class, () -> new Batching(batch, accumulate, slices, groups))
            .getMessage();
    assertEquals(true, message.contains(words), message);
  }

  @Test
  void theLargestThatFitAreTaken() {
    assertDoesNotThrow(() -> new Batching(1, 3, 3, 1));
    assertEquals(Integer.MAX_VALUE, new Batching(Integer.MAX_VALUE, 1, 1, 1).rowsOfRound());
  }

  /** Before the table is read: what is left open could still fit. */
  @ParameterizedTest
  @CsvSource({
    ", 500, , true",
    ", 3, 2, false",
    ", 2, 2, true",
    "64, 17, , false",
    "64, 16, , false",
    "4096, 16, , true",
    "64, 2, 2, true"
  })
  void checksWhatTheJobSays(Integer batch, int accumulate, Integer slices, boolean holds) {
    Runnable check = () -> Batching.check(optional(batch), accumulate, optional(slices));
    if (holds) {
      assertDoesNotThrow(check::run);
    } else {
      assertThrows(InvalidInput.class, check::run);
    }
  }

  private static OptionalInt optional(Integer value) {
    return value == null ? OptionalInt.empty() : OptionalInt.of(value);
  }
}
