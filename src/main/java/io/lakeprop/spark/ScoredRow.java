package io.lakeprop.spark;

import io.lakeprop.data.LeftOut;
import java.util.Arrays;

/**
 * A row that was judged: what a metric sum takes in. The order is complete: rows that compare equal
 * are equal in all of it, so sorted rows are the same however the table lies in files.
 */
final class ScoredRow implements Comparable<ScoredRow> {
  final long hash;
  final float[] labels;
  final double weight;
  final float[] predictions;
  final float[] losses;
  private final int leftOut;

  /**
   * @param hash of the row's content as the model has it, or of a row that is left out
   * @param weight as it stands in the table
   */
  ScoredRow(long hash, float[] labels, double weight, float[] predictions, float[] losses) {
    this(hash, labels, weight, predictions, losses, LeftOut.NONE);
  }

  private ScoredRow(
      long hash,
      float[] labels,
      double weight,
      float[] predictions,
      float[] losses,
      LeftOut leftOut) {
    this.hash = hash;
    this.labels = labels;
    this.weight = weight;
    this.predictions = predictions;
    this.losses = losses;
    this.leftOut = leftOut.code();
  }

  /** A row that is only counted. */
  static ScoredRow without(long hash, LeftOut reason) {
    float[] none = {};
    return new ScoredRow(hash, none, 0, none, none, reason);
  }

  LeftOut leftOut() {
    return LeftOut.of(leftOut);
  }

  @Override
  public int compareTo(ScoredRow other) {
    int order = Integer.compare(leftOut, other.leftOut);
    order = order != 0 ? order : Long.compare(hash, other.hash);
    order = order != 0 ? order : Arrays.compare(labels, other.labels);
    order = order != 0 ? order : Double.compare(weight, other.weight);
    order = order != 0 ? order : Arrays.compare(predictions, other.predictions);
    return order != 0 ? order : Arrays.compare(losses, other.losses);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ScoredRow row && compareTo(row) == 0;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(hash);
  }
}
