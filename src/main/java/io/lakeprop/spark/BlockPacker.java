package io.lakeprop.spark;

import io.lakeprop.base.Mix;
import io.lakeprop.data.EncodedRow;
import io.lakeprop.data.FeatureEncoder;
import io.lakeprop.data.PackedBlock;
import io.lakeprop.data.RowContent;
import io.lakeprop.data.TableRow;
import io.lakeprop.model.AsInTraining;
import java.io.Serial;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.Partitioner;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.api.java.function.PairFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;
import scala.Tuple2;

/**
 * From canonical rows to cached blocks: encode, place by content hash and seed, sort inside the
 * shard, pack.
 *
 * <p>Slices do not follow the cluster, tasks do: a {@link Placement} says which of them share the
 * slices of a group, and every one gives the same blocks.
 */
final class BlockPacker {
  /** The RDD of encoded rows; a stage that has it reads the table. */
  static final String ENCODED = "encoded rows";

  private BlockPacker() {}

  static PackedTable pack(
      String name,
      Dataset<Row> canonical,
      FeatureEncoder encoder,
      AsInTraining reading,
      UnseenValues unseen,
      Labels labels,
      long seed,
      int groups,
      Placement placement) {
    int shards = placement.slices() * groups;
    int numbers = encoder.numbers();
    int ids = encoder.categories().size();
    JavaRDD<PackedBlock> blocks =
        canonical
            .toJavaRDD()
            .mapToPair(new Encode(encoder, reading, unseen, numbers, ids, labels, seed, shards))
            .setName(ENCODED)
            .repartitionAndSortWithinPartitions(new ByShard(placement, groups))
            .mapPartitions(new Pack(numbers, ids, labels.labels().size()))
            .setName(name)
            .persist(StorageLevel.MEMORY_AND_DISK());
    PackedTable table;
    boolean packed = false;
    try {
      table = PackedTable.of(blocks, shards, labels.labels().size(), placement);
      packed = true;
    } finally {
      // No catch: Spark throws checked exceptions that its Java methods do not declare.
      if (!packed) {
        blocks.unpersist(true);
      }
    }
    return table;
  }

  /** A canonical row as an encoded one in its shard; the value of the pair says nothing. */
  private record Encode(
      FeatureEncoder encoder,
      AsInTraining reading,
      UnseenValues unseen,
      int numbersARow,
      int idsARow,
      Labels labels,
      long seed,
      int shards)
      implements PairFunction<Row, EncodedRow, Boolean> {
    @Override
    public Tuple2<EncodedRow, Boolean> call(Row row) {
      float[] numbers = new float[numbersARow];
      int[] ids = new int[idsARow];
      TableRow values = reading.read(new CanonicalRow(labels.firstFeature()).of(row));
      encoder.encode(values, numbers, 0, ids, 0);
      unseen.add(encoder, values, ids);
      long hash = row.getLong(Columns.HASH);
      long content = RowContent.of(hash, CanonicalRow.numberAt(row, Columns.WEIGHT));
      long place = Mix.mix(seed, hash);
      return new Tuple2<>(
          new EncodedRow(
              (int) Long.remainderUnsigned(place, shards),
              place,
              Mix.mix(seed, content),
              numbers,
              ids,
              labels.labels(row),
              labels.weight(row),
              labels.offset(row)),
          true);
    }
  }

  /** The partition of a shard. */
  static final class ByShard extends Partitioner {
    @Serial private static final long serialVersionUID = 1L;
    private final Placement placement;
    private final int groups;

    ByShard(Placement placement, int groups) {
      this.placement = placement;
      this.groups = groups;
    }

    @Override
    public int numPartitions() {
      return groups * placement.tasks();
    }

    @Override
    public int getPartition(Object key) {
      int shard = ((EncodedRow) key).shard();
      int group = shard / placement.slices();
      return group * placement.tasks() + placement.taskOf(shard % placement.slices());
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof ByShard that
          && placement.equals(that.placement)
          && groups == that.groups;
    }

    @Override
    public int hashCode() {
      return placement.hashCode() * 31 + groups;
    }
  }

  /** The task t whose range {@code [t slices / tasks, (t + 1) slices / tasks)} holds the slice. */
  static int taskOf(int slice, int slices, int tasks) {
    return (int) (((slice + 1L) * tasks - 1) / slices);
  }

  /** Tasks of a round: one a core, but no more than there are slices. */
  static int tasks(int slices, JavaSparkContext context) {
    return Math.max(1, Math.min(slices, context.defaultParallelism()));
  }

  /** The first slice of a task. */
  static int firstSlice(int task, int slices, int tasks) {
    return (int) ((long) task * slices / tasks);
  }

  /** Sorted rows of some shards as one block a shard. */
  private record Pack(int numbersARow, int idsARow, int labelsARow)
      implements FlatMapFunction<Iterator<Tuple2<EncodedRow, Boolean>>, PackedBlock> {
    @Override
    public Iterator<PackedBlock> call(Iterator<Tuple2<EncodedRow, Boolean>> rows) {
      return new Blocks(rows, this);
    }
  }

  /** Makes a block at a time, so that a partition's rows never stand in memory twice. */
  private static final class Blocks implements Iterator<PackedBlock> {
    private final Iterator<Tuple2<EncodedRow, Boolean>> rows;
    private final Pack sizes;
    private EncodedRow next;

    Blocks(Iterator<Tuple2<EncodedRow, Boolean>> rows, Pack sizes) {
      this.rows = rows;
      this.sizes = sizes;
      advance();
    }

    private void advance() {
      next = rows.hasNext() ? rows.next()._1() : null;
    }

    @Override
    public boolean hasNext() {
      return next != null;
    }

    @Override
    public PackedBlock next() {
      int shard = next.shard();
      PackedBlock.Builder block =
          new PackedBlock.Builder(shard, sizes.numbersARow, sizes.idsARow, sizes.labelsARow);
      while (next != null && next.shard() == shard) {
        block.add(next);
        advance();
      }
      return block.build();
    }
  }

  /** All blocks on the driver; for tests and small tables. */
  static List<PackedBlock> collect(PackedTable table) {
    return table.blocks().collect();
  }
}
