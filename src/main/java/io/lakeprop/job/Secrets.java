package io.lakeprop.job;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is never told: values whose key says that they are secret ({@link SecretKeys}), and what
 * stands before the @ of an address.
 *
 * <p>Files of a run show the mark in a value's place, or the {@code ${variable}} that it came from
 * ({@link RedactedJob}). Messages, whose text may come from anywhere, lose all values that are
 * known and can be secrets.
 */
final class Secrets {
  /** What stands in a secret's place; Spark's own. */
  static final String MARK = "*********(redacted)";

  private static final String TEXTS = "spark.redaction.string.regex";
  private static final Pattern CREDENTIALS = Pattern.compile("(?<=://)[^/\\s@]*:[^/\\s]*(?=@)");
  private static final String VALUE = "=(\"[^\"]*\"|'[^']*'|[^\\s&;,\"']+)";

  /** A name and its value; not a folder of a table, nor a column that an option derives. */
  private static final Pattern SETTING =
      Pattern.compile("(?<![\\w.\\-/])(?<!--derive[ =])(?<!--derive[ =][\"'])([\\w.\\-]+)" + VALUE);

  /** What stands for a value that is not there: dots, or a variable. */
  private static final Pattern PLACEHOLDER = Pattern.compile("[\"']?(\\.{3}|\\$\\{[^}]*})\\W*");

  /** A value that is hidden already, whole. */
  private static final Pattern MARKED = Pattern.compile(Pattern.quote(MARK) + "\\W*");

  /**
   * Options whose values are names, paths and SQL, in which an equals sign gives no key a value.
   */
  private static final Set<String> NO_SETTINGS =
      Set.of(
          "--table",
          "--catalog-table",
          "--sql",
          "--derive",
          "--where",
          "--schema",
          "--missing",
          "--model",
          "--output",
          "--exclude",
          "--weight",
          "--json");

  private static final Pattern LINE =
      Pattern.compile("([\\w.\\-]+)[\"']?\\s*:[ \\t]+(\"[^\"]*\"|'[^']*'|[^\\s,{}\\[\\]#\"']+)");

  /** A variable among arguments, with its value or before it. */
  private static final Pattern VARIABLE =
      Pattern.compile("(?s)(?:-[^=]*=)?vars\\.[^=\\s]+(?:=(.*))?");

  private final SecretKeys keys;
  private final Optional<Pattern> texts;
  private final Set<String> values = ConcurrentHashMap.newKeySet();
  private final Set<String> columns = ConcurrentHashMap.newKeySet();

  private Secrets(SecretKeys keys, Optional<Pattern> texts) {
    this.keys = keys;
    this.texts = texts;
  }

  /**
   * With the patterns of the session, or of the one that will be opened. A SparkConf would read
   * them from the same system properties, and takes a second to load.
   */
  static Secrets ofSpark() {
    return new Secrets(
        SecretKeys.of(System.getProperties()),
        Optional.ofNullable(System.getProperty(TEXTS)).map(Pattern::compile));
  }

  /** The keys whose values are secrets. */
  SecretKeys keys() {
    return keys;
  }

  /** The job as files may have it. */
  Yaml.Mapping redacted(Yaml.Mapping job) {
    return new RedactedJob(this, job).mapping();
  }

  /** A message without what must not be told. */
  String redacted(String text) {
    // A value that is known is whole; the text of a setting ends at a comma or blank.
    return settings(SecretValues.without(values, withoutCredentials(text)));
  }

  /** A value without credentials of an address or settings in it. */
  String address(String text) {
    String told = withoutCredentials(text);
    return told.matches("\\s*\\w[\\w+.\\-]*:.*") ? settings(told) : told;
  }

  private String withoutCredentials(String text) {
    String told = CREDENTIALS.matcher(text).replaceAll(Matcher.quoteReplacement(MARK));
    return texts.isEmpty()
        ? told
        : texts.get().matcher(told).replaceAll(Matcher.quoteReplacement(MARK));
  }

  private String settings(String text) {
    Matcher setting = SETTING.matcher(text);
    StringBuilder told = new StringBuilder();
    int end = 0;
    int from = 0;
    while (setting.find(from)) {
      String value = setting.group(2);
      if (keys.isSecret(setting.group(1), value)
          && !MARKED.matcher(value).matches()
          && !PLACEHOLDER.matcher(value).matches()) {
        told.append(text, end, setting.end(1)).append('=').append(MARK);
        end = setting.end();
        from = end;
      } else {
        from = setting.end(1) + 1; // A value may be a setting itself: --set=vars.password=x.
      }
    }
    return told.append(text, end, text.length()).toString();
  }

  /** Takes note of a value, line by line, as messages are printed. */
  void learn(String value) {
    value
        .lines()
        .map(String::strip)
        .filter(own -> SecretValues.canBeOne(own) && !own.contains(MARK) && !columns.contains(own))
        .forEach(values::add);
  }

  /** Takes note of a value that a message may show as YAML or a shell must be told it. */
  void learnAsQuoted(String value) {
    String quoted = value.replace("'", "''");
    for (String own : List.of(value, quoted)) {
      learn(own);
      learn(own.replace("'", "'\\''"));
    }
  }

  /** Takes note of columns: a word that is the name of one cannot be hidden wherever it stands. */
  void learnColumns(Collection<String> names) {
    columns.addAll(names);
    values.removeAll(names);
  }

  /** Takes note of the values of a command line, such as {@code --set vars.password=...}. */
  void learnArguments(String... arguments) {
    String option = "";
    for (String argument : arguments) {
      // --set vars.password=x is two arguments, --set=vars.password=x is one.
      boolean whole = argument.startsWith("-");
      int equals = whole ? argument.indexOf('=') + 1 : 0;
      if (whole) {
        option = equals > 0 ? argument.substring(0, equals - 1) : argument;
      }
      int at = argument.indexOf('=', equals);
      if (at >= 0
          && !NO_SETTINGS.contains(option)
          && keys.isSecret(argument.substring(equals, at), argument.substring(at + 1))) {
        learn(argument.substring(at + 1));
      }
    }
  }

  /**
   * Takes note of the values of variables in a command line that cannot be read: before the job is,
   * nobody knows which of them are secret.
   */
  void learnVariables(List<String> arguments) {
    for (int at = 0; at < arguments.size(); at++) {
      Matcher variable = VARIABLE.matcher(arguments.get(at));
      if (variable.matches() && variable.group(1) != null) {
        learnAsQuoted(variable.group(1));
      } else if (variable.matches() && at + 1 < arguments.size()) {
        learnAsQuoted(arguments.get(at + 1));
      }
    }
  }

  /** Takes note of the values of an environment. */
  void learnEnvironment(Map<String, String> environment) {
    environment.forEach(
        (name, value) -> {
          if (keys.isSecret(name, value)) {
            learn(value);
          }
        });
  }

  /** Takes note of the values of a text that may turn out to be no YAML. */
  void learnText(String text) {
    LINE.matcher(text)
        .results()
        .filter(match -> keys.isSecret(match.group(1), match.group(2)))
        .map(match -> match.group(2))
        .filter(value -> !value.startsWith("$"))
        .forEach(value -> learn(value.replaceAll("^[\"']|[\"']$", "")));
  }
}
