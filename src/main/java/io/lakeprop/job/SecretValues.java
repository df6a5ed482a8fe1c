package io.lakeprop.job;

import io.lakeprop.eval.Metric;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which values can be secrets, and texts without them. */
final class SecretValues {
  /** Shorter ones stand in every other word. */
  private static final int SHORTEST = 3;

  /** Shorter ones are looked for as whole words only. */
  private static final int SHORTEST_WITHIN_WORDS = 8;

  /** Numbers of fewer digits are amounts, sizes or times: every other line has one. */
  private static final int SHORTEST_NUMBER = 8;

  private static final Pattern NUMBER =
      Pattern.compile("[+-]?[0-9][0-9_.,:]*([eE][+-]?[0-9]+)?\\s?[a-zA-Z%]{0,2}");

  /** Settings of how a secret is used; none is one. */
  private static final Set<String> WORDS =
      Set.of(
          "none",
          "null",
          "nil",
          "true",
          "false",
          "yes",
          "no",
          "on",
          "off",
          "auto",
          "default",
          "required",
          "optional",
          "enabled",
          "disabled",
          "enable",
          "disable",
          "always",
          "never",
          "basic",
          "bearer",
          "file",
          "env",
          "plain",
          "simple",
          "kerberos",
          "prompt");

  /** What every output has: its holes would tell a secret rather than hide one. */
  private static final Set<String> OURS =
      Stream.concat(
              Arrays.stream(Metric.values()).map(Metric::key),
              Stream.of(
                  "train",
                  "training",
                  "validation",
                  "test",
                  "table",
                  "features",
                  "network",
                  "epoch",
                  "epochs",
                  "round",
                  "rounds",
                  "rows",
                  "column",
                  "model",
                  "output",
                  "prediction",
                  "predictions",
                  "probabilities",
                  "done",
                  "note",
                  "error"))
          .collect(Collectors.toUnmodifiableSet());

  private SecretValues() {}

  /** A text without values; the longest first, since one may stand in another. */
  static String without(Set<String> values, String text) {
    List<String> known =
        values.stream()
            .filter(SecretValues::canBeOne)
            .sorted(Comparator.comparingInt(String::length).reversed())
            .toList();
    String told = text;
    for (String value : known) {
      if (value.length() >= SHORTEST_WITHIN_WORDS) {
        told = told.replace(value, Secrets.MARK);
      } else if (told.contains(value)) {
        told = asWord(value).matcher(told).replaceAll(Matcher.quoteReplacement(Secrets.MARK));
      }
    }
    return told;
  }

  private static Pattern asWord(String value) {
    return Pattern.compile("(?<![\\p{L}\\p{N}_])" + Pattern.quote(value) + "(?![\\p{L}\\p{N}_])");
  }

  /**
   * Whether a value under a secret's key can be a secret. What is no secret and is taken for one
   * makes holes in every line that has it by chance.
   */
  static boolean canBeOne(String value) {
    return value.length() >= SHORTEST
        && !WORDS.contains(value.toLowerCase(Locale.ROOT))
        && !OURS.contains(value)
        && !isAmount(value);
  }

  /** Whether a value is a number of few digits, perhaps with a unit. */
  static boolean isAmount(String value) {
    return NUMBER.matcher(value).matches()
        && value.chars().filter(Character::isDigit).count() < SHORTEST_NUMBER;
  }

  /** Whether a text can only say yes or no. */
  static boolean isFlag(String text) {
    return text.equals("true") || text.equals("false");
  }
}
