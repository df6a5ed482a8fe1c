package io.lakeprop.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.base.InvalidInput;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What was written comes back to the bit, and what was not written whole is never taken for it. */
class CheckpointFilesTest {
  private static final String LAST = "c/round-000000020/";
  private final MemoryStorage storage = new MemoryStorage();
  private final CheckpointFiles files = new CheckpointFiles(storage, "c");
  private final List<String> told = new ArrayList<>();

  private Optional<CheckpointFiles.Found> last() throws IOException {
    told.clear();
    return files.last((name, why) -> told.add(name + ": " + why));
  }

  private void two() throws IOException {
    TinyCheckpoint.write(files, 10, 5);
    TinyCheckpoint.write(files, 20, 15);
  }

  @ParameterizedTest
  @CsvSource({"1,-1", "20,15", "999999999999999999,0", "1234567890,1234567890"})
  void everyBitComesBack(long round, long best) throws IOException {
    TinyCheckpoint.write(files, round, best);
    CheckpointFiles.Found found = last().orElseThrow();
    assertEquals(
        TinyCheckpoint.bits(TinyCheckpoint.of(round, best)),
        TinyCheckpoint.bits(found.checkpoint()));
    assertEquals(best >= 0, found.best().isPresent());
    found.best().ifPresent(m -> assertArrayEquals(TinyCheckpoint.best(best).theta(), m.theta()));
    assertEquals(List.of(), told);
  }

  @Test
  void whatWasReadIsWrittenAsTheSameBytes() throws IOException {
    TinyCheckpoint.write(files, 20, 15);
    CheckpointFiles.Found found = last().orElseThrow();
    MemoryStorage other = new MemoryStorage();
    CheckpointFiles again = new CheckpointFiles(other, "c");
    again.writeBest(15, found.best().orElseThrow());
    again.write(found.checkpoint());
    assertEquals(storage.files.keySet(), other.files.keySet());
    storage.files.forEach((path, bytes) -> assertArrayEquals(bytes, other.files.get(path), path));
  }

  @Test
  void aLaterRoundIsLastHoweverItIsSpelt() throws IOException {
    TinyCheckpoint.write(files, 999_999_999, 5);
    TinyCheckpoint.write(files, 1_000_000_000, 5);
    assertEquals("round-1000000000", last().orElseThrow().name());
  }

  @Test
  void ofNothingThereIsNoLast() throws IOException {
    assertTrue(last().isEmpty());
    storage.write("c/round-7/SHA256SUMS", new byte[0]);
    storage.write("c/notes.txt", new byte[0]);
    assertTrue(last().isEmpty());
    assertEquals(List.of(), told);
  }

  @Test
  void oneThatWasNotFinishedIsPassedOverInSilence() throws IOException {
    two();
    storage.delete(LAST + "SHA256SUMS");
    assertEquals("round-000000010", last().orElseThrow().name());
    assertEquals(List.of(), told);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "round-000000020/SHA256SUMS",
        "round-000000020/state.json",
        "round-000000020/job.yaml",
        "round-000000020/theta.safetensors",
        "round-000000020/memory.adam.m.safetensors",
        "round-000000020/average.safetensors",
        "best-000000015/SHA256SUMS",
        "best-000000015/model.json",
        "best-000000015/theta.safetensors"
      })
  void aDamagedOneIsNamedAndTheOneBeforeIsTaken(String name) throws IOException {
    two();
    byte[] whole = storage.files.get("c/" + name);
    for (int i = 0; i < whole.length; i++) {
      damaged(name, Arrays.copyOf(whole, i), "cut to " + i);
      byte[] flipped = whole.clone();
      flipped[i] ^= (byte) (i % 2 == 0 ? 1 : 0x80);
      damaged(name, flipped, "byte " + i);
    }
    if (!name.equals("round-000000020/SHA256SUMS")) {
      storage.files.put("c/" + name, whole);
      storage.delete("c/" + name);
      fallsBack(name + " is missing");
    }
  }

  private void damaged(String name, byte[] bytes, String how) throws IOException {
    String full = new String(storage.files.put("c/" + name, bytes), ISO);
    boolean onlyItsLastLineEndIsGone =
        name.endsWith("SHA256SUMS") && full.equals(new String(bytes, ISO) + "\n");
    if (!onlyItsLastLineEndIsGone) {
      fallsBack(name + " " + how);
    }
    storage.files.put("c/" + name, full.getBytes(ISO));
  }

  private static final java.nio.charset.Charset ISO = java.nio.charset.StandardCharsets.ISO_8859_1;

  private void fallsBack(String what) throws IOException {
    assertEquals("round-000000010", last().orElseThrow().name(), what);
    assertEquals(1, told.size(), what);
    assertTrue(told.get(0).startsWith("round-000000020: c/"), told.get(0));
    assertTrue(told.get(0).length() < 600, told.get(0));
  }

  @Test
  void aCheckpointOfAnotherRoundThanItsFolderIsNone() throws IOException {
    two();
    for (String name : storage.list("c/round-000000020")) {
      storage.files.put("c/round-000000030/" + name, storage.files.get(LAST + name));
    }
    assertEquals("round-000000020", last().orElseThrow().name());
    assertTrue(told.get(0).contains("must be of its folder's round, however: round=20"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1 | best-000000020 round-000000040",
        "2 | best-000000020 round-000000030 round-000000040",
        "5 | best-000000005 best-000000020 round-000000010 round-000000020 round-000000030"
            + " round-000000040"
      })
  void theNewestStayAndTheirBestModels(int keep, String names) throws IOException {
    TinyCheckpoint.write(files, 10, 5);
    TinyCheckpoint.write(files, 20, 5);
    TinyCheckpoint.write(files, 30, 20);
    files.writeBest(40, TinyCheckpoint.best(40)); // Of a checkpoint that was not written.
    TinyCheckpoint.write(files, 40, 20);
    TinyCheckpoint.write(files, 50, 45); // Of a process that was gone back over.
    storage.write("c/round-000000060/theta.safetensors", new byte[3]);
    files.prune(40, keep);
    assertEquals(List.of(names.split(" ")), storage.list("c"));
    assertEquals("round-000000040", last().orElseThrow().name());
  }

  /** What is of no use must neither count nor stand in the way of the next checkpoint. */
  @Test
  void oneThatCannotBeReadDoesNotStay() throws IOException {
    two();
    TinyCheckpoint.write(files, 30, 15);
    storage.delete(LAST + "SHA256SUMS");
    files.prune(30, 2);
    assertEquals(
        List.of("best-000000005", "best-000000015", "round-000000010", "round-000000030"),
        storage.list("c"));
    storage.write("c/round-000000010/state.json", new byte[] {'{'});
    files.prune(30, 2);
    assertEquals(List.of("best-000000015", "round-000000030"), storage.list("c"));
  }

  /** Those before it are all that is left: a run could go on from none, and would not be told. */
  @Test
  void theNewestOneIsNeverDeletedForWhatItIs() throws IOException {
    two();
    TinyCheckpoint.write(files, 30, 15);
    storage.write("c/round-000000030/state.json", new byte[] {'{'});
    List<String> before = storage.list("c");
    IOException e = assertThrows(IOException.class, () -> files.prune(30, 1));
    assertTrue(
        e.getMessage().startsWith("checkpoint round-000000030 must be readable once it is written"),
        e.getMessage());
    assertEquals(before, storage.list("c"));
  }

  @Test
  void oneThatNobodyCouldReadIsNotWritten() throws IOException {
    Checkpoint tiny = TinyCheckpoint.of(40, -1);
    TreeMap<String, float[]> vectors = new TreeMap<>();
    for (int i = 0; i < Checkpoint.MOST_VECTORS; i++) {
      vectors.put("memory.step_" + i, new float[1]);
    }
    files.write(with(tiny, vectors));
    assertEquals(
        Checkpoint.MOST_VECTORS, last().orElseThrow().checkpoint().state().vectors().size());
    vectors.put("theta", new float[1]);
    Checkpoint more = with(tiny, vectors);
    assertThrows(InvalidInput.class, () -> files.write(more));
    assertEquals("round-000000040", last().orElseThrow().name());
  }

  private static Checkpoint with(Checkpoint other, SortedMap<String, float[]> vectors) {
    return new Checkpoint(
        other.round(),
        new Snapshot(other.state().numbers(), vectors),
        other.best(),
        other.facts(),
        other.job());
  }

  /** A process may die at any moment of a checkpoint, of the deletion of older ones, too. */
  @Test
  void deathAtAnyChangeLeavesACheckpoint() throws IOException {
    two();
    atAnyChange(
        writer -> {
          TinyCheckpoint.write(writer, 30, 25);
          writer.prune(30, 1);
        },
        died -> {
          boolean isWritten = storage.exists("c/round-000000030/SHA256SUMS");
          String name = last().orElseThrow().name();
          assertTrue(
              name.equals("round-000000030") || (name.equals("round-000000020") && died), name);
          assertTrue(told.isEmpty() || isWritten, told.toString());
          // The next process writes over what is left.
          TinyCheckpoint.write(files, 30, 25);
          files.prune(30, 1);
          assertEquals(List.of("best-000000025", "round-000000030"), storage.list("c"));
        });
  }

  /** Of a process that was gone back over: half deleted is no damage. */
  @Test
  void deathWhileALaterOneIsDeletedIsNoDamage() throws IOException {
    two();
    TinyCheckpoint.write(files, 40, 15);
    TinyCheckpoint.write(files, 30, 15);
    atAnyChange(
        writer -> writer.prune(30, 2),
        died -> {
          boolean isThere = storage.exists("c/round-000000040/SHA256SUMS");
          assertEquals(
              isThere ? "round-000000040" : "round-000000030", last().orElseThrow().name());
          assertEquals(List.of(), told);
          assertTrue(died || !isThere);
        });
  }

  /** What a process does with the files. */
  private interface Work {
    void run(CheckpointFiles writer) throws IOException;
  }

  /** Looks at what it left; {@code died} is false when it came to its end. */
  private interface Check {
    void run(boolean died) throws IOException;
  }

  /** From what is there now, a process that dies at its first change, the second, to its end. */
  private void atAnyChange(Work work, Check check) throws IOException {
    TreeMap<String, byte[]> before = new TreeMap<>(storage.files);
    boolean died = true;
    for (int changes = 0; died; changes++) {
      storage.files.clear();
      storage.files.putAll(before);
      InterruptedStorage dying = new InterruptedStorage(storage, changes);
      try {
        work.run(new CheckpointFiles(dying, "c"));
      } catch (IOException e) {
        assertEquals("the process is dead", e.getMessage());
      }
      died = dying.died();
      check.run(died);
      assertTrue(changes < 100);
    }
  }

  @Test
  void theSameBestModelIsLeftAlone() throws IOException {
    files.writeBest(5, TinyCheckpoint.best(5));
    TreeMap<String, byte[]> before = new TreeMap<>(storage.files);
    files.writeBest(5, TinyCheckpoint.best(5));
    before.forEach((path, bytes) -> assertTrue(storage.files.get(path) == bytes, path));
  }

  @Test
  void anotherOrADamagedBestModelIsReplaced() throws IOException {
    List<Consumer<TreeMap<String, byte[]>>> changes =
        List.of(
            all -> all.put("c/best-000000005/theta.safetensors", new byte[9]),
            all -> all.remove("c/best-000000005/model.json"),
            all -> all.remove("c/best-000000005/SHA256SUMS"));
    for (Consumer<TreeMap<String, byte[]>> change : changes) {
      files.writeBest(5, TinyCheckpoint.best(4));
      change.accept(storage.files);
      files.writeBest(5, TinyCheckpoint.best(5));
      assertArrayEquals(
          TinyCheckpoint.best(5).theta(), ModelFiles.read(storage, "c/best-000000005").theta());
    }
    files.writeBest(5, TinyCheckpoint.best(6));
    assertArrayEquals(
        TinyCheckpoint.best(6).theta(), ModelFiles.read(storage, "c/best-000000005").theta());
  }

  /** What another release has written is whole, and is no damage: nobody may go back over it. */
  @Test
  void whatAnotherReleaseWroteIsRefused() throws IOException {
    List<Consumer<List<String>>> releases =
        List.of(
            names -> replace(LAST + "state.json", "{", "{\n  \"later\" : 1,"),
            names -> {
              storage.files.put(LAST + "later.bin", new byte[] {1});
              names.add("later.bin");
            });
    for (Consumer<List<String>> release : releases) {
      storage.files.clear();
      two();
      release(release);
      String refusal = assertThrows(InvalidInput.class, this::last).getMessage();
      assertTrue(
          refusal.startsWith(
              "checkpoint round-000000020 must be readable by this release, however: it is whole,"
                  + " and "),
          refusal);
      assertEquals(List.of(), told);
      // With a file missing or changed, it is damaged, whoever wrote it.
      byte[] theta = storage.files.remove(LAST + "theta.safetensors");
      fallsBack("a file is missing");
      storage.files.put(LAST + "theta.safetensors", theta);
      storage.files.put(LAST + "state.json", new byte[] {'{'});
      fallsBack("a file is changed");
    }
  }

  private void replace(String path, String text, String by) {
    String file = new String(storage.files.get(path), ISO);
    storage.files.put(
        path, file.replaceFirst(java.util.regex.Pattern.quote(text), by).getBytes(ISO));
  }

  /** Changes the last checkpoint and makes its digests right. */
  private void release(Consumer<List<String>> change) throws IOException {
    List<String> names = new ArrayList<>(storage.list("c/round-000000020"));
    names.remove("SHA256SUMS");
    change.accept(names);
    Resigned.sign(storage, "c/round-000000020", names);
  }

  @Test
  void aBestModelOfAnotherReleaseIsRefusedToo() throws IOException {
    two();
    replace("c/best-000000015/model.json", "{", "{\n  \"later\" : 1,");
    fallsBack("whose digest is wrong");
    Resigned.sign(storage, "c/best-000000015");
    String refusal = assertThrows(InvalidInput.class, this::last).getMessage();
    assertTrue(refusal.contains("it is whole, and c/best-000000015/model.json"), refusal);
    storage.files.remove("c/best-000000015/theta.safetensors");
    fallsBack("whose theta is missing");
    // A description that is read beside a theta that is not: no release writes that.
    two();
    storage.files.put("c/best-000000015/theta.safetensors", new byte[9]);
    Resigned.sign(storage, "c/best-000000015");
    fallsBack("whose theta is no theta");
  }

  /** A name from a file never becomes a path, of another release or not. */
  @Test
  void aNameThatClimbsIsDamage() throws IOException {
    two();
    release(
        names -> {
          storage.files.put(LAST + "../up", new byte[] {1});
          names.add("../up");
        });
    fallsBack("a name that climbs");
  }

  /** At the end of its writing there was nothing to lose yet; in its middle there is. */
  @Test
  void oneWhoseLastFileWasCutIsUnfinished() throws IOException {
    List<String> unfinished = new ArrayList<>();
    CheckpointFiles.Damaged damaged =
        new CheckpointFiles.Damaged() {
          @Override
          public void checkpoint(String name, String why) {
            told.add(name);
          }

          @Override
          public void unfinished(String name, String why) {
            unfinished.add(name);
          }
        };
    two();
    byte[] sums = storage.files.get(LAST + "SHA256SUMS");
    byte[] flipped = sums.clone();
    flipped[0] ^= 1;
    List<byte[]> cases =
        List.of(
            new byte[0],
            Arrays.copyOf(sums, sums.length - 2),
            flipped,
            Arrays.copyOf(sums, Sha256Sums.LONGEST + 1));
    for (byte[] file : cases) {
      told.clear();
      unfinished.clear();
      storage.files.put(LAST + "SHA256SUMS", file);
      assertEquals("round-000000010", files.last(damaged).orElseThrow().name());
      boolean isCut = file.length < sums.length;
      assertEquals(isCut ? List.of("round-000000020") : List.of(), unfinished, "" + file.length);
      assertEquals(isCut ? List.of() : List.of("round-000000020"), told, "" + file.length);
    }
  }

  /** Folders of other programs may have digits of other scripts, as none of ours has. */
  @Test
  void digitsOfOtherScriptsAreNamed() throws IOException {
    two();
    storage.write(
        "c/round-\u0660\u0660\u0660\u0660\u0660\u0660\u0660\u0663\u0660/state.json", new byte[1]);
    assertEquals("round-000000020", last().orElseThrow().name());
    assertEquals(1, told.size());
    assertTrue(told.get(0).endsWith(": its name must have the digits 0 to 9 (rename it)"));
  }

  @Test
  void allAreDeletedAndNothingOfOthers() throws IOException {
    two();
    storage.write("c/notes.txt", new byte[] {1});
    storage.write(LAST + "mine.txt", new byte[] {1});
    files.deleteAll();
    assertEquals(List.of("notes.txt", "round-000000020"), storage.list("c"));
    assertEquals(List.of("mine.txt"), storage.list("c/round-000000020"));
  }

  @Test
  void onADiskNoEmptyFolderStays(@TempDir Path disk) throws IOException {
    LocalStorage local = new LocalStorage();
    CheckpointFiles onDisk = new CheckpointFiles(local, disk + "/c");
    TinyCheckpoint.write(onDisk, 10, 5);
    TinyCheckpoint.write(onDisk, 20, 15);
    onDisk.prune(20, 1);
    assertEquals(List.of("best-000000015", "round-000000020"), local.list(disk + "/c"));
    onDisk.deleteAll();
    assertEquals(List.of(), local.list(disk.toString()));
  }

  /** Whoever writes a round again leaves nothing of the one before. */
  @Test
  void aRoundIsWrittenInThePlaceOfTheOneBefore() throws IOException {
    two();
    storage.write(LAST + "mine.txt", new byte[] {1});
    Checkpoint tiny = TinyCheckpoint.of(20, -1);
    files.write(with(tiny, new TreeMap<>(java.util.Map.of("theta", new float[] {1}))));
    assertEquals(
        List.of("SHA256SUMS", "job.yaml", "mine.txt", "state.json", "theta.safetensors"),
        storage.list("c/round-000000020"));
  }

  @Test
  void aModelIsToldFromOtherFolders() throws IOException {
    two();
    assertTrue(ModelFiles.isIn(storage, "c/best-000000015"));
    assertTrue(ModelFiles.isIn(storage, "c/round-000000020"), "which has a theta, too");
    storage.files.remove("c/best-000000015/theta.safetensors");
    storage.files.remove("c/round-000000020/SHA256SUMS");
    assertFalse(ModelFiles.isIn(storage, "c/best-000000015"));
    assertFalse(ModelFiles.isIn(storage, "c/round-000000020"));
    assertFalse(ModelFiles.isIn(storage, "c"));
  }
}
