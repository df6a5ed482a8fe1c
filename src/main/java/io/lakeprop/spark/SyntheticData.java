package io.lakeprop.spark;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.data.PackedBlock;
import io.lakeprop.data.SyntheticTable;
import io.lakeprop.train.Objective;
import io.lakeprop.train.RoundPlan;
import io.lakeprop.train.RoundRunner;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;

/** A random table, packed and cached where a real one would be: for benchmarks. */
public final class SyntheticData implements AutoCloseable {
  private final JavaSparkContext context;
  private final PackedTable table;
  private final Slots slots = new Slots();

  private SyntheticData(JavaSparkContext context, PackedTable table) {
    this.context = context;
    this.table = table;
  }

  /**
   * Makes the rows on the executors and caches them there.
   *
   * @param rows of the table, spread evenly over the slices
   */
  public static SyntheticData pack(
      SparkSession session, SyntheticTable table, int rows, int slices) {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(session.sparkContext());
    int tasks = BlockPacker.tasks(slices, context);
    int[] shardRows = shardRows(rows, slices);
    List<Integer> numbers = IntStream.range(0, tasks).boxed().toList();
    PackedTable packed =
        new PackedTable(
            context
                .parallelize(numbers, tasks)
                .mapPartitionsWithIndex(new Make(table, rows, slices, tasks), true)
                .setName("random rows")
                .persist(StorageLevel.MEMORY_AND_DISK()),
            shardRows,
            new Placement(slices, tasks));
    packed.blocks().count();
    return new SyntheticData(context, packed);
  }

  /** Rows of each slice's shard. */
  public static int[] shardRows(int rows, int slices) {
    int[] shardRows = new int[slices];
    Arrays.setAll(
        shardRows,
        slice ->
            BlockPacker.firstSlice(slice + 1, rows, slices)
                - BlockPacker.firstSlice(slice, rows, slices));
    return shardRows;
  }

  /** Tasks of a round. */
  public int tasks() {
    return table.tasks();
  }

  /** Which rows each round of so many reads. */
  public RoundPlan plan(long seed, int batch) {
    return new RoundPlan(seed, batch, table.slices(), table.shardRows());
  }

  /**
   * How this Spark can run the rounds of an objective.
   *
   * @param vectors that the optimizer remembers, each as long as theta
   * @throws InvalidInput when it cannot
   */
  public RoundsChoice choose(RoundsChoice.Wish wish, Objective objective, int vectors) {
    return RoundsChoice.of(
        wish,
        RoundsChoice.Cluster.of(context),
        new RoundLoad(
            table.placement(),
            objective.network().layout().size(),
            objective.network().counted(),
            vectors));
  }

  /**
   * Rounds over the rows.
   *
   * @param note told when another way than the first of the choice goes on
   */
  public RoundRunner rounds(
      RoundsChoice choice, Objective objective, RoundPlan plan, Consumer<String> note) {
    return RoundRunners.of(context, choice, objective, plan, table, slots, note);
  }

  /** A job of as many tasks as a round that do nothing. */
  public void emptyJob() {
    slots.free();
    context.parallelize(List.of(), table.tasks()).count();
  }

  @Override
  public void close() {
    slots.free();
    table.close();
  }

  /** The blocks of one task's slices. */
  private record Make(SyntheticTable table, int rows, int slices, int tasks)
      implements Function2<Integer, Iterator<Integer>, Iterator<PackedBlock>> {
    @Override
    public Iterator<PackedBlock> call(Integer task, Iterator<Integer> unused) {
      int[] shardRows = shardRows(rows, slices);
      List<PackedBlock> blocks = new ArrayList<>();
      int end = BlockPacker.firstSlice(task + 1, slices, tasks);
      for (int slice = BlockPacker.firstSlice(task, slices, tasks); slice < end; slice++) {
        blocks.add(table.block(slice, shardRows[slice]));
      }
      return blocks.iterator();
    }
  }
}
