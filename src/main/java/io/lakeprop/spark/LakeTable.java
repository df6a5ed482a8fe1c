package io.lakeprop.spark;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.data.TableSpec;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/** Opens what a {@link TableSpec} names; nothing is read but file names and schemas. */
public final class LakeTable {
  /** Formats whose files say at their end how many rows they have. */
  private static final Set<String> WITH_FOOTERS = Set.of("parquet", "orc");

  /** Formats that Spark itself reads, file by file. */
  private static final Set<String> OF_SPARK = Set.of("parquet", "orc", "csv", "json");

  private LakeTable() {}

  /**
   * A table's rows, and the files whose rows are not among them.
   *
   * @param unreadable none, unless the spec says that they are skipped
   */
  record Opened(Dataset<Row> rows, List<UnreadableFile> unreadable) {}

  /**
   * The rows and columns that the spec means; without files that cannot be read, where the spec
   * says that they are skipped.
   *
   * @throws InvalidInput when the table is not there, cannot be read, or an expression is wrong
   */
  public static Dataset<Row> open(SparkSession session, TableSpec spec) {
    return opened(session, spec).rows();
  }

  /** The same, with the files that were skipped. */
  static Opened opened(SparkSession session, TableSpec spec) {
    String name = spec.describe();
    Opened source = Failures.naming(name, "", () -> source(session, spec));
    Dataset<Row> table = source.rows();
    for (Map.Entry<String, String> column : spec.derive().entrySet()) {
      Dataset<Row> before = table;
      table =
          Failures.naming(
              name,
              "derive " + column.getKey() + ": ",
              () -> before.withColumn(column.getKey(), functions.expr(column.getValue())));
    }
    Dataset<Row> all = table;
    return new Opened(
        spec.where().isEmpty()
            ? all
            : Failures.naming(name, "where: ", () -> all.where(spec.where().get())),
        source.unreadable());
  }

  private static Opened source(SparkSession session, TableSpec spec) {
    if (spec.source() instanceof TableSpec.Named named) {
      return whole(session.table(named.name()));
    }
    if (spec.source() instanceof TableSpec.Query query) {
      return whole(session.sql(query.sql()));
    }
    if (spec.source() instanceof TableSpec.Sample sample) {
      SampleTable.writeUnlessThere(session, sample);
      return whole(session.read().parquet(sample.path()));
    }
    return files(session, (TableSpec.Files) spec.source());
  }

  private static Opened whole(Dataset<Row> table) {
    return new Opened(table, List.of());
  }

  private static Opened files(SparkSession session, TableSpec.Files files) {
    Configuration hadoop = session.sparkContext().hadoopConfiguration();
    for (String path : files.paths()) {
      requireThere(path, hadoop);
    }
    String format = files.format().orElseGet(() -> formatOf(files.paths().get(0), hadoop));
    Map<String, String> options = new HashMap<>();
    if (format.equals("csv")) {
      options.put("header", "true");
      options.put("inferSchema", files.schema().isPresent() ? "false" : "true");
    }
    if (WITH_FOOTERS.contains(format)) {
      // Spark's writers leave a checksum a page; without a look at it, a flipped bit of a number
      // that is not compressed is another number.
      options.put("parquet.page.verify-checksum.enabled", "true");
    }
    if (OF_SPARK.contains(format)) {
      // Whatever the session says: rows that are silently left out are another table.
      options.put("ignoreCorruptFiles", "false");
      options.put("ignoreMissingFiles", "false");
    }
    options.putAll(files.options());
    UnaryOperator<DataFrameReader> schema =
        reader -> files.schema().map(reader::schema).orElse(reader);
    boolean skip = files.corruptFiles() == TableSpec.CorruptFiles.SKIP;
    if (skip && !WITH_FOOTERS.contains(format)) {
      throw new InvalidInput(
          "table %s must be of Parquet or ORC files for corrupt_files: skip, however: the format is %s"
              .formatted(String.join(", ", files.paths()), format));
    }
    FilesOnDisk disk = new FilesOnDisk(session, format, options, files.paths());
    if (skip) {
      return disk.readable(schema);
    }
    DataFrameReader reader = schema.apply(session.read().format(format).options(options));
    try {
      Dataset<Row> table = reader.load(files.paths().toArray(String[]::new));
      if (format.equals("parquet")) {
        disk.checkNotEmpty(table);
      }
      return whole(table);
    } catch (Exception e) {
      if (WITH_FOOTERS.contains(format) && Failures.refusal(e).isEmpty()) {
        disk.checkFooters(e);
      }
      throw e;
    }
  }

  private static void requireThere(String path, Configuration hadoop) {
    try {
      Path glob = new Path(path);
      FileStatus[] found = glob.getFileSystem(hadoop).globStatus(glob);
      if (found == null || found.length == 0) {
        throw new InvalidInput(
            "table %s must exist, however: there is no such file or folder".formatted(path));
      }
    } catch (IOException | IllegalArgumentException e) {
      if (e instanceof InvalidInput refusal) {
        throw refusal;
      }
      throw new InvalidInput("table %s: %s".formatted(path, Failures.firstLine(e)), e);
    }
  }

  /** Tells the format from a file's name, or from the names that a folder holds. */
  private static String formatOf(String path, Configuration hadoop) {
    try {
      Path glob = new Path(path);
      FileSystem fs = glob.getFileSystem(hadoop);
      FileStatus first = fs.globStatus(glob)[0];
      if (!first.isDirectory()) {
        return byName(first.getPath().getName()).orElseThrow(() -> unknown(path));
      }
      if (fs.exists(new Path(first.getPath(), "_delta_log"))) {
        return "delta";
      }
      if (fs.exists(new Path(first.getPath(), "metadata/version-hint.text"))) {
        return "iceberg";
      }
      return Arrays.stream(fs.listStatus(first.getPath()))
          .map(status -> byName(status.getPath().getName()))
          .flatMap(Optional::stream)
          .findFirst()
          .orElse("parquet");
    } catch (IOException e) {
      throw new InvalidInput("table %s: %s".formatted(path, Failures.firstLine(e)), e);
    }
  }

  private static Optional<String> byName(String name) {
    String[] parts = name.toLowerCase(Locale.ROOT).split("\\.", -1);
    for (int i = parts.length - 1; i > 0; i--) {
      switch (parts[i]) {
        case "parquet", "orc", "json", "csv" -> {
          return Optional.of(parts[i]);
        }
        case "jsonl", "ndjson" -> {
          return Optional.of("json");
        }
        default -> {
          // A compression or something that does not tell.
        }
      }
    }
    return Optional.empty();
  }

  private static InvalidInput unknown(String path) {
    return new InvalidInput(
        "table %s must have a format, however: its name ends in none of parquet, orc, json, csv (say format)"
            .formatted(path));
  }
}
