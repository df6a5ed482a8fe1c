package io.lakeprop.spark;

import io.lakeprop.data.PackedBlock;
import io.lakeprop.spark.Question.Part;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.apache.spark.TaskContext;
import org.apache.spark.TaskKilledException;
import org.apache.spark.api.java.function.VoidFunction;

/**
 * A task that stays: computes its part of round after round, with its blocks at hand, until the
 * driver sends it home or cannot be reached.
 *
 * <p>What it waits for never comes by itself: it asks. An eighth of the time it has waited so far
 * passes before it asks again, so it is late by an eighth of a wait at most, and a long wait (an
 * optimizer step, a slower task) costs few messages.
 */
record ResidentTask(long board, SliceGradients gradients)
    implements VoidFunction<Iterator<PackedBlock>> {
  private static final long SHORTEST_PAUSE_NANOS = 20_000;
  private static final long LONGEST_PAUSE_NANOS = 20_000_000;

  @Override
  public void call(Iterator<PackedBlock> partition) throws Exception {
    List<PackedBlock> blocks = new ArrayList<>();
    partition.forEachRemaining(blocks::add);
    TaskContext context = TaskContext.get();
    int task = context.partitionId();
    Question idle = Question.idle(board, context.stageAttemptNumber(), task);
    Question question = idle;
    long waitingSince = System.nanoTime();
    while (true) {
      if (context.isInterrupted()) {
        throw new TaskKilledException("ended by Spark");
      }
      Answer answer = LakepropPlugin.ask(question);
      question = idle;
      if (answer instanceof Answer.Compute compute) {
        question = idle.with(compute.round(), parts(task, blocks, compute));
        waitingSince = System.nanoTime();
      } else if (answer instanceof Answer.Wait) {
        pause(System.nanoTime() - waitingSince);
      } else if (answer instanceof Answer.Leave) {
        return;
      } else {
        throw new TaskKilledException("another attempt has taken over");
      }
    }
  }

  private List<Part> parts(int task, List<PackedBlock> blocks, Answer.Compute compute) {
    List<Part> parts = new ArrayList<>();
    gradients
        .of(task, blocks.iterator(), compute.theta(), compute.round())
        .forEach(node -> parts.add(new Part(node.from(), node.to(), node.sum())));
    return parts;
  }

  private static void pause(long waitedNanos) {
    LockSupport.parkNanos(
        Math.max(SHORTEST_PAUSE_NANOS, Math.min(LONGEST_PAUSE_NANOS, waitedNanos / 8)));
  }
}
