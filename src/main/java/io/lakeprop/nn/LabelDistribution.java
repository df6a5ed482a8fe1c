package io.lakeprop.nn;

import io.lakeprop.base.Check;
import java.util.Arrays;

/**
 * How the labels of the training rows are distributed, in the numbers that a loss reads: what a
 * network knows before it sees a feature.
 */
public final class LabelDistribution {
  /** The share that a class without weight is given, so that its logit is finite. */
  static final double SMALLEST_SHARE = 1e-6;

  private final double[] values;
  private final double[] shares;
  private final double mean;

  private LabelDistribution(double[] values, double[] shares, double mean) {
    this.values = values;
    this.shares = shares;
    this.mean = mean;
  }

  /**
   * Of class labels.
   *
   * @param weights of the rows of each class, not all 0
   */
  public static LabelDistribution ofClasses(double[] weights) {
    double sum = 0;
    for (double weight : weights) {
      sum += Check.notNegative(weight, "weight");
    }
    Check.positive(sum, "sum of weights");
    double[] values = new double[weights.length];
    double[] shares = new double[weights.length];
    double mean = 0;
    for (int c = 0; c < weights.length; c++) {
      values[c] = c;
      shares[c] = weights[c] / sum;
      mean += c * shares[c];
    }
    return new LabelDistribution(values, shares, mean);
  }

  /**
   * Of numbers.
   *
   * @param values of the labels, smallest first, to read quantiles from
   * @param counts how many labels each value stands for
   */
  public static LabelDistribution ofNumbers(double mean, double[] values, double[] counts) {
    double count = Arrays.stream(counts).sum();
    double[] shares = Arrays.stream(counts).map(own -> own / count).toArray();
    return new LabelDistribution(values.clone(), shares, mean);
  }

  /** The share of a class in the weight of all rows. */
  public double share(int ofClass) {
    return shares[ofClass];
  }

  /** The weighted mean. */
  public double mean() {
    return mean;
  }

  /** The smallest value that at least this share of the labels does not exceed. */
  public double quantile(double level) {
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      sum += shares[i];
      if (sum >= level) {
        return values[i];
      }
    }
    return values[values.length - 1];
  }

  /**
   * The logarithm of the mean, however small: a count over a large exposure is no share. Labels
   * that are all 0 start where a class without weight does.
   */
  float logMean() {
    return (float) StrictMath.log(mean > 0 ? mean : SMALLEST_SHARE);
  }

  /** {@code log(p / (1 - p))}. */
  static float logOdds(double share) {
    double p = Math.max(SMALLEST_SHARE, Math.min(1 - SMALLEST_SHARE, share));
    return (float) (StrictMath.log(p) - StrictMath.log1p(-p));
  }
}
