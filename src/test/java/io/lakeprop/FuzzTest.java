package io.lakeprop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.job.JobFileFuzz;
import io.lakeprop.model.CheckpointJsonFuzz;
import io.lakeprop.model.ModelJsonFuzz;
import io.lakeprop.model.SafetensorsFuzz;
import io.lakeprop.model.Sha256SumsFuzz;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Fuzzing of everything that parses a file, by coverage, from the seeds that the tests have: any
 * bytes give a value or a refusal, soon and in little memory, and never another failure.
 *
 * <p>A build tries so many inputs besides the seeds; {@code -Dfuzz.seconds=600} is how long each
 * target is fuzzed otherwise. The fuzzer rewrites the classes of its JVM, so each target has one to
 * itself. A new parser's target is a line in {@link #targets}.
 */
class FuzzTest {
  private static final int SECONDS = Integer.getInteger("fuzz.seconds", 0);

  /** Inputs that the fuzzer makes, where no time is given. */
  private static final int INPUTS = 1000;

  private static final Pattern DONE = Pattern.compile("Done (\\d+) runs");
  private static final Pattern NEEDED =
      Pattern.compile("^(jackson|snakeyaml|jazzer|junit|opentest4j|ejml|blas|javacpp|openblas)");

  private static final Path REPRODUCERS = Path.of("target/fuzz");

  @TempDir private Path folder;

  static Stream<Class<?>> targets() {
    return Stream.of(
        SafetensorsFuzz.class,
        ModelJsonFuzz.class,
        CheckpointJsonFuzz.class,
        Sha256SumsFuzz.class,
        JobFileFuzz.class);
  }

  /** The seeds themselves, with their stacks when one fails. */
  @ParameterizedTest
  @MethodSource("targets")
  void seedsGiveAValueOrARefusal(Class<?> target) throws ReflectiveOperationException {
    Method one = target.getMethod("fuzzerTestOneInput", byte[].class);
    List<byte[]> seeds = seeds(target);
    assertTrue(seeds.size() > 5);
    for (byte[] seed : seeds) {
      one.invoke(null, (Object) seed);
    }
  }

  @ParameterizedTest
  @MethodSource("targets")
  void noInputGivesAnythingElse(Class<?> target) throws Exception {
    Path seeds = Files.createDirectory(folder.resolve("seeds"));
    List<byte[]> all = seeds(target);
    for (int i = 0; i < all.size(); i++) {
      Files.write(seeds.resolve("seed" + i), all.get(i));
    }
    Files.createDirectories(REPRODUCERS);
    Path log = REPRODUCERS.resolve(target.getSimpleName() + ".log");
    Process fuzzer =
        new ProcessBuilder(command(target, seeds, all.size()))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      assertTrue(fuzzer.waitFor(SECONDS + 120L, TimeUnit.SECONDS), "the fuzzer hangs: " + log);
      assertEquals(0, fuzzer.exitValue(), () -> tail(log));
    } finally {
      fuzzer.destroyForcibly();
    }
    Matcher done = DONE.matcher(tail(log));
    assertTrue(done.find(), () -> "it has not run: " + tail(log));
    assertTrue(Long.parseLong(done.group(1)) >= all.size() + INPUTS, done.group());
  }

  private List<String> command(Class<?> target, Path seeds, int count) throws IOException {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx1g",
        "-Xmn400m",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-XX:+EnableDynamicAgentLoading",
        "-cp",
        needed(System.getProperty("java.class.path")),
        "com.code_intelligence.jazzer.Jazzer",
        "--target_class=" + target.getName(),
        "--instrumentation_includes=io.lakeprop.model.**:io.lakeprop.job.**:"
            + "com.fasterxml.jackson.core.**:org.snakeyaml.engine.**",
        // Hooks in everything would take half a minute of loading classes.
        "--custom_hook_includes=io.lakeprop.**",
        "--reproducer_path=" + REPRODUCERS,
        "-artifact_prefix=" + REPRODUCERS + "/",
        SECONDS > 0 ? "-max_total_time=" + SECONDS : "-runs=" + (count + INPUTS),
        "-timeout=60",
        "-rss_limit_mb=3000",
        "-max_len=20000",
        "-print_final_stats=1",
        Files.createDirectory(folder.resolve("found")).toString(),
        seeds.toString());
  }

  /** The fuzzer looks for hooks in every library: Spark's 200 would take it 20 seconds. */
  private static String needed(String classPath) {
    return Stream.of(classPath.split(File.pathSeparator, -1))
        .filter(
            entry ->
                !entry.endsWith(".jar")
                    || NEEDED.matcher(Path.of(entry).getFileName().toString()).find())
        .collect(Collectors.joining(File.pathSeparator));
  }

  @SuppressWarnings("unchecked")
  private static List<byte[]> seeds(Class<?> target) throws ReflectiveOperationException {
    return ((Stream<byte[]>) target.getMethod("seeds").invoke(null)).toList();
  }

  private static String tail(Path log) {
    try {
      List<String> lines = Files.readAllLines(log);
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
