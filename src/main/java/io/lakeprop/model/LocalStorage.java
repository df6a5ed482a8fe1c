package io.lakeprop.model;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The local disk, through the JDK alone. */
public final class LocalStorage implements Storage {
  @Override
  public byte[] read(String path) throws IOException {
    return Files.readAllBytes(Path.of(path));
  }

  @Override
  public OutputStream create(String path) throws IOException {
    Path file = Path.of(path);
    if (file.getParent() != null) {
      Files.createDirectories(file.getParent());
    }
    return Files.newOutputStream(file);
  }

  @Override
  public boolean exists(String path) {
    return Files.exists(Path.of(path));
  }

  @Override
  public List<String> list(String folder) throws IOException {
    try (Stream<Path> entries = Files.list(Path.of(folder))) {
      return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
    }
  }

  @Override
  public void rename(String from, String to) throws IOException {
    Files.move(Path.of(from), Path.of(to));
  }

  @Override
  public void delete(String path) throws IOException {
    if (!exists(path)) {
      return;
    }
    try (Stream<Path> entries = Files.walk(Path.of(path))) {
      for (Path entry : entries.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(entry);
      }
    }
  }
}
