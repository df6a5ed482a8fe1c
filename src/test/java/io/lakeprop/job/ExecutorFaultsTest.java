package io.lakeprop.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.lakeprop.spark.ExecutorProcesses;
import io.lakeprop.spark.Strike;
import io.lakeprop.spark.TestSpark;
import io.lakeprop.spark.TwoHosts;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Executors come and go, tasks fail and are slow: the model has the bytes of the calm run, and the
 * console and the report say what happened. Real executor processes, shared by all cases: Spark
 * starts another one for each that is killed.
 */
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ExecutorFaultsTest {
  @TempDir private static Path folder;

  private TwoHosts cluster;
  private FaultyRuns runs;

  @BeforeAll
  void calmRun() throws Exception {
    cluster = new TwoHosts();
    Map<String, String> settings = new HashMap<>();
    settings.put("spark.speculation", "true");
    settings.put("spark.speculation.interval", "50ms");
    settings.put("spark.speculation.quantile", "0.5");
    settings.put("spark.speculation.minTaskRuntime", "700ms");
    cluster.restart(settings);
    Strike.awaitSlots(2);
    runs = new FaultyRuns(folder);
  }

  @AfterAll
  void release() {
    TestSpark.stop();
    cluster.close();
  }

  @BeforeEach
  void bothThere() throws InterruptedException {
    Strike.awaitSlots(2);
  }

  @ParameterizedTest(name = "{0}, task {1}, {2} rounds")
  @CsvSource({
    "STATISTICS, 2, job",
    "PACKING, 5, job",
    "PACKING, 5, resident",
    "ROUND, 5, job",
    "ROUND, 3, resident",
    "EVALUATION, 3, job",
    "EVALUATION, 3, resident",
  })
  void anExecutorIsKilled(String work, int task, String rounds) throws Exception {
    String out = struck(work, task, rounds, ExecutorProcesses::kill);
    JsonNode faults = runs.faults("struck");
    assertTrue(out.contains(" is lost (Command exited with code 137)"), out);
    assertTrue(faults.get("executors_lost").intValue() >= 1, faults.toString());
    assertEquals(0, faults.get("tasks_failed").intValue());
  }

  @ParameterizedTest(name = "{0} rounds")
  @CsvSource({"job", "resident"})
  void allExecutorsAreKilled(String rounds) throws Exception {
    String out =
        struck(
            "ROUND", 4, rounds, one -> ExecutorProcesses.ours().forEach(ExecutorProcesses::kill));
    assertTrue(out.contains("rows of lost blocks are read and packed again"), out);
    assertTrue(runs.faults("struck").get("executors_lost").intValue() >= 2);
    assertTrue(runs.faults("struck").get("stages_rerun").intValue() >= 1);
  }

  @ParameterizedTest(name = "{0} rounds")
  @CsvSource({"job", "resident"})
  void anExecutorStandsStillForAWhile(String rounds) throws Exception {
    struck("ROUND", 3, rounds, ExecutorFaultsTest::standStill);
    assertEquals(0, runs.faults("struck").get("executors_lost").intValue());
    assertEquals(0, runs.faults("struck").get("tasks_failed").intValue());
  }

  private static void standStill(ProcessHandle executor) {
    ExecutorProcesses.stop(executor);
    try {
      sleep(2500);
    } finally {
      ExecutorProcesses.goOn(executor);
    }
  }

  @Test
  void aCopyOvertakesASlowTaskOfARound() throws Exception {
    String out = struck("ROUND", 9, "job", ExecutorFaultsTest::beSlow);
    assertTrue(out.contains("a copy of a slow task of a round was done first"), out);
    JsonNode faults = runs.faults("struck");
    assertTrue(faults.get("speculative_tasks").intValue() >= 1, faults.toString());
    assertEquals(0, faults.get("executors_lost").intValue());
  }

  private static void beSlow(ProcessHandle executor) {
    try (ExecutorProcesses.Slow slow = ExecutorProcesses.slow(executor)) {
      assertTrue(slow.brake().isAlive());
      sleep(8000);
    }
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest(name = "{0}, {1} rounds")
  @CsvSource({"STATISTICS, job", "PACKING, resident"})
  void aTaskFailsThreeTimes(String work, String rounds) throws Exception {
    String table =
        "table={path: %s/table, where: \"three_failures('%s', age)\"}".formatted(folder, work);
    UDF2<String, Integer, Boolean> threeFailures = Strike::threeFailures;
    TestSpark.session().udf().register("three_failures", threeFailures, DataTypes.BooleanType);
    String out = runs.train("struck", rounds, table);
    runs.assertSameModel("struck");
    assertTrue(out.contains("IllegalStateException: attempt 0 fails"), out);
    assertTrue(runs.faults("struck").get("tasks_failed").intValue() >= 3);
  }

  /** Trains while something is done, and compares; returns what the console shows. */
  private String struck(String work, int task, String rounds, Consumer<ProcessHandle> deed)
      throws Exception {
    String out;
    try (Strike strike = new Strike(work, task, deed)) {
      out = runs.train("struck", rounds);
      assertTrue(strike.happened(), out);
    }
    runs.assertSameModel("struck");
    return out;
  }
}
