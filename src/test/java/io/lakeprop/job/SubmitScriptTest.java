package io.lakeprop.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** submit.sh on a terminal, with a Spark that is a script of ours. */
@Timeout(60)
final class SubmitScriptTest {
  private static final String VECTORS = "WARNING: Using incubator modules: jdk.incubator.vector\n";
  private static final String TOOLS = "Picked up JAVA_TOOL_OPTIONS: -Da=b\n";
  private static final String OPTIONS = "NOTE: Picked up JDK_JAVA_OPTIONS: -Dc=d\n";

  @TempDir private Path folder;

  /** What the Spark says on standard error, and what of it a person sees. */
  static Stream<Arguments> said() {
    return Stream.of(
        Arguments.of(VECTORS + "error: no\n", "error: no\n"),
        Arguments.of(TOOLS + VECTORS + "error: no\n", TOOLS + "error: no\n"),
        Arguments.of(
            OPTIONS + TOOLS + TOOLS + VECTORS + VECTORS, OPTIONS + TOOLS + TOOLS + VECTORS),
        Arguments.of("error: no\n" + VECTORS, "error: no\n" + VECTORS),
        Arguments.of(TOOLS + "error: no\n" + VECTORS, TOOLS + "error: no\n" + VECTORS),
        Arguments.of("half a line", "half a line"),
        Arguments.of(TOOLS + "half", TOOLS + "half"),
        Arguments.of("", ""));
  }

  @ParameterizedTest
  @MethodSource("said")
  void onlyTheNoteOnVectorsIsLeftOut(String said, String seen) throws Exception {
    Path err = Files.writeString(folder.resolve("said"), said);
    assertEquals(seen, onTerminal("cat '" + err + "' >&2"));
  }

  /** A file has it all when the process is gone, if its end waits as the application's does. */
  @ParameterizedTest
  @MethodSource("said")
  void aFileLacksTheNoteOnVectorsAndNothingElse(String said, String seen) throws Exception {
    Path text = Files.writeString(folder.resolve("said"), said);
    ProcessBuilder script = script("--name any");
    withSpark(
        script,
        "cat '%s' >&2; exec 2>&-; while [ -e \"$LAKEPROP_STDERR_OPEN\" ]; do sleep 0.01; done"
            .formatted(text));
    Path log = folder.resolve("log");
    Process process = script.redirectError(log.toFile()).start();
    assertEquals(0, process.waitFor());
    assertEquals(seen, Files.readString(log));
  }

  /** Spark's own way to fetch packages trips over what a build has left in the local repository. */
  @Test
  void mavenFetchesPackages() throws Exception {
    program(
        "stubs/mvn",
        """
        for word; do
          case $word in
            -DoutputDirectory=*) mkdir -p "${word#*=}"; touch "${word#*=}/a.jar" "${word#*=}/b.jar" ;;
          esac
        done
        while [ "$1" != -f ]; do shift; done
        cp "$2" '%s/fetched.xml'; echo fetched >&2
        """
            .formatted(folder));
    ProcessBuilder script =
        script("--jars own.jar --packages g:a:1,h:b:2 --exclude-packages i:c --repositories u://r");
    withSpark(script, "echo \"$*\"");
    script.environment().put("PATH", folder + "/stubs:" + System.getenv("PATH"));
    Pattern jars =
        Pattern.compile(
            "(?s).*--jars own.jar,(\\S*/target/packages/\\d+/)a.jar,\\1b.jar --class .*");
    String said = said(script);
    assertTrue(said.startsWith("fetching g:a:1,h:b:2 ...\nfetched\n"), said);
    assertTrue(jars.matcher(said).matches(), said);
    String pom = Files.readString(folder.resolve("fetched.xml"));
    for (String words :
        List.of(
            "<url>u://r</url>",
            "<groupId>h</groupId><artifactId>b</artifactId>\n<version>2</version>",
            "<groupId>i</groupId><artifactId>c</artifactId></exclusion>",
            "<artifactId>spark-core_2.13</artifactId></exclusion>")) {
      assertTrue(pom.contains(words), pom);
    }
    String again = said(script);
    assertTrue(!again.contains("fetch") && jars.matcher(again).matches(), again);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--packages g:a:1 --deploy-mode cluster | --deploy-mode cluster --packages g:a:1 --class",
        "--jars own.jar | --jars own.jar --class",
      })
  void whatMavenHasNoPartInGoesToSpark(String options, String words) throws Exception {
    ProcessBuilder script = script(options + " --properties-file any");
    withSpark(script, "echo \"$*\"");
    String said = said(script);
    assertTrue(said.replace(" --properties-file any", "").contains(words), said);
  }

  @Test
  void theWidthOfTheTerminalIsHandedOn() throws Exception {
    assertEquals("1 97\n", onTerminal("echo $LAKEPROP_TTY $COLUMNS"));
  }

  /** What the caller can mend; 1 is for what failed. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--conf x | --conf must be KEY=VALUE, however: x",
        "--packages g:a | --packages must be GROUP:ARTIFACT:VERSION, however: g:a",
        "--master | --master must have a value",
        "--master= | --master must have a value",
        "--master yarn | yarn needs a Spark installation that knows the cluster: set SPARK_HOME",
        "--name old | Spark must be 4.0 or newer for Scala 2.13, however:"
      })
  void refusalsEndWithTwo(String options, String words) throws Exception {
    ProcessBuilder script = script(options);
    if (options.endsWith("old")) {
      Path home = folder.resolve("home");
      Files.createDirectories(home.resolve("jars"));
      Files.createFile(home.resolve("jars/spark-core_2.12-3.5.1.jar"));
      Path submit = Files.createDirectories(home.resolve("bin")).resolve("spark-submit");
      Files.createFile(submit).toFile().setExecutable(true);
      script.environment().put("SPARK_HOME", home.toString());
    }
    assertRefused(script, words);
  }

  /** Spark takes seconds to start, and has nothing to say to these. */
  @ParameterizedTest
  @CsvSource({
    "'', java",
    "--help, java",
    "-h, java",
    "--version, java",
    "trian job.yaml, java",
    "train, java",
    "train nosuch.yaml, java",
    "train --set training.epochs=5 nosuch.yaml, java",
    "train there.yaml --help, java",
    "find-rate nosuch.yaml, java",
    "predict --help, java",
    "describe -h, java",
    "--stacktrace train nosuch.yaml, java",
    "--stacktrace train there.yaml, spark",
    "--stacktrace describe m, spark",
    "train @there.yaml, spark",
    "train there.yaml, spark",
    "train --set a=b there.yaml --resume, spark",
    "find-rate there.yaml, spark",
    "predict --model m --table t --output o, spark",
    "describe m, spark",
    "bench, spark"
  })
  void sparkIsStartedForWorkAlone(String arguments, String started) throws Exception {
    Files.createFile(folder.resolve("there.yaml"));
    program("home/bin/spark-submit", "echo spark");
    program("home/jars/spark-core_2.13-4.1.0.jar", "");
    program("jdk/bin/java", "case $* in *SparkSubmit*) ;; *job.Main*) echo java ;; esac");
    Files.writeString(folder.resolve("jdk/release"), "JAVA_VERSION=\"17.0.9\"\n");
    ProcessBuilder script = script("");
    List<String> command = new ArrayList<>(List.of("bash", folder + "/submit.sh"));
    Stream.of(arguments.split(" ", -1)).filter(word -> !word.isEmpty()).forEach(command::add);
    script.command(command).directory(folder.toFile()).redirectErrorStream(true);
    script.environment().put("SPARK_HOME", folder.resolve("home").toString());
    script.environment().put("JAVA_HOME", folder.resolve("jdk").toString());
    Process process = script.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
    assertEquals(started, said.lines().reduce((first, last) -> last).orElse(""), said);
  }

  /** A spark-submit of pip or of a distribution, whose jars lie elsewhere, answers itself. */
  @Test
  void whereSparksJarsAreNotFoundSparkAnswers() throws Exception {
    program("venv/bin/spark-submit", "echo spark");
    ProcessBuilder script = script("");
    script.command("bash", folder + "/submit.sh", "--help").redirectErrorStream(true);
    script.environment().put("SPARK_HOME", folder.resolve("venv").toString());
    Process process = script.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
    assertTrue(said.endsWith("spark\n"), said);
  }

  private void program(String path, String line) throws IOException {
    Path file = folder.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\n" + line + "\n");
    file.toFile().setExecutable(true);
  }

  /** A folder that is named must be what it is named for: another one would be used unseen. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "JAVA_HOME | gone | JAVA_HOME must be a JDK, however: FOLDER/gone has no bin/java",
        "SPARK_HOME | sprak | SPARK_HOME must be a Spark installation, however: FOLDER/sprak has no"
            + " bin/spark-submit",
        "SPARK_HOME | target | SPARK_HOME must be a Spark installation, however: FOLDER/target has",
        // The Spark of our own is as none.
        "SPARK_HOME | target/spark | yarn needs a Spark installation that knows the cluster"
      })
  void homesMustBeWhatTheyAreFor(String variable, String home, String words) throws Exception {
    ProcessBuilder script = script("--master yarn");
    script.environment().put(variable, folder.resolve(home).toString());
    assertRefused(script, words.replace("FOLDER", folder.toString()));
  }

  /** Spark 4.1's Hadoop asks Java what is gone from 24 on; the code itself takes 17. */
  @ParameterizedTest
  @CsvSource({
    "1.8.0_392, 8",
    "11.0.2, 11",
    "16.0.1, 16",
    "17.0.9, ''",
    "21.0.1, ''",
    "23, ''",
    "24.0.1, 24",
    "25, 25",
    "26-ea, 26"
  })
  void javaMustBeOneThatSparkRunsOn(String version, String refused) throws Exception {
    Path java = Files.createDirectories(folder.resolve("jdk/bin")).resolve("java");
    Files.createFile(java).toFile().setExecutable(true);
    Files.writeString(
        folder.resolve("jdk/release"),
        "IMPLEMENTOR=\"any\"\nJAVA_VERSION=\"%s\"\n".formatted(version));
    ProcessBuilder script = script("--name any");
    script.environment().put("JAVA_HOME", folder.resolve("jdk").toString());
    if (!refused.isEmpty()) {
      assertRefused(
          script,
          "Java must be 17 to 23 for this Spark, however: %s is %s".formatted(java, refused));
    }
    withSpark(script, "echo it runs");
    if (refused.isEmpty()) {
      assertEquals("it runs\n", said(script));
    } else {
      assertRefused(script, "Java must be 17 ");
    }
  }

  /** A container may know no name for the user's number; Java and Hadoop need one, and a home. */
  @Test
  void aUserWithoutAnEntryHasANameAndAHome() throws Exception {
    ProcessBuilder script = script("--name any");
    withSpark(script, "echo $HADOOP_USER_NAME $SPARK_USER $HOME \"$SPARK_SUBMIT_OPTS\"");
    Path bin = Files.createDirectories(folder.resolve("stubs"));
    Files.writeString(bin.resolve("getent"), "#!/bin/sh\nexit 2\n").toFile().setExecutable(true);
    script.environment().put("PATH", bin + ":" + System.getenv("PATH"));
    script.environment().put("HOME", "/nonexistent");
    script.environment().put("TMPDIR", folder.toString());
    script.environment().keySet().removeAll(List.of("HADOOP_USER_NAME", "SPARK_USER"));
    int uid = (int) Files.getAttribute(folder, "unix:uid");
    Path home = folder.resolve("lakeprop-home-" + uid);
    String user = "user-" + uid;
    String said = said(script);
    assertTrue(said.startsWith("%s %s %s ".formatted(user, user, home)), said);
    assertTrue(said.endsWith(" \"-Duser.home=%s\" -Duser.name=%s\n".formatted(home, user)), said);
    assertEquals(PosixFilePermissions.fromString("rwx------"), Files.getPosixFilePermissions(home));
  }

  /** Has the script find a Spark of the cluster's that is a script itself. */
  private void withSpark(ProcessBuilder script, String runs) throws IOException {
    Path home = folder.resolve("home");
    Files.createDirectories(home.resolve("jars"));
    Files.createFile(home.resolve("jars/spark-core_2.13-4.1.0.jar"));
    Path submit = Files.createDirectories(home.resolve("bin")).resolve("spark-submit");
    Files.writeString(submit, "#!/bin/sh\n" + runs + "\n").toFile().setExecutable(true);
    script.environment().put("SPARK_HOME", home.toString());
  }

  private static String said(ProcessBuilder script) throws IOException {
    Process process = script.redirectErrorStream(true).start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  /** The script beside a jar and a Spark of its own that are empty. */
  private ProcessBuilder script(String options) throws IOException {
    Files.copy(Path.of("submit.sh"), folder.resolve("submit.sh"));
    Files.createDirectories(folder.resolve("target/spark/jars"));
    Files.createFile(folder.resolve("target/spark/jars/spark-launcher_2.13-4.1.0.jar"));
    Files.createFile(folder.resolve("target/lakeprop.jar"));
    List<String> command = new ArrayList<>(List.of("bash", folder + "/submit.sh", "describe", "j"));
    command.addAll(List.of(options.split(" ", -1)));
    ProcessBuilder script = new ProcessBuilder(command);
    script.environment().remove("SPARK_HOME");
    return script;
  }

  private static void assertRefused(ProcessBuilder script, String words) throws Exception {
    Process process = script.redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(said.startsWith("submit.sh: " + words), said);
    assertEquals(2, process.waitFor(), said);
  }

  /** What a terminal of 97 columns shows of a Spark that runs this. */
  private String onTerminal(String spark) throws IOException, InterruptedException {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/script")));
    Files.copy(Path.of("submit.sh"), folder.resolve("submit.sh"));
    Files.createDirectories(folder.resolve("target"));
    Files.createFile(folder.resolve("target/lakeprop.jar"));
    Path bin = Files.createDirectories(folder.resolve("home/bin"));
    Files.writeString(bin.resolve("spark-submit"), "#!/bin/sh\n" + spark + "\n");
    bin.resolve("spark-submit").toFile().setExecutable(true);
    // What passes the text on may take a moment longer than the Spark, and the terminal ends it.
    String command =
        "stty cols 97; bash '%s' describe runs/a; sleep 0.5".formatted(folder.resolve("submit.sh"));
    ProcessBuilder script =
        new ProcessBuilder(List.of("/usr/bin/script", "-qec", command, "/dev/null"));
    script.environment().put("SPARK_HOME", folder.resolve("home").toString());
    script.environment().put("COLUMNS", "80");
    Process process = script.redirectErrorStream(true).start();
    process.getOutputStream().close();
    String shown = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor(10, TimeUnit.SECONDS);
    return shown.replace("\r\n", "\n");
  }
}
