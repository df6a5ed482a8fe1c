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

  public InvalidInput(String message) {
    super(message);
  }

  public InvalidInput(String message, Throwable cause) {
    super(message, cause);
  }
}
