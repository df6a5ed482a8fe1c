package io.lakeprop.train;

import io.lakeprop.base.Check;
import java.util.List;
import java.util.OptionalInt;

/**
 * How a table is cut for training. Everything follows from the job file and the table, nothing from
 * the cluster.
 *
 * @param batch rows that are computed at once
 * @param accumulate batches of a round
 * @param slices parts of a round that are summed in a fixed order
 * @param groups parts of the table that are read one after the other; 1 when a group holds it all
 */
public record Batching(int batch, int accumulate, int slices, int groups) {
  /** As a batch: all training rows, whatever their number. */
  public static final int ALL_ROWS = Integer.MAX_VALUE;

  private static final int ROWS_A_SLICE = 512;
  private static final int FEWEST_SLICES = 2;
  private static final int MOST_SLICES = 64;
  private static final int SMALLEST_BATCH = 32;
  private static final int LARGEST_BATCH = 4096;

  /** From so many rows on the batch is twice the one before. */
  private static final List<Long> LARGER_FROM = List.of(2_800L, 4_500L, 32_000L, 64_000L, 108_000L);

  /** An epoch of a larger table has so many rounds at least. */
  private static final int ROUNDS_AN_EPOCH = 512;

  private static final long BYTES_A_SHARD = 128L << 20;

  public Batching {
    Check.positive(batch, "training.batch");
    Check.positive(accumulate, "training.accumulate");
    Check.positive(slices, "training.slices");
    Check.require(
        (long) batch * accumulate <= Integer.MAX_VALUE,
        "training.batch x training.accumulate must be below 2^31",
        "rows",
        (long) batch * accumulate);
    Check.require(
        accumulate <= slices,
        "training.accumulate must be at most training.slices=" + slices,
        "training.accumulate",
        accumulate);
    Check.positive(groups, "groups");
  }

  /**
   * Fills in what the job leaves open: a batch of 32 rows of fewer than 2,800, of 1,024 from
   * 108,000 on, and of 2,048 and 4,096 where an epoch has 512 rounds or more with it; slices of
   * about 512 rows of the whole round, 2 to 64; groups whose shards stay below 128 MiB.
   *
   * @param bytesARow of the packed table
   */
  public static Batching of(
      OptionalInt batch, int accumulate, OptionalInt slices, long rows, int bytesARow) {
    int ownBatch =
        batch.isPresent() && batch.getAsInt() == ALL_ROWS
            ? (int) Math.min(rows, ALL_ROWS)
            : batch.orElseGet(() -> batch(rows));
    double wished = (double) ownBatch * accumulate / ROWS_A_SLICE;
    int ownSlices =
        slices.orElseGet(() -> powerOfTwo(Math.max(FEWEST_SLICES, Math.min(MOST_SLICES, wished))));
    return new Batching(ownBatch, accumulate, ownSlices, groups(rows, bytesARow, ownSlices));
  }

  private static int batch(long rows) {
    int batch = SMALLEST_BATCH;
    for (long from : LARGER_FROM) {
      batch *= rows >= from ? 2 : 1;
    }
    while (batch < LARGEST_BATCH && rows >= 2L * batch * ROUNDS_AN_EPOCH) {
      batch *= 2;
    }
    return batch;
  }

  /** Refuses what breaks a rule whatever the table. */
  public static void check(OptionalInt batch, int accumulate, OptionalInt slices) {
    if (batch.isPresent() || slices.isPresent()) {
      of(batch.isPresent() ? batch : OptionalInt.of(1), accumulate, slices, 1, 1);
    }
  }

  /** Rows of a round. */
  public int rowsOfRound() {
    return batch * accumulate;
  }

  /** Whether each round reads all of so many rows. */
  public boolean readsAll(long rows) {
    return rowsOfRound() >= rows && groups == 1;
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
