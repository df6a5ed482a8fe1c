package io.lakeprop.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.data.FeatureSettings;
import io.lakeprop.model.Model;
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
  private static final long WAIT_NANOS = 10_000_000_000L;

  private SparkSession session;
  private TrainingData data;
  private Objective objective;
  private RoundsChoice choice;
  private float[] theta;

  @BeforeEach
  void prepare(@TempDir Path folder) {
    session = TestSpark.session();
    String path =
        TestTables.parquet(
            TestTables.of(TestTables.mixed(300), TestTables.MIXED), folder.resolve("t"), 1);
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
                OptionalInt.of(2)));
    Loss loss = Model.lossOf(fitted.label());
    Network network =
        Network.perceptron(
            Model.inputOf(fitted.encoder()), List.of(1000, 1000), Nonlinearity.RELU, 0, 1);
    objective = new Objective(network, loss, 16, Kernel.EJML);
    choice = fitted.choose(RoundsChoice.Wish.JOB, objective, 2);
    data = fitted.pack();
    theta = Initializer.suited(network, 1);
    assertTrue(theta.length > 1_000_000);
  }

  @AfterEach
  void close() {
    data.close();
  }

  @Test
  void broadcastsOfThetaDoNotPileUp() throws InterruptedException {
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
    RoundRunner rounds = data.rounds(choice, objective, new TestTables.Silent());
    rounds.gradient(theta, 0);
    Broadcasts broadcasts = new Broadcasts();
    session.sparkContext().listenerBus().waitUntilEmpty();
    session.sparkContext().addSparkListener(broadcasts);
    rounds.gradient(theta, 1);
    data.evaluator(objective, Split.VALIDATION).orElseThrow().evaluate(theta);
    session.sparkContext().listenerBus().waitUntilEmpty();
    session.sparkContext().removeSparkListener(broadcasts);
    Map<Long, Long> bytes = broadcasts.bytes;
    // Theta twice (the round's, the evaluation's), and for each the serialized task.
    assertEquals(4, bytes.size(), bytes::toString);
    assertEquals(
        2, bytes.values().stream().filter(n -> n >= 4L * theta.length).count(), bytes::toString);
    assertEquals(
        2, bytes.values().stream().filter(n -> n < CLOSURE_BYTES).count(), bytes::toString);
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
