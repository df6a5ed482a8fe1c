package io.lakeprop.spark;

import io.lakeprop.spark.Question.Part;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The driver's notice board for the tasks of one resident job: the round that is to be computed,
 * and the parts of it that have come in.
 *
 * <p>A task's part of a round is a pure function of theta and the round, so whichever attempt
 * brings it first is right, and all that come later are left out.
 */
final class RoundBoard {
  private final BlockingQueue<List<Part>> arrivals = new LinkedBlockingQueue<>();
  private final BitSet delivered = new BitSet();
  private final Thread owner;
  private int attempt;
  private long round;
  private float[] theta;
  private boolean closed;

  /**
   * @param owner the thread that posts rounds; without it the tasks have nothing to wait for
   */
  RoundBoard(Thread owner) {
    this.owner = owner;
  }

  /**
   * Posts a round; what is still missing of the last one is given up.
   *
   * @param nextTheta not to be written again: tasks that nobody waits for any more may read it
   */
  synchronized void post(float[] nextTheta, long nextRound) {
    theta = nextTheta;
    round = nextRound;
    delivered.clear();
    arrivals.clear();
  }

  /** The parts of one task; null when none came in time. */
  List<Part> take(long millis) throws InterruptedException {
    return arrivals.poll(millis, TimeUnit.MILLISECONDS);
  }

  /** Sends every task home. */
  synchronized void close() {
    closed = true;
  }

  /** Takes in what a task brings and tells it what to do. Returns at once. */
  synchronized Answer answer(Question question) {
    if (closed || !owner.isAlive()) {
      return new Answer.Leave();
    }
    if (question.attempt() < attempt) {
      return new Answer.Outdated();
    }
    attempt = question.attempt();
    int task = question.task();
    if (theta != null && question.round() == round && !delivered.get(task)) {
      delivered.set(task);
      arrivals.add(question.parts());
    }
    return theta == null || delivered.get(task)
        ? new Answer.Wait()
        : new Answer.Compute(round, theta);
  }
}
