package io.lakeprop.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lakeprop.base.InvalidInput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Any text as a job file: a job that is written and read the same, or a refusal. */
public final class JobFileFuzz {
  private static final int LARGEST = 10_000;

  private JobFileFuzz() {}

  /** Called by the fuzzer. */
  public static void fuzzerTestOneInput(byte[] file) {
    try {
      Yaml.Mapping tree = tree(new String(file, StandardCharsets.UTF_8));
      JobReader.read(tree);
      String written = Yaml.write(tree);
      if (!written.contains("${")) {
        assertEquals(written, Yaml.write(tree(written)));
      }
    } catch (InvalidInput refused) {
      assertEquals(1, refused.getMessage().lines().count());
    }
  }

  private static Yaml.Mapping tree(String text) {
    return JobTree.resolve("f", text, List.of(), Map.of());
  }

  /** What the fuzzer begins with: the jobs of this project, and attacks of a moderate length. */
  public static Stream<byte[]> seeds() throws IOException {
    try (Stream<Path> jobs = Files.list(Path.of("jobs"))) {
      return Stream.concat(
              jobs.sorted().toList().stream().map(JobFileFuzz::text),
              JobFileAttackTest.attacks().map(attack -> (String) attack.get()[1]))
          .filter(text -> text.length() < LARGEST)
          .map(text -> text.getBytes(StandardCharsets.UTF_8));
    }
  }

  private static String text(Path job) {
    try {
      return Files.readString(job);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
