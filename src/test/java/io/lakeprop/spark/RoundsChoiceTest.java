package io.lakeprop.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.spark.RoundsChoice.Cluster;
import io.lakeprop.spark.RoundsChoice.Messages;
import io.lakeprop.spark.RoundsChoice.Wish;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which adapter runs, and the words that say why. */
final class RoundsChoiceTest {
  private static final long MB = 1 << 20;

  @ParameterizedTest(name = "{0}, slots {4}, {6} MB of {7} MB")
  @CsvSource(
      delimiter = '|',
      value = {
        // wish|plugin|processes|come and go|slots|message MB|largest MB|all MB|words
        "AUTO    |true |true |false|4|128|1  |4 |resident rounds",
        "AUTO    |true |true |false|9|128|16 |64|resident rounds",
        "RESIDENT|true |true |false|4|128|1  |4 |resident rounds",
        "JOB     |true |true |false|4|128|1  |4 |job rounds",
        "AUTO    |false|true |false|4|128|1  |4 |job rounds: spark.plugins must name"
            + " io.lakeprop.spark.LakepropPlugin, however: it was not started",
        "RESIDENT|false|false|false|4|128|1  |4 |job rounds: spark.plugins must name"
            + " io.lakeprop.spark.LakepropPlugin, however: it was not started",
        "AUTO    |true |false|false|2|128|1  |4 |job rounds: 4 tasks must run at once, however:"
            + " slots=2",
        "RESIDENT|true |true |false|3|128|1  |4 |job rounds: 4 tasks must run at once, however:"
            + " slots=3",
        "RESIDENT|true |true |false|4|128|127|64|resident rounds",
        "RESIDENT|true |true |false|4|128|128|64|job rounds: a task's sums must fit"
            + " spark.rpc.message.maxSize=128m, however: 128 MB",
        "AUTO    |true |false|false|4|128|500|64|job rounds: a task's sums must fit"
            + " spark.rpc.message.maxSize=128m, however: 500 MB",
        "AUTO    |true |true |true |4|128|1  |4 |job rounds: executors must stay, however:"
            + " spark.dynamicAllocation.enabled=true (compute.rounds: resident tries)",
        "RESIDENT|true |true |true |4|128|1  |4 |resident rounds",
        "AUTO    |true |true |false|4|128|17 |65|job rounds: the driver must take in at most 64 MB"
            + " a round, however: 65 MB (compute.rounds: resident tries)",
        "RESIDENT|true |true |false|4|128|17 |65|resident rounds",
        "AUTO    |true |false|false|4|128|17 |65|resident rounds",
      })
  void choice(
      Wish wish,
      boolean plugin,
      boolean processes,
      boolean comeAndGo,
      int slots,
      long message,
      long largest,
      long all,
      String words) {
    RoundsChoice choice =
        RoundsChoice.of(
            wish,
            new Cluster(plugin, processes, comeAndGo, slots, message * MB),
            new Messages(4, largest * MB, all * MB));
    assertEquals(words, choice.words());
    assertEquals(words.equals("resident rounds"), choice.resident());
  }

  @ParameterizedTest(name = "{0} slices in {1} tasks")
  @CsvSource({"8, 1, 1, 1", "8, 2, 1, 2", "8, 8, 1, 8", "8, 3, 2, 5", "3, 2, 1, 2", "5, 2, 1, 2"})
  void messagesAreTheNodesThatTasksCanSum(int slices, int tasks, int largest, int all) {
    assertEquals(
        new Messages(tasks, 4000L * largest, 4000L * all), Messages.of(slices, tasks, 1000));
  }

  @Test
  void readsTheCluster() {
    JavaSparkContext context =
        JavaSparkContext.fromSparkContext(TestSpark.session().sparkContext());
    // The slots of local[2], and conf/local.properties.
    assertEquals(new Cluster(true, false, false, 2, 512 * MB), Cluster.of(context));
    assertTrue(LakepropPlugin.onDriver());
    TestSpark.stop();
    assertFalse(LakepropPlugin.onDriver());
  }
}
