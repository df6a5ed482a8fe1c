package io.lakeprop.job;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.model.CheckpointFiles;
import io.lakeprop.spark.HadoopStorage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;

/** What lies in the folder of a run that was struck, against what the calm run has. */
record Aftermath(Path run, CalmRun calm, FaultCount count) {
  private static final String SUMS = "SHA256SUMS";
  private static final String JOB = "job.yaml";

  /**
   * The last whole checkpoint is the calm run's, a model that is done, too.
   *
   * @return the round of the checkpoint, 0 without one
   */
  long check() throws IOException {
    if (Files.exists(run.resolve("DONE"))) {
      same(calm.model(), CalmRun.files(run.resolve("model")), "model");
    }
    HadoopStorage storage = new HadoopStorage(new Configuration());
    CheckpointFiles files = new CheckpointFiles(storage, run.resolve("checkpoints").toString());
    Optional<CheckpointFiles.Found> found = files.last((name, why) -> passedOver(name));
    if (found.isEmpty()) {
      return 0;
    }
    sameCheckpoint(found.get().name());
    if (found.get().checkpoint().best().isPresent()) {
      String best = "best-%09d".formatted(found.get().checkpoint().best().getAsLong());
      same(written(best), CalmRun.files(run.resolve("checkpoints").resolve(best)), best);
    }
    return found.get().checkpoint().round();
  }

  /** Only where the kill came within the last file, which says that all others are there. */
  private void passedOver(String name) {
    count.add("checkpoints passed over", 1);
    long length = run.resolve("checkpoints").resolve(name).resolve(SUMS).toFile().length();
    assertTrue(length < written(name).get(SUMS).length, name + " is damaged");
  }

  /** Whether a folder of a checkpoint was begun and not finished. */
  boolean isTorn() throws IOException {
    Path checkpoints = run.resolve("checkpoints");
    if (!Files.exists(checkpoints)) {
      return false;
    }
    try (Stream<Path> all = Files.list(checkpoints)) {
      return all.anyMatch(folder -> !Files.exists(folder.resolve(SUMS)));
    }
  }

  /** The last round that a log of the run tells of. */
  long lastRoundTold() throws IOException {
    long last = 0;
    try (Stream<Path> all = Files.list(run)) {
      for (Path log : all.filter(file -> file.toString().endsWith(".jsonl")).toList()) {
        last =
            Math.max(
                last,
                Ran.lines(log).stream().mapToLong(l -> l.get("round").asLong()).max().orElse(0));
      }
    }
    return last;
  }

  /** All that the run leaves is what the calm run leaves. */
  void checkEnd() throws IOException {
    assertTrue(Files.exists(run.resolve("DONE")), "DONE");
    same(calm.model(), CalmRun.files(run.resolve("model")), "model");
    assertEquals(String.join("\n", calm.lines()), String.join("\n", CalmRun.lines(run)));
    assertEquals(
        calm.report().toPrettyString(),
        CalmRun.report(run.resolve("report.json")).toPrettyString());
    Set<String> names = new TreeSet<>();
    try (Stream<Path> all = Files.list(run)) {
      all.forEach(file -> names.add(file.getFileName().toString()));
    }
    assertEquals(
        Set.of("DONE", "RUN", "checkpoints", "job.yaml", "model", "report.json", "rounds.jsonl"),
        names);
    assertFalse(isTorn(), "a torn checkpoint is left");
  }

  /** Of a checkpoint the job may name the other kind of rounds, which has no say in the bits. */
  private void sameCheckpoint(String name) throws IOException {
    Map<String, byte[]> actual = CalmRun.files(run.resolve("checkpoints").resolve(name));
    Map<String, byte[]> expected = written(name);
    if (text(actual.get(JOB)).contains("rounds: job")) {
      String job = text(expected.get(JOB)).replace("rounds: resident", "rounds: job");
      String sums = text(expected.get(SUMS)).replace(sum(expected.get(JOB)), sum(bytes(job)));
      expected.put(JOB, bytes(job));
      expected.put(SUMS, bytes(sums));
    }
    same(expected, actual, name);
  }

  /** The files that the calm run has written into a folder of its checkpoints. */
  private Map<String, byte[]> written(String name) {
    Map<String, byte[]> files = new TreeMap<>();
    String prefix = name + "/";
    calm.checkpoints()
        .forEach(
            (path, bytes) -> {
              if (path.startsWith(prefix)) {
                files.put(path.substring(prefix.length()), bytes);
              }
            });
    return files;
  }

  private void same(Map<String, byte[]> expected, Map<String, byte[]> actual, String where) {
    assertEquals(expected.keySet(), actual.keySet(), where);
    assertFalse(expected.isEmpty(), where);
    expected.forEach(
        (name, bytes) -> {
          assertArrayEquals(bytes, actual.get(name), where + "/" + name);
          count.add("files compared", 1);
          count.add("bytes compared", bytes.length);
        });
  }

  private static String sum(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
