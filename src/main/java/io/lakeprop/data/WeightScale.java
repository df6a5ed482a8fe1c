package io.lakeprop.data;

import java.io.Serializable;

/**
 * What makes weights of rows relative: each is divided by the mean of all, so that their unit says
 * nothing. The mean is exact and is rounded once; a power of two goes ahead of it, because the mean
 * of the smallest numbers is none of theirs. Weights that are all 1 stay what they are, to the bit.
 *
 * <p>No weight is more than the number of rows times the mean, so a scaled one is finite; one that
 * is smaller than the mean by 45 powers of ten becomes 0.
 *
 * @param exponent of two, by which a weight is multiplied first
 * @param mean of the weights times that power
 */
public record WeightScale(int exponent, double mean) implements Serializable {
  /** Leaves weights as they are. */
  public static final WeightScale ONE = new WeightScale(0, 1);

  /** Of weights that are not all 0. */
  static WeightScale of(ExactSum weights, long rows) {
    int exponent = 63 - Long.numberOfLeadingZeros(rows) - weights.exponent();
    return new WeightScale(exponent, weights.mean(rows, exponent));
  }

  /** A weight of the arithmetic that trains. */
  public float of(double weight) {
    return (float) (Math.scalb(weight, exponent) / mean);
  }
}
