package io.lakeprop.model;

import io.lakeprop.base.InvalidInput;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.Map;
import java.util.Optional;
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

  /**
   * Writes the folder in the place of files of its kind.
   *
   * @param known what may be the name of a file of this kind; others in the folder stay
   */
  static void write(
      Storage storage, String folder, Predicate<String> known, Map<String, Storage.Content> files)
      throws IOException {
    delete(storage, folder, known);
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

  /**
   * Deletes the folder's files, at first what says that it is whole: a half is then no damage.
   * Whatever else somebody has put there stays, and the folder with it.
   *
   * @param known what may be the name of a file of this kind
   */
  static void delete(Storage storage, String folder, Predicate<String> known) throws IOException {
    storage.deleteFile(folder + "/" + SUMS);
    if (storage.exists(folder)) {
      for (String name : storage.list(folder)) {
        if (known.test(name)) {
          storage.deleteFile(folder + "/" + name);
        }
      }
      storage.deleteEmpty(folder);
    }
  }

  /** Whether the writer of such a folder was interrupted while it wrote the last file. */
  static boolean isTorn(Storage storage, String folder) throws IOException {
    try {
      byte[] sums = storage.read(folder + "/" + SUMS, Sha256Sums.LONGEST);
      return sums.length == 0 || sums[sums.length - 1] != '\n';
    } catch (InvalidInput e) {
      return false; // Too long, or no file.
    }
  }

  /**
   * A file as its writer left it, in a folder of whatever release; empty where it is damaged, or
   * where the folder is not whole.
   *
   * @param most bytes
   */
  static Optional<byte[]> intact(Storage storage, String folder, String name, long most)
      throws IOException {
    try {
      SummedFolder files = open(storage, folder, "whole", SummedFolder::isName);
      for (String file : files.sums.digests().keySet()) {
        if (!storage.exists(files.path(file))) {
          return Optional.empty();
        }
      }
      return Optional.of(files.read(name, most));
    } catch (InvalidInput | FileNotFoundException | NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private static boolean isName(String name) {
    return name.matches("[\\w.-]+");
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
      throw new InvalidInput(
          "%s must be %s, however: %s"
              .formatted(
                  folder, what, storage.exists(folder) ? "it has no " + SUMS : "it is not there"));
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
