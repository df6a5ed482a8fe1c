package io.lakeprop.spark;

import io.lakeprop.data.PackedBlock;
import java.util.Arrays;
import org.apache.spark.api.java.JavaRDD;

/**
 * A cached table of blocks: partition {@code group x tasks + t} holds the shards of the slices that
 * task t of a round runs, in order; empty shards have no block.
 *
 * @param shardRows rows of each shard
 * @param content a sum over the rows' places, which follow from their content and the seed
 * @param placement the slices of a group, each of which has a shard, and the tasks that run them
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared, and the array is never written.
record PackedTable(JavaRDD<PackedBlock> blocks, int[] shardRows, long content, Placement placement)
    implements AutoCloseable {
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
    blocks.unpersist(true);
  }
}
