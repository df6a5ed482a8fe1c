package io.lakeprop.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The native library comes from the jar, through a folder that nobody else can write to. */
class PrivateFolderTest {
  private static final String LIBRARY = "libopenblas";

  @TempDir private Path folder;

  private Path place(String mode) throws IOException {
    Path place = Files.createDirectory(folder.resolve("place"));
    Files.setPosixFilePermissions(place, PosixFilePermissions.fromString(mode));
    return place;
  }

  @Test
  void itIsForItsOwnerAloneAndGoneAfterwards() throws IOException {
    Path made;
    try (PrivateFolder own = PrivateFolder.make(List.of(place("rwxr-xr-x")))) {
      made = own.path();
      assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(made)));
      Files.writeString(Files.createDirectory(made.resolve("a")).resolve("b"), "c");
    }
    assertFalse(Files.exists(made));
  }

  @ParameterizedTest
  @CsvSource({"rwxrwxrwx", "rwxr-xrwx", "rwxrwxr-x"})
  void aPlaceWhereOthersWriteIsPassedOver(String mode) throws IOException {
    Path open = place(mode);
    Path fit = Files.createDirectory(folder.resolve("fit"));
    try (PrivateFolder own = PrivateFolder.make(List.of(open, fit))) {
      assertEquals(fit.toRealPath(), own.path().getParent());
    }
    try (Stream<Path> left = Files.list(open)) {
      assertEquals(0, left.count());
    }
    assertThrows(IOException.class, () -> PrivateFolder.make(List.of(open)));
    // Below it, too: somebody may put another folder in the place of this one.
    Path below = Files.createDirectory(open.resolve("below"));
    if (mode.endsWith("w-") || mode.charAt(7) == 'w') {
      assertThrows(IOException.class, () -> PrivateFolder.make(List.of(below)));
    }
  }

  @Test
  void aPlaceWhereEverybodyKeepsHisOwnIsFit() throws Exception {
    Path sticky = place("rwxrwxrwx");
    assertEquals(0, new ProcessBuilder("chmod", "1777", sticky.toString()).start().waitFor());
    PrivateFolder.make(List.of(sticky)).close();
  }

  @Test
  void aPlaceOfSomebodyElseIsPassedOver() throws Exception {
    Path foreign = place("rwxr-xr-x");
    boolean changed =
        new ProcessBuilder("chown", "12345", foreign.toString()).start().waitFor() == 0;
    assumeTrue(changed, "only root can give a folder away");
    IOException none = assertThrows(IOException.class, () -> PrivateFolder.make(List.of(foreign)));
    assertTrue(none.getMessage().contains(foreign.toString()), none.getMessage());
  }

  /** As on NFS, where a loaded library's file stays under another name, and the folder with it. */
  @Test
  void aLibraryStaysLoadedWhereTheFolderCannotBeDeleted() throws Exception {
    Path made = Files.createDirectory(folder.resolve("made"));
    PrivateFolder stays = new PrivateFolder(made.resolve(".")); // No name that can be deleted.
    assertThrows(IOException.class, stays::close);
    float[] c = new float[1];
    NativeBlas.bundled(stays)
        .sgemm("N", "N", 1, 1, 1, new float[] {2}, 0, 1, new float[] {3}, 0, 1, 0, c, 0, 1);
    assertEquals(6, c[0]);
    try (Stream<Path> left = Files.list(made)) {
      assertEquals(0, left.count());
    }
  }

  /** Says which files the process has its libraries from. */
  static final class Child {
    private Child() {}

    public static void main(String[] arguments) throws IOException {
      System.out.println(Kernel.choose(java.util.Optional.empty()).name());
      // Not Files.lines: such a file says that it has no bytes.
      Files.readAllLines(Path.of("/proc/self/maps")).stream()
          .filter(line -> line.contains(LIBRARY))
          .forEach(System.out::println);
    }
  }

  /** Where JavaCPP would look, in files of the right size and time. */
  @Test
  void aPlantedLibraryIsNotLoaded() throws Exception {
    assumeTrue(Files.exists(Path.of("/proc/self/maps")));
    Path home = Files.createDirectory(folder.resolve("home"));
    Path temp = Files.createDirectory(folder.resolve("temp"));
    // A cache as JavaCPP makes it, of which the libraries are then somebody's own.
    run(home, temp, "-Dorg.bytedeco.javacpp.cachedir=" + folder.resolve("cache"), Filled.class);
    List<Path> planted = plant(folder.resolve("cache"));
    assertFalse(planted.isEmpty());
    for (Path cache :
        List.of(
            home.resolve(".javacpp/cache"),
            temp.resolve(".javacpp-" + System.getProperty("user.name") + "/cache"))) {
      Files.createDirectories(cache.getParent());
      Process copy =
          new ProcessBuilder("cp", "-a", folder.resolve("cache").toString(), cache.toString())
              .start();
      assertEquals(0, copy.waitFor());
    }
    List<String> lines =
        run(home, temp, "-Dorg.bytedeco.javacpp.cachedir=" + folder.resolve("cache"), Child.class);
    assertTrue(lines.get(0).startsWith("openblas "), lines.toString());
    assertTrue(lines.size() > 1, lines.toString());
    for (String line : lines.subList(1, lines.size())) {
      assertTrue(line.contains(temp + "/lakeprop-") && line.endsWith("(deleted)"), line);
    }
    try (Stream<Path> left = Files.list(temp)) {
      assertEquals(
          List.of(),
          left.map(path -> path.getFileName().toString())
              .filter(name -> name.startsWith("lakeprop-"))
              .toList());
    }
  }

  /** Fills JavaCPP's own cache. */
  static final class Filled {
    private Filled() {}

    public static void main(String[] arguments) throws ReflectiveOperationException {
      Class<?> loader = Class.forName("org.bytedeco.javacpp.Loader");
      Class<?> blas = Class.forName("org.bytedeco.openblas.global.openblas_nolapack");
      loader.getMethod("load", Class.class).invoke(null, blas);
    }
  }

  /** Other bytes of the same size and time in every library. */
  private static List<Path> plant(Path cache) throws IOException {
    List<Path> planted = new ArrayList<>();
    try (Stream<Path> all = Files.walk(cache)) {
      for (Path file :
          all.filter(Files::isRegularFile).filter(f -> f.toString().contains(".so")).toList()) {
        var time = Files.getLastModifiedTime(file);
        Files.write(file, new byte[(int) Files.size(file)]);
        Files.setLastModifiedTime(file, time);
        planted.add(file);
      }
    }
    return planted;
  }

  private static List<String> run(Path home, Path temp, String cache, Class<?> child)
      throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Duser.home=" + home,
                "-Djava.io.tmpdir=" + temp,
                cache,
                "-cp",
                System.getProperty("java.class.path"),
                child.getName())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), text);
    return text.lines().toList();
  }
}
