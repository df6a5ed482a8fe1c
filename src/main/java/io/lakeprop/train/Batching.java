package io.lakeprop.train;

import io.lakeprop.base.Check;
import java.util.OptionalInt;

/**
 * How a table is cut for training. Everything follows from the job file and the table, nothing from
 * the cluster.
 *
 * @param batch rows of a round
 * @param slices parts of a round that are summed in a fixed order
 * @param groups parts of the table that are read one after the other; 1 when a group holds it all
 */
public record Batching(int batch, int slices, int groups) {
  /** As a batch: all training rows, whatever their number. */
  public static final int ALL_ROWS = Integer.MAX_VALUE;

  private static final int ROWS_A_SLICE = 512;
  private static final int FEWEST_SLICES = 2;
  private static final int MOST_SLICES = 64;
  private static final int SMALLEST_BATCH = 64;
  private static final int LARGEST_BATCH = 4096;
  private static final int ROUNDS_AN_EPOCH = 128;
  private static final long BYTES_A_SHARD = 128L << 20;

  public Batching {
    Check.positive(batch, "training.batch");
    Check.positive(slices, "training.slices");
    Check.positive(groups, "groups");
  }

  /**
   * Fills in what the job leaves open: the batch that makes about 128 rounds an epoch, rounded up
   * to a power of two between 64 and 4,096; slices of about 512 rows, 2 to 64; groups whose shards
   * stay below 128 MiB.
   *
   * @param bytesARow of the packed table
   */
  public static Batching of(OptionalInt batch, OptionalInt slices, long rows, int bytesARow) {
    int ownBatch =
        batch.isPresent() && batch.getAsInt() == ALL_ROWS
            ? (int) Math.min(rows, ALL_ROWS)
            : batch.orElseGet(
                () ->
                    powerOfTwo(
                        Math.max(
                            SMALLEST_BATCH,
                            Math.min(LARGEST_BATCH, (double) rows / ROUNDS_AN_EPOCH))));
    int ownSlices =
        slices.orElseGet(
            () ->
                powerOfTwo(
                    Math.max(
                        FEWEST_SLICES, Math.min(MOST_SLICES, ownBatch / (double) ROWS_A_SLICE))));
    return new Batching(ownBatch, ownSlices, groups(rows, bytesARow, ownSlices));
  }

  /** Whether each round reads all of so many rows. */
  public boolean readsAll(long rows) {
    return batch >= rows && groups == 1;
  }

  /** Groups that keep the shards of so many rows below 128 MiB. */
  public static int groups(long rows, int bytesARow, int slices) {
    return (int) Math.max(1, Math.ceil((double) rows * bytesARow / slices / BYTES_A_SHARD));
  }

  private static int powerOfTwo(double atLeast) {
    int value = 1;
    while (value < atLeast) {
      value *= 2;
    }
    return value;
  }
}
