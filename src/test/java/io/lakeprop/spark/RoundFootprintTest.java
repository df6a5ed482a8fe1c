package io.lakeprop.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.data.FeatureSettings;
import io.lakeprop.model.Model;
import io.lakeprop.nn.BinaryCrossEntropy;
import io.lakeprop.nn.Initializer;
import io.lakeprop.nn.Kernel;
import io.lakeprop.nn.Loss;
import io.lakeprop.nn.Network;
import io.lakeprop.nn.Nonlinearity;
import io.lakeprop.spark.TrainingData.Split;
import io.lakeprop.train.Evaluator;
import io.lakeprop.train.Objective;
import io.lakeprop.train.RoundRunner;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.SparkEnv;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerBlockUpdated;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.BlockId;
import org.apache.spark.storage.BlockUpdatedInfo;
import org.apache.spark.storage.BroadcastBlockId;
import org.apache.spark.storage.memory.MemoryStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.jdk.javaapi.CollectionConverters;

/** What rounds leave on the cluster and send over the wire: theta once, and nothing stays. */
final class RoundFootprintTest {
  private static final int CLOSURE_BYTES = 100_000;
  private static final int SPARK_WARNS_AT = 1000 << 10;
  private static final long WAIT_NANOS = 10_000_000_000L;

  private SparkSession session;
  private TrainingData data;
  private Objective objective;
  private RoundsChoice choice;
  private float[] theta;
  private String path;

  @BeforeEach
  void table(@TempDir Path folder) {
    session = TestSpark.session();
    path =
        TestTables.parquet(
            TestTables.of(TestTables.mixed(300), TestTables.MIXED), folder.resolve("t"), 1);
  }

  private void prepare(int hidden) {
    FeatureSettings settings = TestTables.features();
    DataPreparation fitted =
        TestTables.fit(
            new TrainingData.Request(
                TestTables.files(path),
                Optional.empty(),
                Optional.empty(),
                0.2,
                0,
                settings,
                TestTables.label("bought"),
                1,
                OptionalInt.of(64),
                OptionalInt.of(2),
                1,
                "UTC"));
    Loss loss = new BinaryCrossEntropy();
    Network network =
        Network.perceptron(
            Model.inputOf(fitted.encoder()), List.of(hidden, hidden), Nonlinearity.RELU, 0, 1);
    objective = new Objective(network, loss, 16, Kernel.EJML);
    choice = fitted.choose(RoundsChoice.Wish.JOB, objective, 2);
    data = fitted.pack();
    theta = Initializer.suited(network, 1);
  }

  @AfterEach
  void close() {
    data.close();
  }

  @Test
  void broadcastsOfThetaDoNotPileUp() throws InterruptedException {
    prepare(1000);
    RoundRunner rounds = data.rounds(choice, objective, new TestTables.Silent());
    Evaluator evaluator = data.evaluator(objective, Split.VALIDATION).orElseThrow();
    for (int round = 0; round < 8; round++) {
      rounds.gradient(theta, round);
      evaluator.evaluate(theta);
    }
    // Spark takes them away in the background.
    long end = System.nanoTime() + WAIT_NANOS;
    while (largeBroadcasts() > 0 && System.nanoTime() < end) {
      Thread.sleep(20);
    }
    assertEquals(0, largeBroadcasts());
  }

  @Test
  void onlyTheBroadcastIsAsLargeAsTheta() throws Exception {
    prepare(1000);
    assertTrue(theta.length > 1_000_000);
    // Theta twice (the round's, the evaluation's), and for each the serialized task.
    List<Long> bytes = broadcastBytes();
    assertEquals(4, bytes.size(), bytes::toString);
    assertTrue(bytes.get(1) < CLOSURE_BYTES, bytes::toString);
    assertTrue(bytes.get(2) >= 4L * theta.length, bytes::toString);
  }

  @Test
  void aSmallThetaRidesWithinTheTask() throws Exception {
    prepare(325);
    assertTrue(theta.length > 0.9 * SentTheta.WITHIN_JOB, () -> theta.length + " parameters");
    assertTrue(theta.length <= SentTheta.WITHIN_JOB, () -> theta.length + " parameters");
    List<Long> bytes = broadcastBytes();
    assertEquals(2, bytes.size(), bytes::toString);
    assertTrue(bytes.get(0) >= 4L * theta.length, bytes::toString);
    assertTrue(bytes.get(1) < 4L * theta.length + CLOSURE_BYTES, bytes::toString);
    assertTrue(bytes.get(1) < SPARK_WARNS_AT, bytes::toString);
  }

  /** Sizes of what a round and an evaluation broadcast, smallest first. */
  private List<Long> broadcastBytes() throws Exception {
    RoundRunner rounds = data.rounds(choice, objective, new TestTables.Silent());
    rounds.gradient(theta, 0);
    Broadcasts broadcasts = new Broadcasts();
    session.sparkContext().listenerBus().waitUntilEmpty();
    session.sparkContext().addSparkListener(broadcasts);
    rounds.gradient(theta, 1);
    data.evaluator(objective, Split.VALIDATION).orElseThrow().evaluate(theta);
    session.sparkContext().listenerBus().waitUntilEmpty();
    session.sparkContext().removeSparkListener(broadcasts);
    return broadcasts.bytes.values().stream().sorted().toList();
  }

  /** Broadcast blocks in memory as large as half of theta or larger. */
  private long largeBroadcasts() {
    MemoryStore memory = SparkEnv.get().blockManager().memoryStore();
    return CollectionConverters.asJava(
            SparkEnv.get().blockManager().getMatchingBlockIds(new IsBroadcast()))
        .stream()
        .filter(id -> memory.contains(id) && memory.getSize(id) > 2L * theta.length)
        .count();
  }

  /** Picks the blocks of broadcasts. */
  private static final class IsBroadcast extends scala.runtime.AbstractFunction1<BlockId, Object> {
    @Override
    public Object apply(BlockId id) {
      return id.isBroadcast();
    }
  }

  /** Sums the sizes of the pieces of each broadcast, as they are stored. */
  private static final class Broadcasts extends SparkListener {
    private final Map<Long, Long> bytes = new ConcurrentHashMap<>();

    @Override
    public void onBlockUpdated(SparkListenerBlockUpdated event) {
      BlockUpdatedInfo block = event.blockUpdatedInfo();
      if (block.blockId() instanceof BroadcastBlockId id && block.storageLevel().isValid()) {
        bytes.merge(id.broadcastId(), block.memSize(), Long::sum);
      }
    }
  }
}
