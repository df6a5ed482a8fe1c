package io.lakeprop.job;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every file of {@code jobs/} is a job without a key too many, and says first what it is for. */
final class JobFilesTest {
  static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("jobs"))) {
      return files.sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void isAJob(Path file) throws IOException {
    String text = Files.readString(file);
    Job job = JobReader.read(JobTree.resolve(file.toString(), text, List.of(), Map.of()));
    assertFalse(job.output().isEmpty());
    assertTrue(text.startsWith("# "), "a job file starts with what it is for");
  }
}
