package io.lakeprop.model;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.TreeMap;

/** Files in a map. */
final class MemoryStorage implements Storage {
  final TreeMap<String, byte[]> files = new TreeMap<>();

  @Override
  public byte[] read(String path) throws IOException {
    if (!files.containsKey(path)) {
      throw new FileNotFoundException(path);
    }
    return files.get(path).clone();
  }

  @Override
  public OutputStream create(String path) {
    return new ByteArrayOutputStream() {
      @Override
      public void close() {
        files.put(path, toByteArray());
      }
    };
  }

  @Override
  public InputStream open(String path) throws IOException {
    return new ByteArrayInputStream(read(path));
  }

  @Override
  public boolean createNew(String path, byte[] bytes) {
    return files.putIfAbsent(path, bytes.clone()) == null;
  }

  @Override
  public void write(String path, Content content) throws IOException {
    try (OutputStream out = create(path)) {
      content.write(out);
    }
  }

  @Override
  public boolean showsClosedFilesOnly(String path) {
    return true;
  }

  @Override
  public boolean exists(String path) {
    return files.containsKey(path) || !list(path).isEmpty();
  }

  @Override
  public List<String> list(String folder) {
    String prefix = folder + "/";
    return files.subMap(prefix, prefix + Character.MAX_VALUE).keySet().stream()
        .map(path -> path.substring(prefix.length()).replaceAll("/.*", ""))
        .distinct()
        .toList();
  }

  @Override
  public void rename(String from, String to) throws IOException {
    if (exists(to)) {
      throw new IOException(to + " is there");
    }
    for (String path : List.copyOf(files.keySet())) {
      if (path.equals(from) || path.startsWith(from + "/")) {
        files.put(to + path.substring(from.length()), files.remove(path));
      }
    }
  }

  @Override
  public void deleteFile(String path) throws IOException {
    if (!list(path).isEmpty()) {
      throw new IOException(path + " is not empty");
    }
    files.remove(path);
  }

  @Override
  public void delete(String path) {
    files.keySet().removeIf(file -> file.equals(path) || file.startsWith(path + "/"));
  }
}
