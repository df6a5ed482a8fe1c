package io.lakeprop.job;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** All that is below a folder, by path: bytes of files, targets of links, and folders. */
final class FolderTree {
  private FolderTree() {}

  static Map<String, String> of(Path folder) throws IOException {
    Map<String, String> tree = new TreeMap<>();
    if (!Files.isDirectory(folder)) {
      tree.put("", content(folder));
      return tree;
    }
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.toList()) {
        tree.put(folder.relativize(path).toString(), content(path));
      }
    }
    return tree;
  }

  private static String content(Path path) throws IOException {
    if (Files.isSymbolicLink(path)) {
      return "-> " + Files.readSymbolicLink(path);
    }
    return Files.isDirectory(path)
        ? "a folder"
        : Files.readString(path, StandardCharsets.ISO_8859_1);
  }

  /** Writes files, each a path and a text; a path that ends with a slash is a folder. */
  static Path make(Path folder, Map<String, String> files) throws IOException {
    Files.createDirectories(folder);
    for (Map.Entry<String, String> file : files.entrySet()) {
      Path path = folder.resolve(file.getKey());
      if (file.getKey().endsWith("/")) {
        Files.createDirectories(path);
      } else {
        Files.createDirectories(path.getParent());
        Files.writeString(path, file.getValue());
      }
    }
    return folder;
  }
}
