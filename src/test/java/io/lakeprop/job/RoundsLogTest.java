package io.lakeprop.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.lakeprop.model.LocalStorage;
import io.lakeprop.model.Storage;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever processes were lost, each round has its one line in the end. */
final class RoundsLogTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;
  private Storage storage;

  @BeforeEach
  void local() {
    storage = new LocalStorage();
  }

  private RoundsLog log(long after) throws IOException {
    return new RoundsLog(storage, folder.toString(), after);
  }

  private static void append(RoundsLog log, int from, int to, String by) throws IOException {
    for (int round = from; round <= to; round++) {
      log.append(JSON.createObjectNode().put("round", round).put("by", by));
    }
  }

  /** Round and process of each line. */
  private static List<String> lines(RoundsLog log, long upTo) throws IOException {
    List<String> lines = new ArrayList<>();
    log.read(upTo, line -> lines.add(line.get("round").asText() + line.get("by").asText()));
    return lines;
  }

  private List<String> joined() throws IOException {
    List<String> lines = new ArrayList<>();
    for (String line : Files.readAllLines(folder.resolve("rounds.jsonl"))) {
      lines.add(JSON.readTree(line).get("round").asText() + JSON.readTree(line).get("by").asText());
    }
    return lines;
  }

  /** A process that is killed: its file ends in half a line. */
  private void killed(RoundsLog log, String name) throws IOException {
    log.close();
    Files.writeString(folder.resolve(name), "{\"round\":9,\"by", StandardOpenOption.APPEND);
  }

  /** Three processes: a writes 1-5, b goes on from 3 and writes 4-7, c goes on from 6. */
  private RoundsLog third() throws IOException {
    RoundsLog a = log(0);
    append(a, 1, 5, "a");
    killed(a, "rounds.jsonl");
    RoundsLog b = log(3);
    assertEquals(List.of("1a", "2a", "3a"), lines(b, 3));
    append(b, 4, 7, "b");
    killed(b, "rounds-000000003.jsonl");
    RoundsLog c = log(6);
    append(c, 7, 8, "c");
    return c;
  }

  private static final List<String> ALL = List.of("1a", "2a", "3a", "4b", "5b", "6b", "7c", "8c");

  @Test
  void halfLinesAndRoundsGoneBackOverDoNotCount() throws IOException {
    try (RoundsLog c = third()) {
      assertEquals(ALL.subList(0, 6), lines(c, 6));
      assertEquals(ALL.subList(0, 2), lines(c, 2));
      c.join();
    }
    assertEquals(ALL, joined());
    assertEquals(List.of("rounds.jsonl"), storage.list(folder.toString()));
  }

  /** A process that goes back further than the last one did. */
  @Test
  void partsBehindTheRoundAreDeleted() throws IOException {
    third().close();
    try (RoundsLog d = log(2)) {
      append(d, 3, 3, "d");
      d.join();
    }
    assertEquals(List.of("1a", "2a", "3d"), joined());
  }

  @Test
  void aStartHasNothingOfBefore() throws IOException {
    third().close();
    try (RoundsLog d = log(0)) {
      append(d, 1, 1, "d");
      d.join();
    }
    assertEquals(List.of("1d"), joined());
    assertEquals(List.of("rounds.jsonl"), storage.list(folder.toString()));
  }

  @Test
  void aFinishedLogGoesOn() throws IOException {
    try (RoundsLog c = third()) {
      c.join();
    }
    try (RoundsLog d = log(8)) {
      append(d, 9, 9, "d");
      d.join();
    }
    assertEquals(9, joined().size());
    assertEquals("9d", joined().get(8));
  }

  /** After each step of the joining: written half, written, the old one deleted, renamed, ... */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6})
  void aDeathWhileJoiningLosesNothing(int steps) throws IOException {
    RoundsLog c = third();
    storage = new Dying(steps);
    RoundsLog dying = new RoundsLog(storage, folder.toString(), 8);
    c.close();
    Dying dies = (Dying) storage;
    dies.counts = true;
    if (steps < 6) {
      assertThrows(IOException.class, dying::join);
    } else {
      dying.join();
    }
    storage = new LocalStorage();
    try (RoundsLog d = log(8)) {
      assertEquals(ALL, lines(d, 8));
      append(d, 9, 9, "d");
      d.join();
    }
    assertEquals(9, joined().size());
    assertEquals(ALL, joined().subList(0, 8));
    assertEquals(List.of("rounds.jsonl"), storage.list(folder.toString()));
  }

  /** Where only closed files are seen, what a checkpoint needs is in files that are closed. */
  @Test
  void linesOfACheckpointAreClosed() throws IOException {
    storage = new ClosedOnly();
    RoundsLog a = log(0);
    append(a, 1, 3, "a");
    Closeable part = a.checkpoint(3);
    append(a, 4, 4, "a"); // While the lines of the checkpoint are on their way.
    part.close();
    append(a, 5, 5, "a"); // Never closed: lost with the process.
    assertFalse(Files.exists(folder.resolve("rounds-000000003.jsonl")));
    try (RoundsLog b = log(3)) {
      assertEquals(List.of("1a", "2a", "3a"), lines(b, 3));
      append(b, 4, 4, "b");
      b.checkpoint(4).close();
      append(b, 5, 6, "b");
      b.join();
    }
    assertEquals(List.of("1a", "2a", "3a", "4b", "5b", "6b"), joined());
  }

  @Test
  void itsFilesAreKnownByTheirNames() {
    for (String name : Set.of("rounds.jsonl", "rounds-000000003.jsonl", "rounds.joined")) {
      assertTrue(RoundsLog.isOne(name), name);
    }
    assertFalse(RoundsLog.isOne("rounds-3.jsonl"));
  }

  /** The local disk in a process that dies at one of its changes. */
  private static class Dying extends Delegate {
    private int left;
    private boolean counts;

    Dying(int changes) {
      left = changes;
    }

    private void change() throws IOException {
      if (counts && --left < 0) {
        throw new IOException("dead");
      }
    }

    @Override
    public void write(String path, Content content) throws IOException {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      content.write(bytes);
      if (counts && --left < 0) {
        byte[] half = java.util.Arrays.copyOf(bytes.toByteArray(), bytes.size() / 2);
        disk.write(path, out -> out.write(half));
        throw new IOException("dead");
      }
      disk.write(path, content);
    }

    @Override
    public void deleteFile(String path) throws IOException {
      change();
      disk.deleteFile(path);
    }

    @Override
    public void rename(String from, String to) throws IOException {
      change();
      disk.rename(from, to);
    }
  }

  /** As an object store: a file appears when its stream is closed. */
  private static final class ClosedOnly extends Delegate {
    @Override
    public OutputStream create(String path) {
      return new ByteArrayOutputStream() {
        @Override
        public void close() throws IOException {
          disk.write(path, toByteArray());
        }
      };
    }

    @Override
    public boolean showsClosedFilesOnly(String path) {
      return true;
    }
  }

  /** The local disk. */
  private abstract static class Delegate implements Storage {
    final Storage disk = new LocalStorage();

    @Override
    public byte[] read(String path) throws IOException {
      return disk.read(path);
    }

    @Override
    public InputStream open(String path) throws IOException {
      return disk.open(path);
    }

    @Override
    public OutputStream create(String path) throws IOException {
      return disk.create(path);
    }

    @Override
    public boolean createNew(String path, byte[] bytes) throws IOException {
      return disk.createNew(path, bytes);
    }

    @Override
    public boolean exists(String path) throws IOException {
      return disk.exists(path);
    }

    @Override
    public List<String> list(String path) throws IOException {
      return disk.list(path);
    }

    @Override
    public void rename(String from, String to) throws IOException {
      disk.rename(from, to);
    }

    @Override
    public void deleteFile(String path) throws IOException {
      disk.deleteFile(path);
    }

    @Override
    public void delete(String path) throws IOException {
      disk.delete(path);
    }

    @Override
    public void write(String path, Content content) throws IOException {
      disk.write(path, content);
    }

    @Override
    public boolean showsClosedFilesOnly(String path) throws IOException {
      return disk.showsClosedFilesOnly(path);
    }
  }
}
