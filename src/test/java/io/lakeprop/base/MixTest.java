package io.lakeprop.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The mixer is SplitMix64's, every input bit matters, and so does the order of names. */
class MixTest {
  /** The first three numbers of the reference implementation (Vigna) from seed 0. */
  @Test
  void isTheReferenceGenerator() {
    long golden = 0x9E3779B97F4A7C15L;
    assertEquals(0xE220A8397B1DCDAFL, Mix.mix(0));
    assertEquals(0x6E789E6AA1B965F4L, Mix.mix(golden));
    assertEquals(0x06C45D188009454FL, Mix.mix(2 * golden));
  }

  @Test
  void everyBitMovesAboutHalf() {
    for (int bit = 0; bit < 64; bit++) {
      double moved = 0;
      for (long i = 0; i < 200; i++) {
        moved += Long.bitCount(Mix.mix(i * 77, 5) ^ Mix.mix(i * 77, 5 ^ (1L << bit)));
      }
      assertEquals(32, moved / 200, 2);
    }
  }

  @Test
  void namesThatDifferGiveDifferentValues() {
    Set<Long> seen = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      for (int j = 0; j < 100; j++) {
        seen.add(Mix.mix(i, j));
        seen.add(Mix.mix(i, j, 0));
      }
      seen.add(Mix.mix(i, "a".repeat(i)));
      seen.add(Mix.mix(0, "a".repeat(i) + "b"));
    }
    assertEquals(20_200, seen.size());
    assertNotEquals(Mix.mix(1, 2), Mix.mix(2, 1));
  }

  @Test
  void unitIsBelowOne() {
    assertEquals(0, Mix.unit(0));
    assertTrue(Mix.unit(-1) < 1);
    assertEquals(0.5, Mix.unit(Long.MIN_VALUE));
  }
}
