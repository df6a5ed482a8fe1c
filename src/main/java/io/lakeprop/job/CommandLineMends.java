package io.lakeprop.job;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What helps, as the command line says it: messages on tables name keys of a job file, and evaluate
 * and predict have none.
 */
final class CommandLineMends {
  private static final String VALUE = "(?:\"((?:[^\"]|\\\\\")*)\"|'([^']*)'|([^{}\\s]*))";
  private static final Pattern OPTION =
      Pattern.compile("(?:table\\.)?\\boptions: \\{(\\w+): " + VALUE + "\\}");
  private static final Pattern DERIVE =
      Pattern.compile("(?:table\\.)?\\bderive: \\{([^:{}]+): " + VALUE + "\\}");
  private static final Pattern MALFORMED = Pattern.compile("\\btable\\.malformed: (\\w+)");

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
            found -> {
              String value =
                  found.group(2) != null
                      ? found.group(2)
                      : found.group(3) != null ? found.group(3) : found.group(4);
              String argument = found.group(1) + "=" + value;
              return Matcher.quoteReplacement(option + quoted(argument));
            });
  }

  /** For a shell, which runs what is between backticks in double quotes. */
  static String quoted(String argument) {
    if (argument.matches("[\\w=.:/-]*")) {
      return argument;
    }
    boolean single = argument.indexOf('\'') < 0 && argument.matches(".*[`$\\\\\"].*");
    char quote = single ? '\'' : '"';
    return quote + argument + quote;
  }
}
