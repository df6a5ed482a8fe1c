package io.lakeprop.job;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.base.ShellWord;
import io.lakeprop.model.LocalStorage;
import io.lakeprop.spark.TestTables;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerApplicationStart;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;

/** Every secret of these jobs has {@code hunter2} in it; nothing that a command leaves may. */
final class SecretsTest {
  private static final String SECRET = "hunter2";

  /** Options that the reader of Parquet does not know and passes over. */
  private static final String JOB =
      """
      vars:
        api_token: %2$s-named
        key: %2$s-used
        lake: %1$s
      table:
        path: ${lake}/shops
        derive: {longer: "size + 0 * length('${key}')"}
        options:
          password: %2$s-literal
          pin.secret: 7%3$s
          fs.s3a.secret.key: ${key}
          url: jdbc:db://me:%2$s-address@host/t?user=me&password=%2$s-setting
          elsewhere: use %2$s-literal and ${key}
      label: kind
      output: %1$s/run
      network: {hidden: 4}
      training: {epochs: 1, batch: 64}
      """;

  /** What --set must tell again, in the order of the file. */
  private static final List<String> AGAIN =
      List.of(
          "vars.api_token=" + SECRET + "-named",
          "vars.key=" + SECRET + "-used",
          "table.options.password=" + SECRET + "-literal",
          "table.options.pin.secret=7",
          "table.options.url=jdbc:" + SECRET,
          "table.options.elsewhere=" + SECRET,
          "table.options.token=" + SECRET);

  @TempDir private static Path folder;
  private static Ran ran;

  @BeforeAll
  static void train() throws IOException {
    Csv.write(folder.resolve("shops.csv"), Csv.SHOPS, Csv.rows(0, 200, Csv::shop));
    Dataset<Row> shops = TestTables.csv(folder.resolve("shops.csv"));
    TestTables.parquet(shops, folder.resolve("shops"), 1);
    Path job = Files.writeString(folder.resolve("j.yaml"), JOB.formatted(folder, SECRET, 1234567));
    ran = lakeprop("train", job.toString(), "--set", "table.options.token=" + SECRET + "-set");
    assertEquals(0, ran.code(), ran.err());
  }

  /** Runs a command that tells no secret. */
  private static Ran lakeprop(String... arguments) {
    Ran own = Ran.lakeprop(arguments);
    assertFalse((own.out() + own.err()).contains(SECRET), own.out() + own.err());
    return own;
  }

  /** What Spark's pages and the logs of a cluster call the session. */
  public static final class Names extends SparkListener {
    static volatile String last = "";

    @Override
    public void onApplicationStart(SparkListenerApplicationStart start) {
      last = start.appName();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"predict", "evaluate"})
  void theSessionsNameHasNone(String command) {
    String model = "none://me:" + SECRET + "-model@host/run";
    List<String> arguments = new ArrayList<>(List.of(command, "--model", model, "--table", "t"));
    if (command.equals("predict")) {
      arguments.addAll(List.of("--output", folder.resolve("scored").toString()));
    }
    Names.last = "";
    Map<String, String> settings = Map.of("spark.extraListeners", Names.class.getName());
    Ran own = Ran.on("local[1]", settings, arguments.toArray(String[]::new));
    assertEquals(2, own.code(), own.err());
    assertEquals("lakeprop %s none://%s@host/run".formatted(command, Secrets.MARK), Names.last);
  }

  @Test
  void theRunsFolderHasNone() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("run"))) {
      List<Path> all = files.filter(Files::isRegularFile).toList();
      assertTrue(all.size() >= 7, all.toString());
      for (Path file : all) {
        String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        assertFalse(text.contains(SECRET) || text.contains("1234567"), file + ": " + text);
      }
    }
  }

  @Test
  void variablesStayVariablesAndTheRestIsMarked() throws IOException {
    Yaml.Mapping root = Yaml.read("job.yaml", Files.readString(folder.resolve("run/job.yaml")));
    assertEquals(Secrets.MARK, text(root, "vars", "key"));
    assertEquals(Secrets.MARK, text(root, "vars", "api_token"));
    assertEquals(folder.toString(), text(root, "vars", "lake"));
    assertEquals(folder + "/shops", text(root, "table", "path"));
    assertEquals("${key}", text(root, "table", "options", "fs.s3a.secret.key"));
    assertEquals(Secrets.MARK, text(root, "table", "options", "password"));
    assertEquals(Secrets.MARK, text(root, "table", "options", "token"));
    String mark = Secrets.MARK;
    assertEquals("use " + mark + " and ${key}", text(root, "table", "options", "elsewhere"));
    assertEquals(
        "jdbc:db://%s@host/t?user=me&password=%s".formatted(mark, mark),
        text(root, "table", "options", "url"));
  }

  private static String text(Yaml.Mapping root, String... path) {
    Yaml at = root;
    for (String key : path) {
      at = ((Yaml.Mapping) at).entries().get(key);
    }
    return ((Yaml.Scalar) at).text();
  }

  /** Each refusal names the next key, until all are told; the model is then the same. */
  @Test
  void theFileTrainsTheSameModelOnceItIsToldAgain() throws IOException {
    String[] command = {
      "train", folder.resolve("run/job.yaml").toString(), "--set", "output=" + folder + "/again"
    };
    for (String next : AGAIN) {
      String key = next.substring(0, next.indexOf('='));
      Ran refused = lakeprop(command);
      assertEquals(2, refused.code());
      assertTrue(refused.err().contains(key + " must be given again"), refused.err());
      command = Stream.concat(Stream.of(command), Stream.of("--set", next)).toArray(String[]::new);
    }
    assertEquals(0, lakeprop(command).code());
    assertArrayEquals(
        Files.readAllBytes(folder.resolve("run/model/SHA256SUMS")),
        Files.readAllBytes(folder.resolve("again/model/SHA256SUMS")));
  }

  /**
   * As offered the secret's name would be hashed for the secret; filled in, it is as in training.
   */
  @Test
  void whatIsOfferedToDeriveSaysThatASecretIsToBeFilledIn() throws IOException {
    String[] command = {
      "evaluate", "--model", folder + "/run", "--table", folder + "/shops", "--where", "size > 0"
    };
    Ran refused = lakeprop(command);
    String offered = "size + 0 * length('${key}')";
    String option = "--derive " + ShellWord.of("longer=" + offered);
    Refusal.assertRefused(
        refused, List.of(option + " with the job's own value in the place of ${key}"));
    Refusal.assertRefused(
        lakeprop(with(command, "--derive", "longer=" + offered)),
        List.of("--derive longer must be whole", "such as ${key} (write its value there"));
    lakeprop(with(command, "--derive", "longer=" + offered.replace("${key}", SECRET + "-used")))
        .done();
    String text = offered.replace("${key}", "' || concat('$', '{key}') || '");
    lakeprop(with(command, "--derive", "longer=" + text)).done();
  }

  private static String[] with(String[] command, String... more) {
    return Stream.concat(Stream.of(command), Stream.of(more)).toArray(String[]::new);
  }

  @ParameterizedTest
  @CsvSource({
    "--where, a = '${x}', --where must be whole",
    "--sql, select '${x}', --sql must be whole",
    "--derive, 'b=length(''*********(redacted)'')', --derive b must be whole",
    "--option, password=${x}, --option password must be whole",
    "--option, 'token=*********(redacted)', (write the secret there)",
    "--where, a = '${x}${y}', such as ${x}",
  })
  void aTableOnTheCommandLineIsWhole(String option, String value, String words) {
    String[] table = option.equals("--sql") ? new String[0] : new String[] {"--table", "t"};
    TableArguments arguments =
        CommandLine.populateCommand(new TableArguments(), with(table, option, value));
    String message =
        assertThrows(InvalidInput.class, () -> arguments.spec(new LocalStorage(), "UTC"))
            .getMessage();
    assertTrue(message.contains(words), message);
  }

  @Test
  void theEnvironmentMayTellIt() {
    String text = "vars: {password: '%s'}\nx: ${password}".formatted(Secrets.MARK);
    Yaml.Mapping job =
        JobTree.resolve("job.yaml", text, List.of(), Map.of("LAKEPROP_PASSWORD", SECRET));
    assertEquals(SECRET, text(job, "x"));
    Yaml.Mapping told = Secrets.ofSpark().redacted(job);
    assertEquals("${password}", text(told, "x"));
    assertEquals(Secrets.MARK, text(told, "vars", "password"));
  }

  /** Before the job is resolved, whatever will be refused of it. */
  @Test
  void whatTheEnvironmentTellsIsKnownByItsPlace() {
    String text = "vars: {pw: ''}\ntable: {path: t, options: {password: '${pw}'}}";
    Yaml.Mapping tried =
        JobTree.attempt("f", text, List.of("x", "vars.y=["), Map.of("LAKEPROP_PW", SECRET));
    assertEquals(Set.of(SECRET), new RedactedJob(Secrets.ofSpark(), tried).values());
  }

  /** A message is printed line by line. */
  @Test
  void aSecretOfSeveralLinesIsHiddenInEach() {
    Secrets secrets = Secrets.ofSpark();
    secrets.learn("first-hunter2\n  second-hunter2\n");
    assertEquals(Secrets.MARK + " x", secrets.redacted("second-hunter2 x"));
    assertEquals(
        Secrets.MARK + "\n  " + Secrets.MARK, secrets.redacted("first-hunter2\n  second-hunter2"));
  }

  /** What fails with the most to say, said in full. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "label.kolumn=${api_token}",
        "vars.api_token.x=hunter2",
        "vars.password=[hunter2",
        "label={password: hunter2}",
        "table.path=nowhere://me:hunter2@bucket/t",
        "table.derive={x: 'concat(''${key}'', ('}",
        "seed=${key}"
      })
  void failuresTellNone(String override) {
    String job = folder.resolve("j.yaml").toString();
    String output = "output=" + folder + "/none";
    Ran failed = lakeprop("train", job, "--set", output, "--set", override, "--stacktrace");
    assertTrue(failed.code() != 0, failed.out());
    assertTrue(failed.err().contains("\tat io.lakeprop."), failed.err());
  }

  /**
   * A variable is secret because of where it goes alone, and the option itself is refused: before
   * any of the job is known, beside itself, below itself, and with every sign in it.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "--set|vars.pw=hunter2|--set|vars.pw=hunter2-again",
        "--set|vars.pw=hunter2 #x",
        "--set|vars.pw=it's hunter2 #x",
        "--set|vars.pw=\"hunter2\" #x",
        "--set|vars.pw='it''s hunter2",
        "--set|vars.pw=[hunter2",
        "--set|vars.pw.x=hunter2",
        "--set|vars.pw=hunter2|--set|vars.pw.x=y",
        "--set|vars.pw=hunter2|--set|vars.pq=x",
        "--set|vars.pw=hunter2|--set|seed=${pw}",
        "--set|vars.own=hunter2|--set|table.options.token=${own}|--set|vars.own=x",
        "--set|table={path: t, options: {password: hunter2}}|--set|table=t",
        "--set|label={password: hunter2",
        "--set|vars.pw|hunter2",
        "--sett=vars.pw=hunter2",
        "--sett|vars.pw=hunter2",
        "vars.pw=hunter2",
        "--set|table.options.password=Xy,z9hunter2",
        "--set|tabel.options.password=a b;hunter2&c",
        "--set|vars.pw|ab,cd hunter2",
        "--set|vars.password=changeit|--set|table.options.url.password=changeithunter2",
      })
  void anOptionThatIsRefusedTellsNone(String options) throws IOException {
    String text =
        "vars: {pw: ''}\ntable: {path: t, options: {password: '${pw}'}}\nlabel: y\noutput: o\n";
    Path job = Files.writeString(folder.resolve("by-place.yaml"), text);
    String[] command = with(new String[] {"train", job.toString()}, options.split("\\|", -1));
    Ran refused = lakeprop(command);
    assertEquals(2, refused.code(), refused.err());
  }

  /** What can be no secret is shown, and so is a variable that goes nowhere secret. */
  @ParameterizedTest
  @CsvSource({
    "vars.pw=64, vars.pw=65, 'however: vars.pw=64, then vars.pw=65'",
    "vars.lake=hunter3, vars.lake=a b, 'however: vars.lake=hunter3, then vars.lake=a b'",
  })
  void anOptionWithoutASecretIsShown(String first, String second, String shown) throws IOException {
    String text =
        "vars: {pw: '', lake: t}\ntable: {path: '${lake}', options: {password: '${pw}'}}\n";
    Path job = Files.writeString(folder.resolve("shown.yaml"), text);
    Ran refused = lakeprop("train", job.toString(), "--set", first, "--set", second);
    assertTrue(refused.err().contains(shown), refused.err());
  }

  @Test
  void aFileThatIsNoYamlTellsNone() throws IOException {
    String text = "table:\n  options: {password: hunter2, user: [}\n";
    Path job = Files.writeString(folder.resolve("broken.yaml"), text);
    assertEquals(2, lakeprop("train", job.toString(), "--stacktrace").code());
    assertEquals(2, lakeprop("train", job.toString(), "--sett=vars.token=hunter2").code());
    assertEquals(
        2,
        lakeprop("evaluate", "--model", "x", "--option", "password=hunter2", "--where=hunter2")
            .code());
  }

  @ParameterizedTest
  @CsvSource({
    "secret, true",
    "fs.s3a.secret.key, true",
    "javax.jdo.option.ConnectionPassword, true",
    "accessKey, true",
    "fs.s3a.access.key, true",
    "spark.hadoop.fs.s3a.bucket.x.access.key, true",
    "db_password, true",
    "passwords, true",
    "PGPASSWORD, true",
    "dbPassword1, true",
    "session_token, true",
    "authToken, true",
    "token_prod, true",
    "access_tokens, true",
    "clientSecret, true",
    "secretKey, true",
    "vars.api_token.x, true",
    "user, false",
    "key, false",
    "max_tokens, false",
    "prompt_tokens, false",
    "tokens_left, false",
    "tokenizer, false",
    "secretary, false",
    "token_column, false",
    "token_type, false",
    "secret_level, false",
    "passwordFile, false",
    "password_age, false",
    "table.derive.token, false",
    "features.columns.password.kind, false"
  })
  void theNameSaysWhatIsSecret(String key, boolean secret) {
    assertEquals(secret, Secrets.ofSpark().keys().isSecret(key));
  }

  @Test
  void theSessionsPatternsCount() {
    System.setProperty("spark.redaction.regex", "pin");
    System.setProperty("spark.redaction.string.regex", "[0-9]{4}");
    try {
      Secrets secrets = Secrets.ofSpark();
      assertTrue(secrets.keys().isSecret("pin") && !secrets.keys().isSecret("password"));
      assertEquals("card " + Secrets.MARK + " of 12", secrets.redacted("card 1234 of 12"));
    } finally {
      System.clearProperty("spark.redaction.regex");
      System.clearProperty("spark.redaction.string.regex");
    }
  }

  /** A column called token is no secret; what a job says of it stays. */
  @Test
  void namesOfColumnsAndClassesAreNoKeys() {
    String text =
        """
        table: {path: t, derive: {token_count: size(tokens)}}
        features: {columns: {password_age: {kind: numeric}}}
        loss: {class_weights: {secret: 2}}
        vars: {use_token: true, no_password: }
        optimizer: {amsgrad: true}
        """;
    Yaml.Mapping job = Yaml.read("job.yaml", text);
    assertEquals(job, Secrets.ofSpark().redacted(job));
  }

  /** Ordinary names with such a word in them, and a password that is a column's name, too. */
  @Test
  void anOrdinaryJobIsWholeInItsOwnFile() {
    String text =
        """
        vars: {max_tokens: 64, token_column: city, secret_level: 3, price_per_token: 0.0015}
        table: {path: 'file:/t/token=accuracy', derive: {total_tokens: prompt_tokens + 1}}
        features: {exclude: ['${token_column}']}
        label: churned
        training: {batch: '${max_tokens}'}
        """;
    Yaml.Mapping job = JobTree.resolve("job.yaml", text, List.of(), Map.of());
    Yaml.Mapping told = Secrets.ofSpark().redacted(job);
    RedactedJob.requireWhole(told);
    assertEquals(Yaml.write(job), Yaml.write(told));
    String unused = text.replace("vars: {", "vars: {db_password: '', ");
    Yaml.Mapping also =
        JobTree.resolve("job.yaml", unused, List.of("vars.db_password=churned"), Map.of());
    Yaml.Mapping hidden = Secrets.ofSpark().redacted(also);
    assertEquals("churned", text(hidden, "label"));
    assertEquals(Secrets.MARK, text(hidden, "vars", "db_password"));
  }

  /** The mend is what to type. */
  @Test
  void theMendOfAHiddenSecretIsNotHidden() {
    Yaml.Mapping job = Yaml.read("job.yaml", "vars: {password: '%s'}".formatted(Secrets.MARK));
    String message =
        assertThrows(InvalidInput.class, () -> RedactedJob.requireWhole(job)).getMessage();
    assertTrue(message.endsWith("(--set vars.password=... or LAKEPROP_PASSWORD)"), message);
    assertEquals(message, Secrets.ofSpark().redacted(message));
  }

  /** What a library logs in a process with the users' logging set-up. */
  @Test
  void logsHaveNoCredentials() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dlog4j2.configurationFile=" + Path.of("conf", "log4j2.properties").toUri(),
                "-cp",
                System.getProperty("java.class.path"),
                Library.class.getName())
            .redirectErrorStream(true)
            .start();
    String log = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), log);
    assertFalse(log.contains(SECRET), log);
    assertTrue(log.contains("WARN  B: read s3a://(redacted)@bucket/t and a=b\n"), log);
    assertTrue(log.contains("dbPassword=(redacted)&user=me"), log);
    assertTrue(log.contains("\tat io.lakeprop.job.SecretsTest"), log);
    assertEquals(log.indexOf("IOException"), log.lastIndexOf("IOException"), log);
  }

  /** A library that logs more than it should. */
  static final class Library {
    private Library() {}

    public static void main(String[] args) {
      LoggerFactory.getLogger("a.B")
          .warn(
              "read s3a://me:hunter2@bucket/t and a=b",
              new IOException("jdbc:db://host?dbPassword=hunter2&user=me"));
    }
  }
}
