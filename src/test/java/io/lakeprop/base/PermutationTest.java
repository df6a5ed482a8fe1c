package io.lakeprop.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A permutation is a bijection for every size and key, and its orders look random. */
class PermutationTest {
  @Test
  void everySmallSizeIsABijection() {
    for (int size = 0; size <= 300; size++) {
      for (long key : new long[] {0, -1, 42, Long.MIN_VALUE}) {
        assertBijection(size, key);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1023, 1024, 1025, 65_537, 1_000_003})
  void largeSizesAreBijections(int size) {
    assertBijection(size, 9);
  }

  @Test
  void theLargestSizeStaysInside() {
    Permutation largest = new Permutation(Integer.MAX_VALUE, 3);
    for (int i = 0; i < 1000; i++) {
      int at = largest.at(Integer.MAX_VALUE - 1 - i);
      assertTrue(at >= 0 && at < Integer.MAX_VALUE);
    }
  }

  @Test
  void keysGiveDifferentOrders() {
    for (long key = 0; key < 100; key++) {
      assertNotEquals(order(50, key), order(50, key + 1));
    }
  }

  /** Over many keys each number stands at each position about equally often. */
  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 5, 10, 16, 37})
  void positionsAreRoughlyUniform(int size) {
    int expected = 2000;
    int[][] counts = new int[size][size];
    for (int key = 0; key < expected * size; key++) {
      Permutation order = new Permutation(size, Mix.mix(7, key));
      for (int position = 0; position < size; position++) {
        counts[position][order.at(position)]++;
      }
    }
    double squares = 0;
    for (int[] row : counts) {
      for (int count : row) {
        squares += Math.pow(count / (double) expected - 1, 2);
      }
    }
    // 2 % is chance; four rounds of so few bits add up to 10 %, three or two rounds far more.
    double deviation = Math.sqrt(squares) / size;
    assertTrue(deviation < 0.12, "mean deviation " + deviation);
  }

  @Test
  void negativeSizesAreRefused() {
    assertThrows(InvalidInput.class, () -> new Permutation(-1, 0));
  }

  private static void assertBijection(int size, long key) {
    BitSet met = new BitSet(size);
    Permutation order = new Permutation(size, key);
    for (int i = 0; i < size; i++) {
      int at = order.at(i);
      assertFalse(met.get(at), "size " + size + ": " + at + " comes twice");
      met.set(at);
    }
    assertEquals(size, met.length());
  }

  private static java.util.List<Integer> order(int size, long key) {
    Permutation order = new Permutation(size, key);
    return IntStream.range(0, size).mapToObj(order::at).toList();
  }
}
