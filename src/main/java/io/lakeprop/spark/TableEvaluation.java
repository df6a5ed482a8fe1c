package io.lakeprop.spark;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.base.Mix;
import io.lakeprop.data.LeftOut;
import io.lakeprop.data.RowStats;
import io.lakeprop.data.WeightScale;
import io.lakeprop.eval.MetricSum;
import io.lakeprop.train.Scores;
import io.lakeprop.train.TreeSum;
import java.io.Serial;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.Partitioner;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.api.java.function.Function2;

/**
 * The metrics of judged rows, to the last digit the same for any format, files, partitions and
 * cores: rows meet in a fixed number of leaves by the hash of what the model has of them, are added
 * there in an order of what is added, and the leaves in a fixed tree. Only what a metric sum takes
 * in travels, and a leaf is a stream of sorted rows.
 *
 * <p>What the rows weigh is found first, from the same shuffled rows: the table is read once.
 *
 * @param column of the weights
 * @param table for messages
 */
record TableEvaluation(Scores scores, MetricTotal total, String column, String table) {
  /** Of the tree; no more than this many tasks add. */
  private static final int LEAVES = 32;

  /** Rows that are added at once. */
  private static final int BATCH = 256;

  SparkScorer.Evaluation of(JavaPairRDD<ScoredRow, Boolean> scored) {
    JavaRDD<ScoredRow> sorted = scored.repartitionAndSortWithinPartitions(new ByLeaf()).keys();
    try {
      RowStats stats = new RowStats();
      sorted.mapPartitions(new Count()).collect().forEach(stats::merge);
      check(stats);
      JavaRDD<TreeSum.Node<MetricSum>> partial =
          sorted.mapPartitionsWithIndex(new Sum(scores, stats.scale()), false);
      List<int[]> oneEach = IntStream.range(0, LEAVES).mapToObj(leaf -> new int[] {leaf}).toList();
      MetricSum sum = total.of(partial, LEAVES, oneEach);
      return new SparkScorer.Evaluation(sum, stats.withoutLabel(), stats.ofRareClasses());
    } finally {
      // A shuffle's files otherwise stay until the driver happens to collect garbage.
      sorted.rdd().cleanShuffleDependencies(false);
    }
  }

  private void check(RowStats stats) {
    if (stats.rows() == 0) {
      throw new InvalidInput(
          "table %s must have rows, however: rows=0, without a label %,d, of rare classes %,d"
              .formatted(table, stats.withoutLabel(), stats.ofRareClasses()));
    }
    SplitRules.checkWeights(column, "row of the table", stats);
  }

  /** The leaf of a row. */
  private static final class ByLeaf extends Partitioner {
    @Serial private static final long serialVersionUID = 1L;

    @Override
    public int numPartitions() {
      return LEAVES;
    }

    @Override
    public int getPartition(Object key) {
      return (int) Long.remainderUnsigned(Mix.mix(((ScoredRow) key).hash), LEAVES);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof ByLeaf;
    }

    @Override
    public int hashCode() {
      return LEAVES;
    }
  }

  /** The rows of a leaf and their weights. */
  private record Count() implements FlatMapFunction<Iterator<ScoredRow>, RowStats> {
    @Override
    public Iterator<RowStats> call(Iterator<ScoredRow> rows) {
      RowStats stats = new RowStats();
      while (rows.hasNext()) {
        ScoredRow row = rows.next();
        if (row.leftOut() == LeftOut.NONE) {
          stats.add(row.hash, row.weight, 0);
        } else {
          stats.leaveOut(row.leftOut());
        }
      }
      return List.of(stats).iterator();
    }
  }

  /** The metric sum of a leaf. */
  private record Sum(Scores scores, WeightScale scale)
      implements Function2<Integer, Iterator<ScoredRow>, Iterator<TreeSum.Node<MetricSum>>> {
    @Override
    public Iterator<TreeSum.Node<MetricSum>> call(Integer leaf, Iterator<ScoredRow> rows) {
      MetricSum sum = scores.empty();
      int width = scores.labels().size();
      int predictionsARow = scores.loss().predictions();
      float[] predictions = new float[BATCH * predictionsARow];
      float[] labels = new float[BATCH * width];
      float[] losses = new float[BATCH * width];
      float[] weights = new float[BATCH];
      int count = 0;
      while (rows.hasNext()) {
        ScoredRow row = rows.next();
        if (row.leftOut() == LeftOut.NONE) {
          System.arraycopy(
              row.predictions, 0, predictions, count * predictionsARow, predictionsARow);
          System.arraycopy(row.labels, 0, labels, count * width, width);
          System.arraycopy(row.losses, 0, losses, count * width, width);
          weights[count++] = scale.of(row.weight);
        }
        if (count == BATCH || (count > 0 && !rows.hasNext())) {
          sum.add(count, predictions, labels, weights, losses);
          count = 0;
        }
      }
      return List.of(new TreeSum.Node<>(leaf, leaf + 1, sum)).iterator();
    }
  }
}
