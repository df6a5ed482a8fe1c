package io.lakeprop.job;

import java.util.Optional;

/**
 * How fast rounds are, from the last ten to twenty seconds of them: the first ones are slow, since
 * the JVM has compiled nothing yet, and say nothing of an hour to come.
 */
final class Pace {
  private static final double SECOND = 1e9;
  private static final double WINDOW = 10 * SECOND;

  /** What comes before is left out, and nothing is said after less than half as long. */
  private static final double SLOW = 2 * SECOND;

  /** What had been done at a time. */
  private record Mark(long round, long rows, long nanos) {}

  private final long started;
  private boolean warm;
  private Mark from;
  private Mark next;
  private Mark now;

  /**
   * @param nanos of {@link System#nanoTime} when the rounds begin
   */
  Pace(long nanos) {
    started = nanos;
  }

  /** So many rounds and rows are done. */
  void at(long round, long rows, long nanos) {
    now = new Mark(round, rows, nanos);
    if (!warm && nanos - started > SLOW) {
      warm = true;
      from = now;
      next = now;
    } else if (warm && nanos - next.nanos > WINDOW) {
      from = next;
      next = now;
    }
  }

  private boolean isKnown() {
    return warm && now.round > from.round && now.nanos - from.nanos > SLOW / 2;
  }

  private double seconds() {
    return (now.nanos - from.nanos) / SECOND;
  }

  /** Empty in the first seconds. */
  Optional<Double> secondsPerRound() {
    return isKnown() ? Optional.of(seconds() / (now.round - from.round)) : Optional.empty();
  }

  /** Empty in the first seconds. */
  Optional<Double> rowsPerSecond() {
    return isKnown() ? Optional.of((now.rows - from.rows) / seconds()) : Optional.empty();
  }
}
