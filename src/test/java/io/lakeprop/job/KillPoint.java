package io.lakeprop.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

/**
 * A random moment in a driver's life, and how it ends there.
 *
 * @param signal KILL, TERM or INT
 * @param where it lies within the phase, from 0 to 1
 */
record KillPoint(String signal, Phase phase, double where) {
  /** What is waited for before the rest of the moment. */
  enum Phase {
    /** From the start of the process to its first round. */
    START,
    /** From its first round on. */
    ROUNDS,
    /** From the last checkpoint on: evaluation, model, log, report, DONE, Spark's end. */
    END
  }

  /**
   * Draws the next one of a chain.
   *
   * @param last whether nothing but an undisturbed process follows
   */
  static KillPoint draw(SplittableRandom random, boolean last) {
    int way = random.nextInt(8);
    String signal = way == 0 ? "TERM" : way == 1 && canInterrupt() ? "INT" : "KILL";
    double dice = random.nextDouble();
    Phase phase =
        last && dice < 0.6 ? Phase.END : !last && dice < 0.25 ? Phase.START : Phase.ROUNDS;
    return new KillPoint(signal, phase, random.nextDouble());
  }

  /** A shell's background jobs ignore Ctrl-C, and so do all processes that they start. */
  private static boolean canInterrupt() {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
        if (line.startsWith("SigIgn:")) {
          return (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 2) == 0;
        }
      }
    } catch (IOException e) {
      return true; // Another system, where tests are started by hand.
    }
    return true;
  }

  /** The exit code that a shell has for it. */
  int exitCode() {
    return 128
        + switch (signal) {
          case "KILL" -> 9;
          case "TERM" -> 15;
          default -> 2;
        };
  }

  @Override
  public String toString() {
    return "SIG%s at %.3f of %s".formatted(signal, where, phase);
  }
}
