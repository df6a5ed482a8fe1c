package io.lakeprop.spark;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;

/** Kills executors at random moments, as long as it is open, and says in which work they were. */
public final class RandomStrikes extends SparkListener implements AutoCloseable {
  private final SparkContext context = TestSpark.session().sparkContext();
  private final CountDownLatch end = new CountDownLatch(1);
  private final List<String> struck = new ArrayList<>();
  private final CompletableFuture<Void> killer;
  private volatile Work now = Work.OTHER;

  /**
   * @param most how many
   * @param seconds from the start to the first one, and from one to the next, at most
   */
  public RandomStrikes(SplittableRandom random, int most, double seconds) {
    context.addSparkListener(this);
    killer =
        CompletableFuture.runAsync(
            () -> {
              for (int i = 0; i < most && waited(random.nextDouble() * seconds); i++) {
                strike(random);
              }
            });
  }

  @Override
  public void onStageSubmitted(SparkListenerStageSubmitted event) {
    now = Work.of(event.properties());
  }

  /** False when the end came before. */
  private boolean waited(double seconds) {
    try {
      return !end.await((long) (seconds * 1e9), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void strike(SplittableRandom random) {
    List<ProcessHandle> executors = ExecutorProcesses.ours();
    if (!executors.isEmpty()) {
      ExecutorProcesses.kill(executors.get(random.nextInt(executors.size())));
      struck.add(now.name().toLowerCase(Locale.ROOT));
    }
  }

  /** For each executor that was killed the work of the moment; ends the killing. */
  public List<String> struck() {
    end.countDown();
    killer.join();
    return struck;
  }

  @Override
  public void close() {
    end.countDown();
    context.removeSparkListener(this);
  }
}
