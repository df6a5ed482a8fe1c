package io.lakeprop.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;

/** Files in a map, one of which never ends. */
final class EndlessStorage implements Storage {
  private final MemoryStorage files = new MemoryStorage();
  String endless = "";

  @Override
  public byte[] read(String path) throws IOException {
    if (path.equals(endless)) {
      throw new OutOfMemoryError(path);
    }
    return files.read(path);
  }

  @Override
  public InputStream open(String path) throws IOException {
    return path.equals(endless) ? new Endless() : files.open(path);
  }

  private static final class Endless extends InputStream {
    @Override
    public int read() {
      return 'x';
    }

    @Override
    public int read(byte[] into, int from, int length) {
      return length;
    }
  }

  @Override
  public OutputStream create(String path) {
    return files.create(path);
  }

  @Override
  public boolean createNew(String path, byte[] bytes) {
    return files.createNew(path, bytes);
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
  public void rename(String from, String to) throws IOException {
    files.rename(from, to);
  }

  @Override
  public void deleteFile(String path) throws IOException {
    files.deleteFile(path);
  }

  @Override
  public void delete(String path) {
    files.delete(path);
  }

  @Override
  public void write(String path, Content content) throws IOException {
    files.write(path, content);
  }

  @Override
  public boolean showsClosedFilesOnly(String path) {
    return true;
  }
}
