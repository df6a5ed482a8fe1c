package io.lakeprop.spark;

import io.lakeprop.train.LocalRounds;
import io.lakeprop.train.RoundPlan;
import io.lakeprop.train.RoundRunner;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a round costs besides its arithmetic, by adapter, side by side in one run: {@code mvn test
 * -Dtest=RoundOverhead}. Named so that no build runs it by itself.
 */
final class RoundOverhead {
  private static final int WARM_UP = 300;

  @AfterAll
  static void release() {
    TestSpark.stop();
  }

  @ParameterizedTest(name = "{0}, hidden {1}")
  @CsvSource({
    "local[2], 260, 1000",
    "local[2], 1000, 200",
    "local[2], 2000, 30",
    "local-cluster[2;1;1024], 260, 500",
    "local-cluster[2;1;1024], 1000, 200",
    "local-cluster[2;1;1024], 2000, 30",
  })
  void ofAdapters(String master, int width, int rounds) {
    Map<String, String> settings = new HashMap<>(TestSpark.executorProcesses());
    // Executors as fast as users'.
    settings.remove("spark.executor.extraJavaOptions");
    TestSpark.restart(master.replace(';', ','), settings);
    JavaSparkContext context =
        JavaSparkContext.fromSparkContext(TestSpark.session().sparkContext());
    Slots slots = new Slots();
    try (SmallRounds small = new SmallRounds(List.of(width, width));
        PackedTable table = small.pack(SmallRounds.ROWS, 2, 1, 2)) {
      // A row a slice: next to no arithmetic.
      RoundPlan plan = SmallRounds.plan(table, 2);
      RoundRunner local = new LocalRounds(small.objective(), plan, BlockPacker.collect(table));
      RoundRunner jobs = small.jobs(plan, table);
      RoundRunner oneSum = small.jobs(plan, table, FanIn.ONE_SUM);
      RoundRunner resident = small.resident(plan, table, slots, 60_000, System.out::println);
      JavaRDD<Integer> nothing = context.parallelize(List.of(1, 2), 2);
      RoundRunner emptyJobs =
          (theta, round) -> {
            nothing.count();
            return null;
          };
      float[] theta = small.theta();
      double arithmetic = millis(local, theta, rounds);
      double[] ofJobs = millis(List.of(emptyJobs, jobs, oneSum), theta, Math.max(30, rounds / 5));
      double ofResident = millis(resident, theta, rounds);
      double restart = restart(resident, slots, theta);
      resident.close();
      System.out.printf(
          Locale.ROOT,
          "%s, %,d parameters: arithmetic %.2f ms (both slices, one thread), empty jobs %.2f ms,"
              + " job rounds %.2f ms (%.2f x), sums meeting in one task %.2f ms (%.2f x), resident"
              + " rounds %.2f ms, a leave and a start %.1f ms%n",
          master,
          theta.length,
          arithmetic,
          ofJobs[0],
          ofJobs[1],
          ofJobs[1] / ofJobs[0],
          ofJobs[2],
          ofJobs[2] / ofJobs[0],
          ofResident,
          restart - ofResident);
    }
  }

  private static double millis(RoundRunner runner, float[] theta, int rounds) {
    return millis(List.of(runner), theta, rounds)[0];
  }

  /** The medians of a round's time, of runners that take turns. */
  private static double[] millis(List<RoundRunner> runners, float[] theta, int rounds) {
    int warmUp = Math.min(WARM_UP, rounds);
    double[][] millis = new double[runners.size()][rounds];
    for (int round = -warmUp; round < rounds; round++) {
      for (int i = 0; i < runners.size(); i++) {
        long started = System.nanoTime();
        runners.get(i).gradient(theta, Math.max(0, round));
        millis[i][Math.max(0, round)] = (System.nanoTime() - started) * 1e-6;
      }
    }
    return Arrays.stream(millis).mapToDouble(RoundOverhead::median).toArray();
  }

  /** The median of a round's time when the tasks have to leave first. */
  private static double restart(RoundRunner resident, Slots slots, float[] theta) {
    double[] millis = new double[30];
    for (int i = 0; i < millis.length; i++) {
      long started = System.nanoTime();
      slots.free();
      resident.gradient(theta, i);
      millis[i] = (System.nanoTime() - started) * 1e-6;
    }
    return median(millis);
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
