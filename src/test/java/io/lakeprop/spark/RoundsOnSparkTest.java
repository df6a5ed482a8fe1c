package io.lakeprop.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.data.FeatureEncoder;
import io.lakeprop.data.FeatureSettings;
import io.lakeprop.data.FeatureSpec;
import io.lakeprop.data.LabelEncoder;
import io.lakeprop.data.PackedBlock;
import io.lakeprop.model.Model;
import io.lakeprop.nn.EjmlGemm;
import io.lakeprop.nn.Initializer;
import io.lakeprop.nn.Loss;
import io.lakeprop.nn.Network;
import io.lakeprop.nn.Nonlinearity;
import io.lakeprop.train.GradientSum;
import io.lakeprop.train.LocalRounds;
import io.lakeprop.train.Objective;
import io.lakeprop.train.RoundPlan;
import io.lakeprop.train.RoundRunner;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Law 3: rounds on Spark give the bits of rounds in this thread, however tasks are cut. */
final class RoundsOnSparkTest {
  private static final long SEED = 11;
  private static final int BATCH = 70;

  private static Dataset<Row> canonical;
  private static FeatureEncoder encoder;
  private static LabelEncoder label;
  private static Objective objective;
  private static float[] theta;

  @BeforeAll
  static void table() {
    Dataset<Row> table = TestTables.of(TestTables.mixed(400), TestTables.MIXED);
    FeatureSettings.Label column = TestTables.label("bought", "importance");
    List<FeatureSpec> specs =
        Columns.resolve(table.schema(), TestTables.features(), column, "mixed").specs();
    canonical = Columns.canonical(table, specs, column, false, "mixed").cache();
    encoder =
        FeatureEncoder.bind(
            specs,
            TableStatistics.numbers(canonical, specs, false),
            TableStatistics.values(canonical, specs, Optional.empty()));
    assertTrue(encoder.categories().stream().anyMatch(c -> c.width() > 0), "needs an embedding");
    label = new LabelEncoder.Classes("bought", "STRING", List.of("no", "yes"));
    Loss loss = Model.lossOf(label);
    Network network =
        Network.perceptron(
            Model.inputOf(encoder), List.of(9, 5), Nonlinearity.RELU, 0.3f, loss.logits());
    objective = new Objective(network, loss, 16);
    theta = Initializer.suited(network, SEED);
  }

  @AfterAll
  static void release() {
    canonical.unpersist();
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
    SparkSession session = TestSpark.session();
    JavaSparkContext context = JavaSparkContext.fromSparkContext(session.sparkContext());
    Dataset<Row> part = rows == 400 ? canonical : canonical.orderBy("hash").limit(rows);
    try (PackedTable one =
            BlockPacker.pack(part, encoder, new Labels(label, ""), SEED, slices, groups, 1);
        PackedTable cut =
            BlockPacker.pack(part, encoder, new Labels(label, ""), SEED, slices, groups, tasks)) {
      assertEquals(rows, cut.rows());
      assertEquals(rows == 5, IntStream.of(cut.shardRows()).anyMatch(n -> n == 0));
      assertArrayEquals(one.shardRows(), cut.shardRows());
      RoundPlan plan = new RoundPlan(SEED, BATCH, slices, cut.shardRows());
      List<PackedBlock> blocks = BlockPacker.collect(one);
      LocalRounds local = new LocalRounds(objective, plan, blocks, new EjmlGemm());
      List<GradientSum> expected = new ArrayList<>();
      for (long round = 0; round <= 2 * plan.roundsPerEpoch(); round++) {
        expected.add(local.gradient(theta, round));
      }
      assertEquals(
          rows,
          expected.stream().limit(plan.roundsPerEpoch()).mapToLong(GradientSum::rows).sum(),
          "an epoch reads every row once");
      assertAgrees(expected, new JobRounds(context, objective, plan, cut));
      if (tasks <= context.defaultParallelism()) {
        try (ResidentRounds resident =
            new ResidentRounds(
                context, objective, plan, cut, new Slots(), 60_000, Assertions::fail)) {
          assertAgrees(expected, resident);
        }
      }
    }
  }

  private static void assertAgrees(List<GradientSum> expected, RoundRunner rounds) {
    for (int round = 0; round < expected.size(); round++) {
      assertSameBits(
          expected.get(round),
          rounds.gradient(theta, round),
          rounds.getClass().getSimpleName() + " in round " + round);
    }
  }

  private static void assertSameBits(GradientSum expected, GradientSum actual, String round) {
    assertTrue(expected.weight() > 0 && expected.meanLoss() > 0, round);
    assertEquals(expected.rows(), actual.rows(), round);
    assertEquals(expected.weight(), actual.weight(), round);
    assertEquals(expected.meanLoss(), actual.meanLoss(), round);
    assertArrayEquals(bits(expected.gradient()), bits(actual.gradient()), round);
    assertTrue(IntStream.of(bits(expected.gradient())).anyMatch(bits -> bits != 0), round);
  }

  private static int[] bits(float[] numbers) {
    int[] bits = new int[numbers.length];
    Arrays.setAll(bits, i -> Float.floatToRawIntBits(numbers[i]));
    return bits;
  }
}
