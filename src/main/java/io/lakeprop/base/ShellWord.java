package io.lakeprop.base;

/** An argument as a POSIX shell must be told it, for mends that are pasted into one. */
public final class ShellWord {
  private ShellWord() {}

  /**
   * The argument as one word. Between single quotes a shell changes nothing, not even what it would
   * run or fill in between double ones; a single quote itself stands outside, behind a backslash.
   */
  public static String of(String argument) {
    return argument.matches("[\\w=.:/,+-]+")
        ? argument
        : "'" + argument.replace("'", "'\\''") + "'";
  }
}
