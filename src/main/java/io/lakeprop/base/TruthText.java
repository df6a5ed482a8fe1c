package io.lakeprop.base;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Truth values as programs write them: those texts that Spark's cast takes for one, and 1.0 and
 * 0.00 as tables of fractions have them.
 */
public final class TruthText {
  private static final Pattern FRACTION = Pattern.compile("^([01])\\.0+$");

  private TruthText() {}

  /**
   * The truth value of a text where one is meant; a column of such texts alone need not mean one.
   */
  public static Optional<Boolean> of(String text) {
    String bare = FRACTION.matcher(text.strip().toLowerCase(Locale.ROOT)).replaceFirst("$1");
    return switch (bare) {
      case "true", "t", "yes", "y", "1" -> Optional.of(true);
      case "false", "f", "no", "n", "0" -> Optional.of(false);
      default -> Optional.empty();
    };
  }
}
