package io.lakeprop.spark;

import io.lakeprop.base.Mix;
import io.lakeprop.data.PackedBlock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.PrimitiveIterator;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.api.java.function.Function2;

/**
 * A cached table of blocks: partition {@code group x tasks + t} holds the shards of the slices that
 * task t of a round runs, in order; empty shards have no block.
 *
 * @param cached the blocks in the cache
 * @param blocks the same as everybody reads them; those that were packed again after a fault must
 *     be what they were
 * @param shardRows rows of each shard
 * @param content a sum over what follows from the rows' content and the seed
 * @param varied whether rows of a positive weight have different labels, label by label
 * @param placement the slices of a group, each of which has a shard, and the tasks that run them
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared, and the array is never written.
record PackedTable(
    JavaRDD<PackedBlock> cached,
    JavaRDD<PackedBlock> blocks,
    int[] shardRows,
    long content,
    List<Boolean> varied,
    Placement placement)
    implements AutoCloseable {
  /** Blocks that are made of no table. */
  PackedTable(JavaRDD<PackedBlock> blocks, int[] shardRows, Placement placement) {
    this(blocks, blocks, shardRows, 0, List.of(), placement);
  }

  /** Packs and counts, in one job. */
  static PackedTable of(JavaRDD<PackedBlock> cached, int shards, int labels, Placement placement) {
    int[] rows = new int[shards];
    int[] marks = new int[shards];
    long content = 0;
    float[] least = new float[labels];
    float[] most = new float[labels];
    Arrays.fill(least, Float.POSITIVE_INFINITY);
    Arrays.fill(most, Float.NEGATIVE_INFINITY);
    for (long[] block : cached.map(new Count()).collect()) {
      int shard = (int) block[0];
      rows[shard] = (int) block[1];
      marks[shard] = mark((int) block[1], block[2]);
      content += block[2];
      for (int label = 0; label < labels; label++) {
        least[label] = Math.min(least[label], Float.intBitsToFloat((int) block[3 + 2 * label]));
        most[label] = Math.max(most[label], Float.intBitsToFloat((int) block[4 + 2 * label]));
      }
    }
    List<Boolean> varied = new ArrayList<>();
    for (int label = 0; label < labels; label++) {
      varied.add(least[label] < most[label]);
    }
    JavaRDD<PackedBlock> checked = cached.mapPartitionsWithIndex(new Check(placement, marks), true);
    return new PackedTable(cached, checked, rows, content, varied, placement);
  }

  /** What a shard is known by; 0 for one without rows. */
  private static int mark(int rows, long content) {
    return rows == 0 ? 0 : Long.hashCode(Mix.mix(content, rows)) | 1;
  }

  long rows() {
    return Arrays.stream(shardRows).asLongStream().sum();
  }

  /** Shards a group. */
  int slices() {
    return placement.slices();
  }

  /** Partitions a group. */
  int tasks() {
    return placement.tasks();
  }

  int groups() {
    return shardRows.length / slices();
  }

  @Override
  public void close() {
    // Waits: a removal that is still under way when the context stops ends in stack traces.
    cached.unpersist(true);
  }

  /** A block's shard, rows and content, then the bits of each label's smallest and largest. */
  private record Count() implements Function<PackedBlock, long[]> {
    @Override
    public long[] call(PackedBlock block) {
      int labels = block.labelsARow();
      long[] counts = new long[3 + 2 * labels];
      counts[0] = block.shard();
      counts[1] = block.rows();
      counts[2] = block.content();
      for (int label = 0; label < labels; label++) {
        float least = Float.POSITIVE_INFINITY;
        float most = Float.NEGATIVE_INFINITY;
        for (int row = 0; row < block.rows(); row++) {
          if (block.weight(row) > 0) {
            least = Math.min(least, block.labels()[row * labels + label]);
            most = Math.max(most, block.labels()[row * labels + label]);
          }
        }
        counts[3 + 2 * label] = Float.floatToIntBits(least);
        counts[4 + 2 * label] = Float.floatToIntBits(most);
      }
      return counts;
    }
  }

  /** Lets the blocks of a partition through that are what they were when they were counted. */
  private record Check(Placement placement, int[] marks)
      implements Function2<Integer, Iterator<PackedBlock>, Iterator<PackedBlock>> {
    @Override
    public Iterator<PackedBlock> call(Integer partition, Iterator<PackedBlock> blocks) {
      return new Checked(blocks, placement.shardsOf(partition).iterator(), marks);
    }
  }

  private static final class Checked implements Iterator<PackedBlock> {
    private final Iterator<PackedBlock> blocks;
    private final PrimitiveIterator.OfInt shards;
    private final int[] marks;

    Checked(Iterator<PackedBlock> blocks, PrimitiveIterator.OfInt shards, int[] marks) {
      this.blocks = blocks;
      this.shards = shards;
      this.marks = marks;
    }

    @Override
    public boolean hasNext() {
      boolean more = blocks.hasNext();
      while (!more && shards.hasNext()) {
        check(shards.nextInt(), 0);
      }
      return more;
    }

    @Override
    public PackedBlock next() {
      PackedBlock block = blocks.next();
      while (shards.hasNext()) {
        int shard = shards.nextInt();
        if (shard == block.shard()) {
          check(shard, mark(block.rows(), block.content()));
          return block;
        }
        check(shard, 0);
      }
      throw SameRows.shardChanged(block.shard());
    }

    private void check(int shard, int mark) {
      if (marks[shard] != mark) {
        throw SameRows.shardChanged(shard);
      }
    }
  }
}
