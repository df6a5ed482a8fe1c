package io.lakeprop.model;

import io.lakeprop.base.InvalidInput;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;

/** The port to where files live: a local disk, HDFS, an object store. Paths use {@code /}. */
public interface Storage {
  /** Bytes of the longest array. */
  int LARGEST = Integer.MAX_VALUE - 8;

  /** The whole file, which this process has written or which is small. */
  byte[] read(String path) throws IOException;

  /**
   * A whole file from elsewhere, of which no more than that is ever in memory.
   *
   * @param most bytes
   * @throws InvalidInput when it has more
   */
  default byte[] read(String path, long most) throws IOException {
    int limit = (int) Math.min(most, LARGEST);
    // By reading, not by what a file system says of the size: that may be old, or unknown.
    try (InputStream in = open(path)) {
      byte[] bytes = in.readNBytes(limit);
      if (in.read() >= 0) {
        throw new InvalidInput(
            "%s must have at most %,d bytes, however: it has more".formatted(path, limit));
      }
      return bytes;
    }
  }

  /**
   * The file from its start.
   *
   * @throws InvalidInput when it is a folder, or a pipe or device, which may never end
   * @throws java.io.FileNotFoundException or {@link java.nio.file.NoSuchFileException} when it is
   *     not there, and for no other reason
   * @throws NotReadable when this user may not
   */
  InputStream open(String path) throws IOException;

  /** Opens a new file, or an old one from its start. Parents are made. */
  OutputStream create(String path) throws IOException;

  /**
   * Opens a file that must not be there yet; false where it is. Where the file system cannot do
   * both in one step, two callers may succeed at the same time.
   *
   * @param bytes the whole file
   */
  boolean createNew(String path, byte[] bytes) throws IOException;

  /**
   * Whether a file or folder is there; where that cannot be known, it fails.
   *
   * @throws NotReadable when this user may not look
   */
  boolean exists(String path) throws IOException;

  /**
   * Names of what a folder holds, sorted.
   *
   * @throws NotReadable when this user may not look
   */
  List<String> list(String folder) throws IOException;

  /** Moves a file or folder to a name that must be free. */
  void rename(String from, String to) throws IOException;

  /** Moves a file to a name, in the place of a file that has it: at once, where that can be. */
  default void replace(String from, String to) throws IOException {
    deleteFile(to);
    rename(from, to);
  }

  /**
   * Deletes a file or a folder with all that is in it; nothing when it is not there. Only for what
   * this process has made itself: a folder of any other origin may hold what is somebody's own.
   */
  void delete(String path) throws IOException;

  /**
   * Deletes a file; nothing when it is not there. A folder in which something is stays, and the
   * call fails.
   */
  void deleteFile(String path) throws IOException;

  /** Deletes a folder in which nothing is; leaves any other alone. */
  default void deleteEmpty(String folder) throws IOException {
    if (exists(folder) && list(folder).isEmpty()) {
      deleteFile(folder);
    }
  }

  /**
   * Writes a whole file, which has reached the disk when this returns, where the file system can
   * tell.
   */
  void write(String path, Content content) throws IOException;

  /** Writes a whole file of these bytes. */
  default void write(String path, byte[] bytes) throws IOException {
    write(path, out -> out.write(bytes));
  }

  /** Where what is written is seen by others only once its stream is closed. */
  boolean showsClosedFilesOnly(String path) throws IOException;

  /** What a path that names no file of bytes is refused with. */
  static InvalidInput notAFile(String path) {
    return new InvalidInput(path + " must be a file, however: it is a folder, a pipe or a device");
  }

  /** What writes a file's bytes. */
  @FunctionalInterface
  interface Content {
    void write(OutputStream out) throws IOException;
  }
}
