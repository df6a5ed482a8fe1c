package io.lakeprop.spark;

import io.lakeprop.train.TreeSum;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.HashPartitioner;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.api.java.function.PairFunction;
import org.apache.spark.rdd.PartitionPruningRDD;
import scala.Tuple2;
import scala.collection.immutable.Range;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag;
import scala.runtime.AbstractFunction1;
import scala.runtime.AbstractFunction2;

/**
 * Ordered tree aggregation: partial sums of a round's tasks become one sum, always in the same
 * order, whichever {@link FanIn} they take.
 */
final class TreeAggregation {
  private TreeAggregation() {}

  /**
   * The sum of a range of partitions, null when there were no rows.
   *
   * @param leaves of the tree
   */
  static <S> S sum(
      JavaRDD<TreeSum.Node<S>> partial,
      int firstPartition,
      int partitions,
      int leaves,
      FanIn way,
      Function2<S, S, S> merge) {
    TreeSum<S> tree = new TreeSum<>(leaves, (left, right) -> apply(merge, left, right));
    nodes(partial, firstPartition, partitions, Leaves.all(leaves), way, merge).forEach(tree::add);
    return tree.total();
  }

  private static <S> List<TreeSum.Node<S>> nodes(
      JavaRDD<TreeSum.Node<S>> partial,
      int firstPartition,
      int partitions,
      Leaves leaves,
      FanIn way,
      Function2<S, S, S> merge) {
    List<Integer> levels = way.levels(partitions);
    if (levels.isEmpty()) {
      int[] range = IntStream.range(firstPartition, firstPartition + partitions).toArray();
      return Stream.of(partial.collectPartitions(range)).flatMap(List::stream).toList();
    }
    JavaRDD<TreeSum.Node<S>> nodes = pruned(partial, firstPartition, partitions);
    for (int adders : levels) {
      nodes =
          nodes
              .mapToPair(new ByAdder<S>(adders, leaves))
              .partitionBy(new HashPartitioner(adders))
              .mapPartitions(new AddNodes<>(leaves.all(), merge));
    }
    try {
      return nodes.collect();
    } finally {
      // A shuffle's files otherwise stay until the driver happens to collect garbage.
      nodes.rdd().cleanShuffleDependencies(false);
    }
  }

  /**
   * The nodes that reach the driver, over what {@code part} makes of each partition of a source.
   * Where nothing meets on the way, the part is the job's own function: a mapped RDD and Spark's
   * collecting each bring a Scala closure, and for each of them Spark reads its largest classes
   * anew to clean it.
   *
   * @param leaves that the partitions have between them
   */
  static <T, S> List<TreeSum.Node<S>> nodes(
      JavaRDD<T> source,
      Function2<Integer, Iterator<T>, Iterator<TreeSum.Node<S>>> part,
      int firstPartition,
      int partitions,
      Leaves leaves,
      FanIn way,
      Function2<S, S, S> merge) {
    if (way != FanIn.DIRECT) {
      JavaRDD<TreeSum.Node<S>> partial = source.mapPartitionsWithIndex(part, true);
      return nodes(partial, firstPartition, partitions, leaves, way, merge);
    }
    Range range = new Range.Exclusive(firstPartition, firstPartition + partitions, 1);
    ClassTag<TreeSum.Node<S>[]> tag = ClassTag.apply(TreeSum.Node[].class);
    @SuppressWarnings("unchecked")
    TreeSum.Node<S>[][] results =
        (TreeSum.Node<S>[][]) source.context().runJob(source.rdd(), new Task<>(part), range, tag);
    return Stream.of(results).flatMap(Stream::of).toList();
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

  /** A task of a job without a mapped RDD. */
  private static final class Task<T, S>
      extends AbstractFunction2<TaskContext, scala.collection.Iterator<T>, TreeSum.Node<S>[]>
      implements Serializable {
    private static final long serialVersionUID = 1L;
    private final Function2<Integer, Iterator<T>, Iterator<TreeSum.Node<S>>> part;

    Task(Function2<Integer, Iterator<T>, Iterator<TreeSum.Node<S>>> part) {
      this.part = part;
    }

    @Override
    @SuppressWarnings("unchecked")
    public TreeSum.Node<S>[] apply(TaskContext task, scala.collection.Iterator<T> elements) {
      try {
        List<TreeSum.Node<S>> nodes = new ArrayList<>();
        part.call(task.partitionId(), CollectionConverters.asJava(elements))
            .forEachRemaining(nodes::add);
        return (TreeSum.Node<S>[]) nodes.toArray(new TreeSum.Node<?>[0]);
      } catch (Exception e) {
        throw new IllegalStateException("a task's part of a sum failed", e);
      }
    }
  }

  /** Whether a partition is of the round's group. */
  private static final class InRange extends AbstractFunction1<Object, Object>
      implements Serializable {
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

  /** Neighbouring nodes go to one adding task. */
  private record ByAdder<S>(int adders, Leaves leaves)
      implements PairFunction<TreeSum.Node<S>, Integer, TreeSum.Node<S>> {
    @Override
    public Tuple2<Integer, TreeSum.Node<S>> call(TreeSum.Node<S> node) {
      return new Tuple2<>(FanIn.adder(node.from(), adders, leaves), node);
    }
  }

  /** Adds the nodes of one adding task. */
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
