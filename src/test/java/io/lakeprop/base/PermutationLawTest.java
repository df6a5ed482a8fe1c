package io.lakeprop.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** An order of any size under any key has every number once. */
class PermutationLawTest {
  @Property
  void everyNumberStandsOnce(@ForAll @IntRange(max = 3000) int size, @ForAll long key) {
    Permutation permutation = new Permutation(size, key);
    BitSet seen = new BitSet(size);
    for (int i = 0; i < size; i++) {
      int at = permutation.at(i);
      assertTrue(at >= 0 && at < size, at + " of " + size);
      seen.set(at);
    }
    assertEquals(size, seen.cardinality());
  }
}
