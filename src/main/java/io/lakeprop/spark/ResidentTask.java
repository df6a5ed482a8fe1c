package io.lakeprop.spark;

import io.lakeprop.data.PackedBlock;
import io.lakeprop.train.GradientSum;
import io.lakeprop.train.TreeSum;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.apache.spark.TaskContext;
import org.apache.spark.TaskKilledException;
import org.apache.spark.api.java.function.VoidFunction;

/**
 * A task that stays: computes its share of round after round, with its blocks at hand, until the
 * driver sends it home or does not answer within {@code spark.rpc.askTimeout}.
 *
 * <p>What it waits for never comes by itself: it asks. An eighth of the time it has waited so far
 * passes before it asks again, so it is late by an eighth of a wait at most, and a long wait (an
 * optimizer step, a slower task) costs few messages.
 *
 * <p>In local mode, where asking sends no message, it does not sleep at first but lets others go
 * before it. A task that sleeps and wakes when its round is posted may find the other task on its
 * core: the system puts it there, because the core of the driver's thread is busy at that moment,
 * and takes milliseconds to see that the latter is idle again.
 */
record ResidentTask(long board, SliceGradients gradients)
    implements VoidFunction<Iterator<PackedBlock>> {
  private static final long SHORTEST_PAUSE_NANOS = 20_000;
  private static final long LONGEST_PAUSE_NANOS = 20_000_000;
  private static final long AWAKE_NANOS = 5_000_000;

  @Override
  public void call(Iterator<PackedBlock> partition) throws Exception {
    List<PackedBlock> blocks = new ArrayList<>();
    partition.forEachRemaining(blocks::add);
    TaskContext context = TaskContext.get();
    int task = context.partitionId();
    int attempt = context.stageAttemptNumber();
    byte[] idle = Question.write(board, attempt, task, RoundPart.NONE, List.of());
    byte[] question = idle;
    long waitingSince = System.nanoTime();
    while (true) {
      if (context.isInterrupted()) {
        throw new TaskKilledException("ended by Spark");
      }
      Answer answer = LakepropPlugin.ask(question);
      question = idle;
      switch (answer.kind()) {
        case WAIT -> pause(System.nanoTime() - waitingSince);
        case COMPUTE -> {
          RoundPart part = answer.part();
          List<TreeSum.Node<GradientSum>> nodes =
              gradients.of(task, blocks.iterator(), answer.theta(), part);
          question = Question.write(board, attempt, task, part, nodes);
          waitingSince = System.nanoTime();
        }
        case LEAVE -> {
          return;
        }
        case OUTDATED -> throw new TaskKilledException("another attempt has taken over");
      }
    }
  }

  @SuppressWarnings("ThreadPriorityCheck") // Only how fast it goes on depends on the scheduler.
  private static void pause(long waitedNanos) {
    if (LakepropPlugin.onDriver() && waitedNanos < AWAKE_NANOS) {
      Thread.yield();
      return;
    }
    LockSupport.parkNanos(
        Math.max(SHORTEST_PAUSE_NANOS, Math.min(LONGEST_PAUSE_NANOS, waitedNanos / 8)));
  }
}
