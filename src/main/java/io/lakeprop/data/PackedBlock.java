package io.lakeprop.data;

import java.util.Arrays;

/**
 * The packed rows of one shard, in the order of their content hashes.
 *
 * <p>Shapes, n rows: numbers (n, numbers a row), ids (n, ids a row), labels (n, labels a row),
 * weights (n) or empty when every row weighs 1, offsets (n) or empty when all are 0. The arrays are
 * read in place and never written.
 */
public final class PackedBlock {
  private final int shard;
  private final int rows;
  private final int numbersARow;
  private final int idsARow;
  private final int labelsARow;
  private final float[] numbers;
  private final int[] ids;
  private final float[] labels;
  private final float[] weights;
  private final float[] offsets;
  private final long content;

  private PackedBlock(Builder builder) {
    this.shard = builder.shard;
    this.rows = builder.rows;
    this.numbersARow = builder.numbersARow;
    this.idsARow = builder.idsARow;
    this.labelsARow = builder.labelsARow;
    this.numbers = Arrays.copyOf(builder.numbers, rows * numbersARow);
    this.ids = Arrays.copyOf(builder.ids, rows * idsARow);
    this.labels = Arrays.copyOf(builder.labels, rows * labelsARow);
    this.weights = builder.weighted ? Arrays.copyOf(builder.weights, rows) : new float[0];
    this.offsets = builder.shifted ? Arrays.copyOf(builder.offsets, rows) : new float[0];
    this.content = builder.content;
  }

  /** Collects the rows of one shard, in order. */
  public static final class Builder {
    private final int shard;
    private final int numbersARow;
    private final int idsARow;
    private final int labelsARow;
    private float[] numbers = {};
    private int[] ids = {};
    private float[] labels = {};
    private float[] weights = {};
    private float[] offsets = {};
    private boolean weighted;
    private boolean shifted;
    private int rows;
    private long content;

    /** Of rows with one label. */
    public Builder(int shard, int numbersARow, int idsARow) {
      this(shard, numbersARow, idsARow, 1);
    }

    public Builder(int shard, int numbersARow, int idsARow, int labelsARow) {
      this.shard = shard;
      this.numbersARow = numbersARow;
      this.idsARow = idsARow;
      this.labelsARow = labelsARow;
    }

    /** Appends a row. */
    public void add(EncodedRow row) {
      if (rows == weights.length) {
        grow(Math.max(64, Math.addExact(rows, rows / 2)));
      }
      System.arraycopy(row.numbers, 0, numbers, rows * numbersARow, numbersARow);
      System.arraycopy(row.ids, 0, ids, rows * idsARow, idsARow);
      System.arraycopy(row.labels, 0, labels, rows * labelsARow, labelsARow);
      weights[rows] = row.weight;
      weighted |= row.weight != 1;
      offsets[rows] = row.offset;
      shifted |= row.offset != 0;
      content += row.content;
      rows++;
    }

    /** The block of the rows so far. */
    public PackedBlock build() {
      return new PackedBlock(this);
    }

    private void grow(int capacity) {
      numbers = Arrays.copyOf(numbers, Math.multiplyExact(capacity, numbersARow));
      ids = Arrays.copyOf(ids, Math.multiplyExact(capacity, idsARow));
      labels = Arrays.copyOf(labels, Math.multiplyExact(capacity, labelsARow));
      weights = Arrays.copyOf(weights, capacity);
      offsets = Arrays.copyOf(offsets, capacity);
    }
  }

  /** The shard that these rows are. */
  public int shard() {
    return shard;
  }

  /** Number of rows. */
  public int rows() {
    return rows;
  }

  /** A sum over what follows from the rows' content and the seed, the same in any order. */
  public long content() {
    return content;
  }

  /** Encoded numbers, (rows, numbers a row). */
  public float[] numbers() {
    return numbers;
  }

  /** Category ids, (rows, ids a row). */
  public int[] ids() {
    return ids;
  }

  /** Encoded numbers a row. */
  public int numbersARow() {
    return numbersARow;
  }

  /** Category ids a row. */
  public int idsARow() {
    return idsARow;
  }

  /** Labels as the loss reads them, (rows, labels a row). */
  public float[] labels() {
    return labels;
  }

  /** Labels a row. */
  public int labelsARow() {
    return labelsARow;
  }

  /** Whether the logits of any row are to be shifted. */
  public boolean shifted() {
    return offsets.length > 0;
  }

  /** What is added to the logits of a row. */
  public float offset(int row) {
    return offsets.length == 0 ? 0 : offsets[row];
  }

  /** The weight of a row. */
  public float weight(int row) {
    return weights.length == 0 ? 1 : weights[row];
  }
}
