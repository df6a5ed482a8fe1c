package io.lakeprop.spark;

import io.lakeprop.base.InvalidInput;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.GlobExpander;
import org.apache.hadoop.fs.GlobFilter;
import org.apache.hadoop.fs.Path;

/**
 * The files and folders that a job's paths name.
 *
 * <p>A path that is there as it is written is itself, whatever characters it has; otherwise it is a
 * pattern with {@code * ? [ ] { }}. Patterns are matched here, name by name, since Hadoop's own
 * matcher fails at every name with a colon, wanted or not.
 */
public final class TablePaths {
  private static final String PATTERN = ".*[*?\\[\\]{}\\\\].*";

  private TablePaths() {}

  /**
   * What a path names.
   *
   * @throws InvalidInput when that is nothing
   */
  public static List<FileStatus> named(String path, Configuration hadoop) {
    try {
      Path literal = path(path);
      Optional<FileStatus> itself = status(literal, hadoop);
      List<FileStatus> found = itself.isPresent() ? List.of(itself.get()) : matching(path, hadoop);
      if (found.isEmpty()) {
        throw new InvalidInput(
            "table %s must exist, however: there is no such file or folder".formatted(path));
      }
      return found;
    } catch (InvalidInput e) {
      throw e;
    } catch (IOException | IllegalArgumentException e) {
      throw new InvalidInput("table %s: %s".formatted(path, Failures.firstLine(e)), e);
    }
  }

  /** A path of a text; a colon in a first name makes no scheme of it where none can be meant. */
  public static Path path(String text) {
    try {
      return new Path(text);
    } catch (IllegalArgumentException e) {
      return new Path("./" + text);
    }
  }

  /** A path that nobody takes for a pattern. */
  static String escaped(Path path) {
    return path.toString().replaceAll("([{}\\[\\]*?\\\\])", "\\\\$1");
  }

  private static Optional<FileStatus> status(Path path, Configuration hadoop) throws IOException {
    try {
      return Optional.of(path.getFileSystem(hadoop).getFileStatus(path));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }

  private static List<FileStatus> matching(String pattern, Configuration hadoop)
      throws IOException {
    List<FileStatus> found = new ArrayList<>();
    if (!pattern.matches(PATTERN)) {
      return found;
    }
    for (String alternative : GlobExpander.expand(pattern)) {
      // A scheme and an authority are no names.
      Path whole = path(alternative);
      boolean absolute = whole.isUriPathAbsolute();
      String names = whole.toUri().getPath();
      Path start =
          new Path(whole.toUri().getScheme(), whole.toUri().getAuthority(), absolute ? "/" : ".");
      FileSystem fs = start.getFileSystem(hadoop);
      List<FileStatus> level = List.of(fs.getFileStatus(start));
      for (String name : names.split("/", -1)) {
        if (!name.isEmpty() && !name.equals(".")) {
          level = below(fs, level, name, hadoop);
        }
      }
      found.addAll(level);
    }
    return found;
  }

  private static List<FileStatus> below(
      FileSystem fs, List<FileStatus> folders, String name, Configuration hadoop)
      throws IOException {
    List<FileStatus> found = new ArrayList<>();
    for (FileStatus folder : folders) {
      if (!name.matches(PATTERN)) {
        status(child(folder.getPath(), name), hadoop).ifPresent(found::add);
      } else if (folder.isDirectory()) {
        GlobFilter filter = new GlobFilter(name);
        Arrays.stream(fs.listStatus(folder.getPath()))
            .filter(child -> filter.accept(child.getPath()))
            .filter(child -> !isHidden(child.getPath().getName()) || isHidden(name))
            .sorted()
            .forEach(found::add);
      }
    }
    return found;
  }

  /** Hadoop's own way to say it takes a name with a colon for an address. */
  private static Path child(Path folder, String name) {
    String above = folder.toString();
    return new Path(above.endsWith("/") ? above + name : above + "/" + name);
  }

  /** Whether a name is one that no reader of tables looks at. */
  static boolean isHidden(String name) {
    return (name.startsWith("_") && !name.contains("="))
        || name.startsWith(".")
        || name.endsWith("._COPYING_");
  }
}
