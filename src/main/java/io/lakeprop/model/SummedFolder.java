package io.lakeprop.model;

import io.lakeprop.base.InvalidInput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A folder of files that is committed by a last one: {@code SHA256SUMS} has the digest of each, so
 * that what was interrupted, half deleted or damaged is told from what is whole, on any file
 * system. Nothing is renamed: object stores cannot rename a folder at once.
 */
final class SummedFolder {
  private static final String SUMS = "SHA256SUMS";

  private final Storage storage;
  private final String folder;
  private final Map<String, String> sums;

  private SummedFolder(Storage storage, String folder, Map<String, String> sums) {
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
    storage.delete(folder);
    StringBuilder lines = new StringBuilder();
    for (Map.Entry<String, Storage.Content> file : files.entrySet()) {
      MessageDigest digest = sha256();
      storage.write(
          folder + "/" + file.getKey(),
          out -> {
            DigestOutputStream summed = new DigestOutputStream(out, digest);
            file.getValue().write(summed);
            summed.flush();
          });
      lines.append(HexFormat.of().formatHex(digest.digest()));
      lines.append("  ").append(file.getKey()).append('\n');
    }
    storage.write(folder + "/" + SUMS, lines.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** Whether such a folder was written to its end. */
  static boolean isThere(Storage storage, String folder) throws IOException {
    return storage.exists(folder + "/" + SUMS);
  }

  /**
   * Opens a folder that {@link #isThere}.
   *
   * @param what it should be, for messages
   */
  static SummedFolder open(Storage storage, String folder, String what) throws IOException {
    if (!isThere(storage, folder)) {
      throw new InvalidInput("%s must be %s, however: it has no %s".formatted(folder, what, SUMS));
    }
    return new SummedFolder(storage, folder, sums(folder, storage.read(folder + "/" + SUMS)));
  }

  /** A file whose digest is right. */
  byte[] read(String name) throws IOException {
    String path = path(name);
    if (!storage.exists(path)) {
      throw new InvalidInput(path + " must be there, however: the file is missing");
    }
    byte[] bytes = storage.read(path);
    String sum = HexFormat.of().formatHex(sha256().digest(bytes));
    if (!sum.equals(sums.get(name))) {
      throw new InvalidInput(
          "%s is damaged: its SHA-256 must be %s, however: %s"
              .formatted(path, sums.get(name), sum));
    }
    return bytes;
  }

  /** Where a file is. */
  String path(String name) {
    return folder + "/" + name;
  }

  private static Map<String, String> sums(String folder, byte[] file) {
    Map<String, String> sums = new LinkedHashMap<>();
    for (String line : new String(file, StandardCharsets.UTF_8).split("\n", -1)) {
      int gap = line.indexOf("  ");
      if (gap > 0) {
        sums.put(line.substring(gap + 2), line.substring(0, gap));
      } else if (!line.isEmpty()) {
        throw new InvalidInput(
            "%s/%s must have lines of a digest and a name, however: it is damaged"
                .formatted(folder, SUMS));
      }
    }
    return sums;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }
}
