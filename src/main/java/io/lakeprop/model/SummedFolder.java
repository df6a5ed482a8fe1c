package io.lakeprop.model;

import io.lakeprop.base.InvalidInput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.Map;
import java.util.function.Predicate;

/**
 * A folder of files that is committed by a last one: {@code SHA256SUMS} has the digest of each, so
 * that what was interrupted, half deleted or damaged is told from what is whole, on any file
 * system. Nothing is renamed: object stores cannot rename a folder at once.
 */
final class SummedFolder {
  private static final String SUMS = "SHA256SUMS";

  private final Storage storage;
  private final String folder;
  private final Sha256Sums sums;

  private SummedFolder(Storage storage, String folder, Sha256Sums sums) {
    this.storage = storage;
    this.folder = folder;
    this.sums = sums;
  }

  /** The content of a text. */
  static Storage.Content text(String text) {
    return out -> out.write(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Writes the folder in the place of whatever is there. */
  static void write(Storage storage, String folder, Map<String, Storage.Content> files)
      throws IOException {
    delete(storage, folder);
    StringBuilder lines = new StringBuilder();
    for (Map.Entry<String, Storage.Content> file : files.entrySet()) {
      MessageDigest digest = Sha256Sums.sha256();
      storage.write(
          folder + "/" + file.getKey(),
          out -> {
            DigestOutputStream summed = new DigestOutputStream(out, digest);
            file.getValue().write(summed);
            summed.flush();
          });
      lines.append(Sha256Sums.line(digest, file.getKey()));
    }
    storage.write(folder + "/" + SUMS, lines.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** Deletes the folder, at first what says that it is whole: a half is then no damage. */
  static void delete(Storage storage, String folder) throws IOException {
    storage.delete(folder + "/" + SUMS);
    storage.delete(folder);
  }

  /** Whether such a folder was written to its end. */
  static boolean isThere(Storage storage, String folder) throws IOException {
    return storage.exists(folder + "/" + SUMS);
  }

  /**
   * Opens a folder that {@link #isThere}.
   *
   * @param what it should be, for messages
   * @param known what may be the name of a file there
   */
  static SummedFolder open(Storage storage, String folder, String what, Predicate<String> known)
      throws IOException {
    if (!isThere(storage, folder)) {
      throw new InvalidInput("%s must be %s, however: it has no %s".formatted(folder, what, SUMS));
    }
    String where = folder + "/" + SUMS;
    return new SummedFolder(
        storage, folder, Sha256Sums.read(where, storage.read(where, Sha256Sums.LONGEST), known));
  }

  /**
   * A file whose digest is right.
   *
   * @param most bytes
   */
  byte[] read(String name, long most) throws IOException {
    String path = path(name);
    if (!storage.exists(path)) {
      throw new InvalidInput(path + " must be there, however: the file is missing");
    }
    byte[] bytes = storage.read(path, most);
    sums.verify(path, name, bytes);
    return bytes;
  }

  /** Where a file is. */
  String path(String name) {
    return folder + "/" + name;
  }
}
