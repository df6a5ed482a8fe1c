package io.lakeprop.spark;

import io.lakeprop.train.TreeSum;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.api.java.function.PairFunction;
import org.apache.spark.rdd.PartitionPruningRDD;
import scala.Tuple2;
import scala.reflect.ClassTag;

/**
 * Ordered tree aggregation: partial sums of a round's tasks become one sum, always in the same
 * order.
 *
 * <p>Depth 1 sends every task's nodes to the driver, which adds them. Depth 2 first adds the nodes
 * of neighbouring tasks on executors, √tasks of them, and sends the results. A second level costs a
 * shuffle (more than a collect of small sums), so it is used only where the driver would take in
 * more than {@link #MOST_BYTES_AT_DRIVER} otherwise.
 */
final class TreeAggregation {
  /** Bytes of partial sums that the driver takes in at once before a second level pays. */
  static final long MOST_BYTES_AT_DRIVER = 64L << 20;

  private static final int FEWEST_TASKS_FOR_TWO_LEVELS = 4;

  private TreeAggregation() {}

  /** Executors that add up before the driver; 0 for depth 1. */
  static int reducers(int tasks, long bytes) {
    return tasks >= FEWEST_TASKS_FOR_TWO_LEVELS && tasks * bytes > MOST_BYTES_AT_DRIVER
        ? (int) Math.ceil(Math.sqrt(tasks))
        : 0;
  }

  /**
   * The sum of a range of partitions, null when there were no rows.
   *
   * @param leaves of the tree
   * @param bytes of one sum
   */
  static <S> S sum(
      JavaRDD<TreeSum.Node<S>> partial,
      int firstPartition,
      int partitions,
      int leaves,
      long bytes,
      Function2<S, S, S> merge) {
    int reducers = reducers(partitions, bytes);
    TreeSum<S> tree = new TreeSum<>(leaves, (left, right) -> apply(merge, left, right));
    if (reducers == 0) {
      int[] range = IntStream.range(firstPartition, firstPartition + partitions).toArray();
      for (List<TreeSum.Node<S>> nodes : partial.collectPartitions(range)) {
        nodes.forEach(tree::add);
      }
    } else {
      pruned(partial, firstPartition, partitions)
          .mapToPair(new ByReducer<S>(reducers, leaves))
          .partitionBy(new HashPartitioner(reducers))
          .mapPartitions(new AddNodes<>(leaves, merge))
          .collect()
          .forEach(tree::add);
    }
    return tree.total();
  }

  /** A range of an RDD's partitions, numbered from 0. */
  static <T> JavaRDD<T> pruned(JavaRDD<T> all, int first, int count) {
    if (count == all.getNumPartitions()) {
      return all;
    }
    ClassTag<T> tag = all.classTag();
    return new PartitionPruningRDD<>(all.rdd(), new InRange(first, first + count), tag).toJavaRDD();
  }

  private static <S> S apply(Function2<S, S, S> merge, S left, S right) {
    try {
      return merge.call(left, right);
    } catch (Exception e) {
      throw new IllegalStateException("a merge of two sums failed", e);
    }
  }

  /** Whether a partition is of the round's group. */
  private static final class InRange extends scala.runtime.AbstractFunction1<Object, Object>
      implements java.io.Serializable {
    private static final long serialVersionUID = 1L;
    private final int from;
    private final int to;

    InRange(int from, int to) {
      this.from = from;
      this.to = to;
    }

    @Override
    public Object apply(Object partition) {
      int index = (Integer) partition;
      return index >= from && index < to;
    }
  }

  /** Neighbouring nodes go to one reducer. */
  private record ByReducer<S>(int reducers, int leaves)
      implements PairFunction<TreeSum.Node<S>, Integer, TreeSum.Node<S>> {
    @Override
    public Tuple2<Integer, TreeSum.Node<S>> call(TreeSum.Node<S> node) {
      return new Tuple2<>((int) ((long) node.from() * reducers / leaves), node);
    }
  }

  /** Adds the nodes of one reducer. */
  private record AddNodes<S>(int leaves, Function2<S, S, S> merge)
      implements FlatMapFunction<Iterator<Tuple2<Integer, TreeSum.Node<S>>>, TreeSum.Node<S>> {
    @Override
    public Iterator<TreeSum.Node<S>> call(Iterator<Tuple2<Integer, TreeSum.Node<S>>> nodes) {
      TreeSum<S> tree =
          new TreeSum<>(leaves, (left, right) -> TreeAggregation.apply(merge, left, right));
      nodes.forEachRemaining(pair -> tree.add(pair._2()));
      return tree.nodes().iterator();
    }
  }
}
