package io.lakeprop.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.base.InvalidInput;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rules of {@link Storage} on a real disk. */
class LocalStorageTest {
  private final LocalStorage storage = new LocalStorage();

  @TempDir Path folder;

  private String in(String name) {
    return folder + "/" + name;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private void assertHolds(String text, String path) throws IOException {
    assertArrayEquals(bytes(text), storage.read(path));
    assertArrayEquals(bytes(text), storage.open(path).readAllBytes());
  }

  @Test
  void whatIsWrittenIsReadAndParentsAreMade() throws IOException {
    storage.write(in("a/b/written"), bytes("one"));
    assertHolds("one", in("a/b/written"));
    storage.write(in("a/b/written"), bytes("2"));
    assertHolds("2", in("a/b/written"));
    try (OutputStream out = storage.create(in("c/d/created"))) {
      out.write(bytes("three"));
    }
    assertHolds("three", in("c/d/created"));
    assertFalse(storage.showsClosedFilesOnly(in("c")));
  }

  @Test
  void aNewFileIsMadeOnce() throws IOException {
    assertTrue(storage.createNew(in("a/lock"), bytes("first")));
    assertFalse(storage.createNew(in("a/lock"), bytes("second")));
    assertHolds("first", in("a/lock"));
  }

  /** There is no disk to reach behind a device, which is no failure. */
  @Test
  void aDeviceTakesWhatIsWritten() throws IOException {
    storage.write("/dev/null", bytes("gone"));
    String refusal = assertThrows(InvalidInput.class, () -> storage.open("/dev/null")).getMessage();
    assertEquals("/dev/null must be a file, however: it is a folder, a pipe or a device", refusal);
  }

  @Test
  void noMoreThanTheLimitIsRead() throws IOException {
    storage.write(in("three"), new byte[] {1, 2, 0});
    assertArrayEquals(new byte[] {1, 2, 0}, storage.read(in("three"), 3));
    String refusal =
        assertThrows(InvalidInput.class, () -> storage.read(in("three"), 2)).getMessage();
    assertTrue(refusal.contains("at most 2 bytes, however: it has more"), refusal);
    assertThrows(NoSuchFileException.class, () -> storage.read(in("none"), 2));
    assertThrows(InvalidInput.class, () -> storage.read(folder.toString(), 2));
  }

  @Test
  void whatIsThereAndWhatCannotBe() throws IOException {
    storage.write(in("file"), bytes("x"));
    assertTrue(storage.exists(in("file")));
    assertTrue(storage.exists(folder.toString()));
    assertTrue(storage.exists("/"));
    assertFalse(storage.exists(in("none")));
    assertFalse(storage.exists(in("none/below/it")));
    assertFalse(storage.exists(in("file/below")), "nothing is below a file");
    assertFalse(storage.exists(in("file/below/by/far")));
    assertFalse(storage.exists(in("n".repeat(255))));
    assertFalse(storage.exists(in("n".repeat(256))), "a name that no file may have");
    assertFalse(storage.exists(in("é".repeat(128))), "256 bytes");
    assertFalse(storage.exists(in("none/".repeat(1000))), "a path that no file may have");
  }

  /** Behind a link that leads to itself a disk cannot say what is there: that is no no. */
  @Test
  void whereThatCannotBeKnownItFails() throws IOException {
    String loop = loop(255);
    assertThrows(FileSystemException.class, () -> storage.exists(in(loop)));
    assertThrows(FileSystemException.class, () -> storage.exists(in(loop + "/below")));
    // The longest path that a disk takes, and one that it does not.
    int rest = 4095 - bytes(in("")).length;
    String last = rest % 2 == 1 ? loop : loop(254);
    String longest = in("./".repeat((rest - last.length()) / 2) + last);
    assertEquals(4095, bytes(longest).length);
    assertThrows(FileSystemException.class, () -> storage.exists(longest));
    assertFalse(storage.exists(longest.replace("/./", "/././")));
  }

  private String loop(int length) throws IOException {
    String name = "l".repeat(length);
    Files.createSymbolicLink(folder.resolve(name), Path.of(name));
    return name;
  }

  @Test
  void namesAreListedInOrder() throws IOException {
    for (String name : List.of("b", "a/x", "c", "B")) {
      storage.write(in(name), bytes(name));
    }
    assertEquals(List.of("B", "a", "b", "c"), storage.list(folder.toString()));
  }

  @Test
  void aNameThatIsTakenIsReplacedOnlyWhereThatIsMeant() throws IOException {
    storage.write(in("new"), bytes("new"));
    storage.write(in("old"), bytes("old"));
    assertThrows(FileAlreadyExistsException.class, () -> storage.rename(in("new"), in("old")));
    storage.replace(in("new"), in("old"));
    assertHolds("new", in("old"));
    storage.rename(in("old"), in("free"));
    assertEquals(List.of("free"), storage.list(folder.toString()));
  }

  /** A store that cannot replace at once does it in two steps. */
  @Test
  void aStoreWithoutReplacementDeletesFirst() throws IOException {
    MemoryStorage memory = new MemoryStorage();
    memory.write("c/new", bytes("new"));
    memory.write("c/old", bytes("old"));
    memory.replace("c/new", "c/old");
    assertArrayEquals(bytes("new"), memory.read("c/old"));
    assertEquals(List.of("old"), memory.list("c"));
  }

  @Test
  void onlyWhatIsMeantIsDeleted() throws IOException {
    storage.write(in("full/of/files"), bytes("x"));
    Files.createDirectory(folder.resolve("empty"));
    assertThrows(DirectoryNotEmptyException.class, () -> storage.deleteFile(in("full")));
    storage.deleteEmpty(in("full"));
    assertHolds("x", in("full/of/files"));
    storage.deleteEmpty(in("empty"));
    storage.deleteEmpty(in("none"));
    assertEquals(List.of("full"), storage.list(folder.toString()));
    storage.deleteFile(in("full/of/files"));
    storage.deleteFile(in("full/of/files"));
    assertEquals(List.of(), storage.list(in("full/of")));
    storage.write(in("full/of/files"), bytes("x"));
    storage.delete(in("full"));
    storage.delete(in("full"));
    assertEquals(List.of(), storage.list(folder.toString()));
  }
}
