package io.lakeprop.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.train.GradientSum;
import io.lakeprop.train.RoundPlan;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Law 3: rounds on Spark give the bits of rounds in this thread, however tasks are cut. */
final class RoundsOnSparkTest {
  private static SmallRounds small;

  @BeforeAll
  static void table() {
    small = new SmallRounds();
  }

  @AfterAll
  static void release() {
    small.close();
  }

  @ParameterizedTest(name = "{0} rows, {1} slices, {2} groups, {3} tasks")
  @CsvSource({
    "400, 1, 1, 1",
    "400, 1, 3, 1",
    "400, 2, 1, 1",
    "400, 2, 1, 2",
    "400, 2, 3, 1",
    "400, 2, 3, 2",
    "400, 3, 1, 1",
    "400, 3, 1, 2",
    "400, 3, 1, 3",
    "400, 3, 3, 1",
    "400, 3, 3, 2",
    "400, 3, 3, 3",
    "400, 8, 1, 1",
    "400, 8, 1, 2",
    "400, 8, 1, 3",
    "400, 8, 1, 8",
    "400, 8, 3, 1",
    "400, 8, 3, 2",
    "400, 8, 3, 3",
    "400, 8, 3, 8",
    // Fewer rows than shards: some are empty.
    "5, 8, 1, 1",
    "5, 8, 1, 2",
    "5, 8, 1, 3",
    "5, 8, 1, 8",
    "5, 8, 3, 3",
    "5, 8, 3, 8",
    "5, 3, 3, 2"
  })
  void equalsLocalRounds(int rows, int slices, int groups, int tasks) {
    JavaSparkContext context =
        JavaSparkContext.fromSparkContext(TestSpark.session().sparkContext());
    try (PackedTable one = small.pack(rows, slices, groups, 1);
        PackedTable cut = small.pack(rows, slices, groups, tasks)) {
      assertEquals(rows, cut.rows());
      assertEquals(rows == 5, IntStream.of(cut.shardRows()).anyMatch(n -> n == 0));
      assertArrayEquals(one.shardRows(), cut.shardRows());
      RoundPlan plan = small.plan(cut);
      long epoch = plan.roundsPerEpoch();
      List<GradientSum> expected = small.expected(one, 2 * epoch + 1);
      assertEquals(
          rows,
          expected.stream().limit(epoch).mapToLong(GradientSum::rows).sum(),
          "an epoch reads every row once");
      for (FanIn way : FanIn.of(tasks)) {
        small.assertAgrees(expected, small.jobs(plan, cut, way));
      }
      if (tasks <= context.defaultParallelism()) {
        try (ResidentRounds resident =
            small.resident(plan, cut, new Slots(), 60_000, Assertions::fail)) {
          small.assertAgrees(expected, resident);
        }
      }
    }
  }

  /**
   * The rows of a round in parts, one job or message after the other: one big batch, to the bit.
   */
  @ParameterizedTest(name = "{0} rows, {1} slices, {2} groups, {3} parts, {4} tasks")
  @CsvSource({
    "400, 8, 1, 2, 1",
    "400, 8, 1, 2, 2",
    "400, 8, 3, 4, 2",
    "400, 8, 1, 3, 1",
    "400, 8, 1, 3, 2",
    "400, 8, 3, 3, 3",
    "400, 7, 1, 2, 3",
    "400, 7, 1, 4, 2",
    "400, 3, 1, 3, 2",
    "400, 33, 1, 3, 8",
    "5, 8, 3, 3, 2",
    "5, 8, 1, 4, 2",
    "5, 7, 1, 2, 3"
  })
  void partsAreOneBatch(int rows, int slices, int groups, int parts, int tasks) {
    try (PackedTable one = small.pack(rows, slices, groups, 1);
        PackedTable cut = small.pack(rows, groups, new Placement(slices, parts, tasks))) {
      assertArrayEquals(one.shardRows(), cut.shardRows());
      RoundPlan plan = small.plan(cut);
      List<GradientSum> expected = small.expected(one, plan.roundsPerEpoch() + 1);
      for (FanIn way : FanIn.of(tasks)) {
        small.assertAgrees(expected, small.jobs(plan, cut, way));
      }
      if (tasks <= 2) {
        try (ResidentRounds resident =
            small.resident(plan, cut, new Slots(), 60_000, Assertions::fail)) {
          small.assertAgrees(expected, resident);
        }
      }
      // An evaluation adds the shards in their order, whichever partition has them.
      assertEquals(metrics(one), metrics(cut));
    }
  }

  private static SortedMap<String, Double> metrics(PackedTable table) {
    return new JobEvaluator(
            JavaSparkContext.fromSparkContext(TestSpark.session().sparkContext()),
            small.objective(),
            small.scores(),
            table,
            new Slots())
        .evaluate(small.theta())
        .metrics();
  }

  @Test
  void equalsLocalRoundsWhenThetaIsABroadcast() {
    try (SmallRounds large = new SmallRounds(List.of(400, 400));
        PackedTable one = large.pack(SmallRounds.ROWS, 3, 1, 1);
        PackedTable cut = large.pack(SmallRounds.ROWS, 3, 1, 2)) {
      assertTrue(large.theta().length > SentTheta.WITHIN_JOB);
      large.assertAgrees(large.expected(one, 2), large.jobs(large.plan(cut), cut));
    }
  }
}
