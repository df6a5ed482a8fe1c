package io.lakeprop.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.model.Storage;
import io.lakeprop.spark.Footprint;
import io.lakeprop.spark.HadoopStorage;
import io.lakeprop.spark.Strike;
import io.lakeprop.spark.TestSpark;
import io.lakeprop.spark.TestTables;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Many rounds with evaluations and checkpoints leave nothing behind: what the processes hold after
 * a fifth of the rounds is what they hold at the end. {@code -Dsoak.rounds=10000} for the long
 * form.
 */
final class SoakTest {
  private static final int ROUNDS = Integer.getInteger("soak.rounds", 100);

  /**
   * Spark keeps a thousand finished jobs and stages for its pages: a short form must keep fewer.
   */
  private static final int LONG = 5000;

  private static final int SAMPLES = 5;

  /** Rounds between two evaluations, and two checkpoints. */
  private static final int EVERY = ROUNDS < LONG ? 6 : 50;

  private static final long THETA_BYTES = 1 << 20;
  private static final long COME_AND_GO = 8;

  @TempDir private Path folder;

  @AfterAll
  static void release() {
    TestSpark.stop();
  }

  /** The short form has real executor processes only. */
  static Stream<String> masters() {
    return Stream.of("local-cluster[2,1,1024]", "local[2]")
        .filter(master -> ROUNDS >= LONG || master.startsWith("local-cluster"));
  }

  @ParameterizedTest(name = "on {0}")
  @MethodSource("masters")
  void nothingGrows(String master) throws Exception {
    String tmp = System.getProperty("java.io.tmpdir");
    Path scratch = Files.createDirectory(folder.resolve("scratch"));
    System.setProperty("java.io.tmpdir", scratch.toString());
    try {
      start(master, scratch);
      TestTables.parquet(
          TestTables.of(TestTables.mixed(1000), TestTables.MIXED), folder.resolve("table"), 2);
      for (String rounds : List.of("job", "resident")) {
        List<Map<String, Long>> samples = train(rounds, scratch);
        print("%s, %,d %s rounds".formatted(master, ROUNDS, rounds), samples);
        assertEquals(SAMPLES, samples.size());
        samples.get(0).forEach((name, warm) -> assertFlat(name, warm, samples));
      }
    } finally {
      TestSpark.stop();
      System.setProperty("java.io.tmpdir", tmp);
    }
  }

  private static void start(String master, Path scratch) throws InterruptedException {
    Map<String, String> settings = new HashMap<>();
    if (master.startsWith("local-cluster")) {
      settings.putAll(TestSpark.executorProcesses());
      settings.merge(
          "spark.executor.extraJavaOptions",
          "-Djava.io.tmpdir=" + scratch,
          (quick, folder) -> quick + " " + folder);
    }
    settings.put("spark.local.dir", scratch.toString());
    if (ROUNDS < LONG) {
      settings.put("spark.ui.retainedJobs", "10");
      settings.put("spark.ui.retainedStages", "10");
      settings.put("spark.ui.retainedTasks", "20");
      settings.put("spark.sql.ui.retainedExecutions", "1");
    }
    TestSpark.restart(master, settings);
    Strike.awaitSlots(2);
  }

  private List<Map<String, Long>> train(String rounds, Path scratch) throws Exception {
    String text =
        """
        table: %s/table
        label: bought
        weight: importance
        output: %s/%s
        network: {hidden: [400, 400]}
        training:
          batch: 32
          slices: 2
          epochs: %d
          rounds: %d
          patience: 0
          evaluate_every_rounds: %d
          checkpoints: {every_rounds: %d}
        compute: {rounds: %s}
        """
            .formatted(folder, folder, rounds, ROUNDS, ROUNDS, EVERY, EVERY, rounds);
    Job job = JobReader.read(JobTree.resolve("soak.yaml", text, List.of(), Map.of()));
    SparkSession session = TestSpark.session();
    Storage storage = new HadoopStorage(session.sparkContext().hadoopConfiguration());
    List<Map<String, Long>> samples = new ArrayList<>();
    Path checkpoints = folder.resolve(rounds).resolve("checkpoints");
    PrintStream out = new Sampling(() -> samples.add(Footprint.now(scratch, checkpoints)));
    Console console = new Console(out, false);
    try (RunLock lock = RunLock.take(storage, job.output(), (holder, longest) -> {})) {
      Resumption none = Resumption.none(job.output());
      assertEquals(0, new TrainRun(session, storage, job, console, none, lock).run());
    }
    assertEquals(
        ROUNDS, Ran.json(folder.resolve(rounds).resolve("report.json")).at("/rounds").intValue());
    return samples;
  }

  /** Measures when the console shows an evaluation after a fifth of the rounds, and so on. */
  private static final class Sampling extends PrintStream {
    private static final Pattern ROUND = Pattern.compile("round (\\d+)/.* validation .*");

    private final Callable<Boolean> sample;
    private int samples;

    Sampling(Callable<Boolean> sample) {
      super(OutputStream.nullOutputStream());
      this.sample = sample;
    }

    @Override
    public void print(String line) {
      Matcher round = ROUND.matcher(line);
      if (round.find() && Integer.parseInt(round.group(1)) >= (samples + 1) * ROUNDS / SAMPLES) {
        samples++;
        try {
          sample.call();
        } catch (Exception e) {
          throw new AssertionError(e);
        }
      }
    }
  }

  /**
   * The end is not above the warm state, but for a twentieth of heaps (what the JVM and Spark
   * remember of classes and code goes on a while) and a few things that come and go by themselves.
   */
  private static void assertFlat(String name, long warm, List<Map<String, Long>> samples) {
    long last = samples.get(SAMPLES - 1).get(name);
    long more =
        name.startsWith("checkpoint")
            ? warm // One more may be on its way, and an older one not yet gone.
            : warm / 20 + (name.endsWith("bytes") ? THETA_BYTES : COME_AND_GO);
    assertTrue(last <= warm + more, () -> "%s: %,d, then %,d".formatted(name, warm, last));
  }

  private static void print(String title, List<Map<String, Long>> samples) {
    StringBuilder table = new StringBuilder(title).append('\n');
    for (String name : samples.get(0).keySet()) {
      table.append("%-26s".formatted(name));
      samples.forEach(at -> table.append(String.format(Locale.ROOT, "%,14d", at.get(name))));
      table.append('\n');
    }
    System.out.print(table);
  }
}
