package io.lakeprop.base;

import java.util.Locale;
import java.util.Optional;

/**
 * Truth values as programs write them: those texts that Spark's cast takes for one, and 1.0 and 0.0
 * as a table of fractions has them.
 */
public final class TruthText {
  private TruthText() {}

  /**
   * The truth value of a text where one is meant; a column of such texts alone need not mean one.
   */
  public static Optional<Boolean> of(String text) {
    return switch (text.strip().toLowerCase(Locale.ROOT)) {
      case "true", "t", "yes", "y", "1", "1.0" -> Optional.of(true);
      case "false", "f", "no", "n", "0", "0.0" -> Optional.of(false);
      default -> Optional.empty();
    };
  }
}
