package io.lakeprop.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.spark.TestProcesses;
import io.lakeprop.spark.TestSpark;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process of its own with the users' logging set-up: Spark adds nothing to our lines. */
final class QuietTest {
  private static final String JVM_SAYS = "WARNING: Using incubator modules: jdk.incubator.vector";

  @TempDir private static Path folder;

  @BeforeAll
  static void table() throws IOException {
    Csv.write(
        folder.resolve("t.csv"),
        "a,c,y",
        Csv.rows(0, 90, i -> i % 11 + "," + (i == 80 ? "oops" : i % 4) + ",k" + i % 2));
    Files.writeString(
        folder.resolve("job.yaml"),
        """
        table: %1$s/t.csv
        label: y
        output: %1$s/run
        network: {hidden: 4}
        training: {epochs: 1}
        """
            .formatted(folder));
  }

  @Test
  void goodRunsSayNothingOnStandardError() throws Exception {
    Ran ran = lakeprop("train", folder + "/job.yaml");
    assertEquals(List.of(), ran.errors());
    assertEquals(0, ran.code());
    assertTrue(ran.out().startsWith("lakeprop "), ran.out());
  }

  @Test
  void aFailedTaskIsOneLine() throws Exception {
    String[] command = {
      "train", folder + "/job.yaml", "--set", "features.columns.c={kind: numeric}"
    };
    Ran ran = lakeprop(command);
    Refusal.assertRefused(ran, List.of("column \"c\"", "must be a number", "\"oops\""));
  }

  /** Spark looks for the path, finds none, and prints a stack for each of its tries. */
  @Test
  void aQueryOfAMissingPathIsOneLine() throws Exception {
    Ran ran =
        lakeprop(
            "train",
            folder + "/job.yaml",
            "--set",
            "table={sql: 'select * from parquet.`%s/not/there`'}".formatted(folder),
            "--set",
            "output=" + folder.resolve("nothing"));
    Refusal.assertRefused(ran, List.of("PATH_NOT_FOUND", "not/there"));
    assertEquals(1, ran.errors().size(), ran.errors()::toString);
  }

  /** Runs Main in a JVM like this one. */
  private static Ran lakeprop(String... arguments) throws Exception {
    List<String> command = TestProcesses.java();
    command.add("-Dlog4j2.configurationFile=" + Path.of("conf", "log4j2.properties").toUri());
    TestSpark.settings("local[2]").forEach((key, value) -> command.add("-D" + key + "=" + value));
    command.add(Main.class.getName());
    command.addAll(List.of(arguments));
    Path out = folder.resolve("out.txt");
    Path err = folder.resolve("err.txt");
    int code =
        new ProcessBuilder(command)
            .redirectOutput(Redirect.to(out.toFile()))
            .redirectError(Redirect.to(err.toFile()))
            .start()
            .waitFor();
    List<String> errors = new ArrayList<>(Files.readAllLines(err));
    errors.remove(JVM_SAYS);
    return new Ran(code, Files.readString(out), String.join("\n", errors));
  }
}
