package io.lakeprop.spark;

import io.lakeprop.train.GradientSum;
import io.lakeprop.train.RoundRunner;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Several adapters that may run the same rounds: the first rounds try them, the fastest goes on.
 *
 * <p>All give the same bits, so a clock may decide. The rounds of the trial count like any others;
 * what a trial costs is the difference between the ways, over a dozen rounds at most.
 */
final class FastestRounds implements RoundRunner {
  /**
   * One way to run rounds.
   *
   * @param words for messages
   */
  record Contender(String words, RoundRunner rounds) {}

  private final List<Contender> contenders;
  private final Consumer<String> note;
  private final Race race;
  private RoundRunner last;

  /**
   * @param contenders at least one; see {@link Race} for their order
   * @param note told once when another than the first has won
   */
  FastestRounds(List<Contender> contenders, Consumer<String> note) {
    this.contenders = List.copyOf(contenders);
    this.note = note;
    this.race = new Race(contenders.size());
    this.last = contenders.get(0).rounds();
  }

  @Override
  public GradientSum gradient(float[] theta, long round) {
    RoundRunner rounds = contenders.get(race.next()).rounds();
    last = rounds;
    if (race.decided()) {
      return rounds.gradient(theta, round);
    }
    long started = System.nanoTime();
    GradientSum sum = rounds.gradient(theta, round);
    race.took(System.nanoTime() - started);
    if (race.decided() && race.next() != 0) {
      note.accept(
          String.format(
              Locale.ROOT,
              "going on with %s: %.1f ms a round, %s takes %.1f ms",
              contenders.get(race.next()).words(),
              race.nanos(race.next()) * 1e-6,
              contenders.get(0).words(),
              race.nanos(0) * 1e-6));
    }
    return sum;
  }

  @Override
  public long broadcastNanos() {
    return last.broadcastNanos();
  }

  @Override
  public long aggregateNanos() {
    return last.aggregateNanos();
  }

  @Override
  public void close() {
    contenders.forEach(contender -> contender.rounds().close());
  }
}
