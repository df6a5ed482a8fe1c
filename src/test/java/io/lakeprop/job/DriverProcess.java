package io.lakeprop.job;

import io.lakeprop.spark.TestSpark;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/** A driver in a process of its own, which runs {@code train JOB --resume} in a folder. */
final class DriverProcess implements AutoCloseable {
  private static final long LONGEST_SECONDS = 180;

  private final Path folder;
  private final Path out;
  private final Process process;
  private final long started = System.nanoTime();

  /**
   * @param folder whose folder {@link CalmRun#OUTPUT} is the run's
   * @param more options of the JVM
   */
  DriverProcess(Path folder, Path job, String master, String rounds, List<String> more)
      throws IOException {
    this.folder = folder;
    this.out = Files.createTempFile(folder, "driver-", ".txt");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options());
    command.addAll(more);
    settings(master).forEach((key, value) -> command.add("-D" + key + "=" + value));
    command.addAll(List.of("-cp", ClassPath.JARS, Main.class.getName(), "train", job.toString()));
    command.addAll(List.of("--resume", "--stacktrace", "--set", "compute.rounds=" + rounds));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.directory(folder.toFile()).redirectErrorStream(true).redirectOutput(out.toFile());
    process = builder.start();
  }

  /** Those of this JVM, but for its memory and what listens to it; quick to start. */
  private static List<String> options() {
    List<String> options = new ArrayList<>();
    for (String own : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (own.startsWith("--add-") || own.startsWith("--enable-") || own.startsWith("-Djdk.")) {
        options.add(own);
      }
    }
    options.addAll(List.of("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    options.addAll(List.of("-Xshare:auto", "-Dio.netty.tryReflectionSetAccessible=true"));
    return options;
  }

  private static Map<String, String> settings(String master) {
    Map<String, String> settings = new TreeMap<>(TestSpark.settings(master));
    settings.remove("spark.driver.memory");
    settings.put("spark.sql.codegen.factoryMode", "NO_CODEGEN");
    settings.put("spark.sql.codegen.wholeStage", "false");
    settings.put("spark.sql.adaptive.enabled", "false");
    return settings;
  }

  /** The class path without folders, so that classes may come from an archive; made once. */
  private static final class ClassPath {
    static final String JARS = jars();

    private static String jars() {
      List<String> jars = new ArrayList<>();
      List<Path> folders = new ArrayList<>();
      for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
        if (entry.endsWith(".jar")) {
          jars.add(entry);
        } else {
          folders.add(Path.of(entry));
        }
      }
      jars.add(0, jar(folders).toString());
      return String.join(File.pathSeparator, jars);
    }

    private static Path jar(List<Path> folders) {
      Path jar = Path.of("target", "drivers.jar").toAbsolutePath();
      Set<String> names = new HashSet<>();
      try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
        for (Path folder : folders) {
          for (Path file : files(folder)) {
            String name = folder.relativize(file).toString();
            if (!name.startsWith("golden") && names.add(name)) {
              out.putNextEntry(new JarEntry(name));
              Files.copy(file, out);
            }
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return jar;
    }

    private static List<Path> files(Path folder) throws IOException {
      try (Stream<Path> all = Files.walk(folder)) {
        return all.filter(Files::isRegularFile).toList();
      }
    }
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
