package io.lakeprop.model;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;

/**
 * A process that dies in the middle of its n-th change of files: half of a file is written, or one
 * file of a folder deleted, and nothing is done after that.
 */
final class InterruptedStorage implements Storage {
  private final MemoryStorage files;
  private int left;

  InterruptedStorage(MemoryStorage files, int changes) {
    this.files = files;
    this.left = changes;
  }

  /** Whether it came to the change at which it dies. */
  boolean died() {
    return left < 0;
  }

  private boolean dies() {
    return --left < 0;
  }

  private static IOException death() {
    return new IOException("the process is dead");
  }

  @Override
  public void write(String path, Content content) throws IOException {
    boolean whole = !dies();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    content.write(out);
    byte[] bytes = out.toByteArray();
    if (left >= -1) {
      files.write(path, whole ? bytes : Arrays.copyOf(bytes, bytes.length / 2));
    }
    if (!whole) {
      throw death();
    }
  }

  @Override
  public void delete(String path) throws IOException {
    if (!dies()) {
      files.delete(path);
      return;
    }
    if (left == -1 && files.exists(path) && !files.files.containsKey(path)) {
      List<String> names = files.list(path);
      files.delete(path + "/" + names.get(names.size() - 1));
    }
    throw death();
  }

  @Override
  public void deleteFile(String path) throws IOException {
    if (dies()) {
      throw death();
    }
    files.deleteFile(path);
  }

  @Override
  public byte[] read(String path) throws IOException {
    return files.read(path);
  }

  @Override
  public InputStream open(String path) throws IOException {
    return files.open(path);
  }

  @Override
  public boolean exists(String path) {
    return files.exists(path);
  }

  @Override
  public List<String> list(String folder) {
    return files.list(folder);
  }

  @Override
  public OutputStream create(String path) {
    throw new UnsupportedOperationException("a checkpoint's files are written whole");
  }

  @Override
  public boolean createNew(String path, byte[] bytes) {
    throw new UnsupportedOperationException("a checkpoint needs no lock");
  }

  @Override
  public void rename(String from, String to) {
    throw new UnsupportedOperationException("an object store cannot");
  }

  @Override
  public boolean showsClosedFilesOnly(String path) {
    return true;
  }
}
