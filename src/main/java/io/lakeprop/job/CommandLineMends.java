package io.lakeprop.job;

import io.lakeprop.base.ShellWord;
import io.lakeprop.base.YamlText;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What helps, as the command line says it: messages on tables name keys of a job file, and evaluate
 * and predict have none.
 */
final class CommandLineMends {
  private static final String VALUE =
      "(?:\"((?:[^\"\\\\]|\\\\.)*+)\"|'((?:[^']|'')*+)'|([^{}:\"']*))";

  private static final Pattern OPTION =
      Pattern.compile("(?:table\\.)?\\boptions: \\{" + VALUE + ": " + VALUE + "\\}");
  private static final Pattern DERIVE =
      Pattern.compile("(?:table\\.)?\\bderive: \\{" + VALUE + ": " + VALUE + "\\}");
  private static final Pattern MALFORMED = Pattern.compile("\\btable\\.malformed: (\\w+)");

  /** Ways to write a key: between double quotes, between single ones, plain. */
  private static final int KEY_GROUPS = 3;

  private CommandLineMends() {}

  /** A message with options in the place of the keys that it offers. */
  static String of(String message) {
    String text = MALFORMED.matcher(message).replaceAll("--malformed $1");
    text = replaced(OPTION, text, "--option ");
    return replaced(DERIVE, text, "--derive ");
  }

  private static String replaced(Pattern key, String message, String option) {
    return key.matcher(message)
        .replaceAll(
            found ->
                Matcher.quoteReplacement(
                    option + ShellWord.of(text(found, 1) + "=" + text(found, KEY_GROUPS + 1))));
  }

  /**
   * The text that a key or a value means, as {@link YamlText} writes it; other escapes stay.
   *
   * @param group the first of its three ways to be written
   */
  private static String text(MatchResult found, int group) {
    if (found.group(group) != null) {
      return found.group(group).replaceAll("\\\\([\"\\\\])", "$1");
    }
    return found.group(group + 1) != null
        ? found.group(group + 1).replace("''", "'")
        : found.group(group + 2);
  }
}
