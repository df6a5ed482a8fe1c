package io.lakeprop.data;

/**
 * What training rows say about a number: counts, exact sums, extremes and a distribution. Merging
 * is associative and commutative to the bit.
 */
public final class NumberStats {
  private final ExactSum sum = ExactSum.ofNumbers();
  private final ExactSum squares = ExactSum.ofSquares();
  private final AdaptiveHistogram histogram;
  private long present;
  private long missing;
  private long nan;
  private long infinite;
  private double smallest = Double.POSITIVE_INFINITY;
  private double largest = Double.NEGATIVE_INFINITY;

  private NumberStats(AdaptiveHistogram histogram) {
    this.histogram = histogram;
  }

  /** The empty statistic; a histogram is kept only for the scalings that read quantiles. */
  public static NumberStats empty(FeatureSpec.Scaling scaling) {
    return new NumberStats(
        switch (scaling) {
          case ROBUST, QUANTILE -> new AdaptiveHistogram();
          case STANDARD, NONE -> null;
        });
  }

  /** Takes in that there is no value. */
  void addNull() {
    missing++;
  }

  /** Takes one value in; NaN counts as missing. */
  public void add(double given) {
    // -0.0 is 0.0.
    double value = given + 0.0;
    if (Double.isNaN(value)) {
      missing++;
      nan++;
    } else if (Double.isInfinite(value)) {
      infinite++;
    } else {
      present++;
      sum.add(value);
      squares.add(value);
      smallest = Math.min(smallest, value);
      largest = Math.max(largest, value);
      if (histogram != null) {
        histogram.add(value);
      }
    }
  }

  /** Takes the other statistic in. */
  public void merge(NumberStats other) {
    present += other.present;
    missing += other.missing;
    nan += other.nan;
    infinite += other.infinite;
    sum.merge(other.sum);
    squares.merge(other.squares);
    smallest = Math.min(smallest, other.smallest);
    largest = Math.max(largest, other.largest);
    if (histogram != null) {
      histogram.merge(other.histogram);
    }
  }

  /** Values that were finite numbers. */
  public long present() {
    return present;
  }

  /** Nulls and NaNs. */
  public long missing() {
    return missing;
  }

  /** NaNs alone, where nulls were told apart. */
  public long nan() {
    return nan;
  }

  /** Infinities of either sign. */
  public long infinite() {
    return infinite;
  }

  /** The smallest finite value. */
  public double smallest() {
    return smallest;
  }

  /** The largest finite value. */
  public double largest() {
    return largest;
  }

  /**
   * Whether the values are so close to each other, for their size, that a float has fewer than
   * {@code 2^10} numbers for all of them. Equal ones may be constant; those of more than 24 bits
   * need not have been before they were floats.
   */
  boolean isCoarse() {
    double range = largest - smallest;
    return present() > 0 && (range == 0 ? magnitude() >= 0x1p24 : range < magnitude() * 0x1p-14);
  }

  /** The largest distance of a finite value from 0. */
  public double magnitude() {
    return Math.max(Math.abs(smallest), Math.abs(largest));
  }

  /** What makes so many finite values relative to their mean. */
  WeightScale scale(long rows) {
    return WeightScale.of(sum, rows);
  }

  /** The mean of the finite values. */
  public double mean() {
    return sum.mean(present);
  }

  /** The standard deviation of the finite values, divided by n. */
  public double deviation() {
    return ExactSum.deviation(sum, squares, present);
  }

  /** The finite values in their order. */
  Distribution distribution() {
    return histogram.distribution();
  }
}
