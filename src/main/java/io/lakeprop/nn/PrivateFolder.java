package io.lakeprop.nn;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A new folder of an unguessable name in which this user alone can write, gone once it is closed.
 * What is loaded from there is what this process has put there: no other user could plant a file,
 * nor move the folder away and put one of the same name in its place.
 *
 * <p>Decision: a library is unpacked anew by every process, which takes a third of a second, and
 * not kept in a cache: a cache has a name that others know beforehand, and comparing its bytes with
 * the jar's takes as long as unpacking them.
 */
record PrivateFolder(Path path) implements AutoCloseable {
  private static final int WRITABLE_FOR_OTHERS = 0022;
  private static final int WRITABLE_FOR_ALL = 0002;

  /** In a folder with this bit everybody may make files, and only their owner may move them. */
  private static final int STICKY = 01000;

  /** Makes a folder in the first of the usual places that is fit for it. */
  static PrivateFolder make() throws IOException {
    return make(
        Stream.of(
                System.getProperty("java.io.tmpdir"),
                System.getProperty("user.home"),
                "/var/tmp",
                System.getProperty("user.dir"))
            .filter(Objects::nonNull)
            .map(Path::of)
            .filter(Path::isAbsolute)
            .toList());
  }

  /**
   * Makes a folder in the first of these that is fit for it.
   *
   * @throws IOException when none is
   */
  static PrivateFolder make(List<Path> places) throws IOException {
    for (Path place : places) {
      PrivateFolder folder;
      try {
        folder = new PrivateFolder(Files.createTempDirectory(place.toRealPath(), "lakeprop-"));
      } catch (IOException e) {
        continue; // It is not there, or nobody may write there.
      }
      if (folder.isSafe()) {
        return folder;
      }
      folder.close();
    }
    throw new IOException("no folder in which only this user can write among " + places);
  }

  private boolean isSafe() throws IOException {
    if (!path.getFileSystem().supportedFileAttributeViews().contains("unix")) {
      return true;
    }
    int own = number(path, "unix:uid");
    int owner = number(path.getParent(), "unix:uid");
    if ((owner != 0 && owner != own) || !isKept(path.getParent(), WRITABLE_FOR_OTHERS)) {
      return false;
    }
    // Folders further up may belong to a service that has started this process.
    for (Path at = path.getParent().getParent(); at != null; at = at.getParent()) {
      if (!isKept(at, WRITABLE_FOR_ALL)) {
        return false;
      }
    }
    return true;
  }

  /** Whether nobody but owners can move away what is in a folder. */
  private static boolean isKept(Path folder, int writable) throws IOException {
    int mode = number(folder, "unix:mode");
    return (mode & writable) == 0 || (mode & STICKY) != 0;
  }

  private static int number(Path path, String attribute) throws IOException {
    return (Integer) Files.getAttribute(path, attribute);
  }

  /** Deletes the folder with all that can be deleted in it. */
  @Override
  public void close() throws IOException {
    IOException first = null;
    try (Stream<Path> all = Files.walk(path)) {
      for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
        try {
          Files.delete(one);
        } catch (IOException e) {
          first = first == null ? e : first;
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }
}
