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
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.apache.spark.MapOutputTrackerMaster;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Law 3: wherever partial sums meet, the bits are those of adding everything on the driver. */
final class TreeAggregationTest {
  private static final int PARAMETERS = 5000;

  @ParameterizedTest(name = "{0} tasks, {1} leaves, group {2}")
  @CsvSource({
    "1, 3, 0",
    "2, 8, 1",
    "3, 8, 0",
    "4, 4, 0",
    "4, 64, 1",
    "5, 7, 0",
    "7, 64, 2",
    "16, 16, 0",
    "16, 33, 1",
    "33, 64, 0"
  })
  void theWayDoesNotMatter(int tasks, int leaves, int group) {
    JavaRDD<TreeSum.Node<GradientSum>> partial = leavesOfTasks(3 * tasks, tasks, leaves, 5);
    int first = group * tasks;
    JobRounds.Merge merge = new JobRounds.Merge();
    GradientSum one = TreeAggregation.sum(partial, first, tasks, leaves, FanIn.DIRECT, merge);
    int shuffles = shuffles();
    for (FanIn way : FanIn.values()) {
      GradientSum other = TreeAggregation.sum(partial, first, tasks, leaves, way, merge);
      assertArrayEquals(one.gradient(), other.gradient());
      assertEquals(one.rows(), other.rows());
      assertEquals(one.weight(), other.weight());
      assertEquals(one.meanLoss(), other.meanLoss());
      // Those of other tests may go meanwhile.
      assertTrue(shuffles() <= shuffles, "a shuffle's files stay");
    }
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

  private static int shuffles() {
    return ((MapOutputTrackerMaster) SparkEnv.get().mapOutputTracker()).shuffleStatuses().size();
  }

  @Test
  void noRowsGiveNoSum() {
    JavaRDD<TreeSum.Node<GradientSum>> partial = leavesOfTasks(4, 4, 8, 1);
    JobRounds.Merge merge = new JobRounds.Merge();
    for (FanIn way : FanIn.values()) {
      assertNull(TreeAggregation.sum(partial, 0, 4, 8, way, merge));
    }
  }

  /** The driver takes in as many nodes in as many results as the way says, and no more bytes. */
  @ParameterizedTest(name = "{0} tasks, {1} leaves: {2} directly, {3} of two levels")
  @CsvSource({
    "1, 3, 1, 1",
    "2, 8, 2, 2",
    "3, 8, 5, 2",
    "4, 4, 4, 2",
    "7, 64, 22, 4",
    "16, 16, 16, 4",
    "16, 33, 16, 4",
    "17, 64, 36, 8"
  })
  void theDriverTakesInWhatWasCounted(int tasks, int leaves, int direct, int ofTwoLevels)
      throws Exception {
    assertEquals(direct, sum(FanIn.DIRECT.arrivals(leaves, tasks)));
    assertEquals(ofTwoLevels, sum(FanIn.TWO_LEVELS.arrivals(leaves, tasks)));
    assertEquals(1, sum(FanIn.ONE_SUM.arrivals(leaves, tasks)));
    JavaRDD<TreeSum.Node<GradientSum>> partial = leavesOfTasks(tasks, tasks, leaves, 99);
    RoundLoad load = new RoundLoad(leaves, tasks, PARAMETERS, 0, 0);
    SparkContext context = TestSpark.session().sparkContext();
    for (FanIn way : FanIn.values()) {
      Results results = new Results();
      context.listenerBus().waitUntilEmpty();
      context.addSparkListener(results);
      TreeAggregation.sum(partial, 0, tasks, leaves, way, new JobRounds.Merge());
      context.listenerBus().waitUntilEmpty();
      context.removeSparkListener(results);
      assertEquals(way.arrivals(leaves, tasks).size(), results.bytes.size());
      long bytes = sum(results.bytes);
      assertTrue(bytes <= load.results(way), () -> bytes + " > " + load.results(way));
      assertTrue(bytes > sum(way.arrivals(leaves, tasks)) * load.theta());
    }
  }

  private static long sum(List<? extends Number> numbers) {
    return numbers.stream().mapToLong(Number::longValue).sum();
  }

  /** The results that reach the driver, in bytes, as Spark measures them against its limit. */
  private static final class Results extends SparkListener {
    private final List<Long> bytes = new CopyOnWriteArrayList<>();

    @Override
    public void onTaskEnd(SparkListenerTaskEnd event) {
      if (event.taskType().equals("ResultTask")) {
        bytes.add(event.taskMetrics().resultSize());
      }
    }
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
