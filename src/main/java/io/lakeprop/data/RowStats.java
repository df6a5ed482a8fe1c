package io.lakeprop.data;

import io.lakeprop.base.Mix;

/**
 * What a pass finds in the rows of a split: how many, which, what they weigh, and how many were
 * left out. Merging is associative and commutative to the bit.
 */
public final class RowStats {
  private final NumberStats weight = NumberStats.empty(FeatureSpec.Scaling.STANDARD);
  private long rows;
  private long content;
  private long fingerprint;
  private long withoutLabel;
  private long ofRareClasses;

  /**
   * Takes in a row.
   *
   * @param hash of the row's labels and features
   * @param rowWeight 1 when there are no weights
   * @param seed of the job
   */
  public void add(long hash, double rowWeight, long seed) {
    long all = RowContent.of(hash, rowWeight);
    rows++;
    content += Mix.mix(seed, all);
    fingerprint += Mix.mix(all);
    weight.add(rowWeight);
  }

  /** Takes in that a row is left out. */
  public void leaveOut(LeftOut reason) {
    switch (reason) {
      case NONE -> throw new IllegalArgumentException("a row that is left out must have a reason");
      case WITHOUT_LABEL -> withoutLabel++;
      case RARE_CLASS -> ofRareClasses++;
    }
  }

  /** Takes the other statistic in. */
  public void merge(RowStats other) {
    rows += other.rows;
    content += other.content;
    fingerprint += other.fingerprint;
    withoutLabel += other.withoutLabel;
    ofRareClasses += other.ofRareClasses;
    weight.merge(other.weight);
  }

  /** Rows that are not left out. */
  public long rows() {
    return rows;
  }

  /** A sum over content and seed of the rows, the same in any order: what packing finds again. */
  public long content() {
    return content;
  }

  /** A sum over the content of the rows alone. */
  public long fingerprint() {
    return fingerprint;
  }

  /** Rows that were left out because a label is missing. */
  public long withoutLabel() {
    return withoutLabel;
  }

  /** Rows that were left out because a label's class is rare. */
  public long ofRareClasses() {
    return ofRareClasses;
  }

  /** The weights. */
  public NumberStats weight() {
    return weight;
  }

  /** What makes the weights relative; they must not all be 0. */
  public WeightScale scale() {
    return weight.scale(rows);
  }
}
