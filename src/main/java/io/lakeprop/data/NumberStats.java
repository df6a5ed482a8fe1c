package io.lakeprop.data;

/**
 * What training rows say about a number: counts, exact sums, extremes and a sample. Merging is
 * associative and commutative to the bit.
 */
public final class NumberStats {
  /** Values that a quantile is read from: an error of half a percent of the rows at the median. */
  static final int SAMPLE = 10_000;

  private final ExactSum sum = ExactSum.ofNumbers();
  private final ExactSum squares = ExactSum.ofSquares();
  private final BottomSample sample;
  private long present;
  private long missing;
  private long nan;
  private long infinite;
  private double smallest = Double.POSITIVE_INFINITY;
  private double largest = Double.NEGATIVE_INFINITY;

  private NumberStats(BottomSample sample) {
    this.sample = sample;
  }

  /** The empty statistic; a sample is kept only for the scalings that read quantiles. */
  public static NumberStats empty(FeatureSpec.Scaling scaling) {
    return new NumberStats(
        switch (scaling) {
          case ROBUST, QUANTILE -> new BottomSample(SAMPLE);
          case STANDARD, NONE -> null;
        });
  }

  /** Takes in that there is no value. */
  void addNull() {
    missing++;
  }

  /** Takes one value in; NaN counts as missing. */
  public void add(long hash, double value) {
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
      if (sample != null) {
        sample.add(hash, value);
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
    if (sample != null) {
      sample.merge(other.sample);
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

  /** The sampled values, smallest first. */
  double[] sortedSample() {
    return sample.sorted();
  }
}
