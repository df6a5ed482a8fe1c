package io.lakeprop.job;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.spark.TestSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A network that is wide for the driver: sums come together on executors, or the run is refused
 * before anything is packed.
 */
final class DriverLimitsTest {
  private static final String LIMIT = "spark.driver.maxResultSize";

  private static final String TIGHT = "1m";

  /** Theta of 0.6 MB: a sum is below the limit, two are not. */
  private static final String WIDE = "network.hidden=[400, 400]";

  /** Theta of 1.4 MB. */
  private static final String TOO_WIDE = "network.hidden=[600, 600]";

  private static final String CLASSES = "label.task=classification";

  private static final String JOB_ROUNDS = "compute.rounds=job";

  @TempDir private static Path folder;

  @BeforeAll
  static void tableAndJob() throws IOException {
    Csv.write(folder.resolve("t.csv"), "a,y", rows(0, 80));
    // A partition a file.
    Files.createDirectory(folder.resolve("two"));
    Csv.write(folder.resolve("two/1.csv"), "a,y", rows(0, 40));
    Csv.write(folder.resolve("two/2.csv"), "a,y", rows(40, 80));
    Files.writeString(
        folder.resolve("job.yaml"),
        """
        table: %1$s/t.csv
        # The sums of an evaluation are small; those of classes are a megabyte each.
        label: {column: y, task: regression}
        output: %1$s/run
        training: {epochs: 1, batch: 32}
        """
            .formatted(folder));
  }

  private static List<String> rows(int from, int to) {
    return Csv.rows(from, to, i -> i * 37 % 79 / 4.0 + "," + i * 53 % 17);
  }

  @ParameterizedTest(name = "on {0}")
  @ValueSource(strings = {"local[2]", "local-cluster[2,1,1024]"})
  void sumsMeetOnAnExecutorWhereResultsAreLimited(String master) throws IOException {
    String name = master.replaceAll("\\W+", "-");
    Ran plain = train("local[2]", Map.of(LIMIT, "0"), "plain" + name, WIDE, JOB_ROUNDS).done();
    assertTrue(plain.out().contains(" slices, job rounds\n"), plain.out());
    Ran limited = train(master, Map.of(LIMIT, TIGHT), "limited" + name, WIDE, JOB_ROUNDS).done();
    assertTrue(
        limited
            .out()
            .contains(
                "job rounds: sums meet in one task, a round's results must fit"
                    + " spark.driver.maxResultSize=1.0 MB, however: 1.2 MB of 161,601"),
        limited.out());
    assertArrayEquals(theta("plain" + name), theta("limited" + name));
  }

  /** Two tasks send a megabyte each; the limit is between one and two. */
  @ParameterizedTest(name = "on {0}")
  @ValueSource(strings = {"local[2]", "local-cluster[2,1,1024]"})
  void sumsOfAnEvaluationMeetOnAnExecutorWhereResultsAreLimited(String master) throws IOException {
    String name = master.replaceAll("\\W+", "-");
    for (String limit : List.of("0", "1500k")) {
      String where = limit.equals("0") ? "local[2]" : master;
      String run = "classes" + limit + name;
      train(where, Map.of(LIMIT, limit), run, CLASSES).done();
      Path json = folder.resolve(run + ".json");
      List<String> arguments = new ArrayList<>();
      arguments.addAll(List.of("evaluate", "--model", folder.resolve(run) + "/model"));
      arguments.addAll(List.of("--table", folder + "/two", "--json", json.toString()));
      Map<String, String> all = new TreeMap<>(TestSpark.executorProcesses());
      all.put(LIMIT, limit);
      Ran.on(where, all, arguments.toArray(String[]::new)).done();
    }
    Path plain = folder.resolve("classes0" + name);
    Path limited = folder.resolve("classes1500k" + name);
    assertEquals(
        Ran.json(plain.resolve("report.json")).get("metrics"),
        Ran.json(limited.resolve("report.json")).get("metrics"));
    assertEquals(
        Ran.json(Path.of(plain + ".json")).get("metrics"),
        Ran.json(Path.of(limited + ".json")).get("metrics"));
  }

  @Test
  void anEvaluationWhoseSumFitsNoResultIsRefusedBeforePacking() {
    refused(
        train("local[2]", Map.of(LIMIT, TIGHT), "run", CLASSES),
        "an evaluation's sum must fit spark.driver.maxResultSize=1.0 MB, however: 1.1 MB of 17"
            + " classes");
  }

  @Test
  void messagesOfResidentRoundsAreNoResults() {
    Ran ran = train("local[2]", Map.of(LIMIT, TIGHT), "resident", TOO_WIDE).done();
    assertTrue(ran.out().contains(" slices, resident rounds\n"), ran.out());
  }

  @Test
  void aSumThatFitsNoResultIsRefusedBeforePacking() {
    refused(
        train("local[2]", Map.of(LIMIT, TIGHT), "run", TOO_WIDE, JOB_ROUNDS),
        "a round's results must fit spark.driver.maxResultSize=1.0 MB, however: 1.4 MB of 362,401");
  }

  @Test
  void aNetworkThatTheHeapCannotHoldIsRefusedBeforePacking() {
    refused(
        train("local[2]", Map.of(LIMIT, "0"), "run", "network.hidden=[30000, 30000]"),
        // Three thetas and two of Adam's, two sums, and the copy for a checkpoint: theta, Adam's,
        // best.
        "the driver's heap must hold 11 vectors of 900,",
        "spark.driver.memory");
  }

  private static void refused(Ran ran, String... words) {
    Refusal.assertRefused(ran, List.of(words));
    assertTrue(ran.out().contains("statistics"), ran.out());
    assertFalse(ran.out().contains("packing"), ran.out());
    assertFalse(Files.exists(folder.resolve("run")), "nothing is left");
  }

  private static byte[] theta(String output) throws IOException {
    return Files.readAllBytes(folder.resolve(output).resolve("model/theta.safetensors"));
  }

  private static Ran train(
      String master, Map<String, String> settings, String output, String... overrides) {
    Map<String, String> all = new TreeMap<>(TestSpark.executorProcesses());
    all.putAll(settings);
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("train", folder.resolve("job.yaml").toString()));
    arguments.addAll(List.of("--set", "output=" + folder.resolve(output)));
    for (String override : overrides) {
      arguments.addAll(List.of("--set", override));
    }
    return Ran.on(master, all, arguments.toArray(String[]::new));
  }
}
