package io.lakeprop.job;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;

/**
 * What is never told: values whose key looks like a secret, by the pattern that Spark has for its
 * own settings ({@code spark.redaction.regex}), and what stands before the @ of an address.
 *
 * <p>Files of a run show the mark in a value's place, or the {@code ${variable}} that it came from
 * ({@link RedactedJob}). Messages, whose text may come from anywhere, lose all values that are
 * known.
 */
final class Secrets {
  /** What stands in a secret's place; Spark's own. */
  static final String MARK = "*********(redacted)";

  private static final String KEYS = "spark.redaction.regex";
  private static final String TEXTS = "spark.redaction.string.regex";
  private static final String KEYS_OF_SPARK = "(?i)secret|password|token|access[.]?key";

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

  /** Names that say where a secret is, or how much of something, and not what it is. */
  private static final Pattern ABOUT =
      Pattern.compile(
          "(?i)tokeni[sz]|(file|path|dir|folder|location|provider|class|type|ttl|timeout|expiry"
              + "|expires|length|size|count|limit)s?$");

  private static final Pattern CREDENTIALS = Pattern.compile("(?<=://)[^/\\s@]*:[^/\\s]*(?=@)");
  private static final String VALUE = "=(\"[^\"]*\"|'[^']*'|[^\\s&;,\"']+)";
  private static final Pattern SETTING = Pattern.compile("([\\w.\\-]+)" + VALUE);
  private static final Pattern LINE =
      Pattern.compile("([\\w.\\-]+)[\"']?\\s*:[ \\t]+(\"[^\"]*\"|'[^']*'|[^\\s,{}\\[\\]#\"']+)");

  private final Pattern keys;
  private final Optional<Pattern> texts;
  private final Set<String> values = ConcurrentHashMap.newKeySet();

  private Secrets(Pattern keys, Optional<Pattern> texts) {
    this.keys = keys;
    this.texts = texts;
  }

  /** With the patterns of the session, or of the one that will be opened. */
  static Secrets ofSpark() {
    SparkConf conf = new SparkConf();
    return new Secrets(
        Pattern.compile(conf.get(KEYS, KEYS_OF_SPARK)),
        conf.contains(TEXTS) ? Optional.of(Pattern.compile(conf.get(TEXTS))) : Optional.empty());
  }

  /** Whether what a key says must not be told. */
  boolean isSecret(String key) {
    return keys.matcher(key).find();
  }

  /** The job as files may have it. */
  Yaml.Mapping redacted(Yaml.Mapping job) {
    return new RedactedJob(this, job).mapping();
  }

  /** A message without what must not be told. */
  String redacted(String text) {
    return without(values, settings(withoutCredentials(text)));
  }

  /** A text without values; the longest first, since one may stand in another. */
  static String without(Set<String> values, String text) {
    List<String> known =
        values.stream()
            .filter(Secrets::canBeOne)
            .sorted(Comparator.comparingInt(String::length).reversed())
            .toList();
    String told = text;
    for (String value : known) {
      if (value.length() >= SHORTEST_WITHIN_WORDS) {
        told = told.replace(value, MARK);
      } else if (told.contains(value)) {
        told = asWord(value).matcher(told).replaceAll(Matcher.quoteReplacement(MARK));
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
    long digits = value.chars().filter(Character::isDigit).count();
    return value.length() >= SHORTEST
        && !WORDS.contains(value.toLowerCase(Locale.ROOT))
        && !(NUMBER.matcher(value).matches() && digits < SHORTEST_NUMBER);
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
    return SETTING
        .matcher(text)
        .replaceAll(
            match ->
                Matcher.quoteReplacement(
                    isSecret(match.group(1)) && !match.group(2).startsWith(MARK)
                        ? match.group(1) + "=" + MARK
                        : match.group()));
  }

  /** Takes note of a value. */
  void learn(String value) {
    if (canBeOne(value.strip()) && !value.contains(MARK)) {
      values.add(value.strip());
    }
  }

  /** Whether a text can only say yes or no. */
  static boolean isFlag(String text) {
    return text.equals("true") || text.equals("false");
  }

  /** Takes note of the values of a command line, such as {@code --set vars.password=...}. */
  void learnArguments(String... arguments) {
    for (String argument : arguments) {
      // --set vars.password=x is two arguments, --set=vars.password=x is one.
      int equals = argument.startsWith("-") ? argument.indexOf('=') + 1 : 0;
      int at = argument.indexOf('=', equals);
      if (at >= 0 && isSecret(argument.substring(equals, at))) {
        learn(argument.substring(at + 1));
      }
    }
  }

  /** Takes note of the values of an environment. */
  void learnEnvironment(Map<String, String> environment) {
    environment.forEach(
        (name, value) -> {
          if (isSecret(name) && !ABOUT.matcher(name).find()) {
            learn(value);
          }
        });
  }

  /** Takes note of the values of a file that may turn out to be no YAML. */
  void learnFile(String text) {
    LINE.matcher(text)
        .results()
        .filter(match -> isSecret(match.group(1)))
        .map(match -> match.group(2))
        .filter(value -> !value.startsWith("$"))
        .forEach(value -> learn(value.replaceAll("^[\"']|[\"']$", "")));
  }
}
