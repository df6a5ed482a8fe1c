package io.lakeprop.data;

import io.lakeprop.base.Check;
import java.util.Arrays;

/**
 * How often each number comes, as exactly as its room allows: counts of the numbers that share
 * their sign, exponent and first m bits of the mantissa, each with its smallest and largest number.
 *
 * <p>m is the largest at which the numbers fall into at most {@code capacity} buckets; while they
 * are few, it is 52, and each bucket is one number. Fewer numbers never need a smaller m, so a part
 * of the rows has lost nothing that the whole would keep: the histogram is a function of the
 * numbers and of how often each comes, whatever their order and whichever parts were merged first.
 * Every row counts once. A bucket is at most {@code 2^-m} of its numbers wide.
 *
 * <p>Between two readings there is room for half as many buckets again: a column of different
 * numbers has its buckets joined a few times, and not once a bit. Open addressing in arrays that
 * start small and double; 256 KB at the most.
 */
public final class AdaptiveHistogram {
  /** Room for all signs and exponents of finite numbers, so that m is never below 0. */
  static final int CAPACITY = 4096;

  private static final int FIRST_SLOTS = 16;

  /** 2^64 over the golden ratio: the upper bits of a product with it depend on all of a key's. */
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private final int capacity;
  private final int room;

  /** Bits that keys have lost. */
  private int shift;

  private int buckets;
  private long[] keys;

  /** 0 where a slot is free. */
  private long[] counts;

  private double[] smallest;
  private double[] largest;

  /** The empty histogram. */
  public AdaptiveHistogram() {
    this(CAPACITY);
  }

  /**
   * @param capacity the most buckets, at least 2: one for each sign
   */
  AdaptiveHistogram(int capacity) {
    Check.require(capacity >= 2, "capacity must be at least 2", "capacity", capacity);
    this.capacity = capacity;
    this.room = capacity + capacity / 2;
    allocate(FIRST_SLOTS);
  }

  private void allocate(int slots) {
    buckets = 0;
    keys = new long[slots];
    counts = new long[slots];
    smallest = new double[slots];
    largest = new double[slots];
  }

  /** Takes a finite number in. */
  public void add(double value) {
    // -0.0 is 0.0.
    double number = value + 0.0;
    add(ordered(number) >> shift, 1, number, number);
  }

  /** Takes the other histogram's numbers in. */
  public void merge(AdaptiveHistogram other) {
    if (other.shift > shift) {
      rebuild(other.shift, keys.length);
    }
    for (int slot = 0; slot < other.keys.length; slot++) {
      if (other.counts[slot] > 0) {
        add(
            other.keys[slot] >> (shift - other.shift),
            other.counts[slot],
            other.smallest[slot],
            other.largest[slot]);
      }
    }
  }

  /** The numbers in their order. */
  public Distribution distribution() {
    settle();
    double[] from = new double[buckets];
    int next = 0;
    for (int slot = 0; slot < keys.length; slot++) {
      if (counts[slot] > 0) {
        from[next++] = smallest[slot];
      }
    }
    Arrays.sort(from);
    long[] sorted = new long[buckets];
    double[] to = new double[buckets];
    for (int i = 0; i < buckets; i++) {
      int slot = slot(ordered(from[i]) >> shift);
      sorted[i] = counts[slot];
      to[i] = largest[slot];
    }
    return new Distribution(sorted, from, to);
  }

  /** Bits of the mantissa that no bucket tells apart. */
  int shift() {
    settle();
    return shift;
  }

  /** The bits of a number as one that sorts as the number does. */
  static long ordered(double number) {
    long bits = Double.doubleToRawLongBits(number);
    return bits ^ ((bits >> 63) & Long.MAX_VALUE);
  }

  private void add(long key, long count, double from, double to) {
    put(key, count, from, to);
    if (buckets > room) {
      settle();
    } else if (4 * buckets > 3 * keys.length) {
      rebuild(shift, 2 * keys.length);
    }
  }

  /** Cuts the fewest bits at which the buckets are as many as they may be. */
  private void settle() {
    if (buckets <= capacity) {
      return;
    }
    long[] sorted = new long[buckets];
    int next = 0;
    for (int slot = 0; slot < keys.length; slot++) {
      if (counts[slot] > 0) {
        sorted[next++] = keys[slot];
      }
    }
    Arrays.sort(sorted);
    // Neighbours stay apart while their highest different bit stays.
    int[] apart = new int[Long.SIZE];
    for (int i = 1; i < sorted.length; i++) {
      apart[Long.SIZE - 1 - Long.numberOfLeadingZeros(sorted[i] ^ sorted[i - 1])]++;
    }
    int cut = Long.SIZE;
    int left = 1;
    while (left + apart[cut - 1] <= capacity) {
      left += apart[--cut];
    }
    rebuild(shift + cut, keys.length);
  }

  private void put(long key, long count, double from, double to) {
    int slot = slot(key);
    if (counts[slot] == 0) {
      buckets++;
      keys[slot] = key;
      smallest[slot] = from;
      largest[slot] = to;
    } else {
      smallest[slot] = Math.min(smallest[slot], from);
      largest[slot] = Math.max(largest[slot], to);
    }
    counts[slot] += count;
  }

  /** Where a key stands or would stand. */
  private int slot(long key) {
    int last = keys.length - 1;
    int slot = (int) ((key * GOLDEN) >>> (Long.SIZE - Integer.bitCount(last)));
    while (counts[slot] != 0 && keys[slot] != key) {
      slot = (slot + 1) & last;
    }
    return slot;
  }

  private void rebuild(int newShift, int slots) {
    long[] oldKeys = keys;
    long[] oldCounts = counts;
    double[] from = smallest;
    double[] to = largest;
    int lost = newShift - shift;
    shift = newShift;
    allocate(slots);
    for (int slot = 0; slot < oldKeys.length; slot++) {
      if (oldCounts[slot] > 0) {
        put(oldKeys[slot] >> lost, oldCounts[slot], from[slot], to[slot]);
      }
    }
  }
}
