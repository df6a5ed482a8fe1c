package io.lakeprop.job;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.model.Storage;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The folder that a command writes a table to: aside, under a name that nobody has, and renamed at
 * the end.
 *
 * <pre>
 * .NAME.writing-TOKEN   beside the output NAME while it is written
 * .NAME.old-TOKEN       the earlier output, from when the new one is whole until it has its name
 * </pre>
 *
 * <p>TOKEN is 16 random hexadecimal digits. A command deletes what it made under its own token and
 * nothing else: what a killed one has left is told, since it may as well be another's who is still
 * at work, or hold the only copy of an earlier output. Readers of tables pass over names that begin
 * with a dot.
 */
final class OutputTable {
  private final Storage storage;
  private final FileSystem files;
  private final Path output;
  private final boolean overwrite;
  private final String token;

  /**
   * @param files the file system of the output
   * @param output absolute
   * @param overwrite whether it may take the place of an earlier table
   */
  OutputTable(Storage storage, FileSystem files, Path output, boolean overwrite) {
    this.storage = storage;
    this.files = files;
    this.output = output;
    this.overwrite = overwrite;
    this.token = token();
  }

  /** A name that nobody has. */
  static String token() {
    byte[] random = new byte[8];
    new SecureRandom().nextBytes(random);
    return HexFormat.of().formatHex(random);
  }

  /** What commands that died, or are at work, have left beside the output: a line each. */
  List<String> leftovers() throws IOException {
    List<String> lines = new ArrayList<>();
    String folder = output.getParent().toString();
    if (!storage.exists(folder)) {
      return lines;
    }
    Pattern ours =
        Pattern.compile(Pattern.quote("." + output.getName()) + "\\.(writing|old)-[0-9a-f]{16}");
    for (String name : storage.list(folder)) {
      if (ours.matcher(name).matches()) {
        lines.add(
            name.contains(".old-")
                ? "%s/%s is an earlier %s, put aside by a command that did not end (rename it to keep it, or delete it)"
                    .formatted(folder, name, output.getName())
                : "%s/%s is what a command left that did not end, unless it is still at work (delete it then)"
                    .formatted(folder, name));
      }
    }
    return lines;
  }

  /**
   * Writes the table, or leaves everything as it was.
   *
   * @param save writes to the path it is given, where nothing is
   */
  void write(Consumer<String> save) throws IOException {
    String aside = beside("writing");
    checkWritable(aside);
    boolean whole = false;
    try {
      save.accept(aside);
      if (!storage.exists(aside)) {
        throw new InvalidInput(
            "output format must write files to a folder, however: nothing is in " + aside);
      }
      putInPlace(aside);
      whole = true;
    } finally {
      // Not a catch: Spark throws what Java's compiler does not know of.
      if (!whole) {
        discard(aside);
      }
    }
  }

  /** Asks with an empty file, before anything is computed. */
  private void checkWritable(String aside) throws IOException {
    try {
      storage.createNew(aside, new byte[0]);
    } catch (IOException e) {
      throw new InvalidInput(
          "output %s must be in a folder that can be written, however: %s"
              .formatted(output, e.getMessage()),
          e);
    }
    storage.deleteFile(aside);
  }

  private void discard(String aside) {
    try {
      storage.delete(aside);
    } catch (IOException e) {
      // The failure that led here is the one to tell; what stays is told by the next command.
    }
  }

  /**
   * The earlier output keeps its bytes until the new one has its name. Whether it may be replaced
   * is asked once nobody else knows its name: somebody may have put something into it meanwhile.
   */
  private void putInPlace(String aside) throws IOException {
    if (!storage.exists(output.toString())) {
      storage.rename(aside, output.toString());
      return;
    }
    if (!overwrite) {
      throw new InvalidInput(
          "output %s must not exist, however: it came while it was written (--overwrite replaces it)"
              .formatted(output));
    }
    String old = beside("old");
    storage.rename(output.toString(), old);
    try {
      ReplaceableTable.check(files, new Path(old), output);
      storage.rename(aside, output.toString());
    } catch (IOException | RuntimeException e) {
      storage.rename(old, output.toString());
      throw e;
    }
    storage.delete(old);
  }

  private String beside(String what) {
    String name = ".%s.%s-%s".formatted(output.getName(), what, token);
    // Not as two paths: a name with a colon would be taken for one with a scheme.
    String folder = output.getParent().toString();
    return folder.endsWith("/") ? folder + name : folder + "/" + name;
  }
}
