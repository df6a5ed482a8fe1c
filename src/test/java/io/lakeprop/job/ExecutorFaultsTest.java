package io.lakeprop.job;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.lakeprop.model.Storage;
import io.lakeprop.spark.ExecutorProcesses;
import io.lakeprop.spark.HadoopStorage;
import io.lakeprop.spark.Strike;
import io.lakeprop.spark.TestSpark;
import io.lakeprop.spark.TestTables;
import io.lakeprop.spark.TwoHosts;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
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
  private byte[] theta;
  private String json;

  @BeforeAll
  void calmRun() throws Exception {
    cluster = new TwoHosts();
    Map<String, String> settings = new HashMap<>();
    settings.put("spark.speculation", "true");
    settings.put("spark.speculation.interval", "50ms");
    settings.put("spark.speculation.quantile", "0.5");
    settings.put("spark.speculation.minTaskRuntime", "700ms");
    cluster.restart(settings);
    TestTables.parquet(
        TestTables.of(TestTables.mixed(3000), TestTables.MIXED), folder.resolve("table"), 4);
    Files.writeString(
        folder.resolve("job.yaml"),
        """
        table: %s/table
        label: bought
        weight: importance
        output: %s/run
        network: {hidden: [16, 8], norm: batch}
        training: {batch: 100, slices: 4, epochs: 3}
        """
            .formatted(folder, folder));
    Strike.awaitSlots(2);
    String out = train("calm", "job");
    theta = Files.readAllBytes(folder.resolve("calm/model/theta.safetensors"));
    json = Files.readString(folder.resolve("calm/model/model.json"));
    assertFalse(out.contains("note "), out);
    assertFalse(out.contains("faults "), out);
    faults("calm").forEach(count -> assertEquals(0, count.intValue()));
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
    JsonNode faults = faults("struck");
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
    assertTrue(faults("struck").get("executors_lost").intValue() >= 2);
    assertTrue(faults("struck").get("stages_rerun").intValue() >= 1);
  }

  @ParameterizedTest(name = "{0} rounds")
  @CsvSource({"job", "resident"})
  void anExecutorStandsStillForAWhile(String rounds) throws Exception {
    String out = struck("ROUND", 3, rounds, ExecutorFaultsTest::standStill);
    if (rounds.equals("job")) {
      assertTrue(out.contains("a copy of a slow task of round was done first"), out);
      assertTrue(faults("struck").get("speculative_tasks").intValue() >= 1);
    }
    assertEquals(0, faults("struck").get("executors_lost").intValue());
  }

  private static void standStill(ProcessHandle executor) {
    ExecutorProcesses.stop(executor);
    try {
      Thread.sleep(2500);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    } finally {
      ExecutorProcesses.goOn(executor);
    }
  }

  @ParameterizedTest(name = "{0}, {1} rounds")
  @CsvSource({"STATISTICS, job", "PACKING, resident"})
  void aTaskFailsThreeTimes(String work, String rounds) throws Exception {
    String table =
        "table={path: %s/table, where: \"java_method('%s', 'threeFailures', '%s') = 'pass'\"}"
            .formatted(folder, Strike.class.getName(), work);
    String out = train("struck", rounds, "--set", table);
    assertSameModel("struck");
    assertTrue(out.contains("IllegalStateException: attempt 0 fails"), out);
    assertTrue(faults("struck").get("tasks_failed").intValue() >= 3);
  }

  /** Trains while something is done, and compares; returns what the console shows. */
  private String struck(String work, int task, String rounds, Consumer<ProcessHandle> deed)
      throws Exception {
    String out;
    try (Strike strike = new Strike(work, task, deed)) {
      out = train("struck", rounds);
      assertTrue(strike.happened(), out);
    }
    assertSameModel("struck");
    return out;
  }

  private void assertSameModel(String run) throws IOException {
    Path model = folder.resolve(run).resolve("model");
    assertArrayEquals(theta, Files.readAllBytes(model.resolve("theta.safetensors")));
    assertEquals(json, Files.readString(model.resolve("model.json")));
  }

  private static JsonNode faults(String run) {
    return Ran.json(folder.resolve(run).resolve("report.json")).get("faults");
  }

  /** Runs the job in the shared session. */
  private static String train(String run, String rounds, String... more) throws IOException {
    List<String> sets = new ArrayList<>(List.of("compute.rounds=" + rounds));
    sets.add("output=" + folder.resolve(run));
    sets.addAll(List.of(more).stream().filter(word -> !word.equals("--set")).toList());
    String file = folder.resolve("job.yaml").toString();
    String text = Files.readString(folder.resolve("job.yaml"));
    Job job = JobReader.read(JobTree.resolve(file, text, sets, Map.of()));
    SparkSession session = TestSpark.session();
    Storage storage = new HadoopStorage(session.sparkContext().hadoopConfiguration());
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        RunLock lock = RunLock.take(storage, job.output(), (holder, longest) -> {})) {
      Console console = new Console(out, false);
      new TrainRun(session, storage, job, console, Resumption.none(job.output()), lock).run();
    }
    String out = bytes.toString(StandardCharsets.UTF_8);
    if (System.getProperty("faults.show") != null) {
      System.err.println(run + " " + rounds + "\n" + out);
    }
    assertTrue(out.contains(" " + rounds + " rounds"), out);
    return out;
  }
}
