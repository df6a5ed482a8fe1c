package io.lakeprop.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.spark.RoundsChoice.Cluster;
import io.lakeprop.spark.RoundsChoice.Wish;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which adapters may run, and the words that say why; what fits nowhere is refused. */
final class RoundsChoiceTest {
  private static final long MB = 1 << 20;
  private static final long PLENTY = 1L << 40;

  @ParameterizedTest(name = "{0}, slots {4}, theta of {6} MB in messages of {5} MB")
  @CsvSource(
      delimiter = '|',
      value = {
        // wish|plugin|processes|come and go|slots|message MB|theta MB|tried against jobs|words
        "AUTO    |true |true |false|4|128|1  |true |resident rounds",
        "AUTO    |true |true |false|9|128|16 |true |resident rounds",
        "AUTO    |true |false|false|9|128|16 |false|resident rounds",
        "RESIDENT|true |true |false|4|128|1  |false|resident rounds",
        "JOB     |true |true |false|4|128|1  |false|job rounds",
        "AUTO    |false|true |false|4|128|1  |false|job rounds: spark.plugins must name"
            + " io.lakeprop.spark.LakepropPlugin, however: it was not started",
        "RESIDENT|false|false|false|4|128|1  |false|job rounds: spark.plugins must name"
            + " io.lakeprop.spark.LakepropPlugin, however: it was not started",
        "AUTO    |true |false|false|2|128|1  |false|job rounds: 4 tasks must run at once, however:"
            + " slots=2",
        "RESIDENT|true |true |false|3|128|1  |false|job rounds: 4 tasks must run at once, however:"
            + " slots=3",
        "RESIDENT|true |true |false|4|128|127|false|resident rounds",
        "RESIDENT|true |true |false|4|128|128|false|job rounds: a task's sums must fit"
            + " spark.rpc.message.maxSize=128m, however: 128.0 MB",
        "AUTO    |true |false|false|4|128|500|false|job rounds: a task's sums must fit"
            + " spark.rpc.message.maxSize=128m, however: 500.0 MB",
        "AUTO    |true |true |true |4|128|1  |false|job rounds: executors must stay, however:"
            + " spark.dynamicAllocation.enabled=true (compute.rounds: resident tries)",
        "RESIDENT|true |true |true |4|128|1  |false|resident rounds",
        // No limit but those of messages and memory.
        "AUTO    |true |true |false|4|512|500|true |resident rounds",
      })
  void choice(
      Wish wish,
      boolean plugin,
      boolean processes,
      boolean comeAndGo,
      int slots,
      long message,
      long theta,
      boolean trial,
      String words) {
    RoundsChoice choice =
        RoundsChoice.of(
            wish,
            new Cluster(plugin, processes, comeAndGo, slots, message * MB, PLENTY, PLENTY),
            new RoundLoad(4, 4, theta * MB / 4, 0, 2));
    assertEquals(words, choice.words());
    assertEquals(words.equals("resident rounds"), choice.resident());
    assertEquals(trial, choice.trial());
    assertEquals(List.of(FanIn.values()), choice.ways());
  }

  /** Four tasks of a sum of 1 MB each: 4, 2 and 1 MB and a little arrive. */
  @ParameterizedTest(name = "{0}, results of {1} MB: {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "JOB |5|DIRECT TWO_LEVELS ONE_SUM|job rounds",
        "JOB |3|TWO_LEVELS ONE_SUM       |job rounds: sums meet in √tasks tasks first, a round's"
            + " results must fit spark.driver.maxResultSize=3.0 MB, however: 4.0 MB of 262,144"
            + " parameters",
        "JOB |2|ONE_SUM                  |job rounds: sums meet in one task, a round's results must"
            + " fit spark.driver.maxResultSize=2.0 MB, however: 4.0 MB of 262,144 parameters",
        "AUTO|2|ONE_SUM                  |resident rounds",
        // Messages are no results.
        "AUTO|1|                         |resident rounds",
      })
  void resultsThatDoNotFitMeetOnExecutors(Wish wish, long results, String ways, String words) {
    RoundsChoice choice = RoundsChoice.of(wish, cluster(results * MB, PLENTY), megabyte(4, 4, 2));
    assertEquals(words, choice.words());
    assertEquals(ways == null ? List.of() : List.of(ways.split(" ")), names(choice.ways()));
  }

  @Test
  void oneSumThatDoesNotFitIsRefused() {
    refused(
        "a round's results must fit spark.driver.maxResultSize=1.0 MB, however: 1.0 MB of 262,144"
            + " parameters",
        cluster(MB, PLENTY),
        megabyte(4, 4, 2));
  }

  /** Theta, its copy, the best one, two vectors of Adam, sums, and the last as it came. */
  @ParameterizedTest(name = "{0} tasks of {1} slices, {2} vectors: {3}, {4}, {5}")
  @CsvSource({"4, 4, 2, 10, 8, 7", "4, 4, 0, 8, 6, 5", "2, 2, 2, 8, 8, 7", "3, 8, 1, 11, 7, 6"})
  void theHeapHolds(int tasks, int slices, int vectors, int direct, int twoLevels, int oneSum) {
    RoundLoad load = megabyte(slices, tasks, vectors);
    assertEquals(direct, load.vectorsAtOnce(FanIn.DIRECT));
    assertEquals(twoLevels, load.vectorsAtOnce(FanIn.TWO_LEVELS));
    assertEquals(oneSum, load.vectorsAtOnce(FanIn.ONE_SUM));
    assertEquals(
        "job rounds", RoundsChoice.of(Wish.JOB, cluster(PLENTY, direct * MB), load).words());
    assertEquals(
        List.of("ONE_SUM"),
        names(RoundsChoice.of(Wish.JOB, cluster(PLENTY, oneSum * MB), load).ways()));
    // All messages of a resident round arrive together: it needs what a direct one does.
    assertTrue(RoundsChoice.of(Wish.AUTO, cluster(PLENTY, direct * MB), load).resident());
    RoundsChoice small = RoundsChoice.of(Wish.RESIDENT, cluster(PLENTY, direct * MB - 1), load);
    assertFalse(small.resident());
    assertTrue(
        small
            .words()
            .matches(
                "job rounds: sums meet in [^:;]*, the driver's heap must hold %d vectors of 262,144 parameters, %d.0 MB, however: [^:;]*"
                    .formatted(direct, direct)),
        small.words());
    // With room there is nothing to try for so few that none would load the driver.
    assertEquals(
        tasks < 4 ? List.of("DIRECT") : List.of("DIRECT", "TWO_LEVELS", "ONE_SUM"),
        names(RoundsChoice.of(Wish.JOB, cluster(PLENTY, PLENTY), load).ways()));
    refused(
        "the driver's heap must hold %d vectors of 262,144 parameters, %d.0 MB, however:"
                .formatted(oneSum, oneSum)
            + " spark.driver.memory gives it 4.0 MB",
        cluster(PLENTY, 4 * MB),
        load);
  }

  private static void refused(String message, Cluster cluster, RoundLoad load) {
    InvalidInput refusal =
        assertThrows(InvalidInput.class, () -> RoundsChoice.of(Wish.JOB, cluster, load));
    assertEquals(message, refusal.getMessage());
  }

  private static Cluster cluster(long results, long heap) {
    return new Cluster(true, true, false, 4, PLENTY, results, heap);
  }

  private static RoundLoad megabyte(int slices, int tasks, int vectors) {
    return new RoundLoad(slices, tasks, MB / Float.BYTES, 0, vectors);
  }

  private static List<String> names(List<FanIn> ways) {
    return ways.stream().map(FanIn::name).toList();
  }

  @ParameterizedTest(name = "{0} slices in {1} tasks")
  @CsvSource({"8, 1, 1", "8, 2, 1", "8, 8, 1", "8, 3, 2", "3, 2, 1", "5, 2, 1"})
  void aMessageHasTheNodesThatItsTaskCanSum(int slices, int tasks, int nodes) {
    assertEquals(4000L * nodes, new RoundLoad(slices, tasks, 1000, 0, 0).largestMessage());
  }

  @Test
  void readsTheCluster() {
    long heap = Runtime.getRuntime().maxMemory();
    TestSpark.restart("local[2]", Map.of());
    // The slots of local[2], and conf/local.properties.
    assertEquals(new Cluster(true, false, false, 2, 512 * MB, 2048 * MB, heap), cluster());
    assertTrue(LakepropPlugin.onDriver());
    for (String unlimited : List.of("0", "0m")) {
      TestSpark.restart("local[2]", Map.of("spark.driver.maxResultSize", unlimited));
      assertEquals(Long.MAX_VALUE, cluster().largestResults());
    }
    TestSpark.stop();
    assertFalse(LakepropPlugin.onDriver());
  }

  private static Cluster cluster() {
    return Cluster.of(JavaSparkContext.fromSparkContext(TestSpark.session().sparkContext()));
  }
}
