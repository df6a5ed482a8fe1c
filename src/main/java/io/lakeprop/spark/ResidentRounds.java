package io.lakeprop.spark;

import io.lakeprop.train.GradientSum;
import io.lakeprop.train.Objective;
import io.lakeprop.train.RoundPlan;
import io.lakeprop.train.RoundRunner;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.spark.SparkJobInfo;
import org.apache.spark.SparkStageInfo;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.JavaSparkStatusTracker;

/**
 * One Spark job for many rounds: its tasks stay, hold their blocks, and get theta and give
 * gradients through {@link LakepropPlugin}.
 *
 * <p>The job starts with the first round, ends when the group of shards changes, when somebody else
 * needs the {@link Slots}, or at {@link #close}, and starts again with the next round. A task that
 * fails or is lost is run again by Spark and joins at the round of the moment. When not all tasks
 * can run at once, rounds go on as jobs: same bits, slower. After a pause, twice as long each time,
 * resident rounds are tried again: a lost executor may have been replaced.
 */
final class ResidentRounds implements RoundRunner {
  /** How long tasks may be without a slot before rounds go on as jobs. */
  static final long LONGEST_START_MILLIS = 60_000;

  /** Seldom: it goes through Spark's store of what its web pages show, while tasks compute. */
  private static final long LOOK_MILLIS = 250;

  private static final long LEAVE_SECONDS = 10;

  private final JavaSparkContext context;
  private final RoundPlan plan;
  private final PackedTable table;
  private final Slots slots;
  private final SliceGradients gradients;
  private final RoundRunner jobs;
  private final long longestStartMillis;
  private final Consumer<String> note;
  private Stay stay;
  private long pauseMillis;
  private boolean aside;
  private long asideUntil;
  private long broadcastNanos;
  private long aggregateNanos;

  /**
   * @param jobs runs the rounds when not all tasks can run at once
   * @param longestStartMillis how long tasks may be without a slot
   * @param note told when rounds go on as jobs, and when they are resident again
   */
  ResidentRounds(
      JavaSparkContext context,
      Objective objective,
      RoundPlan plan,
      PackedTable table,
      Slots slots,
      RoundRunner jobs,
      long longestStartMillis,
      Consumer<String> note) {
    this.context = context;
    this.plan = plan;
    this.table = table;
    this.slots = slots;
    this.gradients = new SliceGradients(objective, plan, table.placement());
    this.jobs = jobs;
    this.longestStartMillis = longestStartMillis;
    this.pauseMillis = longestStartMillis;
    this.note = note;
  }

  /** A running job and what came of it so far. */
  private static final class Stay {
    private final int group;
    private final RoundBoard board;
    private final long number;
    private final JavaFutureAction<Void> job;
    private long rounds;

    Stay(int group, RoundBoard board, long number, JavaFutureAction<Void> job) {
      this.group = group;
      this.board = board;
      this.number = number;
      this.job = job;
    }
  }

  @Override
  public GradientSum gradient(float[] theta, long round) {
    while (!aside || comesBack()) {
      if (stay == null || stay.group != plan.group(round)) {
        start(plan.group(round));
      }
      broadcastNanos = 0;
      aggregateNanos = 0;
      RoundSum sum = new RoundSum(plan.slices());
      if (collected(theta, round, sum)) {
        stay.rounds++;
        return sum.total(gradients.objective());
      }
    }
    return jobs.gradient(theta, round);
  }

  /** Adds all parts of a round; false when the job that was to bring them is no more. */
  private boolean collected(float[] theta, long round, RoundSum sum) {
    for (int part = 0; part < table.placement().parts(); part++) {
      long started = System.nanoTime();
      stay.board.post(theta, new RoundPart(round, part));
      broadcastNanos += System.nanoTime() - started;
      if (!collected(sum)) {
        return false;
      }
      sum.endPart();
    }
    return true;
  }

  /** Adds the shares of all tasks in a part. */
  private boolean collected(RoundSum sum) {
    long starved = System.nanoTime();
    int arrived = 0;
    while (arrived < table.tasks()) {
      Question share = take();
      if (share != null) {
        long came = System.nanoTime();
        sum.add(share.sums());
        aggregateNanos += System.nanoTime() - came;
        arrived++;
      } else if (stay.job.isDone()) {
        failed();
        return false;
      } else if (allTasksRun()) {
        starved = System.nanoTime();
      } else if (System.nanoTime() - starved > longestStartMillis * 1_000_000) {
        goesAside();
        return false;
      }
    }
    return true;
  }

  private void goesAside() {
    slots.free();
    aside = true;
    pauseMillis *= 2;
    asideUntil = System.nanoTime() + pauseMillis * 1_000_000;
    note.accept(
        "%d resident tasks must run at once, however: for %.0f s they could not; going on with a job a round"
            .formatted(table.tasks(), longestStartMillis / 1e3));
  }

  /** Whether the pause is over and the cluster has the slots. */
  private boolean comesBack() {
    if (System.nanoTime() < asideUntil) {
      return false;
    }
    asideUntil = System.nanoTime() + pauseMillis * 1_000_000;
    if (Slots.of(context) >= table.tasks()) {
      aside = false;
      note.accept("resident rounds again: there are slots for %d tasks".formatted(table.tasks()));
    }
    return !aside;
  }

  private Question take() {
    try {
      return stay.board.take(LOOK_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      close();
      throw new IllegalStateException("interrupted while waiting for a round's gradients", e);
    }
  }

  /**
   * Throws the failure of a job that ended by itself, unless it had done rounds before: Spark
   * counts failures over the life of a job, and one that lives for thousands of rounds may meet
   * more of them than a single round is allowed.
   */
  private void failed() {
    Stay last = stay;
    slots.free();
    try {
      last.job.get();
      throw new IllegalStateException("resident tasks left before the round was done");
    } catch (ExecutionException e) {
      if (last.rounds == 0) {
        throw ResidentRounds.<RuntimeException>asItIs(e.getCause());
      }
    } catch (InterruptedException e) {
      throw new AssertionError("a job that is done does not wait", e);
    }
  }

  /** Spark throws checked exceptions that its Java methods do not declare, and so do job rounds. */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <E extends Throwable> E asItIs(Throwable failure) throws E {
    throw (E) failure;
  }

  /** Whether as many tasks of the job run as must: its own, or those that recompute lost blocks. */
  private boolean allTasksRun() {
    JavaSparkStatusTracker tracker = context.statusTracker();
    int running = 0;
    for (int id : stay.job.jobIds()) {
      SparkJobInfo job = tracker.getJobInfo(id);
      for (int stage : job == null ? new int[0] : job.stageIds()) {
        SparkStageInfo info = tracker.getStageInfo(stage);
        running += info == null ? 0 : info.numActiveTasks();
      }
    }
    return running >= table.tasks();
  }

  private void start(int group) {
    slots.take(this::leave);
    RoundBoard board = new RoundBoard(Thread.currentThread());
    long number = LakepropPlugin.open(board);
    String description = context.getLocalProperty("spark.job.description");
    Work.ROUND.begins(context);
    context.setJobDescription("lakeprop: resident rounds, group " + group);
    try {
      stay =
          new Stay(
              group,
              board,
              number,
              TreeAggregation.pruned(table.blocks(), group * table.tasks(), table.tasks())
                  .foreachPartitionAsync(new ResidentTask(number, gradients)));
    } finally {
      context.setJobDescription(description);
      if (stay == null) {
        LakepropPlugin.forget(number);
      }
    }
  }

  /** Sends the tasks home and waits for the end of the job. */
  private void leave() {
    Stay last = stay;
    stay = null;
    if (last == null) {
      return;
    }
    last.board.close();
    try {
      last.job.get(LEAVE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      // Whoever waited for a round was told; nobody waits for the end.
    } catch (TimeoutException e) {
      last.job.cancel(true);
    } catch (InterruptedException e) {
      last.job.cancel(true);
      Thread.currentThread().interrupt();
    } finally {
      LakepropPlugin.forget(last.number);
    }
  }

  @Override
  public long broadcastNanos() {
    return aside ? jobs.broadcastNanos() : broadcastNanos;
  }

  @Override
  public long aggregateNanos() {
    return aside ? jobs.aggregateNanos() : aggregateNanos;
  }

  @Override
  public void close() {
    slots.free();
  }
}
