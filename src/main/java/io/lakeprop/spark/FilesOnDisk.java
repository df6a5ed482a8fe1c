package io.lakeprop.spark;

import io.lakeprop.base.InvalidInput;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.datasources.SchemaColumnConvertNotSupportedException;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;

/**
 * A table's Parquet or ORC files, and which of them cannot be read from their first row to their
 * last.
 *
 * <p>Spark passes over such files when it is asked to, but says neither which they are nor how many
 * rows it still read of them. So every file is read once before the first statistic, with the
 * reader that all later passes use, and the rows that came are compared with those that its footer
 * promises. A file that lacks any is left out as a whole, and the later passes, which read
 * strictly, all see the same rows.
 */
final class FilesOnDisk {
  private static final String ANY_SCHEMA = "none INT";

  private final SparkSession session;
  private final String format;
  private final Map<String, String> options;
  private final List<String> paths;

  /**
   * @param options of the reader, in which it is strict
   */
  FilesOnDisk(
      SparkSession session, String format, Map<String, String> options, List<String> paths) {
    this.session = session;
    this.format = format;
    this.options = options;
    this.paths = paths;
  }

  /**
   * Reads every file once.
   *
   * @param given schema, or the files' own where it is empty
   * @throws InvalidInput when none can be read, or one has columns of other types
   */
  LakeTable.Opened readable(UnaryOperator<DataFrameReader> given) {
    Map<String, String> unreadable = new TreeMap<>();
    Map<String, Long> promised = new TreeMap<>();
    for (FileFooters.Footer footer : FileFooters.read(session, format, options, names())) {
      if (footer.rows().isPresent()) {
        promised.put(footer.file(), footer.rows().getAsLong());
      } else {
        unreadable.put(footer.file(), footer.reason());
      }
    }
    if (promised.isEmpty()) {
      throw none(unreadable);
    }
    Set<String> files = new TreeSet<>(promised.keySet());
    StructType schema = given.apply(reader(options)).load(schemaFrom(promised)).schema();
    Map<String, String> lenient = new HashMap<>(options);
    lenient.put("ignoreCorruptFiles", "true");
    Map<String, Long> came = rows(load(lenient, schema, files));
    promised.forEach(
        (file, rows) -> {
          if (came.getOrDefault(file, 0L) != (long) rows) {
            whyNot(file, schema).ifPresent(reason -> unreadable.put(file, reason));
          }
        });
    files.removeAll(unreadable.keySet());
    if (files.isEmpty()) {
      throw none(unreadable);
    }
    List<UnreadableFile> others = new ArrayList<>();
    unreadable.forEach((file, reason) -> others.add(new UnreadableFile(file, reason)));
    return new LakeTable.Opened(load(options, schema, files), others);
  }

  /**
   * Refuses Parquet files without a byte, which Spark takes for tables without a row: they are what
   * a writer leaves that never got to write, or a full disk.
   */
  void checkNotEmpty(Dataset<Row> table) {
    Set<Path> listed = new HashSet<>();
    for (FileStatus status : empty()) {
      if (listed.isEmpty()) {
        Arrays.stream(table.inputFiles()).map(FilesOnDisk::path).forEach(listed::add);
      }
      if (listed.contains(status.getPath())) {
        throw new InvalidInput(
            "table %s must be of Parquet files, however: %s is empty, without even a footer"
                .formatted(String.join(", ", paths), status.getPath()));
      }
    }
  }

  /** Files of no bytes below the paths, hidden ones among them. */
  private List<FileStatus> empty() {
    List<FileStatus> empty = new ArrayList<>();
    try {
      for (FileStatus root : named()) {
        FileSystem fs = root.getPath().getFileSystem(session.sparkContext().hadoopConfiguration());
        RemoteIterator<LocatedFileStatus> below = fs.listFiles(root.getPath(), true);
        while (below.hasNext()) {
          FileStatus status = below.next();
          if (status.getLen() == 0) {
            empty.add(status);
          }
        }
      }
      return empty;
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private InvalidInput failed(IOException e) {
    return new InvalidInput(
        "table %s: %s".formatted(String.join(", ", paths), Failures.firstLine(e)), e);
  }

  /** Refuses the first file without a footer, when there is one, for a failure that names none. */
  void checkFooters(Exception failure) {
    for (FileFooters.Footer footer : FileFooters.read(session, format, options, names())) {
      if (footer.rows().isEmpty()) {
        throw new InvalidInput(
            "table %s: %s cannot be read: %s"
                .formatted(String.join(", ", paths), footer.file(), footer.reason()),
            failure);
      }
    }
  }

  /** The files as Spark lists them, without the ones that it hides, and as its rows name them. */
  private List<String> names() {
    String[] files =
        reader(options).schema(ANY_SCHEMA).load(paths.toArray(String[]::new)).inputFiles();
    return Arrays.stream(files).map(file -> path(file).toUri().toString()).sorted().toList();
  }

  private DataFrameReader reader(Map<String, String> own) {
    return session.read().format(format).options(own);
  }

  private InvalidInput none(Map<String, String> unreadable) {
    return new InvalidInput(
        "table %s must have a file that can be read, however: %s"
            .formatted(
                String.join(", ", paths),
                unreadable.isEmpty() ? "it has none" : unreadable.values().iterator().next()));
  }

  /**
   * Some of the files; those below a folder that was named keep the columns that folders below it
   * spell.
   */
  private Dataset<Row> load(Map<String, String> own, StructType schema, Set<String> files) {
    Map<Optional<Path>, List<String>> byRoot = new LinkedHashMap<>();
    List<Path> roots = roots();
    for (String file : files) {
      Path path = path(file);
      Optional<Path> root = roots.stream().filter(folder -> isBelow(folder, path)).findFirst();
      byRoot.computeIfAbsent(root, key -> new ArrayList<>()).add(escaped(path));
    }
    return byRoot.entrySet().stream()
        .map(
            root ->
                root.getKey()
                    .map(folder -> reader(own).option("basePath", folder.toString()))
                    .orElse(reader(own))
                    .schema(schema)
                    .load(root.getValue().toArray(String[]::new)))
        .reduce((left, right) -> left.unionByName(right))
        .orElseThrow();
  }

  /** The folders that were named. */
  private List<Path> roots() {
    List<Path> roots = new ArrayList<>();
    for (FileStatus status : named()) {
      if (status.isDirectory()) {
        roots.add(status.getPath());
      }
    }
    return roots;
  }

  private List<FileStatus> named() {
    List<FileStatus> named = new ArrayList<>();
    try {
      for (String path : paths) {
        Path glob = new Path(path);
        FileSystem fs = glob.getFileSystem(session.sparkContext().hadoopConfiguration());
        named.addAll(Arrays.asList(fs.globStatus(glob)));
      }
      return named;
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private static boolean isBelow(Path folder, Path file) {
    for (Path above = file.getParent(); above != null; above = above.getParent()) {
      if (above.equals(folder)) {
        return true;
      }
    }
    return false;
  }

  /** A path that is not taken for a pattern. */
  private static String escaped(Path path) {
    return path.toString().replaceAll("([{}\\[\\]*?\\\\])", "\\\\$1");
  }

  /** The first file, as Spark itself takes it, or all where schemas are to be merged. */
  private String[] schemaFrom(Map<String, Long> promised) {
    boolean merged =
        options.entrySet().stream()
            .anyMatch(
                option ->
                    option.getKey().equalsIgnoreCase("mergeSchema")
                        && Boolean.parseBoolean(option.getValue()));
    return promised.keySet().stream()
        .limit(merged ? Long.MAX_VALUE : 1)
        .map(file -> escaped(path(file)))
        .toArray(String[]::new);
  }

  private static Column file(Dataset<Row> table) {
    return table.metadataColumn("_metadata").getField("file_path");
  }

  /** The path of a file that Spark names. */
  static Path path(String file) {
    return new Path(URI.create(file));
  }

  /**
   * Why a file that lacks rows cannot be read; empty when it can, since a cluster has its moments.
   *
   * @throws InvalidInput when it is whole but its columns are of other types
   */
  private Optional<String> whyNot(String file, StructType schema) {
    try {
      reader(options)
          .schema(schema)
          .load(escaped(path(file)))
          .write()
          .format("noop")
          .mode("overwrite")
          .save();
      return Optional.empty();
    } catch (Exception e) {
      Throwable root = e;
      while (root.getCause() != null) {
        root = root.getCause();
      }
      if (root instanceof SchemaColumnConvertNotSupportedException) {
        throw new InvalidInput(Failures.refusal(e).orElseGet(() -> Failures.firstLine(e)), e);
      }
      return Optional.of(Failures.firstLine(root));
    }
  }

  /** Rows that come of each file. */
  private static Map<String, Long> rows(Dataset<Row> table) {
    Column all = functions.col("*");
    Map<String, Long> rows = new HashMap<>();
    for (String[] part :
        table
            .select(file(table).as("file"), all)
            .toJavaRDD()
            .mapPartitions(new CountRows())
            .collect()) {
      rows.merge(part[0], Long.parseLong(part[1]), Long::sum);
    }
    return rows;
  }

  /** The rows of a partition by their file; every column of them was read. */
  private record CountRows() implements FlatMapFunction<Iterator<Row>, String[]> {
    @Override
    public Iterator<String[]> call(Iterator<Row> rows) {
      Map<String, Long> counts = new TreeMap<>();
      rows.forEachRemaining(row -> counts.merge(row.getString(0), 1L, Long::sum));
      return counts.entrySet().stream()
          .map(count -> new String[] {count.getKey(), count.getValue().toString()})
          .iterator();
    }
  }
}
