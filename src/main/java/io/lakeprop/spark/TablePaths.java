package io.lakeprop.spark;

import io.lakeprop.base.InvalidInput;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
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

  /** Names that will be in a folder, whether they are there yet or not. */
  @FunctionalInterface
  public interface Coming {
    Set<String> in(Path folder) throws IOException;
  }

  /**
   * What a path names.
   *
   * @throws InvalidInput when that is nothing
   */
  public static List<FileStatus> named(String path, Configuration hadoop) {
    return named(path, folder -> Set.of(), hadoop);
  }

  /**
   * What a path will name once more is there.
   *
   * @throws InvalidInput when that is nothing
   */
  public static List<FileStatus> named(String path, Coming coming, Configuration hadoop) {
    try {
      Path literal = path(path);
      Optional<FileStatus> itself = status(literal.getFileSystem(hadoop), literal);
      List<FileStatus> found =
          itself.isPresent() ? List.of(itself.get()) : matching(path, coming, hadoop);
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

  /**
   * A path, or a pattern, from the root of its file system; of the local disk without a scheme
   * where none is given.
   */
  public static String whole(String text, Configuration hadoop) throws IOException {
    Path path = path(text);
    FileSystem fs = path.getFileSystem(hadoop);
    Path whole = fs.makeQualified(path);
    String told =
        path.toUri().getScheme() == null && whole.toUri().getScheme().equals("file")
            ? whole.toUri().getPath()
            : whole.toString();
    if (path.isAbsolute() || status(fs, path).isPresent()) {
      return told;
    }
    // A pattern; what the folders above it are called is none.
    Path here = new Path(fs.makeQualified(new Path(".")).toUri().getPath());
    return told.replace(here.toString(), escaped(here));
  }

  /** A path that nobody takes for a pattern. */
  static String escaped(Path path) {
    return path.toString().replaceAll("([{}\\[\\]*?\\\\])", "\\\\$1");
  }

  private static Optional<FileStatus> status(FileSystem fs, Path path) throws IOException {
    try {
      return Optional.of(fs.getFileStatus(path));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }

  private static List<FileStatus> matching(String pattern, Coming coming, Configuration hadoop)
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
          level = below(fs, level, name, coming);
        }
      }
      found.addAll(level);
    }
    return found;
  }

  private static List<FileStatus> below(
      FileSystem fs, List<FileStatus> folders, String name, Coming coming) throws IOException {
    List<FileStatus> found = new ArrayList<>();
    Predicate<Path> meant = meant(name);
    for (FileStatus folder : folders) {
      Path path = folder.getPath();
      if (!name.matches(PATTERN)) {
        status(fs, child(path, name)).ifPresent(found::add);
      } else if (folder.isDirectory()) {
        Arrays.stream(children(fs, path))
            .filter(child -> meant.test(child.getPath()))
            .sorted()
            .forEach(found::add);
      }
      for (String own : coming.in(path)) {
        Path child = child(path, own);
        if (meant.test(child) && status(fs, child).isEmpty()) {
          found.add(new FileStatus(0, true, 0, 0, 0, child));
        }
      }
    }
    return found;
  }

  /** The files and folders that a part of a pattern, or a name, means. */
  private static Predicate<Path> meant(String name) throws IOException {
    if (!name.matches(PATTERN)) {
      return path -> path.getName().equals(name);
    }
    GlobFilter filter = new GlobFilter(name);
    return path -> filter.accept(path) && (!isHidden(path.getName()) || isHidden(name));
  }

  /** What is in a folder, which may be still to come. */
  private static FileStatus[] children(FileSystem fs, Path folder) throws IOException {
    try {
      return fs.listStatus(folder);
    } catch (FileNotFoundException e) {
      return new FileStatus[0];
    }
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
