package io.lakeprop.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lakeprop.base.InvalidInput;
import io.lakeprop.job.RunFolder.Earlier;
import io.lakeprop.model.ModelFiles;
import io.lakeprop.model.NotReadable;
import io.lakeprop.spark.HadoopStorage;
import io.lakeprop.spark.Outage;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.security.AccessControlException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A run deletes only what a run has made: every flag over every kind of folder, on the local file
 * system and on a store without renames, with the whole tree compared before and after.
 */
final class OthersFilesTest {
  private static final Configuration PLAIN = new Configuration(false);
  private static final String JOB = "table: t.csv\nlabel: y\noutput: run\n";
  private static final String LINE = "{\"round\":1,\"epoch\":1,\"loss\":0.5}\n";

  @TempDir private Path folder;
  private String told = "";

  private void run(String scheme, Path output, Earlier earlier) throws IOException {
    run(scheme, output.toString(), earlier);
  }

  private void run(String scheme, String output, Earlier earlier) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Console console = new Console(new PrintStream(out, true, StandardCharsets.UTF_8), false);
    HadoopStorage storage = new HadoopStorage(Outage.none().configuration(PLAIN));
    try {
      assertEquals(
          0, new SmallTraining(storage, console, scheme + "://" + output, 9, 3).run(earlier));
    } finally {
      told = out.toString(StandardCharsets.UTF_8);
    }
  }

  private String refusal(String scheme, Path output, Earlier earlier) throws IOException {
    return refusal(scheme, output, "", earlier);
  }

  private String refusal(String scheme, Path output, String end, Earlier earlier)
      throws IOException {
    Map<String, String> before = FolderTree.of(folder);
    String message =
        assertThrows(InvalidInput.class, () -> run(scheme, output + end, earlier)).getMessage();
    assertEquals(before, FolderTree.of(folder), message);
    return message;
  }

  /** What somebody may have, however much of it is named as a run names its files. */
  static Stream<Arguments> foreign() {
    Map<String, Map<String, String>> folders = new TreeMap<>();
    folders.put("notes.txt", Map.of("notes.txt", "mine"));
    folders.put("t.csv", Map.of("job.yaml", JOB, "t.csv", "a,y\n1,2\n"));
    folders.put("job.yaml", Map.of("job.yaml", JOB));
    folders.put("job.yaml, model", Map.of("job.yaml", JOB, "model/weights.pt", "w"));
    folders.put("model", Map.of("model/SHA256SUMS", "", "model/model.json", "{}"));
    folders.put("rounds.jsonl", Map.of("job.yaml", JOB, "rounds.jsonl", "boxing: round 1\n"));
    folders.put("CURRENT", Map.of("LOCK", "", "CURRENT", "MANIFEST-1\n", "DONE", ""));
    folders.put("LOCK", Map.of("LOCK", "held by another program"));
    folders.put("thesis.tex", Map.of("thesis.tex", "x", "rounds.jsonl", LINE));
    folders.put("checkpoints", Map.of("checkpoints/last.pt", "w"));
    folders.put("_SUCCESS", Map.of("_SUCCESS", "", "part-0.parquet", "PAR1"));
    folders.put("DONE", Map.of("DONE", ""));
    folders.put("report.json", Map.of("report.json", "{}"));
    folders.put("RUN", Map.of("RUN", "a novel", "job.yaml", JOB));
    // Empty, or the beginning of anything: no sign of a run.
    folders.put("job.yaml, LOCK", Map.of("LOCK", "", "job.yaml", JOB, "report.json", "{}"));
    folders.put("job.yaml, rounds", Map.of("rounds.jsonl", "", "job.yaml", JOB));
    folders.put("DONE, report", Map.of("DONE", "", "report.json", "{}", "model/weights.pt", "w"));
    folders.put("job.yaml, RUN", Map.of("RUN", "", "job.yaml", JOB, "LOCK", ""));
    folders.put("job.yaml, half", Map.of("RUN", "{\"run\":1,\"la", "job.yaml", JOB));
    folders.put("RUN, LOCK", Map.of("RUN", "", "LOCK", "held by another program"));
    folders.put("rounds.jsonl, log", Map.of("rounds.jsonl", LINE, "job.yaml", JOB, "DONE", ""));
    folders.put(
        "notes",
        Map.of(
            "notes",
            "of an old release's run",
            "rounds.jsonl",
            LINE,
            "DONE",
            "",
            "report.json",
            "{}"));
    return folders.entrySet().stream()
        .flatMap(
            one ->
                Stream.of("file", "store")
                    .map(scheme -> Arguments.of(scheme, one.getKey(), one.getValue())));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("foreign")
  void aFolderOfOthersIsRefusedByEveryFlag(String scheme, String named, Map<String, String> files)
      throws IOException {
    Path output = FolderTree.make(folder.resolve("out"), files);
    for (Earlier earlier : Earlier.values()) {
      String message = refusal(scheme, output, earlier);
      assertTrue(
          message.startsWith(
              "output %s://%s must be a new folder or an earlier run, however: it holds "
                  .formatted(scheme, output)),
          message);
      assertTrue(message.contains(named.split(",", -1)[0]), message);
      assertTrue(message.endsWith("(name another folder)"), message);
    }
  }

  @ParameterizedTest
  @EnumSource(Earlier.class)
  void aFileAndALinkToOthersAreRefused(Earlier earlier) throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "mine");
    assertTrue(refusal("file", file, earlier).endsWith("must be a folder, however: it is a file"));
    FolderTree.make(folder.resolve("home"), Map.of("letters/a.txt", "dear b"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("home"));
    assertTrue(refusal("file", link, earlier).contains("it holds letters"));
    String slash = refusal("file", file, "/", earlier);
    assertTrue(slash.endsWith("must be a folder, however: it is a file"), slash);
  }

  /** Whose folder it is can lead what is written there to a file of whoever runs the command. */
  @ParameterizedTest
  @EnumSource(Earlier.class)
  void aLockOrMarkThatIsALinkIsRefused(Earlier earlier) throws IOException {
    Path run = folder.resolve("run");
    run("file", run, Earlier.REFUSE);
    FolderTree.make(folder, Map.of("home/.bashrc", "mine", "home/empty", "", "a/", "", "b/", ""));
    for (String target : List.of("home/.bashrc", "home/empty", "home/none")) {
      for (String name : List.of("run/LOCK", "a/LOCK", "b/RUN")) {
        Path link = folder.resolve(name);
        boolean isLost = name.equals("b/RUN") && !target.equals("home/empty");
        Files.createSymbolicLink(link, folder.resolve(target));
        String message = refusal("file", link.getParent(), earlier);
        String words = isLost ? "it holds RUN" : link.getFileName() + " is a link (name another";
        assertTrue(message.contains(words), message);
        Files.delete(link);
      }
    }
  }

  @Test
  void anEmptyFolderAndALinkToOneStay() throws IOException {
    Path empty = Files.createDirectory(folder.resolve("empty"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), empty);
    HadoopStorage storage = new HadoopStorage(PLAIN);
    RunLock.take(storage, link.toString(), (holder, longest) -> {}).close();
    RunLock.take(storage, empty.toString(), (holder, longest) -> {}).close();
    assertTrue(Files.isSymbolicLink(link));
    assertTrue(Files.isDirectory(empty));
    run("file", link, Earlier.REFUSE);
    assertTrue(Files.exists(empty.resolve("DONE")));
  }

  /** Whose names no run gives, or not there. */
  private static final Map<String, String> NOTES =
      Map.of(
          "notes.txt", "mine",
          "model/README.md", "mine",
          "checkpoints/notes.txt", "mine",
          "checkpoints/round-5/notes", "mine",
          "checkpoints/round-0000000000012/state.json", "mine",
          "checkpoints/best-00000000a/model.json", "mine",
          "rounds.jsonl.bak", "mine",
          "plots/loss.png", "mine");

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({"file, REPLACE", "store, REPLACE", "file, RESUME", "store, RESUME"})
  void whatSomebodyPutsIntoARunStays(String scheme, Earlier earlier) throws IOException {
    Path output = folder.resolve("run");
    run(scheme, output, Earlier.REFUSE);
    Map<String, String> calm = FolderTree.of(output);
    if (earlier == Earlier.RESUME) {
      // Nothing to go on from: it begins anew.
      Files.delete(output.resolve("DONE"));
      for (Path checkpoint : list(output.resolve("checkpoints"))) {
        new io.lakeprop.model.LocalStorage().delete(checkpoint.toString());
      }
    }
    FolderTree.make(output, NOTES);
    run(scheme, output, earlier);
    for (Map.Entry<String, String> note : NOTES.entrySet()) {
      assertEquals(note.getValue(), Files.readString(output.resolve(note.getKey())));
    }
    for (String name : List.of("model/theta.safetensors", "model/SHA256SUMS", "DONE")) {
      assertEquals(calm.get(name), FolderTree.of(output).get(name), name);
    }
    assertFalse(Files.exists(output.resolve("LOCK")));
  }

  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.toList();
    }
  }

  /** Its process died between its lock and the last byte of its mark. */
  @ParameterizedTest(name = "{0}")
  @CsvSource({"file", "store"})
  void aRunThatWasLostBeforeItsMarkBeginsAnew(String scheme) throws IOException {
    for (Map<String, String> early :
        List.of(
            Map.of("LOCK", deadLock()),
            Map.of("RUN", "", "LOCK", deadLock()),
            Map.of("RUN", "{\"run\":1,\"la", "LOCK", deadLock()),
            Map.of("RUN", "{\"run\":1,\"la"))) {
      Path lost = FolderTree.make(folder.resolve("lost" + early.hashCode()), early);
      run(scheme, lost, Earlier.RESUME);
      assertTrue(Files.exists(lost.resolve("DONE")), early.toString());
    }
    HadoopStorage storage = new HadoopStorage(PLAIN);
    for (String torn : List.of("", "{\"tok")) { // Would be waited for.
      Path lost = FolderTree.make(folder.resolve("torn" + torn.length()), Map.of("LOCK", torn));
      OutputFolder.of(storage, lost.toString()).check(Earlier.REFUSE);
    }
  }

  private static String deadLock() {
    return "{\"token\":\"t\",\"host\":\"h\",\"namespace\":\"%s\",\"process\":%d,\"started\":\"\",\"beat\":1}\n"
        .formatted(PidNamespace.own(), Integer.MAX_VALUE);
  }

  private Path lost(String scheme) throws IOException {
    Path output = folder.resolve("run");
    run(scheme, output, Earlier.REFUSE);
    Files.delete(output.resolve("DONE"));
    return output;
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"RESUME", "EXTEND"})
  void checkpointsOfANewerReleaseAreNotBegunOver(Earlier earlier) throws IOException {
    Path output = lost("file");
    List<Path> checkpoints = list(output.resolve("checkpoints"));
    Path last = checkpoints.stream().filter(c -> c.endsWith("round-000000009")).findAny().get();
    rewrite(last, "state.json", json -> json.put("format_version", 2));
    String message = refusal("file", output, earlier);
    assertTrue(
        message.startsWith(
            "checkpoint round-000000009 must be readable by this release, however: it is whole, and"
                + " "),
        message);
    assertTrue(message.contains("format_version"), message);
    // A file of a kind that only the newer release knows.
    rewrite(last, "state.json", json -> json.put("format_version", 1));
    Files.writeString(last.resolve("tokens.bin"), "new");
    sum(last, "tokens.bin");
    assertTrue(refusal("file", output, earlier).contains("round-000000009 must be readable"));
  }

  private interface Change {
    void on(ObjectNode json);
  }

  private static void rewrite(Path checkpoint, String name, Change change) throws IOException {
    ObjectNode json = (ObjectNode) Ran.json(checkpoint.resolve(name));
    change.on(json);
    Files.writeString(checkpoint.resolve(name), json.toString());
    sum(checkpoint, name);
  }

  private static void sum(Path checkpoint, String name) throws IOException {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(checkpoint.resolve(name)));
      Path sums = checkpoint.resolve("SHA256SUMS");
      String others = Files.readString(sums).replaceAll("(?m)^.*  " + name + "\n", "");
      Files.writeString(sums, others + HexFormat.of().formatHex(digest) + "  " + name + "\n");
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void checkpointsThatAreAllDamagedAreNotBegunOver() throws IOException {
    Path output = lost("file");
    for (Path checkpoint : list(output.resolve("checkpoints"))) {
      Path file = checkpoint.resolve("theta.safetensors");
      Files.write(file, new byte[5]);
    }
    String message = refusal("file", output, Earlier.RESUME);
    assertTrue(message.contains("must have a checkpoint that can be read (--overwrite"), message);
    assertTrue(message.contains("round-000000009: "), message);
    assertTrue(told.contains("round-000000009 is passed over"), told);
    run("file", output, Earlier.REPLACE);
    assertTrue(Files.exists(output.resolve("DONE")));
  }

  /** As an earlier release named them where the default locale has digits of its own. */
  @Test
  void checkpointsInOtherDigitsAreNotBegunOver() throws IOException {
    Path output = lost("file");
    for (Path checkpoint : list(output.resolve("checkpoints"))) {
      String name = checkpoint.getFileName().toString();
      StringBuilder arabic = new StringBuilder();
      name.chars().forEach(c -> arabic.append((char) (c >= '0' && c <= '9' ? c - '0' + 0x660 : c)));
      Files.move(checkpoint, checkpoint.resolveSibling(arabic.toString()));
    }
    String message = refusal("file", output, Earlier.RESUME);
    assertTrue(message.contains("its name must have the digits 0 to 9 (rename it)"), message);
    Map<String, String> before = FolderTree.of(output.resolve("checkpoints"));
    run("file", output, Earlier.REPLACE);
    FolderTree.of(output.resolve("checkpoints")).forEach((path, bytes) -> before.remove(path));
    assertEquals(Map.of(), before, "nothing of them was deleted");
  }

  @Test
  void anotherReleaseThatGoesOnIsNoticed() throws IOException {
    Path output = lost("file");
    ObjectNode mark = (ObjectNode) Ran.json(output.resolve("RUN"));
    Files.writeString(output.resolve("RUN"), mark.put("lakeprop", "0.0.1") + "\n");
    run("file", output, Earlier.RESUME);
    assertTrue(told.contains("this run was begun by lakeprop 0.0.1 and goes on with "), told);
    // It stays a run of the release that has begun it, until another one begins anew.
    assertEquals("0.0.1", Ran.json(output.resolve("RUN")).get("lakeprop").asText());
    run("file", output, Earlier.REPLACE);
    assertEquals(Version.lakeprop(), Ran.json(output.resolve("RUN")).get("lakeprop").asText());
    Files.delete(output.resolve("DONE"));
    run("file", output, Earlier.RESUME);
    assertEquals("", told);
  }

  /** What a file system says of a file that is there and whole. */
  static Stream<Arguments> failures() {
    return Stream.of(
        Arguments.of("file", new FileNotFoundException("f (Permission denied)"), false),
        Arguments.of("file", new FileNotFoundException("f (Too many open files)"), false),
        Arguments.of("store", new AccessDeniedException("f", null, "403 Forbidden"), true),
        Arguments.of("store", new AccessControlException("Permission denied: user=u"), true),
        Arguments.of("store", new IOException("503 Slow Down"), false),
        Arguments.of("store", new SocketTimeoutException("timed out"), false));
  }

  /** Nobody knows whether it is damaged: neither is an earlier one taken, nor a best model lost. */
  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("failures")
  void aCheckpointThatCannotBeReadIsNotTakenForDamaged(
      String scheme, IOException failure, boolean denied) throws IOException {
    Path output = lost(scheme);
    Map<String, String> calm = FolderTree.of(output);
    String run = scheme + "://" + output;
    for (String file :
        List.of(
            "round-000000009/SHA256SUMS",
            "round-000000009/state.json",
            "round-000000009/job.yaml",
            "round-000000009/theta.safetensors",
            "checkpoints/best-")) {
      Outage outage = Outage.none();
      outage.fail(file, failure);
      HadoopStorage storage = new HadoopStorage(outage.configuration(PLAIN));
      Console console = new Console(new PrintStream(OutputStream.nullOutputStream()), false);
      IOException refused =
          assertThrows(
              IOException.class,
              () -> new SmallTraining(storage, console, run, 9, 3).run(Earlier.RESUME));
      assertEquals(denied, refused instanceof NotReadable, refused.toString());
      assertTrue(refused.getMessage().contains(file), refused.getMessage());
      assertEquals(calm, FolderTree.of(output), file);
    }
    run(scheme, output, Earlier.RESUME);
    assertEquals("", told);
    assertEquals(calm.get("model/SHA256SUMS"), FolderTree.of(output).get("model/SHA256SUMS"));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("failures")
  void aModelThatCannotBeReadIsNotTakenForDamaged(
      String scheme, IOException failure, boolean denied) throws IOException {
    Path output = lost(scheme);
    for (String file : List.of("SHA256SUMS", "model.json", "theta.safetensors")) {
      Outage outage = Outage.none();
      outage.fail("model/" + file, failure);
      HadoopStorage storage = new HadoopStorage(outage.configuration(PLAIN));
      IOException refused =
          assertThrows(IOException.class, () -> ModelFiles.read(storage, scheme + "://" + output));
      assertEquals(denied, refused instanceof NotReadable, refused.toString());
      assertTrue(refused.getMessage().contains("model/" + file), refused.getMessage());
    }
  }
}
