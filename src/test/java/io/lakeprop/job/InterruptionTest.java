package io.lakeprop.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.model.LocalStorage;
import io.lakeprop.spark.TestProcesses;
import io.lakeprop.spark.TestSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A training in a process of its own that is asked to stop, once or twice. */
final class InterruptionTest {
  private static final String ENDLESS = "training.epochs=1000000";
  private static final String PATIENT = "training.patience=0";

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({"INT, 130", "TERM, 143"})
  void aSignalEndsItAfterARound(String signal, int code) throws Exception {
    Resumed runs = new Resumed(folder);
    Path run = runs.run("run");
    Process child = train(runs, run, ENDLESS, PATIENT);
    try {
      await(child, () -> rounds(run) > 5);
      // Two at once: the second one is refused, the first one goes on.
      InvalidInput refusal =
          assertThrows(
              InvalidInput.class,
              () -> runs.train("run", RunFolder.Earlier.RESUME, ENDLESS, PATIENT));
      assertTrue(
          refusal.getMessage().contains("however: process " + child.pid() + " on "),
          refusal.getMessage());
      assertTrue(child.isAlive(), log());
      kill(signal, child);
      assertTrue(child.waitFor(60, TimeUnit.SECONDS), log());
    } finally {
      child.destroyForcibly();
    }
    assertEquals(code, child.exitValue(), log());
    String log = log();
    assertEquals(
        1, lines(log, "stopping   after this round; a second signal ends it at once"), log);
    assertEquals(1, lines(log, "stopped    after round [0-9,]+; --resume goes on from there"), log);
    assertFalse(log.contains("\tat ") || log.contains("Exception") || log.contains("error"), log);
    assertTrue(log.lines().reduce((a, b) -> b).orElseThrow().startsWith("stopped "), log);
    List<String> checkpoints = new LocalStorage().list(run + "/checkpoints");
    String last = checkpoints.get(checkpoints.size() - 1);
    assertEquals("round-%09d".formatted(rounds(run)), last, log);
    assertFalse(Files.exists(run.resolve("LOCK")));
    assertFalse(Files.exists(run.resolve("DONE")));
  }

  /** A round that takes longer than anybody waits. */
  @ParameterizedTest
  @CsvSource({"INT, 130", "TERM, 143"})
  void aSecondSignalEndsItAtOnce(String signal, int code) throws Exception {
    Process child = start(List.of(), Slow.class.getName());
    try {
      await(child, () -> log().contains("begun"));
      kill(signal, child);
      await(child, () -> log().contains("asked to stop"));
      Thread.sleep(200);
      assertTrue(child.isAlive(), log());
      kill(signal, child);
      assertTrue(child.waitFor(20, TimeUnit.SECONDS), log());
    } finally {
      child.destroyForcibly();
    }
    assertEquals(code, child.exitValue(), log());
    assertEquals(1, lines(log(), "asked to stop"), log());
  }

  /** Something that goes on for a minute after it was asked to stop. */
  static final class Slow {
    private Slow() {}

    public static void main(String[] args) throws InterruptedException {
      try (Interruption interruption =
          new Interruption(() -> System.out.println("asked to stop"))) {
        System.out.println("begun");
        Thread.sleep(60_000);
        System.out.println("not reached " + interruption.exitCode());
      }
    }
  }

  private Process train(Resumed runs, Path run, String... sets) throws IOException {
    List<String> settings = new ArrayList<>();
    settings.add("-Dlog4j2.configurationFile=" + Path.of("conf", "log4j2.properties").toUri());
    TestSpark.settings("local[2]").forEach((key, value) -> settings.add("-D" + key + "=" + value));
    List<String> command = new ArrayList<>();
    command.addAll(List.of(Main.class.getName(), "train", runs.file().toString()));
    command.addAll(List.of("--set", "output=" + run));
    for (String set : sets) {
      command.addAll(List.of("--set", set));
    }
    return start(settings, command.toArray(String[]::new));
  }

  private Process start(List<String> settings, String... arguments) throws IOException {
    // Whoever runs the tests in the background has taught them to ignore SIGINT.
    List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT,TERM"));
    command.addAll(TestProcesses.java());
    command.addAll(settings);
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("log").toFile())
        .start();
  }

  private interface Condition {
    boolean holds() throws IOException;
  }

  private void await(Process child, Condition condition) throws Exception {
    long started = System.nanoTime();
    while (!condition.holds()) {
      assertTrue(child.isAlive(), log());
      assertTrue(System.nanoTime() - started < 90e9, log());
      Thread.sleep(50);
    }
  }

  private static void kill(String signal, Process child) throws Exception {
    String pid = Long.toString(child.pid());
    assertEquals(0, new ProcessBuilder("kill", "-" + signal, pid).start().waitFor());
  }

  /** The last round in the log that is written to its end. */
  private static long rounds(Path run) throws IOException {
    Path log = run.resolve("rounds.jsonl");
    if (!Files.exists(log)) {
      return 0;
    }
    String text = Files.readString(log);
    return text.substring(0, text.lastIndexOf('\n') + 1)
        .lines()
        .filter(line -> line.contains("\"loss\"") && line.contains("\"rows\""))
        .count();
  }

  private String log() throws IOException {
    return Files.readString(folder.resolve("log"));
  }

  private static long lines(String log, String pattern) {
    return log.lines().filter(line -> line.matches(".*" + pattern)).count();
  }
}
