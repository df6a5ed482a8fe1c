package io.lakeprop.spark;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.data.TableMeaning;
import io.lakeprop.data.TableSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Opens what a {@link TableSpec} names: its files are listed, and those of texts read once. */
public final class LakeTable {
  /** Formats whose files say at their end how many rows they have. */
  private static final Set<String> WITH_FOOTERS = Set.of("parquet", "orc");

  /** Formats that Spark itself reads, file by file. */
  private static final Set<String> OF_SPARK = Set.of("parquet", "orc", "json");

  private LakeTable() {}

  /**
   * A table's rows, and what a person should know of them.
   *
   * @param unreadable files whose rows are not among them; none, unless the spec says that they are
   *     skipped
   * @param reading what came of reading texts, and the types of the columns before any was derived
   */
  public record Opened(Dataset<Row> rows, List<UnreadableFile> unreadable, Reading reading) {}

  /**
   * The rows and columns that the spec means, of a table of which nothing is known; without files
   * that cannot be read, where the spec says that they are skipped.
   *
   * @throws InvalidInput when the table is not there, cannot be read, or an expression is wrong
   */
  public static Dataset<Row> open(SparkSession session, TableSpec spec) {
    return opened(session, spec, TableMeaning.UNKNOWN, false).rows();
  }

  /**
   * The rows as the training table was read, and what a person should know of them.
   *
   * @param texts whether the cells' own texts go with the rows of CSV files, as a column {@link
   *     TypedColumns#TEXTS}
   * @throws InvalidInput when the table is not there, cannot be read, or an expression is wrong
   */
  public static Opened opened(
      SparkSession session, TableSpec spec, TableMeaning meaning, boolean texts) {
    String name = spec.describe();
    // The cluster's own zone must not decide which hour and which day a timestamp has.
    session.conf().set("spark.sql.session.timeZone", meaning.timeZone());
    Opened source =
        Failures.naming(
            name, "", () -> source(session, spec, meaning.alsoIn(expressions(spec)), texts));
    Dataset<Row> table = source.rows();
    for (Map.Entry<String, String> column : spec.derive().entrySet()) {
      Dataset<Row> before = table;
      table =
          Failures.naming(
              name,
              "derive " + column.getKey() + ": ",
              () ->
                  Repeatable.checked(
                      before,
                      before.withColumn(column.getKey(), functions.expr(column.getValue())),
                      column.getValue()));
    }
    Dataset<Row> all = TypedColumns.without(table, spec.derive().keySet());
    return new Opened(
        spec.where().isEmpty()
            ? all
            : Failures.naming(
                name,
                "where: ",
                () -> Repeatable.checked(all, all.where(spec.where().get()), spec.where().get())),
        source.unreadable(),
        source.reading());
  }

  private static List<String> expressions(TableSpec spec) {
    List<String> all = new ArrayList<>(spec.derive().values());
    spec.where().ifPresent(all::add);
    return all;
  }

  private static Opened source(
      SparkSession session, TableSpec spec, TableMeaning meaning, boolean texts) {
    if (spec.source() instanceof TableSpec.Named named) {
      return whole(Repeatable.checked(session.table(named.name()), named.name()));
    }
    if (spec.source() instanceof TableSpec.Query query) {
      return whole(Repeatable.checked(session.sql(query.sql()), query.sql()));
    }
    if (spec.source() instanceof TableSpec.Sample sample) {
      SampleTable.writeUnlessThere(session, sample);
      return whole(session.read().parquet(sample.path()));
    }
    return files(session, (TableSpec.Files) spec.source(), meaning, texts);
  }

  private static Opened whole(Dataset<Row> table) {
    return new Opened(table, List.of(), Reading.of(types(table.schema())));
  }

  /** SQL type of each column. */
  static Map<String, String> types(StructType schema) {
    Map<String, String> types = new LinkedHashMap<>();
    for (StructField field : schema.fields()) {
      types.put(field.name(), field.dataType().sql());
    }
    return types;
  }

  private static Opened files(
      SparkSession session, TableSpec.Files spec, TableMeaning meaning, boolean texts) {
    Configuration hadoop = session.sparkContext().hadoopConfiguration();
    String name = String.join(", ", spec.paths());
    Optional<FileFormat> told =
        spec.format()
            .map(FileFormat::named)
            .or(
                () ->
                    FileFormat.ofLake(
                        TablePaths.named(spec.paths().get(0), hadoop).get(0), hadoop));
    Map<String, String> small = inSmallLetters(spec.options());
    if (told.isPresent()
        && !OF_SPARK.contains(told.get().name())
        && !told.get().name().equals("csv")) {
      return checked(
          spec, told.get().name(), whole(others(session, spec, told.get().name(), hadoop)));
    }
    TableFiles files = TableFiles.of(spec.paths(), small, hadoop);
    FileFormat format = told.orElseGet(() -> FileFormat.of(name, files));
    checkSkip(spec, format.name());
    if (format.name().equals("csv")) {
      CsvOptions options =
          CsvOptions.of(small, missing(spec, meaning), meaning.timeZone(), format.separator());
      return new CsvTable(session, spec, files, options, meaning).open(texts);
    }
    SparkFiles reader =
        new SparkFiles(session, spec, format.name(), files, strict(format.name(), spec));
    CsvOptions marks =
        CsvOptions.of(Map.of(), missing(spec, meaning), meaning.timeZone(), format.separator());
    Opened opened =
        format.name().equals("json")
            ? new JsonTable(session, spec, files, reader, meaning, marks).open()
            : columns(session, spec, format.name(), reader, files);
    return reader.typed(opened, meaning, marks);
  }

  private static Optional<List<String>> missing(TableSpec.Files spec, TableMeaning meaning) {
    return spec.missing().or(meaning::missing);
  }

  private static Map<String, String> inSmallLetters(Map<String, String> options) {
    Map<String, String> small = new TreeMap<>();
    options.forEach((option, value) -> small.put(option.toLowerCase(Locale.ROOT), value));
    return small;
  }

  private static void checkSkip(TableSpec.Files spec, String format) {
    if (spec.corruptFiles() == TableSpec.CorruptFiles.SKIP && !WITH_FOOTERS.contains(format)) {
      throw new InvalidInput(
          "table %s must be of Parquet or ORC files for corrupt_files: skip, however: the format is %s"
              .formatted(String.join(", ", spec.paths()), format));
    }
    if (spec.malformed() != TableSpec.Malformed.REFUSE
        && !format.equals("csv")
        && !format.equals("json")) {
      throw new InvalidInput(
          "table %s must be of CSV or JSON files for malformed: %s, however: the format is %s"
              .formatted(
                  String.join(", ", spec.paths()),
                  spec.malformed().name().toLowerCase(Locale.ROOT),
                  format));
    }
  }

  private static Opened checked(TableSpec.Files spec, String format, Opened opened) {
    checkSkip(spec, format);
    return opened;
  }

  /** A format that Spark has a reader for and we know nothing of. */
  private static Dataset<Row> others(
      SparkSession session, TableSpec.Files spec, String format, Configuration hadoop) {
    spec.paths().forEach(path -> TablePaths.named(path, hadoop));
    DataFrameReader reader = session.read().format(format).options(spec.options());
    return spec.schema()
        .map(reader::schema)
        .orElse(reader)
        .load(spec.paths().toArray(String[]::new));
  }

  /** Whatever the session says: rows that are silently left out are another table. */
  private static Map<String, String> strict(String format, TableSpec.Files spec) {
    Map<String, String> options = new HashMap<>();
    if (WITH_FOOTERS.contains(format)) {
      // Spark's writers leave a checksum a page; without a look at it, a flipped bit of a number
      // that is not compressed is another number.
      options.put("parquet.page.verify-checksum.enabled", "true");
    }
    options.put("ignoreCorruptFiles", "false");
    options.put("ignoreMissingFiles", "false");
    options.putAll(spec.options());
    return options;
  }

  /** Parquet and ORC. */
  private static Opened columns(
      SparkSession session,
      TableSpec.Files spec,
      String format,
      SparkFiles reader,
      TableFiles files) {
    FilesOnDisk disk = new FilesOnDisk(session, spec, format, strict(format, spec), reader, files);
    if (spec.corruptFiles() == TableSpec.CorruptFiles.SKIP) {
      return disk.readable();
    }
    try {
      Dataset<Row> table = reader.rows();
      if (format.equals("parquet")) {
        disk.checkNotEmpty(table);
      }
      return whole(table);
    } catch (Exception e) {
      if (Failures.refusal(e).isEmpty()) {
        disk.checkFooters(e);
      }
      throw e;
    }
  }
}
