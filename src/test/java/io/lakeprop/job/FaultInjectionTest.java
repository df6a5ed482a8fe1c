package io.lakeprop.job;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.spark.RandomStrikes;
import io.lakeprop.spark.Strike;
import io.lakeprop.spark.TestSpark;
import io.lakeprop.spark.TwoHosts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Drivers and executors are killed at random moments, and nothing is lost: {@code -Dfaults=200}
 * says how many, {@code -Dfaults.seed=7} which. Three points of five are drivers, of as many chains
 * at a time as the machine has cores ({@code -Dfaults.at_a_time=4}). A chain of points has a seed
 * of its own, which a failure names: with it as the seed the chain is the first one.
 */
final class FaultInjectionTest {
  private static final int POINTS = Integer.getInteger("faults", 8);
  private static final long SEED = Long.getLong("faults.seed", 20_261_126L);

  /** From so many points on the count is told while it grows. */
  private static final int MANY = 40;

  private static final int CHAINS_AT_A_TIME =
      Integer.getInteger("faults.at_a_time", Runtime.getRuntime().availableProcessors());

  /** Of the calm run's time, the first of its cluster: later runs are quicker. */
  private static final double SHARE = 0.6;

  @TempDir private Path folder;

  private final FaultCount count =
      new FaultCount(POINTS >= MANY || Boolean.getBoolean("faults.tell"));

  @Test
  @Timeout(7200)
  void nothingIsLost() throws Exception {
    System.out.printf("faults     %d points, seed %d%n", POINTS, SEED);
    CalmRun calm = CalmRun.of(Files.createDirectory(folder.resolve("drivers")));
    int drivers = (3 * POINTS + 4) / 5;
    ExecutorService pool = Executors.newFixedThreadPool(CHAINS_AT_A_TIME);
    try {
      List<Future<?>> chains = killDrivers(calm, drivers, pool);
      killExecutors(POINTS - drivers);
      for (Future<?> chain : chains) {
        chain.get();
      }
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause().getMessage(), e.getCause());
    } finally {
      pool.shutdownNow();
      System.out.println("faults     " + count.line());
    }
    assertTrue(count.all("driver SIG") + count.all("executors killed") >= POINTS, count.line());
  }

  private List<Future<?>> killDrivers(CalmRun calm, int points, ExecutorService pool)
      throws Exception {
    AtomicInteger left = new AtomicInteger(points);
    AtomicLong next = new AtomicLong(SEED);
    List<Future<?>> chains = new ArrayList<>();
    for (int i = 0; i < CHAINS_AT_A_TIME; i++) {
      chains.add(
          pool.submit(
              () -> {
                while (left.get() > 0) {
                  new KillChain(calm, count, next.getAndIncrement())
                      .run(() -> take(left), left::incrementAndGet);
                }
                return null;
              }));
    }
    return chains;
  }

  /** Takes a point; one that misses is given back, and must not vanish among refusals. */
  private static boolean take(AtomicInteger left) {
    return left.getAndUpdate(points -> Math.max(0, points - 1)) > 0;
  }

  private void killExecutors(int points) throws Exception {
    if (points == 0) {
      return;
    }
    try (TwoHosts cluster = new TwoHosts()) {
      cluster.restart(Map.of());
      Strike.awaitSlots(2);
      FaultyRuns runs = new FaultyRuns(Files.createDirectory(folder.resolve("executors")));
      double seconds = runs.calmSeconds();
      for (long i = 0; count.all("executors killed") < points; i++) {
        long seed = SEED + i;
        SplittableRandom random = new SplittableRandom(~seed);
        long most = Math.min(1 + random.nextInt(3), points - count.all("executors killed"));
        String rounds = seed % 2 == 0 ? "job" : "resident";
        killSome(runs, random, (int) most, rounds, seconds, seed);
      }
    } finally {
      TestSpark.stop();
    }
  }

  private void killSome(
      FaultyRuns runs, SplittableRandom random, int most, String rounds, double seconds, long seed)
      throws Exception {
    Strike.awaitSlots(2);
    String out = "";
    try (RandomStrikes strikes = new RandomStrikes(random, most, SHARE * seconds)) {
      out = runs.train("struck", rounds);
      for (String work : strikes.struck()) {
        count.add("executors killed in %s, %s rounds".formatted(work, rounds), 1);
        count.tell("seed %d: an executor in %s, %s rounds".formatted(seed, work, rounds));
      }
      runs.assertSameModel("struck");
      count.add("executor runs", 1);
    } catch (Exception | AssertionError e) {
      throw new AssertionError(
          "-Dfaults.seed=%d repeats it: %d executors, %s rounds\n%s"
              .formatted(seed, most, rounds, out),
          e);
    }
  }
}
