package io.lakeprop.data;

import java.util.Arrays;

/**
 * Numbers in their order, as an {@link AdaptiveHistogram} counted them. Where a bucket has several
 * numbers, they count as spread evenly from its smallest to its largest.
 */
public final class Distribution {
  private final double[] smallest;
  private final double[] largest;

  /** Numbers below each bucket, and at last all of them. */
  private final long[] below;

  /**
   * @param counts numbers of each bucket, none 0
   * @param smallest rising
   * @param largest at least the bucket's smallest and below the next one's
   */
  Distribution(long[] counts, double[] smallest, double[] largest) {
    this.smallest = smallest;
    this.largest = largest;
    this.below = new long[counts.length + 1];
    for (int i = 0; i < counts.length; i++) {
      below[i + 1] = below[i] + counts[i];
    }
  }

  /** Numbers, equal ones each for itself. */
  public long count() {
    return below[smallest.length];
  }

  /** Buckets. */
  public int buckets() {
    return smallest.length;
  }

  /** The numbers of a bucket. */
  public long count(int bucket) {
    return below[bucket + 1] - below[bucket];
  }

  /** The smallest number of a bucket. */
  public double smallest(int bucket) {
    return smallest[bucket];
  }

  /** The largest number of a bucket. */
  public double largest(int bucket) {
    return largest[bucket];
  }

  /** Whether every bucket is one number. */
  public boolean exact() {
    return Arrays.equals(smallest, largest);
  }

  /** The number below which a share of all lies, linear between neighbours in the order. */
  public double at(double share) {
    double place = share * (count() - 1);
    long rank = (long) place;
    double low = ranked(rank);
    if (rank + 1 >= count()) {
      return low;
    }
    double high = ranked(rank + 1);
    // Rounded, the sum may lie beyond.
    return Math.min(high, low + (place - rank) * (high - low));
  }

  /**
   * The share of all numbers that lies below a value, half of those equal to it included; a value
   * inside a bucket is placed by its distance from the bucket's ends.
   */
  public double share(double value) {
    int place = Arrays.binarySearch(smallest, value + 0.0);
    int bucket = place >= 0 ? place : -place - 2;
    if (bucket < 0) {
      return 0;
    }
    if (value > largest[bucket]) {
      return (double) below[bucket + 1] / count();
    }
    double others = count(bucket) - 1.0;
    double width = largest[bucket] - smallest[bucket];
    double part = width > 0 ? (value - smallest[bucket]) / width : 0.5;
    return (below[bucket] + 0.5 + part * others) / count();
  }

  /** The number that so many others stand before. */
  private double ranked(long rank) {
    int place = Arrays.binarySearch(below, rank);
    int bucket = place >= 0 ? place : -place - 2;
    long last = count(bucket) - 1;
    long own = rank - below[bucket];
    return own == last
        ? largest[bucket]
        : smallest[bucket] + (double) own / last * (largest[bucket] - smallest[bucket]);
  }
}
