package io.lakeprop.job;

import java.util.Locale;
import java.util.Properties;
import java.util.regex.Pattern;

/**
 * Keys that say that their value is a secret.
 *
 * <p>A key says so when it has a word that ends in password, secret or token, or the words access
 * key, and its last word does not say that it is about one (a file, a count, a column): {@code
 * db_password}, {@code fs.s3a.secret.key}, {@code PGPASSWORD}, but neither {@code token_type} nor
 * {@code max_tokens}. The pattern that Spark has for its own settings ({@code
 * spark.redaction.regex}) takes the place of this rule where it is set.
 *
 * @param pattern that a key must have
 * @param given whether it is one that somebody has set, and all there is to it
 */
record SecretKeys(Pattern pattern, boolean given) {
  private static final String KEYS = "spark.redaction.regex";
  private static final String KEYS_OF_SPARK = "(?i)secret|password|token|access[.]?key";

  /** Between the words of a name. */
  private static final Pattern BETWEEN = Pattern.compile("(?<=[a-z])(?=[A-Z])|[^\\p{L}]+");

  private static final Pattern SECRET =
      Pattern.compile(
          ".*(password|secret|token)|.*(password|secret)s|accesskey|secret.*key"
              + "|.*(access|api|auth|refresh|bearer|session)tokens");

  /** Last words of names that say where a secret is, or how much of something, and not what. */
  private static final Pattern ABOUT =
      Pattern.compile(
          "(file|path|dir|folder|location|provider|class|type|kind|ttl|timeout|expiry|expires|length"
              + "|size|count|limit|column|col|field|feature|level|age|left|name|budget|rate|ratio"
              + "|price|cost|policy|format|embedding|dim|dimension|pooling|dropout"
              + "|vocabulary|vocab|index|position|min|max|mean|sum|total)s?");

  /** Names of columns and classes, as dotted keys have them. */
  private static final Pattern NAMED =
      Pattern.compile("(^|\\.)(" + String.join("|", RedactedJob.NAMES) + ")\\.");

  /**
   * Of a Spark's settings.
   *
   * @param settings system properties, among which spark-submit leaves them
   */
  static SecretKeys of(Properties settings) {
    String given = settings.getProperty(KEYS);
    return new SecretKeys(Pattern.compile(given == null ? KEYS_OF_SPARK : given), given != null);
  }

  /** Whether what a key says must not be told. */
  boolean isSecret(String key) {
    return pattern.matcher(key).find() && (given || saysSo(key));
  }

  /** The same of a key with its value: no token is a small number. */
  boolean isSecret(String key, String value) {
    return isSecret(key)
        && (given
            || !SecretValues.isAmount(value)
            || key.matches("(?i).*(password|secret|access).*"));
  }

  private static boolean saysSo(String key) {
    String[] words =
        BETWEEN.matcher(key).replaceAll(" ").strip().toLowerCase(Locale.ROOT).split(" ", -1);
    if (NAMED.matcher(key).find() || ABOUT.matcher(words[words.length - 1]).matches()) {
      return false;
    }
    for (int i = 0; i < words.length; i++) {
      String pair = i + 1 < words.length ? words[i] + words[i + 1] : words[i];
      if (SECRET.matcher(words[i]).matches() || SECRET.matcher(pair).matches()) {
        return true;
      }
    }
    return false;
  }
}
