package io.lakeprop.data;

import io.lakeprop.base.Mix;
import java.util.Arrays;

/**
 * Tells whether the numbers of a column are all different and whole, without keeping them all.
 *
 * <p>It keeps the numbers whose hashes are the smallest, at most {@value #SIZE} of them, and counts
 * the rows of each. Such a number is counted from its first row on, so the counts are exact, and
 * merging is associative and commutative to the bit. Where a hundredth of the rows share their
 * number with another row, one sample in 170 does not show it; of a fiftieth one in 30,000.
 */
public final class DistinctSample {
  private static final int SIZE = 512;

  /** Hashes in rising order, and the rows of each number. */
  private long[] hashes = new long[8];

  private long[] rows = new long[8];
  private int size;
  private long taken;
  private boolean fractions;
  private double smallest = Double.POSITIVE_INFINITY;
  private double largest = Double.NEGATIVE_INFINITY;

  /** Takes one finite number in. */
  void add(double value) {
    taken++;
    fractions |= value != Math.rint(value);
    smallest = Math.min(smallest, value);
    largest = Math.max(largest, value);
    count(Mix.mix(Double.doubleToLongBits(value + 0.0)), 1);
  }

  private void count(long hash, long more) {
    if (size == SIZE && hash > hashes[SIZE - 1]) {
      return;
    }
    int place = Arrays.binarySearch(hashes, 0, size, hash);
    if (place >= 0) {
      rows[place] += more;
      return;
    }
    int at = -place - 1;
    if (size == hashes.length && size < SIZE) {
      hashes = Arrays.copyOf(hashes, 2 * size);
      rows = Arrays.copyOf(rows, 2 * size);
    }
    int moved = Math.min(size, SIZE - 1) - at;
    System.arraycopy(hashes, at, hashes, at + 1, moved);
    System.arraycopy(rows, at, rows, at + 1, moved);
    hashes[at] = hash;
    rows[at] = more;
    size = Math.min(size + 1, SIZE);
  }

  /** Takes the other sample in. */
  void merge(DistinctSample other) {
    taken += other.taken;
    fractions |= other.fractions;
    smallest = Math.min(smallest, other.smallest);
    largest = Math.max(largest, other.largest);
    for (int i = 0; i < other.size; i++) {
      count(other.hashes[i], other.rows[i]);
    }
  }

  /** Whether each of some numbers is whole and has one row. */
  boolean areWholeAndDifferent() {
    return taken > 0 && !fractions && Arrays.stream(rows, 0, size).allMatch(own -> own == 1);
  }

  /** Numbers that were taken in. */
  long taken() {
    return taken;
  }

  /** Whole numbers from the smallest to the largest, both included. */
  double span() {
    return largest - smallest + 1;
  }
}
