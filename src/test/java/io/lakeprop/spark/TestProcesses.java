package io.lakeprop.spark;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/**
 * How a test starts a JVM of its own, a driver's or an executor's. Such a process lives for
 * seconds, and most of them would go into reading and linking Spark's 20,000 classes: so it maps an
 * archive of them, and it does without the better compiler.
 */
public final class TestProcesses {
  private static final List<String> QUICK =
      List.of(
          "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xlog:cds=off", "-Xlog:cds+dynamic=off");

  private TestProcesses() {}

  /** The begin of a command: a JVM with this one's options for modules and with its classes. */
  public static List<String> java() {
    List<String> command = new ArrayList<>();
    command.add(program());
    command.addAll(moduleOptions());
    command.addAll(executorOptions());
    command.add("-Xmx512m");
    command.addAll(List.of("-cp", libraries() + File.pathSeparator + ourClasses()));
    return command;
  }

  /** What makes an executor quick to start whose class path begins with {@link #libraries}. */
  public static List<String> executorOptions() {
    List<String> options = new ArrayList<>(QUICK);
    options.addAll(List.of("-XX:SharedArchiveFile=" + Archive.FILE, "-Xshare:auto"));
    return options;
  }

  /** The class path without our own classes. */
  public static String libraries() {
    return String.join(File.pathSeparator, entries().filter(e -> e.endsWith(".jar")).toList());
  }

  /** Our own classes and resources, as a cluster gets them: in a jar. */
  public static Path ourClasses() {
    return OurJar.FILE;
  }

  private static Stream<String> entries() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1));
  }

  private static String program() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  private static List<String> moduleOptions() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(own -> own.startsWith("--") || own.matches("-D(jdk|io[.]netty)[.].*"))
        .toList();
  }

  /** Made once a JVM. */
  private static final class OurJar {
    static final Path FILE = made();

    private static Path made() {
      try {
        Path jar = Files.createTempFile("ours-", ".jar");
        jar.toFile().deleteOnExit();
        Set<String> names = new HashSet<>();
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
          for (Path folder : entries().filter(e -> !e.endsWith(".jar")).map(Path::of).toList()) {
            for (Path file : files(folder)) {
              String name = folder.relativize(file).toString().replace(File.separatorChar, '/');
              if (!name.startsWith("golden") && names.add(name)) {
                out.putNextEntry(new JarEntry(name));
                Files.copy(file, out);
              }
            }
          }
        }
        return jar;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static List<Path> files(Path folder) throws IOException {
      try (Stream<Path> all = Files.walk(folder)) {
        return all.filter(Files::isRegularFile).toList();
      }
    }
  }

  /**
   * The classes of the libraries that a training uses, linked and ready to be mapped; kept for the
   * next build while Java and the libraries stay. A JVM that finds them changed does without.
   */
  private static final class Archive {
    static final Path FILE = made();

    private static final long LONGEST_SECONDS = 300;

    private static Path made() {
      String key = System.getProperty("java.vm.version") + libraries();
      UUID name = UUID.nameUUIDFromBytes(key.getBytes(StandardCharsets.UTF_8));
      try {
        Path target = Files.createDirectories(Path.of("target").toAbsolutePath());
        Path file = target.resolve("classes-" + name + ".jsa");
        // The tests of a build run in several JVMs: one makes it, the others wait.
        try (FileChannel lock =
                FileChannel.open(
                    target.resolve("classes.lock"),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE);
            FileLock held = lock.lock()) {
          if (held.isValid() && !Files.exists(file)) {
            make(file);
          }
        }
        return file;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** What a training in local mode has loaded when it ends. */
    private static void make(Path file) throws IOException {
      // Beside the archive: its 150 MB are renamed, not copied, and a clean build takes the rest
      // away.
      Path folder = Files.createTempDirectory(file.getParent(), "archive-");
      Path fresh = folder.resolve("classes.jsa");
      StringBuilder table = new StringBuilder("a,b,y\n");
      for (int row = 0; row < 100; row++) {
        table
            .append(row * 37 % 101 / 8.0)
            .append(",x")
            .append(row % 3)
            .append(",y")
            .append(row % 2);
        table.append('\n');
      }
      Files.writeString(folder.resolve("table.csv"), table);
      Files.writeString(
          folder.resolve("job.yaml"),
          """
          table: table.csv
          label: y
          output: run
          training: {epochs: 1, checkpoints: {every_rounds: 1}}
          """);
      List<String> command = new ArrayList<>(List.of(program()));
      command.addAll(moduleOptions());
      command.addAll(QUICK);
      command.addAll(List.of("-XX:ArchiveClassesAtExit=" + fresh, "-cp", libraries()));
      command.addAll(List.of("org.apache.spark.deploy.SparkSubmit", "--master", "local[2]"));
      command.addAll(List.of("--properties-file", properties()));
      command.addAll(List.of("--class", "io.lakeprop.job.Main", ourClasses().toString()));
      command.addAll(List.of("train", "job.yaml"));
      Path log = folder.resolve("log");
      Process process =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      try {
        if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
          throw new IllegalStateException("no archive of classes:\n" + Files.readString(log));
        }
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      } finally {
        process.destroyForcibly();
      }
      Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
    }

    private static String properties() {
      return Path.of("conf", "local.properties").toAbsolutePath().toString();
    }
  }
}
