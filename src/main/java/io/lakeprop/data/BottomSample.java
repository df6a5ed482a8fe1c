package io.lakeprop.data;

import io.lakeprop.base.Check;
import java.util.Arrays;
import java.util.Comparator;

/**
 * The values of the rows with the smallest hashes: a sample that is the same whatever order the
 * rows came in and however the parts were merged.
 *
 * <p>Duplicate rows share a hash and a value, so it does not matter which of them is kept.
 */
public final class BottomSample {
  private final int capacity;
  private long[] hashes;
  private double[] values;
  private int size;

  /**
   * @param capacity how many values are kept
   */
  public BottomSample(int capacity) {
    this.capacity = Check.positive(capacity, "capacity");
    this.hashes = new long[16];
    this.values = new double[16];
  }

  /** Offers a value of the row with this hash. */
  public void add(long hash, double value) {
    if (size == hashes.length) {
      if (size >= 2 * capacity) {
        shrink();
      } else {
        int larger = Math.min(2 * capacity, 2 * size);
        hashes = Arrays.copyOf(hashes, larger);
        values = Arrays.copyOf(values, larger);
      }
    }
    hashes[size] = hash;
    values[size] = value;
    size++;
  }

  /** Takes the other sample's values in. */
  public void merge(BottomSample other) {
    for (int i = 0; i < other.size; i++) {
      add(other.hashes[i], other.values[i]);
    }
  }

  /** The sample, smallest value first. */
  public double[] sorted() {
    shrink();
    double[] sorted = Arrays.copyOf(values, size);
    Arrays.sort(sorted);
    return sorted;
  }

  private void shrink() {
    if (size <= capacity) {
      return;
    }
    Integer[] order = new Integer[size];
    Arrays.setAll(order, i -> i);
    Arrays.sort(
        order,
        Comparator.<Integer>comparingLong(i -> hashes[i]).thenComparingDouble(i -> values[i]));
    long[] keptHashes = new long[hashes.length];
    double[] keptValues = new double[values.length];
    for (int i = 0; i < capacity; i++) {
      keptHashes[i] = hashes[order[i]];
      keptValues[i] = values[order[i]];
    }
    hashes = keptHashes;
    values = keptValues;
    size = capacity;
  }
}
