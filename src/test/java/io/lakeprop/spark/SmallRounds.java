package io.lakeprop.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.data.FeatureEncoder;
import io.lakeprop.data.FeatureSpec;
import io.lakeprop.data.LabelEncoder;
import io.lakeprop.data.LabelOffset;
import io.lakeprop.data.LabelSettings;
import io.lakeprop.data.LeftOut;
import io.lakeprop.data.TableMeaning;
import io.lakeprop.data.WeightScale;
import io.lakeprop.model.AsInTraining;
import io.lakeprop.model.Model;
import io.lakeprop.nn.BinaryCrossEntropy;
import io.lakeprop.nn.Initializer;
import io.lakeprop.nn.Kernel;
import io.lakeprop.nn.Loss;
import io.lakeprop.nn.Network;
import io.lakeprop.nn.Nonlinearity;
import io.lakeprop.train.GradientSum;
import io.lakeprop.train.LocalRounds;
import io.lakeprop.train.Objective;
import io.lakeprop.train.RoundPlan;
import io.lakeprop.train.RoundRunner;
import io.lakeprop.train.Scores;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** 400 rows of every kind of column, a small network, and what its rounds must give. */
final class SmallRounds implements AutoCloseable {
  static final int ROWS = 400;
  private static final long SEED = 11;
  private static final int BATCH = 70;

  private final Dataset<Row> canonical;
  private final FeatureEncoder encoder;
  private final LabelEncoder label =
      new LabelEncoder.Classes("bought", "STRING", List.of("no", "yes"));
  private final Objective objective;
  private final float[] theta;

  /** In the shared session. */
  SmallRounds() {
    this(List.of(9, 5));
  }

  SmallRounds(List<Integer> hidden) {
    Dataset<Row> table = TestTables.of(TestTables.mixed(ROWS), TestTables.MIXED);
    LabelSettings column = TestTables.label("bought", "importance");
    List<FeatureSpec> specs =
        Columns.resolve(table.schema(), TestTables.features(), column, "mixed").specs();
    canonical =
        Columns.canonical(
                table, specs, column, List.of(false), TableMeaning.UNKNOWN::missingIn, "mixed")
            .cache();
    encoder =
        FeatureEncoder.bind(
            specs,
            TableStatistics.numbers(
                    canonical
                        .withColumn(TableStatistics.LEFT_OUT, functions.lit(LeftOut.NONE.code()))
                        .withColumn(
                            TableStatistics.SPLIT, HashSplits.always(TrainingData.Split.TRAIN)),
                    specs,
                    List.of(false),
                    List.of(false),
                    SEED)
                .training(),
            TableStatistics.values(canonical, specs, Map.of(), rows -> {}),
            ZoneOffset.UTC);
    assertTrue(encoder.categories().stream().anyMatch(c -> c.width() > 0), "needs an embedding");
    Loss loss = new BinaryCrossEntropy();
    Network network =
        Network.perceptron(Model.inputOf(encoder), hidden, Nonlinearity.RELU, 0.3f, loss.logits());
    objective = new Objective(network, loss, 16, Kernel.EJML);
    theta = Initializer.suited(network, SEED);
  }

  Objective objective() {
    return objective;
  }

  Scores scores() {
    return new Scores(List.of(label), objective.loss());
  }

  float[] theta() {
    return theta;
  }

  /** The first rows by their hashes, packed and cached. */
  PackedTable pack(int rows, int slices, int groups, int tasks) {
    return pack(rows, groups, new Placement(slices, tasks));
  }

  PackedTable pack(int rows, int groups, Placement placement) {
    Dataset<Row> part = rows == ROWS ? canonical : canonical.orderBy("hash").limit(rows);
    return BlockPacker.pack(
        "rows",
        part,
        encoder,
        new AsInTraining(encoder, TableMeaning.UNKNOWN),
        UnseenValues.of(context(), encoder),
        new Labels(List.of(label), LabelOffset.NONE, "", WeightScale.ONE, Labels.Mends.OF_A_JOB),
        SEED,
        groups,
        placement);
  }

  RoundPlan plan(PackedTable table) {
    return plan(table, BATCH);
  }

  static RoundPlan plan(PackedTable table, int batch) {
    return new RoundPlan(SEED, batch, table.slices(), table.shardRows());
  }

  /** Job rounds that add up in the plain way. */
  JobRounds jobs(RoundPlan plan, PackedTable table) {
    return jobs(plan, table, FanIn.DIRECT);
  }

  JobRounds jobs(RoundPlan plan, PackedTable table, FanIn way) {
    return new JobRounds(context(), objective, plan, table, new Slots(), way);
  }

  /** Resident rounds, and job rounds when they find no slots. */
  ResidentRounds resident(
      RoundPlan plan, PackedTable table, Slots slots, long patienceMillis, Consumer<String> note) {
    return new ResidentRounds(
        context(), objective, plan, table, slots, jobs(plan, table), patienceMillis, note);
  }

  private static JavaSparkContext context() {
    return JavaSparkContext.fromSparkContext(TestSpark.session().sparkContext());
  }

  /** The first rounds, in this thread. */
  List<GradientSum> expected(PackedTable table, long rounds) {
    LocalRounds local = new LocalRounds(objective, plan(table), BlockPacker.collect(table));
    return LongStream.range(0, rounds).mapToObj(round -> local.gradient(theta, round)).toList();
  }

  /** Runs the rounds and compares them. */
  void assertAgrees(List<GradientSum> expected, RoundRunner rounds) {
    for (int round = 0; round < expected.size(); round++) {
      assertAgrees(expected, rounds, round);
    }
  }

  /** Runs a round and compares it. */
  void assertAgrees(List<GradientSum> expected, RoundRunner rounds, int round) {
    assertSameBits(
        expected.get(round),
        rounds.gradient(theta, round),
        rounds.getClass().getSimpleName() + " in round " + round);
  }

  private static void assertSameBits(GradientSum expected, GradientSum actual, String round) {
    assertTrue(expected.weight() > 0 && expected.meanLoss() > 0, round);
    assertEquals(expected.rows(), actual.rows(), round);
    assertEquals(expected.weight(), actual.weight(), round);
    assertEquals(expected.meanLoss(), actual.meanLoss(), round);
    assertArrayEquals(bits(expected.gradient()), bits(actual.gradient()), round);
    assertTrue(IntStream.of(bits(expected.gradient())).anyMatch(bits -> bits != 0), round);
    assertArrayEquals(bits(expected.flatRows()), bits(actual.flatRows()), round);
    assertTrue(IntStream.of(bits(expected.flatRows())).anyMatch(bits -> bits != 0), round);
  }

  private static int[] bits(float[] numbers) {
    int[] bits = new int[numbers.length];
    Arrays.setAll(bits, i -> Float.floatToRawIntBits(numbers[i]));
    return bits;
  }

  @Override
  public void close() {
    canonical.unpersist();
  }
}
