package io.lakeprop.spark;

import java.util.BitSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The driver's notice board for the tasks of one resident job: the part of a round that is to be
 * computed, and what has come in of it.
 *
 * <p>A task's share of it is a pure function of theta, round and part, so whichever attempt brings
 * it first is right, and all that come later are left out.
 */
final class RoundBoard {
  private static final Answer WAIT = Answer.of(Answer.Kind.WAIT);
  private static final Answer LEAVE = Answer.of(Answer.Kind.LEAVE);
  private static final Answer OUTDATED = Answer.of(Answer.Kind.OUTDATED);

  private final BlockingQueue<Question> arrivals = new LinkedBlockingQueue<>();
  private final BitSet delivered = new BitSet();
  private final Thread owner;
  private int attempt;
  private RoundPart part = RoundPart.NONE;
  private Answer compute;
  private boolean closed;

  /**
   * @param owner the thread that posts rounds; without it the tasks have nothing to wait for
   */
  RoundBoard(Thread owner) {
    this.owner = owner;
  }

  /** Posts a part of a round; what is still missing of the last one is given up. */
  void post(float[] theta, RoundPart nextPart) {
    Answer next = Answer.compute(nextPart, theta);
    synchronized (this) {
      compute = next;
      part = nextPart;
      delivered.clear();
      arrivals.clear();
    }
  }

  /** What one task brought; null when none came in time. */
  Question take(long millis) throws InterruptedException {
    return arrivals.poll(millis, TimeUnit.MILLISECONDS);
  }

  /** Sends every task home. */
  synchronized void close() {
    closed = true;
  }

  /** Takes in what a task brings and tells it what to do. Returns at once. */
  synchronized Answer answer(Question question) {
    if (closed || !owner.isAlive()) {
      return LEAVE;
    }
    if (question.attempt() < attempt) {
      return OUTDATED;
    }
    attempt = question.attempt();
    int task = question.task();
    if (compute != null && question.part().equals(part) && !delivered.get(task)) {
      delivered.set(task);
      arrivals.add(question);
    }
    return compute == null || delivered.get(task) ? WAIT : compute;
  }
}
