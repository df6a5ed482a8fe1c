package io.lakeprop.base;

import java.io.Serial;

/**
 * Something that came from outside (a job file, a table, a model file, an argument) breaks a rule.
 *
 * <p>The message is one line for the person who can mend it: where, the rule, then the value. The
 * command line prints it alone and exits with code 2.
 */
public final class InvalidInput extends IllegalArgumentException {
  @Serial private static final long serialVersionUID = 1L;

  /** Room for the names of a wide table's columns, and not for what a file may hold. */
  private static final int LONGEST = 20_000;

  public InvalidInput(String message) {
    super(oneLine(message));
  }

  public InvalidInput(String message, Throwable cause) {
    super(oneLine(message), cause);
  }

  /** Names and values from a file stand in messages: they must not move a terminal's cursor. */
  private static String oneLine(String message) {
    if (message.codePointCount(0, message.length()) <= LONGEST) {
      return Printable.visible(message);
    }
    return Printable.visible(message.substring(0, message.offsetByCodePoints(0, LONGEST))) + "...";
  }
}
