package io.lakeprop.job;

import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hadoop.service.launcher.IrqHandler;
import org.apache.hadoop.service.launcher.IrqHandler.InterruptData;

/**
 * Ctrl-C and termination while it is open: the first one asks for an end, a second one ends the
 * process as ever. A shutdown hook would be too late: Spark's own runs at the same time and takes
 * away what the last round still needs.
 */
final class Interruption implements AutoCloseable {
  private static final List<String> SIGNALS = List.of("INT", "TERM");

  /** What a shell says of a process that a signal has ended, less the signal's number. */
  private static final int CODE_OF_SIGNALS = 128;

  private static final AtomicReference<Interruption> OPEN = new AtomicReference<>();

  private static boolean bound;
  private static volatile boolean ending;

  private final Runnable asked;
  private volatile int exitCode;

  /**
   * @param asked told once, on a thread of its own
   */
  Interruption(Runnable asked) {
    this.asked = asked;
    OPEN.set(this);
    bind();
  }

  /** Takes signals from now on; while none is open, one ends the process. */
  static synchronized void bind() {
    if (!bound) {
      SIGNALS.forEach(name -> new IrqHandler(name, Interruption::take).bind());
      bound = true;
    }
  }

  private static void take(InterruptData signal) {
    Interruption open = OPEN.getAndSet(null);
    int code = CODE_OF_SIGNALS + signal.getNumber();
    if (open == null) {
      ending = true;
      System.exit(code);
    } else {
      open.exitCode = code;
      open.asked.run();
    }
  }

  /** Whether a signal is ending the process: what fails from now on fails because of that. */
  static boolean isEnding() {
    return ending;
  }

  /** Whether an end was asked for. */
  boolean isAsked() {
    return exitCode != 0;
  }

  /** What the process is to end with, when an end was asked for. */
  int exitCode() {
    return exitCode;
  }

  @Override
  public void close() {
    OPEN.compareAndSet(this, null);
  }
}
