package io.lakeprop.spark;

import java.util.EnumMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Counts what happens to a run's executors and tasks, and says it, one line each: of a kind of
 * event the first, the second, the fourth, the eighth and so on, so that a bad hour is no flood.
 */
final class ClusterNews {
  private static final int LONGEST_REASON = 120;

  /** How Spark names the end of an executor that it was asked to end. */
  private static final String ENDED_ON_PURPOSE = "Executor killed by driver.";

  private static final String DECOMMISSIONED = "Executor decommission";

  private enum Event {
    LOST,
    GIVEN_BACK,
    JOINED,
    FAILED,
    TRIED_AGAIN,
    PACKED_AGAIN,
    RUN_AGAIN,
    COPY_WON
  }

  private final Consumer<String> note;
  private final Map<Event, Integer> counts = new EnumMap<>(Event.class);
  private boolean rounds;

  /**
   * @param note told each line
   */
  ClusterNews(Consumer<String> note) {
    this.note = note;
  }

  synchronized Faults faults() {
    return new Faults(
        count(Event.LOST),
        count(Event.FAILED),
        count(Event.PACKED_AGAIN) + count(Event.RUN_AGAIN),
        count(Event.COPY_WON));
  }

  /** From now on an executor that comes is news. */
  synchronized void roundsBegin() {
    rounds = true;
  }

  synchronized void joined(String executor) {
    if (rounds || count(Event.LOST) + count(Event.GIVEN_BACK) > 0) {
      tell(Event.JOINED, "executor %s has joined".formatted(executor));
    }
  }

  synchronized void gone(String executor, String reason) {
    if (reason.startsWith(ENDED_ON_PURPOSE) || reason.startsWith(DECOMMISSIONED)) {
      tell(Event.GIVEN_BACK, "executor %s was given back".formatted(executor));
      return;
    }
    tell(
        Event.LOST,
        "executor %s is lost (%s); its work is done again elsewhere, with the same result"
            .formatted(executor, shortened(reason)));
  }

  synchronized void failed() {
    counts.merge(Event.FAILED, 1, Integer::sum);
  }

  synchronized void triesAgain(Work work, String failure) {
    tell(
        Event.TRIED_AGAIN,
        "a task of %s failed and runs again (%s)".formatted(work.words(), shortened(failure)));
  }

  /** A stage reads the table again for blocks that are gone. */
  synchronized void packsAgain(Work during) {
    tell(
        Event.PACKED_AGAIN,
        "rows of lost blocks are read and packed again (%s waits)".formatted(during.words()));
  }

  synchronized void runsAgain(Work work) {
    tell(
        Event.RUN_AGAIN,
        "a stage of %s runs again: its results were on an executor that is gone"
            .formatted(work.words()));
  }

  synchronized void copyWon(Work work) {
    tell(
        Event.COPY_WON,
        "a copy of a slow task of %s was done first (speculation)".formatted(work.words()));
  }

  private int count(Event event) {
    return counts.getOrDefault(event, 0);
  }

  private void tell(Event event, String line) {
    int count = counts.merge(event, 1, Integer::sum);
    if (Integer.bitCount(count) == 1) {
      note.accept(count > 2 ? "%s; %d such events so far".formatted(line, count) : line);
    }
  }

  /** Spark's reasons may go on with advice and stacks. */
  private static String shortened(String reason) {
    String line = reason.strip().lines().findFirst().orElse("no reason given");
    return line.length() <= LONGEST_REASON ? line : line.substring(0, LONGEST_REASON) + " ...";
  }
}
