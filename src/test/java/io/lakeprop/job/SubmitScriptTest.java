package io.lakeprop.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
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

  /** The script beside a jar and a Spark of its own that are empty. */
  private ProcessBuilder script(String options) throws IOException {
    Files.copy(Path.of("submit.sh"), folder.resolve("submit.sh"));
    Files.createDirectories(folder.resolve("target/spark/jars"));
    Files.createFile(folder.resolve("target/spark/jars/spark-launcher_2.13-4.1.0.jar"));
    Files.createFile(folder.resolve("target/lakeprop.jar"));
    List<String> command = new ArrayList<>(List.of("bash", folder + "/submit.sh", "train", "j"));
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
        "stty cols 97; bash '%s' train job.yaml; sleep 0.5".formatted(folder.resolve("submit.sh"));
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
