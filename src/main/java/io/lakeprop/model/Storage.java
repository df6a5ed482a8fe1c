package io.lakeprop.model;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** The port to where files live: a local disk, HDFS, an object store. Paths use {@code /}. */
public interface Storage {
  /** The whole file. */
  byte[] read(String path) throws IOException;

  /** Opens a new file, or an old one from its start. Parents are made. */
  OutputStream create(String path) throws IOException;

  /** Whether a file or folder is there. */
  boolean exists(String path) throws IOException;

  /** Names of what a folder holds, sorted. */
  List<String> list(String folder) throws IOException;

  /** Moves a folder to a name that must be free. */
  void rename(String from, String to) throws IOException;

  /** Deletes a file or a folder with all that is in it; nothing when it is not there. */
  void delete(String path) throws IOException;

  /** Writes a whole file. */
  default void write(String path, byte[] bytes) throws IOException {
    try (OutputStream out = create(path)) {
      out.write(bytes);
    }
  }
}
