package io.lakeprop.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.base.Mix;
import io.lakeprop.train.GradientSum;
import io.lakeprop.train.TreeSum;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function2;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Law 3: adding on executors first gives the bits of adding everything on the driver. */
final class TreeAggregationTest {
  private static final long SMALL = 4;
  private static final long LARGE = 1L << 40;
  private static final int PARAMETERS = 50;

  @ParameterizedTest(name = "{0} tasks, {1} leaves, group {2}")
  @CsvSource({"4, 4, 0", "4, 64, 1", "5, 7, 0", "7, 64, 2", "16, 16, 0", "16, 33, 1", "33, 64, 0"})
  void depthDoesNotMatter(int tasks, int leaves, int group) {
    assertEquals(0, TreeAggregation.reducers(tasks, SMALL));
    assertTrue(TreeAggregation.reducers(tasks, LARGE) > 1);
    JavaRDD<TreeSum.Node<GradientSum>> partial = leavesOfTasks(3 * tasks, tasks, leaves, 5);
    int first = group * tasks;
    JobRounds.Merge merge = new JobRounds.Merge();
    GradientSum one = TreeAggregation.sum(partial, first, tasks, leaves, SMALL, merge);
    GradientSum two = TreeAggregation.sum(partial, first, tasks, leaves, LARGE, merge);
    assertArrayEquals(one.gradient(), two.gradient());
    assertEquals(one.rows(), two.rows());
    assertEquals(one.weight(), two.weight());
    assertEquals(one.meanLoss(), two.meanLoss());
    // The table is one in which the order of additions shows.
    float[] row = new float[PARAMETERS];
    for (int leaf = 0; leaf < leaves; leaf++) {
      GradientSum sum = LeafSums.leaf(group, leaf, 5);
      for (int i = 0; sum != null && i < row.length; i++) {
        row[i] += sum.gradient()[i];
      }
    }
    if (leaves > 4) {
      assertNotEquals(List.of(boxed(row)), List.of(boxed(one.gradient())));
    }
  }

  @Test
  void noRowsGiveNoSum() {
    JavaRDD<TreeSum.Node<GradientSum>> partial = leavesOfTasks(4, 4, 8, 1);
    JobRounds.Merge merge = new JobRounds.Merge();
    assertNull(TreeAggregation.sum(partial, 0, 4, 8, SMALL, merge));
    assertNull(TreeAggregation.sum(partial, 0, 4, 8, LARGE, merge));
  }

  private static JavaRDD<TreeSum.Node<GradientSum>> leavesOfTasks(
      int partitions, int tasks, int leaves, int emptyEvery) {
    JavaSparkContext context =
        JavaSparkContext.fromSparkContext(TestSpark.session().sparkContext());
    return context
        .parallelize(IntStream.range(0, partitions).boxed().toList(), partitions)
        .mapPartitionsWithIndex(new LeafSums(tasks, leaves, emptyEvery), true);
  }

  /** A task's leaves, every so many of them without rows. */
  private record LeafSums(int tasks, int leaves, int emptyEvery)
      implements Function2<Integer, Iterator<Integer>, Iterator<TreeSum.Node<GradientSum>>> {
    @Override
    public Iterator<TreeSum.Node<GradientSum>> call(Integer partition, Iterator<Integer> none) {
      TreeSum<GradientSum> tree = new TreeSum<>(leaves, GradientSum::merge);
      int task = partition % tasks;
      int end = BlockPacker.firstSlice(task + 1, leaves, tasks);
      for (int leaf = BlockPacker.firstSlice(task, leaves, tasks); leaf < end; leaf++) {
        tree.add(leaf, leaf(partition / tasks, leaf, emptyEvery));
      }
      return tree.nodes().iterator();
    }

    static GradientSum leaf(int group, int leaf, int emptyEvery) {
      if (leaf % emptyEvery == emptyEvery - 1) {
        return null;
      }
      GradientSum sum = new GradientSum(PARAMETERS);
      for (int i = 0; i < PARAMETERS; i++) {
        double unit = Mix.unit(Mix.mix(group, leaf, i)) - 0.5;
        sum.gradient()[i] = (float) (unit * Math.pow(10, leaf % 4));
      }
      float unit = (float) Mix.unit(leaf);
      sum.count(1, new float[] {unit}, new float[] {1 - unit});
      return sum;
    }
  }

  private static Float[] boxed(float[] numbers) {
    Float[] boxed = new Float[numbers.length];
    java.util.Arrays.setAll(boxed, i -> numbers[i]);
    return boxed;
  }
}
