package io.lakeprop.job;

import io.lakeprop.spark.TestProcesses;
import io.lakeprop.spark.TestSpark;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A driver in a process of its own, which runs {@code train JOB --resume} in a folder. */
final class DriverProcess implements AutoCloseable {
  private static final long LONGEST_SECONDS = 180;

  private final Path folder;
  private final Path out;
  private final Process process;
  private final long started = System.nanoTime();

  /**
   * @param folder whose folder {@link CalmRun#OUTPUT} is the run's
   */
  DriverProcess(Path folder, Path job, String master, String rounds) throws IOException {
    this.folder = folder;
    this.out = Files.createTempFile(folder, "driver-", ".txt");
    List<String> command = TestProcesses.java();
    settings(master).forEach((key, value) -> command.add("-D" + key + "=" + value));
    command.addAll(List.of(Main.class.getName(), "train", job.toString()));
    command.addAll(List.of("--resume", "--stacktrace", "--set", "compute.rounds=" + rounds));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.directory(folder.toFile()).redirectErrorStream(true).redirectOutput(out.toFile());
    process = builder.start();
  }

  private static Map<String, String> settings(String master) {
    Map<String, String> settings = new TreeMap<>(TestSpark.settings(master));
    settings.remove("spark.driver.memory");
    settings.put("spark.sql.codegen.factoryMode", "NO_CODEGEN");
    settings.put("spark.sql.codegen.wholeStage", "false");
    settings.put("spark.sql.adaptive.enabled", "false");
    return settings;
  }

  /** What it has printed. */
  String out() {
    try {
      return Files.readString(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Since its start. */
  double seconds() {
    return (System.nanoTime() - started) * 1e-9;
  }

  /** Waits until something is so, or the process has ended; false then. */
  boolean await(BooleanSupplier what) throws InterruptedException {
    while (process.isAlive()) {
      if (what.getAsBoolean()) {
        return true;
      }
      if (seconds() > LONGEST_SECONDS) {
        throw new AssertionError("a driver must not hang\n" + out());
      }
      Thread.sleep(1);
    }
    return false;
  }

  /** Waits for a time; false when the process has ended meanwhile. */
  boolean await(double seconds) throws InterruptedException {
    long nanos = (long) (seconds * 1e9);
    return !process.waitFor(nanos, TimeUnit.NANOSECONDS);
  }

  /** Its rounds have begun. */
  boolean trains() {
    return out().contains("\nmemory ");
  }

  /** The checkpoint of the last round is there. */
  boolean hasTrained() {
    String last = "checkpoints/round-%09d/SHA256SUMS".formatted(CalmRun.ROUNDS);
    return Files.exists(folder.resolve(CalmRun.OUTPUT).resolve(last));
  }

  /** {@code kill -9}, or a signal by its name. */
  void kill(String signal) throws IOException, InterruptedException {
    if (signal.equals("KILL")) {
      process.destroyForcibly();
    } else {
      String number = Long.toString(process.pid());
      new ProcessBuilder("kill", "-" + signal, number).start().waitFor();
    }
  }

  /** Its exit code, when it has ended. */
  int exitCode() throws InterruptedException {
    if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("a driver must end\n" + out());
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
