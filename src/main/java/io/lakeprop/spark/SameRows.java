package io.lakeprop.spark;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.data.RowStats;
import io.lakeprop.spark.TrainingData.Split;
import java.util.Locale;

/**
 * Whether the passes over a table have met the same rows. Where they have not, encoder, splits and
 * blocks would be of different tables, and nobody would notice.
 *
 * @param table as messages name it
 */
record SameRows(String table, Split split) {
  private static final String MENDS =
      "(does a job write it, or does an expression or a query give other rows each time? name a"
          + " version of the table, as Delta and Iceberg have, or a copy; sums of doubles follow"
          + " the layout in their last digits, sums of decimals do not)";

  /** Compares the numbers of rows alone, of passes in which no row is whole. */
  void check(String pass, long before, long now) {
    if (before != now) {
      throw changed("the statistics read %,d, %s %,d".formatted(before, pass, now));
    }
  }

  /** Compares the rows that were packed with those of the statistics. */
  void check(RowStats before, PackedTable packed) {
    check("packing", before.rows(), packed.rows());
    if (before.content() != packed.content()) {
      throw changed(
          "packing read as many as the statistics, %,d, of other content".formatted(before.rows()));
    }
  }

  private InvalidInput changed(String how) {
    return new InvalidInput(
        "table %s must not change while it is read, however: of its %s rows %s %s"
            .formatted(table, split.name().toLowerCase(Locale.ROOT), how, MENDS));
  }

  /** A shard that was packed again, because its executor was lost, must be what it was. */
  static InvalidInput shardChanged(int shard) {
    return new InvalidInput(
        "a table must not change while it is read, however: shard %d, packed again after a fault, has other rows %s"
            .formatted(shard, MENDS));
  }
}
