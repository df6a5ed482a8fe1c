package io.lakeprop.data;

import java.util.Arrays;

/**
 * A row on its way into a block: the shard it belongs to, the hash that is its place, that of all
 * its content, and its encoded values.
 *
 * <p>The order is complete: rows that compare equal are equal in all that training reads, so sorted
 * rows are the same whatever order they came in.
 */
public final class EncodedRow implements Comparable<EncodedRow> {
  final float[] numbers;
  final int[] ids;
  final float[] labels;
  final float weight;
  final float offset;
  private final int shard;
  final long hash;
  final long content;

  /** A row of one label without offset. */
  public EncodedRow(int shard, long hash, float[] numbers, int[] ids, float label, float weight) {
    this(shard, hash, numbers, ids, new float[] {label}, weight, 0);
  }

  /** A row whose place is its content. */
  public EncodedRow(
      int shard,
      long hash,
      float[] numbers,
      int[] ids,
      float[] labels,
      float weight,
      float offset) {
    this(shard, hash, hash, numbers, ids, labels, weight, offset);
  }

  /**
   * @param hash by which rows are placed and ordered
   * @param content which a block sums
   */
  public EncodedRow(
      int shard,
      long hash,
      long content,
      float[] numbers,
      int[] ids,
      float[] labels,
      float weight,
      float offset) {
    this.shard = shard;
    this.hash = hash;
    this.content = content;
    this.numbers = numbers;
    this.ids = ids;
    this.labels = labels;
    this.weight = weight;
    this.offset = offset;
  }

  /** The shard. */
  public int shard() {
    return shard;
  }

  @Override
  public int compareTo(EncodedRow other) {
    int order = Integer.compare(shard, other.shard);
    order = order != 0 ? order : Long.compare(hash, other.hash);
    order = order != 0 ? order : Arrays.compare(numbers, other.numbers);
    order = order != 0 ? order : Arrays.compare(ids, other.ids);
    order = order != 0 ? order : Arrays.compare(labels, other.labels);
    order = order != 0 ? order : Float.compare(weight, other.weight);
    return order != 0 ? order : Float.compare(offset, other.offset);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof EncodedRow row && compareTo(row) == 0;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(hash);
  }
}
