package io.lakeprop.spark;

import io.lakeprop.base.InvalidInput;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.GlobFilter;
import org.apache.hadoop.fs.Path;

/**
 * The files of a table and what the names of their folders say, such as {@code year=2024}: as Spark
 * lists them, but that a path which is itself a partition's folder keeps its columns, and that
 * values stay the texts that they are.
 *
 * @param roots files and folders that the paths name
 * @param bases of each root the folder below which names are columns; the root itself but for
 *     partitions' folders
 * @param files in the order of their paths; hidden ones are not among them
 * @param passedOver folders below that hold files and are no partitions', so that nobody reads them
 * @param folders what the folders say, and how Spark reads it
 */
record TableFiles(
    List<FileStatus> roots,
    List<Path> bases,
    List<TableFile> files,
    List<String> passedOver,
    FolderTexts folders) {
  /** Files of other endings that a note names. */
  private static final int NAMED = 5;

  private static final String NO_VALUE = "__HIVE_DEFAULT_PARTITION__";

  /** Options of Spark's readers that say which files are meant. */
  static final String GLOB_FILTER = "pathGlobFilter";

  static final String RECURSIVE = "recursiveFileLookup";
  static final String BASE = "basePath";

  /**
   * Lists what paths name.
   *
   * @param options of the reader, in small letters
   */
  static TableFiles of(List<String> paths, Map<String, String> options, Configuration hadoop) {
    List<FileStatus> roots = new ArrayList<>();
    List<Path> bases = new ArrayList<>();
    List<TableFile> files = new ArrayList<>();
    List<String> passedOver = new ArrayList<>();
    FolderTexts folders = new FolderTexts();
    for (String path : paths) {
      for (FileStatus root : TablePaths.named(path, hadoop)) {
        Path base =
            Optional.ofNullable(options.get(BASE.toLowerCase(Locale.ROOT)))
                .map(given -> qualified(TablePaths.path(given), root, hadoop))
                .orElseGet(() -> base(root));
        roots.add(root);
        bases.add(base);
        try {
          new Walk(base, options, hadoop, files, passedOver, folders).file(root);
        } catch (IOException e) {
          throw new InvalidInput("table %s: %s".formatted(path, Failures.firstLine(e)), e);
        }
      }
    }
    files.sort((a, b) -> a.path().compareTo(b.path()));
    checkOnce(paths, files);
    checkPartitions(paths, files);
    return new TableFiles(
        List.copyOf(roots),
        List.copyOf(bases),
        List.copyOf(files),
        List.copyOf(passedOver),
        folders);
  }

  /**
   * Checks that there is a file.
   *
   * @param options of the reader, in small letters
   */
  void checkAny(String table, Map<String, String> options) {
    if (!files.isEmpty()) {
      return;
    }
    String filter = options.get(GLOB_FILTER.toLowerCase(Locale.ROOT));
    throw new InvalidInput(
        "table %s must have files, however: it has none%s%s (options: {%s: true} reads folders below it, too)"
            .formatted(
                table,
                filter == null ? "" : " of names like \"%s\"".formatted(filter),
                passedOver.isEmpty() ? "" : " but in " + passedOver.get(0),
                RECURSIVE));
  }

  /** A file that two paths name would count twice, and so would one that a link leads to. */
  private static void checkOnce(List<String> paths, List<TableFile> files) {
    Map<String, String> seen = new HashMap<>();
    for (TableFile file : files) {
      String other = seen.put(real(file.path()), file.path());
      if (other != null) {
        throw new InvalidInput(
            "table %s must name each file once, however: %s %s"
                .formatted(
                    String.join(", ", paths),
                    file.path(),
                    other.equals(file.path()) ? "comes twice" : "is the same file as " + other));
      }
    }
  }

  /** Where a path leads to, where the file system is this machine's. */
  private static String real(String path) {
    URI uri = new Path(path).toUri();
    if (!"file".equals(uri.getScheme())) {
      return path;
    }
    try {
      return java.nio.file.Path.of(uri.getPath()).toRealPath().toUri().toString();
    } catch (IOException e) {
      return path; // It is gone, which its reader says.
    }
  }

  /**
   * What was opened, with notes on folders that are not read, and on endings of files that are
   * copies of each other, for all that the names say.
   */
  LakeTable.Opened noted(LakeTable.Opened opened, FileFormat format) {
    LakeTable.Opened noted = opened;
    if (!passedOver.isEmpty()) {
      noted =
          noted.with(
              "not read: folder %s below the table's%s (options: {%s: true} reads folders of any name)"
                  .formatted(
                      passedOver.get(0),
                      passedOver.size() > 1 ? " and %,d more".formatted(passedOver.size() - 1) : "",
                      RECURSIVE));
    }
    Map<String, String> endings = new TreeMap<>();
    for (TableFile file : files) {
      endings.putIfAbsent(format.endingOf(new Path(file.path()).getName()), file.path());
    }
    if (endings.size() > 1) {
      noted =
          noted.with(
              "files of several endings are all read as %s, rows of copies twice: %s (options: {%s: \"*%s\"} reads those of one ending)"
                  .formatted(
                      format.name(),
                      endings.values().stream().limit(NAMED).collect(Collectors.joining(", ")),
                      GLOB_FILTER,
                      endings.keySet().iterator().next()));
    }
    return noted;
  }

  private static Path qualified(Path given, FileStatus root, Configuration hadoop) {
    try {
      return root.getPath().getFileSystem(hadoop).makeQualified(given);
    } catch (IOException e) {
      throw new InvalidInput("basePath %s: %s".formatted(given, Failures.firstLine(e)), e);
    }
  }

  /**
   * The folder above the first name of a path that is a partition's; else the path's own folder.
   */
  private static Path base(FileStatus root) {
    Path base = root.isDirectory() ? root.getPath() : root.getPath().getParent();
    for (Path at = base; at != null && at.getParent() != null; at = at.getParent()) {
      if (at.getName().indexOf('=') > 0) {
        base = at.getParent();
      }
    }
    return base;
  }

  /** The names of the columns that folders spell, in their order: those of any file. */
  List<String> partitionColumns() {
    return files.isEmpty() ? List.of() : List.copyOf(files.get(0).partition().keySet());
  }

  private static void checkPartitions(List<String> paths, List<TableFile> files) {
    for (TableFile file : files) {
      if (!file.partition().keySet().equals(files.get(0).partition().keySet())) {
        throw new InvalidInput(
            "table %s must have the same partition columns in all folders, however: %s has %s, %s has %s"
                .formatted(
                    String.join(", ", paths),
                    files.get(0).path(),
                    files.get(0).partition().keySet(),
                    file.path(),
                    file.partition().keySet()));
      }
    }
  }

  /** Walks down from a root. */
  private static final class Walk {
    private final Path base;
    private final boolean recursive;
    private final Optional<GlobFilter> filter;
    private final Configuration hadoop;
    private final List<TableFile> files;
    private final List<String> passedOver;
    private final FolderTexts folders;

    Walk(
        Path base,
        Map<String, String> options,
        Configuration hadoop,
        List<TableFile> files,
        List<String> passedOver,
        FolderTexts folders)
        throws IOException {
      this.base = base;
      this.recursive = Boolean.parseBoolean(options.get(lower(RECURSIVE)));
      String glob = options.get(lower(GLOB_FILTER));
      this.filter = glob == null ? Optional.empty() : Optional.of(new GlobFilter(glob));
      this.hadoop = hadoop;
      this.files = files;
      this.passedOver = passedOver;
      this.folders = folders;
    }

    private static String lower(String option) {
      return option.toLowerCase(Locale.ROOT);
    }

    void file(FileStatus root) throws IOException {
      if (root.isDirectory()) {
        folder(root.getPath());
      } else {
        add(root);
      }
    }

    /** Spark reads the files of the root and of partitions' folders, and no others. */
    private void folder(Path folder) throws IOException {
      FileSystem fs = folder.getFileSystem(hadoop);
      FileStatus[] children = fs.listStatus(folder);
      Arrays.sort(children);
      for (FileStatus child : children) {
        String name = child.getPath().getName();
        if (TablePaths.isHidden(name)) {
          continue;
        }
        if (child.isDirectory()) {
          if (recursive || name.indexOf('=') > 0) {
            folder(child.getPath());
          } else if (holdsFile(fs, child.getPath())) {
            passedOver.add(child.getPath().toString());
          }
        } else if (accepts(child)) {
          add(child);
        }
      }
    }

    private boolean accepts(FileStatus file) {
      return filter.isEmpty() || filter.get().accept(file.getPath());
    }

    /** Whether a folder has a file that would be read, did it lie in a partition. */
    private boolean holdsFile(FileSystem fs, Path folder) throws IOException {
      for (FileStatus child : fs.listStatus(folder)) {
        boolean hidden = TablePaths.isHidden(child.getPath().getName());
        if (!hidden && (child.isDirectory() ? holdsFile(fs, child.getPath()) : accepts(child))) {
          return true;
        }
      }
      return false;
    }

    private void add(FileStatus status) {
      files.add(
          new TableFile(
              status.getPath().toString(),
              status.getLen(),
              status.getModificationTime(),
              recursive ? Map.of() : partition(status.getPath())));
    }

    private Map<String, String> partition(Path file) {
      List<String> names = new ArrayList<>();
      for (Path at = file.getParent(); at != null && !at.equals(base); at = at.getParent()) {
        names.add(0, at.getName());
      }
      Map<String, String> values = new LinkedHashMap<>();
      for (String name : names) {
        int equals = name.indexOf('=');
        if (equals > 0) {
          String column = folders.name(name.substring(0, equals));
          String value = folders.value(column, name.substring(equals + 1), file.toString());
          values.put(column, value.equals(NO_VALUE) ? null : value);
        }
      }
      return values;
    }
  }
}
