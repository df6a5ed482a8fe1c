package io.lakeprop.model;

import io.lakeprop.base.InvalidInput;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A file in the form of {@code sha256sum}: digests of files by their names. */
record Sha256Sums(Map<String, String> digests) {
  /** The digits, two spaces, and a name, which must be one that is expected. */
  private static final Pattern LINE = Pattern.compile("([0-9a-f]{64})  (.{1,200})");

  private static final int LONGEST_SHOWN = 300;

  /** Bytes of the longest file. */
  static final int LONGEST = 200_000;

  /**
   * Reads the file.
   *
   * @param where the file, for messages
   * @param names of the files that must have a line; no other may have one, so that a name from the
   *     file never becomes a path
   */
  static Sha256Sums read(String where, byte[] file, Set<String> names) {
    Sha256Sums sums = read(where, file, names::contains);
    for (String name : names) {
      if (!sums.digests.containsKey(name)) {
        throw new InvalidInput(where + " must have a line for " + name + ", however: it has none");
      }
    }
    return sums;
  }

  /**
   * Reads a file whose names are not known before.
   *
   * @param known what may be a name
   */
  static Sha256Sums read(String where, byte[] file, Predicate<String> known) {
    if (file.length > LONGEST) {
      throw new InvalidInput(
          "%s must have at most %d bytes, however: it has %d"
              .formatted(where, LONGEST, file.length));
    }
    Map<String, String> digests = new TreeMap<>();
    for (String line : new String(file, StandardCharsets.UTF_8).split("\n", -1)) {
      Matcher parts = LINE.matcher(line);
      if (parts.matches() && known.test(parts.group(2))) {
        if (digests.put(parts.group(2), parts.group(1)) != null) {
          throw new InvalidInput(
              where + ": " + parts.group(2) + " must have one line, however: two");
        }
      } else if (!line.isEmpty()) {
        throw new InvalidInput(
            "%s is damaged: it must have lines of a digest and a known name, however: %s"
                .formatted(where, line.substring(0, Math.min(line.length(), LONGEST_SHOWN))));
      }
    }
    return new Sha256Sums(digests);
  }

  /** A line of the file. */
  static String line(MessageDigest digest, String name) {
    return HexFormat.of().formatHex(digest.digest()) + "  " + name + "\n";
  }

  /** Refuses a file that is not the one whose digest is here. */
  void verify(String path, String name, byte[] bytes) {
    if (!digests.containsKey(name)) {
      throw new InvalidInput(
          "%s must have its digest in SHA256SUMS, however: there is none".formatted(path));
    }
    String digest = HexFormat.of().formatHex(sha256().digest(bytes));
    if (!digest.equals(digests.get(name))) {
      throw new InvalidInput(
          "%s is damaged: its SHA-256 must be %s, however: %s"
              .formatted(path, digests.get(name), digest));
    }
  }

  /** What digests the bytes of a file. */
  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }
}
