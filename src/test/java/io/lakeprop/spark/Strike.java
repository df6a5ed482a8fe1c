package io.lakeprop.spark;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.spark.SparkContext;
import org.apache.spark.TaskContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskStart;

/** Does something to an executor once, when the n-th task of a kind of work starts on it. */
public final class Strike extends SparkListener implements AutoCloseable {
  private final SparkContext context = TestSpark.session().sparkContext();
  private final Work work;
  private final Consumer<ProcessHandle> deed;
  private final CompletableFuture<Void> done = new CompletableFuture<>();
  private int stage = -1;
  private final AtomicInteger left;

  /**
   * @param work as {@link Work} names it
   * @param task from 1
   * @param deed gets the executor's process, on a thread of its own
   */
  public Strike(String work, int task, Consumer<ProcessHandle> deed) {
    this.work = Work.valueOf(work);
    this.left = new AtomicInteger(task);
    this.deed = deed;
    context.addSparkListener(this);
  }

  @Override
  public void onStageSubmitted(SparkListenerStageSubmitted event) {
    if (Work.of(event.properties()) == work) {
      stage = event.stageInfo().stageId();
    }
  }

  @Override
  public void onTaskStart(SparkListenerTaskStart event) {
    if (event.stageId() == stage && left.decrementAndGet() == 0) {
      ProcessHandle executor = ExecutorProcesses.named(event.taskInfo().executorId());
      done.completeAsync(
          () -> {
            deed.accept(executor);
            return null;
          });
    }
  }

  /** Waits for the end of the deed; false when its moment has not come. */
  public boolean happened() {
    if (left.get() > 0) {
      return false;
    }
    done.join();
    return true;
  }

  @Override
  public void close() {
    context.removeSparkListener(this);
  }

  /**
   * For a condition on rows: passes, but for the first task of a kind of work, which fails three
   * times.
   *
   * @param age a column, so that the condition is no constant
   */
  public static boolean threeFailures(String work, Integer age) {
    TaskContext task = TaskContext.get();
    if (task != null
        && task.partitionId() == 0
        && task.attemptNumber() < 3
        && work.equals(task.getLocalProperty(Work.PROPERTY))) {
      throw new IllegalStateException("attempt " + task.attemptNumber() + " fails");
    }
    return true;
  }

  /** Waits until the cluster has so many slots again. */
  public static void awaitSlots(int slots) throws InterruptedException {
    SparkContext context = TestSpark.session().sparkContext();
    long end = System.nanoTime() + 60_000_000_000L;
    while (context.maxNumConcurrentTasks(context.resourceProfileManager().defaultResourceProfile())
        != slots) {
      if (System.nanoTime() > end) {
        throw new AssertionError("there must be %d slots again".formatted(slots));
      }
      Thread.sleep(20);
    }
  }
}
