package io.lakeprop.job;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import sun.misc.Signal;

/**
 * Ctrl-C and termination while it is open: the first one asks for an end, the second one is the
 * system's own again. A shutdown hook would be too late: Spark's own runs at the same time and
 * takes away what the last round still needs.
 */
final class Interruption implements AutoCloseable {
  private static final List<String> SIGNALS = List.of("INT", "TERM");
  private static final int CODE_OF_SIGNALS = 128;

  private final List<Runnable> restore = new ArrayList<>();
  private final Runnable asked;
  private volatile Optional<Signal> signal = Optional.empty();

  /**
   * @param asked told once, on a thread of its own
   */
  Interruption(Runnable asked) {
    this.asked = asked;
    for (String name : SIGNALS) {
      Signal own = new Signal(name);
      sun.misc.SignalHandler before = Signal.handle(own, this::take);
      restore.add(() -> Signal.handle(own, before));
    }
  }

  private void take(Signal taken) {
    signal = Optional.of(taken);
    close();
    asked.run();
  }

  /** Whether an end was asked for. */
  boolean isAsked() {
    return signal.isPresent();
  }

  /** What a shell says of a process that the signal has ended. */
  int exitCode() {
    return CODE_OF_SIGNALS + signal.orElseThrow().getNumber();
  }

  @Override
  public synchronized void close() {
    restore.forEach(Runnable::run);
    restore.clear();
  }
}
