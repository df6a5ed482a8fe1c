package io.lakeprop.spark;

import io.lakeprop.data.LabelEncoder;
import io.lakeprop.data.PackedBlock;
import io.lakeprop.eval.ClassificationSum;
import io.lakeprop.eval.MetricSum;
import io.lakeprop.eval.RegressionSum;
import io.lakeprop.train.Evaluator;
import io.lakeprop.train.Objective;
import io.lakeprop.train.TreeSum;
import java.util.Iterator;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;

/** Scores cached blocks on the executors; sums are merged in the order of the shards. */
final class JobEvaluator implements Evaluator {
  private final JavaSparkContext context;
  private final Objective objective;
  private final LabelEncoder label;
  private final PackedTable table;
  private final Slots slots;

  JobEvaluator(
      JavaSparkContext context,
      Objective objective,
      LabelEncoder label,
      PackedTable table,
      Slots slots) {
    this.context = context;
    this.objective = objective;
    this.label = label;
    this.table = table;
    this.slots = slots;
  }

  @Override
  public MetricSum evaluate(float[] theta) {
    slots.free();
    Broadcast<float[]> broadcast = context.broadcast(theta);
    try {
      int shards = table.shardRows().length;
      JavaRDD<TreeSum.Node<MetricSum>> partial =
          table.blocks().mapPartitions(new Score(objective, label, shards, broadcast), true);
      TreeSum<MetricSum> tree = new TreeSum<>(shards, MetricSum::merge);
      partial.collect().forEach(tree::add);
      for (int shard = 0; shard < shards; shard++) {
        if (table.shardRows()[shard] == 0) {
          tree.add(shard, null);
        }
      }
      MetricSum total = tree.total();
      return total == null ? emptySum(label) : total;
    } finally {
      broadcast.destroy();
    }
  }

  /** The sum of no rows for this kind of label. */
  static MetricSum emptySum(LabelEncoder label) {
    return label instanceof LabelEncoder.Quantity number
        ? new RegressionSum(number.scale())
        : new ClassificationSum(((LabelEncoder.Classes) label).values().size());
  }

  /** The blocks of one partition, summed as far as the tree goes. */
  private record Score(
      Objective objective, LabelEncoder label, int shards, Broadcast<float[]> theta)
      implements FlatMapFunction<Iterator<PackedBlock>, TreeSum.Node<MetricSum>> {
    @Override
    public Iterator<TreeSum.Node<MetricSum>> call(Iterator<PackedBlock> blocks) {
      TreeSum<MetricSum> tree = new TreeSum<>(shards, MetricSum::merge);
      while (blocks.hasNext()) {
        PackedBlock block = blocks.next();
        MetricSum sum =
            objective.evaluate(
                theta.value(), block, emptySum(label), Workspaces.of(objective).workspace());
        tree.add(block.shard(), sum);
      }
      return tree.nodes().iterator();
    }
  }
}
