package io.lakeprop.spark;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Which of several ways to run a round is the fastest, found on the first rounds themselves.
 *
 * <p>A contender's turn is {@value #TURN} rounds: the first one warms up (a start of resident
 * tasks, classes, connections) and is not timed, the shortest of the others is its time, because
 * what disturbs a round only makes it longer. In the first lap a contender that takes {@value
 * #HOPELESS} times as long as the fastest so far is out, and all after it are: they stand in the
 * order in which each does more than the last to spare the driver, and what does not pay in part
 * will not pay in full. The second lap, in a JVM that has compiled what it runs, decides.
 */
final class Race {
  private static final int TURN = 3;
  private static final int HOPELESS = 2;

  private final List<Integer> running = new ArrayList<>();
  private final long[] shortest;
  private boolean lastLap;
  private int turn;
  private int roundsOfTurn;

  /**
   * @param contenders at least one, which are known by their numbers from 0
   */
  Race(int contenders) {
    shortest = new long[contenders];
    for (int i = 0; i < contenders; i++) {
      running.add(i);
    }
    Arrays.fill(shortest, Long.MAX_VALUE);
  }

  /** The contender that runs the next round. */
  int next() {
    return running.get(turn);
  }

  /** Whether one is left. */
  boolean decided() {
    return running.size() == 1;
  }

  /** The time of a contender in its last turn; the largest number before its first. */
  long nanos(int contender) {
    return shortest[contender];
  }

  /** Takes note of how long the round took that {@link #next} ran. */
  void took(long nanos) {
    if (decided()) {
      return;
    }
    int now = next();
    if (roundsOfTurn == 0) {
      shortest[now] = Long.MAX_VALUE;
    } else {
      shortest[now] = Math.min(shortest[now], nanos);
    }
    roundsOfTurn++;
    if (roundsOfTurn == TURN) {
      roundsOfTurn = 0;
      endOfTurn();
    }
  }

  private void endOfTurn() {
    if (!lastLap && shortest[next()] / HOPELESS > shortest[fastest()]) {
      running.subList(turn, running.size()).clear();
      turn--;
    }
    turn++;
    if (turn == running.size()) {
      turn = 0;
      if (lastLap) {
        running.retainAll(List.of(fastest()));
      }
      lastLap = true;
    }
  }

  /** The fastest of those that run; the first of equals. */
  private int fastest() {
    int best = running.get(0);
    for (int contender : running) {
      best = shortest[contender] < shortest[best] ? contender : best;
    }
    return best;
  }
}
