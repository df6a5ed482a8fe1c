package io.lakeprop.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lakeprop.model.LocalStorage;
import io.lakeprop.model.NotReadable;
import io.lakeprop.model.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What cannot be read is neither missing nor empty, through Hadoop and through the JDK alone. */
final class HadoopStorageTest {
  @TempDir private Path temporary;
  private Path folder;
  private Path file;

  static Stream<Storage> storages() {
    return Stream.of(new HadoopStorage(new Configuration(false)), new LocalStorage());
  }

  @BeforeEach
  void aFile() throws IOException {
    folder = Files.createDirectory(temporary.resolve("run"));
    file = Files.writeString(folder.resolve("RUN"), "x");
  }

  @AfterEach
  void open() throws IOException {
    allow(folder, "rwxr-xr-x");
  }

  private static void allow(Path path, String mode) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
  }

  private static void assertDenied(Path path, Executable work) {
    assertEquals(
        path
            + " must be readable for this user, however: permission is denied (chmod +rX on it and"
            + " its folders, or run as its owner)",
        assertThrows(NotReadable.class, work).getMessage());
  }

  @ParameterizedTest
  @MethodSource("storages")
  void aFileThatMayNotBeReadIsThere(Storage storage) throws Exception {
    allow(file, "---------");
    assumeFalse(Files.isReadable(file), "this user may read everything");
    String path = file.toString();
    assertTrue(storage.exists(path));
    assertDenied(file, () -> storage.open(path).close());
    assertDenied(file, () -> storage.read(path));
    assertDenied(file, () -> storage.read(path, 9));
    mend();
    assertArrayEquals(new byte[] {'x'}, storage.read(path, 9));
  }

  @ParameterizedTest
  @MethodSource("storages")
  void aFolderThatMayNotBeEnteredIsNotEmpty(Storage storage) throws Exception {
    String path = file.toString();
    for (String mode : List.of("---------", "r--r--r--")) {
      allow(folder, mode);
      assumeFalse(Files.exists(file), "this user may enter everything");
      assertTrue(storage.exists(folder.toString()));
      assertDenied(file, () -> storage.exists(path));
      assertDenied(file, () -> storage.open(path).close());
      assertThrows(IOException.class, () -> storage.deleteFile(path));
      if (mode.startsWith("r")) {
        assertEquals(List.of("RUN"), storage.list(folder.toString()));
      } else {
        assertDenied(folder, () -> storage.list(folder.toString()));
      }
    }
    mend();
    assertEquals(List.of("RUN"), storage.list(folder.toString()));
    assertTrue(storage.exists(path));
  }

  private void mend() throws Exception {
    Process chmod = new ProcessBuilder("chmod", "+rX", folder.toString(), file.toString()).start();
    assertEquals(0, chmod.waitFor());
    chmod = new ProcessBuilder("chmod", "+rX", file.toString()).start();
    assertEquals(0, chmod.waitFor());
  }

  /** Names that come from a command line, too. */
  @ParameterizedTest
  @MethodSource("storages")
  void whatCannotBeIsNotThere(Storage storage) throws IOException {
    Path dangling = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("none"));
    for (String path :
        List.of(
            folder + "/none",
            folder + "/none/none",
            file + "/below",
            file + "/far/below",
            dangling.toString(),
            folder + "/" + "a".repeat(300),
            folder + "/" + "é".repeat(200),
            folder + "/a".repeat(2500))) {
      assertFalse(storage.exists(path), path);
    }
  }

  /** The kernel gives this file's first byte to nobody. */
  @Test
  void aDiskThatFailsIsAFailureAndNoErrorOfTheJvm() {
    String path = "/proc/self/mem";
    assumeTrue(Files.isReadable(Path.of(path)));
    HadoopStorage storage = new HadoopStorage(new Configuration(false));
    IOException failure = assertThrows(IOException.class, () -> storage.read(path, 9));
    assertTrue(failure.getMessage().startsWith("reading /proc/self/mem: "), failure.getMessage());
  }
}
