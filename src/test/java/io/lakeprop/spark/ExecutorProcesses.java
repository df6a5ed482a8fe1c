package io.lakeprop.spark;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The executors of a driver on this machine as processes of the system: {@code local-cluster}
 * starts them as children of the driver. Works for this JVM and for a driver that a test started,
 * also through a shell.
 */
public final class ExecutorProcesses {
  private static final String BACKEND = "CoarseGrainedExecutorBackend";

  private ExecutorProcesses() {}

  /** Those of this JVM's cluster, the oldest first. */
  public static List<ProcessHandle> ours() {
    return of(ProcessHandle.current());
  }

  /** Those of a driver, the oldest first; none when it has ended. */
  public static List<ProcessHandle> of(ProcessHandle driver) {
    return driver
        .descendants()
        .filter(process -> commandLine(process).contains(BACKEND))
        .sorted(Comparator.comparingLong(ProcessHandle::pid))
        .toList();
  }

  /** The number that Spark gave an executor. */
  public static String id(ProcessHandle executor) {
    List<String> words = List.of(commandLine(executor).split("\0", -1));
    return words.get(words.indexOf("--executor-id") + 1);
  }

  /** The process of an executor's number. */
  public static ProcessHandle named(String id) {
    return ours().stream().filter(process -> id(process).equals(id)).findFirst().orElseThrow();
  }

  /** The words of a process, each with a zero at its end; Java itself reads only a page of them. */
  private static String commandLine(ProcessHandle process) {
    try {
      Path words = Path.of("/proc", Long.toString(process.pid()), "cmdline");
      return new String(Files.readAllBytes(words), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }

  /** {@code kill -9}: no goodbye, no clean-up. Waits until the system has done it. */
  public static void kill(ProcessHandle executor) {
    executor.destroyForcibly();
    executor.onExit().orTimeout(10, TimeUnit.SECONDS).join();
  }

  /** The process stands still, its connections stay open. */
  public static void stop(ProcessHandle executor) {
    signal("-STOP", executor);
  }

  /** A process that was stopped goes on. */
  public static void goOn(ProcessHandle executor) {
    signal("-CONT", executor);
  }

  /**
   * The process gets a hundredth of a core, as on a host that others have filled: it does all that
   * it did, late. Ends with {@link Slow#close}.
   */
  public static Slow slow(ProcessHandle executor) {
    String pid = Long.toString(executor.pid());
    String duty = "while kill -STOP $0; do sleep 0.99; kill -CONT $0; sleep 0.01; done";
    try {
      return new Slow(executor, new ProcessBuilder("sh", "-c", duty, pid).start());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** A process that is slow until this is closed. */
  public record Slow(ProcessHandle executor, Process brake) implements AutoCloseable {
    @Override
    public void close() {
      kill(brake.toHandle());
      goOn(executor);
    }
  }

  private static void signal(String signal, ProcessHandle process) {
    try {
      new ProcessBuilder("kill", signal, Long.toString(process.pid())).start().waitFor();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
