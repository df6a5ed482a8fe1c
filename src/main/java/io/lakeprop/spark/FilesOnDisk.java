package io.lakeprop.spark;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.data.TableSpec;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
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
  private final TableSpec.Files spec;
  private final Map<String, String> options;
  private final SparkFiles reader;
  private final TableFiles listed;
  private final List<FileFooters.Footer> footers;
  private final FileColumns columns;

  /**
   * @param options of the reader, in which it is strict
   * @param footers of the files, and the columns that these tell
   */
  FilesOnDisk(
      TableSpec.Files spec,
      Map<String, String> options,
      SparkFiles reader,
      TableFiles listed,
      List<FileFooters.Footer> footers,
      FileColumns columns) {
    this.spec = spec;
    this.options = options;
    this.reader = reader;
    this.listed = listed;
    this.footers = footers;
    this.columns = columns;
  }

  /**
   * Reads every file once.
   *
   * @throws InvalidInput when none can be read, or one has columns of other types
   */
  LakeTable.Opened readable() {
    Map<Path, String> unreadable = new TreeMap<>();
    Map<Path, Long> promised = new TreeMap<>();
    for (FileFooters.Footer footer : footers) {
      if (footer.rows().isPresent()) {
        promised.put(footer.file(), footer.rows().getAsLong());
      } else {
        unreadable.put(footer.file(), footer.reason());
      }
    }
    if (promised.isEmpty()) {
      throw none(unreadable);
    }
    Set<Path> files = new TreeSet<>(promised.keySet());
    StructType schema = reader.schema(columns);
    Map<String, String> lenient = new HashMap<>(options);
    lenient.put("ignoreCorruptFiles", "true");
    Map<Path, Long> came = rows(load(lenient, schema, files));
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
    unreadable.forEach((file, reason) -> others.add(new UnreadableFile(file.toString(), reason)));
    Dataset<Row> rows = load(options, schema, files);
    return new LakeTable.Opened(rows, others, Reading.of(LakeTable.types(rows.schema())));
  }

  private Dataset<Row> load(Map<String, String> own, StructType schema, Set<Path> files) {
    return reader.rows(own, schema, files, columns);
  }

  /**
   * Refuses Parquet files without a byte, which Spark takes for tables without a row: they are what
   * a writer leaves that never got to write, or a full disk.
   */
  void checkNotEmpty(Dataset<Row> table) {
    Set<Path> read = new HashSet<>();
    for (TableFile file : listed.files()) {
      if (file.length() > 0) {
        continue;
      }
      if (read.isEmpty()) {
        Arrays.stream(table.inputFiles()).map(FilesOnDisk::path).forEach(read::add);
      }
      if (read.contains(new Path(file.path()))) {
        throw new InvalidInput(
            "table %s must be of Parquet files, however: %s is empty, without even a footer"
                .formatted(name(), file.path()));
      }
    }
  }

  private String name() {
    return String.join(", ", spec.paths());
  }

  /** Refuses the first file without a footer, when there is one, for a failure that names none. */
  void checkFooters(Exception failure) {
    for (FileFooters.Footer footer : footers) {
      if (footer.rows().isEmpty()) {
        throw new InvalidInput(
            "table %s: %s cannot be read: %s".formatted(name(), footer.file(), footer.reason()),
            failure);
      }
    }
  }

  private InvalidInput none(Map<Path, String> unreadable) {
    return new InvalidInput(
        "table %s must have a file that can be read, however: %s"
            .formatted(
                name(),
                unreadable.isEmpty() ? "it has none" : unreadable.values().iterator().next()));
  }

  /** The path of a file that Spark names. */
  private static Path path(String file) {
    return new Path(URI.create(file));
  }

  /**
   * Why a file that lacks rows cannot be read; empty when it can, since a cluster has its moments.
   *
   * @throws InvalidInput when it is whole but its columns are of other types
   */
  private Optional<String> whyNot(Path file, StructType schema) {
    try {
      load(options, schema, Set.of(file)).write().format("noop").mode("overwrite").save();
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
  private static Map<Path, Long> rows(Dataset<Row> table) {
    Column all = functions.col("*");
    Map<Path, Long> rows = new HashMap<>();
    for (String[] part :
        table
            .select(functions.input_file_name(), all)
            .toJavaRDD()
            .mapPartitions(new CountRows())
            .collect()) {
      rows.merge(path(part[0]), Long.parseLong(part[1]), Long::sum);
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
