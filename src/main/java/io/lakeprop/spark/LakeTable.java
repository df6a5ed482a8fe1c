package io.lakeprop.spark;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.data.TableSpec;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
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
  private LakeTable() {}

  /**
   * The rows and columns that the spec means.
   *
   * @throws InvalidInput when the table is not there, cannot be read, or an expression is wrong
   */
  public static Dataset<Row> open(SparkSession session, TableSpec spec) {
    String name = spec.describe();
    Dataset<Row> table = Failures.naming(name, "", () -> source(session, spec));
    for (Map.Entry<String, String> column : spec.derive().entrySet()) {
      Dataset<Row> before = table;
      table =
          Failures.naming(
              name,
              "derive " + column.getKey() + ": ",
              () -> before.withColumn(column.getKey(), functions.expr(column.getValue())));
    }
    Dataset<Row> all = table;
    return spec.where().isEmpty()
        ? all
        : Failures.naming(name, "where: ", () -> all.where(spec.where().get()));
  }

  private static Dataset<Row> source(SparkSession session, TableSpec spec) {
    if (spec.source() instanceof TableSpec.Named named) {
      return session.table(named.name());
    }
    if (spec.source() instanceof TableSpec.Query query) {
      return session.sql(query.sql());
    }
    if (spec.source() instanceof TableSpec.Sample sample) {
      SampleTable.writeUnlessThere(session, sample);
      return session.read().parquet(sample.path());
    }
    return files(session, (TableSpec.Files) spec.source());
  }

  private static Dataset<Row> files(SparkSession session, TableSpec.Files files) {
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
    options.putAll(files.options());
    DataFrameReader reader = session.read().format(format).options(options);
    Optional<String> schema = files.schema();
    if (schema.isPresent()) {
      reader = reader.schema(schema.get());
    }
    return reader.load(files.paths().toArray(String[]::new));
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
