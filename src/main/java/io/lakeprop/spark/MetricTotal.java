package io.lakeprop.spark;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.data.LabelEncoder;
import io.lakeprop.eval.MetricSum;
import io.lakeprop.train.Scores;
import io.lakeprop.train.TreeSum;
import java.util.List;
import java.util.Locale;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.Function2;

/**
 * Metric sums of the tasks become one. A sum of two classes is a megabyte, one of a thousand eight:
 * where that is too much for the driver, sums meet on executors first.
 *
 * @param scores of the kind that is made
 * @param limit bytes of results that {@code spark.driver.maxResultSize} allows a job
 */
record MetricTotal(Scores scores, long limit) {
  /** Above, executors add: two shuffles are no slower than reading so much on one thread. */
  private static final long LARGEST_RESULTS = 64 << 20;

  static MetricTotal of(Scores scores, SparkConf conf) {
    return new MetricTotal(scores, RoundsChoice.resultLimit(conf));
  }

  /**
   * Refuses an evaluation before anything is read for it.
   *
   * @throws InvalidInput when the driver cannot take in even one sum
   */
  void check() {
    way(Leaves.all(1), List.of(new int[1]));
  }

  /**
   * The sum over all rows, the same to the bit whichever way it takes.
   *
   * @param partial nodes of every partition
   * @param leaves of the tree
   * @param shares the leaves of each partition, ascending
   */
  MetricSum of(JavaRDD<TreeSum.Node<MetricSum>> partial, int leaves, List<int[]> shares) {
    int tasks = partial.getNumPartitions();
    if (tasks == 0) {
      return scores.empty();
    }
    FanIn way = way(Leaves.all(leaves), shares);
    MetricSum total = TreeAggregation.sum(partial, 0, tasks, leaves, way, new Merge());
    return total == null ? scores.empty() : total;
  }

  /** The plainest way that the driver can take in. */
  private FanIn way(Leaves leaves, List<int[]> shares) {
    long bytes = scores.empty().bytes();
    long directly = RoundLoad.results(FanIn.DIRECT.arrivals(leaves, shares), bytes);
    if (directly <= Math.min(limit, LARGEST_RESULTS)) {
      return FanIn.DIRECT;
    }
    if (RoundLoad.results(FanIn.ONE_SUM.arrivals(leaves, shares), bytes) > limit) {
      throw new InvalidInput(
          String.format(
              Locale.ROOT,
              "an evaluation's sum must fit spark.driver.maxResultSize=%.1f MB, however: %.1f MB of"
                  + " %s",
              limit / 0x1.0p20,
              bytes / 0x1.0p20,
              String.join(", ", scores.labels().stream().map(MetricTotal::kind).toList())));
    }
    return FanIn.ONE_SUM;
  }

  private static String kind(LabelEncoder label) {
    return label instanceof LabelEncoder.Classes classes
        ? classes.values().size() + " classes"
        : "a number";
  }

  /** Adds two sums of neighbouring shards or partitions. */
  record Merge() implements Function2<MetricSum, MetricSum, MetricSum> {
    @Override
    public MetricSum call(MetricSum left, MetricSum right) {
      return left.merge(right);
    }
  }
}
