package io.lakeprop.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.spark.ExecutorProcesses;
import io.lakeprop.spark.Strike;
import io.lakeprop.spark.TestSpark;
import io.lakeprop.spark.TwoHosts;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Dynamic allocation takes executors away and brings new ones; one that hangs is given up. */
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ExecutorsComeAndGoTest {
  @TempDir private static Path folder;

  private TwoHosts cluster;
  private FaultyRuns runs;

  @BeforeAll
  void calmRun() throws Exception {
    TestSpark.session();
    runs = new FaultyRuns(folder);
    cluster = new TwoHosts();
  }

  @AfterAll
  void release() {
    TestSpark.stop();
    cluster.close();
  }

  @ParameterizedTest(name = "{0} rounds")
  @ValueSource(strings = {"job", "resident"})
  void dynamicAllocation(String rounds) throws Exception {
    cluster.restart(
        Map.of(
            "spark.dynamicAllocation.enabled", "true",
            "spark.executor.cores", "1",
            "spark.dynamicAllocation.initialExecutors", "2",
            "spark.dynamicAllocation.maxExecutors", "2",
            "spark.dynamicAllocation.executorIdleTimeout", "2s",
            "spark.dynamicAllocation.cachedExecutorIdleTimeout", "2s",
            "spark.dynamicAllocation.shuffleTracking.timeout", "2s",
            "spark.dynamicAllocation.schedulerBacklogTimeout", "1s"));
    Strike.awaitSlots(2);
    SlowTerminal terminal = new SlowTerminal();
    runs.train(new PrintStream(terminal, true, StandardCharsets.UTF_8), "struck", rounds);
    String out = terminal.toString(StandardCharsets.UTF_8);
    assertTrue(terminal.slept, out);
    runs.assertSameModel("struck");
    assertTrue(out.contains(" was given back"), out);
    assertTrue(out.contains(" has joined"), out);
    assertTrue(out.contains("rows of lost blocks are read and packed again"), out);
    assertEquals(0, runs.faults("struck").get("executors_lost").intValue(), out);
  }

  /** The driver's thread writes the end of the first epoch, and waits until no executor is left. */
  private static final class SlowTerminal extends ByteArrayOutputStream {
    private boolean slept;

    @Override
    public synchronized void write(byte[] bytes, int from, int length) {
      super.write(bytes, from, length);
      if (!slept && toString(StandardCharsets.UTF_8).contains("epoch 1/3")) {
        slept = true;
        try {
          Strike.awaitSlots(0);
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        }
      }
    }
  }

  @ParameterizedTest(name = "{0} rounds")
  @ValueSource(strings = {"job", "resident"})
  void anExecutorThatHangsForEverIsGivenUp(String rounds) throws Exception {
    cluster.restart(
        Map.of(
            "spark.network.timeout", "6s",
            "spark.network.timeoutInterval", "1s",
            "spark.executor.heartbeatInterval", "1s",
            "spark.rpc.askTimeout", "30s"));
    Strike.awaitSlots(2);
    String out;
    try (Strike strike = new Strike("ROUND", 3, ExecutorProcesses::stop)) {
      out = runs.train("struck", rounds);
      assertTrue(strike.happened(), out);
    }
    runs.assertSameModel("struck");
    assertTrue(out.contains(" is lost (Executor heartbeat timed out"), out);
    assertTrue(runs.faults("struck").get("executors_lost").intValue() >= 1, out);
  }
}
