package io.lakeprop.spark;

import io.lakeprop.data.PackedBlock;
import io.lakeprop.eval.MetricSum;
import io.lakeprop.train.Evaluator;
import io.lakeprop.train.Objective;
import io.lakeprop.train.Scores;
import io.lakeprop.train.TreeSum;
import java.util.Iterator;
import java.util.List;
import java.util.PrimitiveIterator;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function2;

/** Scores cached blocks on the executors; sums are merged in the order of the shards. */
final class JobEvaluator implements Evaluator {
  private final JavaSparkContext context;
  private final Objective objective;
  private final Scores scores;
  private final PackedTable table;
  private final Slots slots;

  JobEvaluator(
      JavaSparkContext context,
      Objective objective,
      Scores scores,
      PackedTable table,
      Slots slots) {
    this.context = context;
    this.objective = objective;
    this.scores = scores;
    this.table = table;
    this.slots = slots;
  }

  @Override
  public MetricSum evaluate(float[] theta) {
    slots.free();
    Work.EVALUATION.begins(context);
    try (SentTheta sent = SentTheta.to(context, theta)) {
      int shards = table.shardRows().length;
      int partitions = table.blocks().getNumPartitions();
      List<int[]> shares =
          IntStream.range(0, partitions)
              .mapToObj(p -> table.placement().shardsOf(p).toArray())
              .toList();
      JavaRDD<TreeSum.Node<MetricSum>> partial =
          table
              .blocks()
              .mapPartitionsWithIndex(
                  new Score(objective, scores, shards, table.placement(), sent), true);
      return MetricTotal.of(scores, context.getConf()).of(partial, shards, shares);
    }
  }

  /** The shards of one partition, summed as far as the tree goes; an empty shard has no block. */
  private record Score(
      Objective objective, Scores scores, int shards, Placement placement, SentTheta theta)
      implements Function2<Integer, Iterator<PackedBlock>, Iterator<TreeSum.Node<MetricSum>>> {
    @Override
    public Iterator<TreeSum.Node<MetricSum>> call(Integer partition, Iterator<PackedBlock> blocks) {
      TreeSum<MetricSum> tree = new TreeSum<>(shards, MetricSum::merge);
      PrimitiveIterator.OfInt own = placement.shardsOf(partition).iterator();
      while (blocks.hasNext()) {
        PackedBlock block = blocks.next();
        int shard = own.nextInt();
        while (shard < block.shard()) {
          tree.add(shard, null);
          shard = own.nextInt();
        }
        MetricSum sum =
            objective.evaluate(
                theta.values(), block, scores.empty(), Workspaces.of(objective).workspace());
        tree.add(shard, sum);
      }
      own.forEachRemaining((int shard) -> tree.add(shard, null));
      return tree.nodes().iterator();
    }
  }
}
