package io.lakeprop.data;

import io.lakeprop.base.Mix;

/**
 * The hash of all that a row holds. Its weight is hashed apart from the rest: where a row stands
 * and in which split must not follow from the unit of the weights, but another weight is other
 * content.
 */
public final class RowContent {
  private RowContent() {}

  /**
   * Of a row.
   *
   * @param hash of the row's labels and features
   * @param weight as it stands in the table; of 1 it is the hash alone
   */
  public static long of(long hash, double weight) {
    return weight == 1 ? hash : Mix.mix(hash, Double.doubleToLongBits(weight));
  }
}
