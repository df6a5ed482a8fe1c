package io.lakeprop.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ordinary numbers and words stay on the console, whatever the environment calls them. */
class CanBeSecretTest {
  private static final String MARK = Secrets.MARK;

  @ParameterizedTest(name = "{0}={1}")
  @CsvSource({
    "MAX_TOKENS, 512, stays",
    "MAX_TOKENS, 4096, stays",
    "TOKEN_TTL, 3600, stays",
    "TOKEN_TTL, 30s, stays",
    "PASSWORD_LENGTH, 12, stays",
    "TOKENIZER, bert-base-uncased, stays",
    "TOKENIZERS_PARALLELISM, false, stays",
    "USE_TOKEN, true, stays",
    "PASSWORD, none, stays",
    "PASSWORD, None, stays",
    "TOKEN_TYPE, Bearer, stays",
    "PASSWORD, '', stays",
    "PASSWORD, ab, stays",
    "PRICE_PER_TOKEN, 0.0015, stays",
    "TOKEN_BUDGET, '1,000', stays",
    "TOKEN_CACHE, 512m, stays",
    "TOKEN_RATE, 1e-3, stays",
    "AWS_WEB_IDENTITY_TOKEN_FILE, /var/run/secrets/token, stays",
    "SSL_PASSWORD_PATH, /etc/ssl/password, stays",
    "EDITOR, hunter2, stays",
    "MY_TOKEN, accuracy, stays",
    "MY_TOKEN, rounds, stays",
    "TOKEN_COLUMN, hunter2, stays",
    "DB_PASSWORD, hunter2, goes",
    "DB_PASSWORD, 8675309123, goes",
    "GITHUB_TOKEN, ghp_x1, goes",
    "MY_SECRET, 512-abc, goes",
    "PASSWORD, correct horse, goes",
    "AWS_SECRET_ACCESS_KEY, /wJalrXUtnFEMI/K7MDENG, goes",
    "PGPASSWORD, abc, goes"
  })
  void aTableOfKeysAndValues(String key, String value, String what) {
    Secrets secrets = Secrets.ofSpark();
    secrets.learnEnvironment(Map.of(key, value));
    String line = "epoch 512 of 4096: loss " + value + " at 30s, 0.0015";
    String told = secrets.redacted(line);
    assertEquals(what.equals("stays"), told.equals(line), told);
  }

  /** What is given on the command line or stands in a message. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "stays | --derive 'total_tokens=prompt_tokens + completion_tokens'",
        "stays | --derive 'token=age + 1' --derive \"password=pmod(x, 7)\" --derive token=age",
        "stays | read part/token=accuracy/part-0.csv and part/token_type=accuracy",
        "stays | (--set vars.password=... or LAKEPROP_PASSWORD)",
        "stays | --derive 'h=xxhash64(${hash_secret})' and token=${token}",
        "stays | tokens=good max_tokens=64 token=64",
        "stays | --set table.derive.token=age",
        "goes | jdbc:db://host/t?password=hunter2&user=me",
        "goes | user=me;dbPassword=hunter2",
        "goes | token=hunter2",
        "goes | --set vars.api_token=hunter2",
        "goes | --set=vars.password=hunter2",
        "goes | (session_token='hunter2')",
        "goes | PGPASSWORD=hunter2 psql",
      })
  void namesAndValuesInMessages(String what, String line) {
    String told = Secrets.ofSpark().redacted(line);
    assertEquals(what.equals("stays") ? line : line.replaceAll("'?hunter2'?", MARK), told);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "stays ! --derive ! total_tokens=lovely",
        "stays ! --derive ! token=lovely",
        "stays ! --derive=token=lovely",
        "stays ! --where ! token=lovely",
        "stays ! --where=token=lovely",
        "stays ! --sql ! select * from t where token=lovely",
        "stays ! --table ! part/token=lovely",
        "stays ! --table ! a.csv ! part/token_type=lovely",
        "stays ! --set ! vars.token_column=lovely",
        "stays ! --set ! table.derive.password=lovely",
        "goes ! --set ! vars.token=lovely",
        "goes ! --set=vars.token=lovely",
        "goes ! --sett=vars.token=lovely",
        "goes ! --option ! password=lovely",
        "goes ! --table ! t ! --option ! fs.s3a.secret.key=lovely",
      })
  void whatACommandLineTeaches(String all) {
    String[] words = all.split(" ! ", -1);
    Secrets secrets = Secrets.ofSpark();
    secrets.learnArguments(Arrays.copyOfRange(words, 1, words.length));
    String told = secrets.redacted("a lovely day");
    assertEquals(words[0].equals("stays") ? "a lovely day" : "a " + MARK + " day", told);
  }

  @Test
  void aColumnsNameIsNoSecret() {
    Secrets secrets = Secrets.ofSpark();
    secrets.learnEnvironment(Map.of("MY_TOKEN", "city", "DB_PASSWORD", "hunter2"));
    secrets.learnColumns(List.of("city", "shop"));
    secrets.learn("shop");
    assertEquals("city, shop, " + MARK, secrets.redacted("city, shop, hunter2"));
  }

  /** A short one is a word of its own, not a part of one. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "label | the label of labels, relabel | the MARK of labels, relabel",
        "abc | abc, abcd, x_abc, abc. | MARK, abcd, x_abc, MARK.",
        "hunter2 | a hunter2-used b | a MARK-used b",
        "longenough | xlongenoughx | xMARKx",
      })
  void aShortOneIsAWordOfItsOwn(String value, String line, String told) {
    Secrets secrets = Secrets.ofSpark();
    secrets.learnEnvironment(Map.of("PASSWORD", value));
    assertEquals(told.replace("MARK", Secrets.MARK), secrets.redacted(line));
  }

  /** In files a value under a secret's key is never told, but others like it are. */
  @Test
  void aNumberThatIsASecretIsNoHoleElsewhere() {
    Yaml.Mapping job =
        Yaml.read(
            "job.yaml",
            "table: {path: t, options: {password: 512, rows: 512, x: 'limit 512'}}\nseed: 512\n");
    Yaml.Mapping told = Secrets.ofSpark().redacted(job);
    String text = Yaml.write(told);
    assertEquals(3, text.split("512", -1).length - 1, text);
    assertEquals(true, text.contains("password: '*********(redacted)'"), text);
  }
}
