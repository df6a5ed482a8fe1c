package io.lakeprop.spark;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.data.TableMeaning;
import io.lakeprop.data.TableSpec;
import io.lakeprop.text.TimeFormat;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.util.DateTimeUtils;
import org.apache.spark.sql.execution.datasources.DataSource;
import org.apache.spark.sql.execution.datasources.v2.FileDataSourceV2;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Opens what a {@link TableSpec} names: its files are listed, and those of texts read once. */
public final class LakeTable {
  /** Formats whose files say at their end how many rows they have. */
  private static final Set<String> WITH_FOOTERS = Set.of("parquet", "orc");

  /** Formats whose days before 1582 may be of another calendar, by their writer. */
  private static final Set<String> REBASED = Set.of("parquet", "avro");

  /** Formats whose folders' names may be columns. */
  private static final Set<String> OF_SPARK = Set.of("parquet", "orc", "json");

  /** Options of readers of texts that say what a text means, not where it ends. */
  private static final Set<String> OF_TEXTS =
      Set.of(
          "encoding",
          "charset",
          "nullvalue",
          "dateformat",
          "timestampformat",
          "timezone",
          "ignoreleadingwhitespace",
          "ignoretrailingwhitespace");

  /** Spark's setting that says where a clock on the wall hangs. */
  static final String ZONE = "spark.sql.session.timeZone";

  private LakeTable() {}

  static boolean isUtc(String zone) {
    return DateTimeUtils.getZoneId(zone).normalized().equals(ZoneOffset.UTC);
  }

  /**
   * A table's rows, and what a person should know of them.
   *
   * @param unreadable files whose rows are not among them; none, unless the spec says that they are
   *     skipped
   * @param reading what came of reading texts, and the types of the columns before any was derived
   * @param absent columns that training knew and this table has not: all missing in the rows
   * @param derived expressions of the derived columns as they were computed, by name: the spec's,
   *     with the time in the place of its clock
   */
  public record Opened(
      Dataset<Row> rows,
      List<UnreadableFile> unreadable,
      Reading reading,
      Set<String> absent,
      Map<String, String> derived) {
    Opened(
        Dataset<Row> rows, List<UnreadableFile> unreadable, Reading reading, Set<String> absent) {
      this(rows, unreadable, reading, absent, Map.of());
    }

    Opened(Dataset<Row> rows, List<UnreadableFile> unreadable, Reading reading) {
      this(rows, unreadable, reading, Set.of());
    }

    /** The same with other rows. */
    Opened with(Dataset<Row> others) {
      return new Opened(others, unreadable, reading, absent, derived);
    }

    /** The same, with one note more. */
    Opened with(String note) {
      return new Opened(rows, unreadable, reading.and(Reading.note(note)), absent, derived);
    }
  }

  /**
   * The rows and columns that the spec means, of a table of which nothing is known; without files
   * that cannot be read, where the spec says that they are skipped.
   *
   * @throws InvalidInput when the table is not there, cannot be read, or an expression is wrong
   */
  public static Dataset<Row> open(SparkSession session, TableSpec spec) {
    return opened(session, spec, TableMeaning.UNKNOWN, false, FeatureColumns.UNKNOWN).rows();
  }

  /**
   * The rows as the training table was read, and what a person should know of them.
   *
   * @param texts whether what stands in the table goes with the rows, as a column {@link
   *     TypedColumns#TEXTS}: texts of CSV and JSON files and of folders' names, and values that are
   *     marks
   * @param features that may be there in no object of JSON files
   * @throws InvalidInput when the table is not there, cannot be read, or an expression is wrong
   */
  public static Opened opened(
      SparkSession session,
      TableSpec spec,
      TableMeaning meaning,
      boolean texts,
      FeatureColumns features) {
    String name = spec.describe();
    // The cluster's own zone must not decide which hour and which day a timestamp has.
    session.conf().set(ZONE, meaning.timeZone());
    TableMeaning own = meaning.alsoIn(expressions(spec)).withoutDerived(spec.derive());
    Opened source = Failures.naming(name, "", () -> source(session, spec, own, texts, features));
    checkNames(name, source.reading().types().keySet());
    checkNames(name, spec.derive().keySet());
    if (!ColumnNames.caseMatters(session)) {
      ColumnNames.checkCase(name, List.copyOf(spec.derive().keySet()));
    }
    boolean isOfFiles = spec.source() instanceof TableSpec.Files;
    if (!isOfFiles) {
      source = withFilesChecked(source, spec);
    }
    if (!(spec.source() instanceof TableSpec.Sample)) { // Which is ours: no number in it is a mark.
      source = MarkedValues.of(spec, own).missing(source, texts);
    }
    Optional<String> changed =
        ChangedTypes.note(source.rows().schema(), own.typesOfValues(), meaning, spec.derive());
    source = changed.map(source::with).orElse(source);
    Map<String, String> derived = new LinkedHashMap<>();
    Dataset<Row> rows = expressed(source.rows(), spec, derived);
    if (isOfFiles) {
      optimized(rows, spec); // Others have been, for their files.
    }
    return new Opened(
        isOfFiles ? withoutMetadata(rows, spec, source) : rows,
        source.unreadable(),
        source.reading(),
        source.absent(),
        derived);
  }

  /**
   * Refuses what Spark's readers would take for other values than the files have, where the job or
   * its SQL reads it.
   */
  private static Opened withFilesChecked(Opened given, TableSpec spec) {
    // Before marks are looked for, which is in all columns.
    Dataset<Row> rows = expressed(given.rows(), spec, new LinkedHashMap<>());
    LogicalPlan plan = optimized(rows, spec);
    Opened checked = given.with(QueriedFiles.checked(given.rows(), plan, spec.describe()));
    return QueriedFiles.ofTexts(plan, spec.describe()).map(checked::with).orElse(checked);
  }

  /**
   * The rows that the job's condition leaves, with the columns that it adds.
   *
   * @param derived takes the expressions as they were computed
   */
  private static Dataset<Row> expressed(
      Dataset<Row> given, TableSpec spec, Map<String, String> derived) {
    String name = spec.describe();
    Dataset<Row> table = given;
    for (Map.Entry<String, String> column : spec.derive().entrySet()) {
      Dataset<Row> before = table;
      String sql = StandingClock.expression(spec, column.getValue(), before);
      table =
          Failures.naming(
              name,
              "derive " + column.getKey() + ": ",
              () ->
                  Repeatable.checked(
                      before, before.withColumn(column.getKey(), functions.expr(sql)), sql));
      derived.put(column.getKey(), sql);
    }
    Dataset<Row> all = TypedColumns.without(table, spec.derive().keySet());
    Optional<String> where = spec.where().map(sql -> StandingClock.expression(spec, sql, all));
    return where.isEmpty()
        ? all
        : Failures.naming(
            name, "where: ", () -> Repeatable.checked(all, all.where(where.get()), where.get()));
  }

  /** Spark computes what is the same in all rows when it plans: outside of whatever reads rows. */
  private static LogicalPlan optimized(Dataset<Row> rows, TableSpec spec) {
    return Failures.naming(spec, () -> rows.queryExecution().optimizedPlan());
  }

  /** Refuses names of columns that the reading of rows needs for its own. */
  private static void checkNames(String table, Collection<String> names) {
    for (String name : names) {
      if (name.equalsIgnoreCase(TypedColumns.TEXTS)) {
        throw new InvalidInput(
            "table %s must not have a column \"%s\", however: it has one (Lakeprop's own is called so; give it another name)"
                .formatted(table, name));
      }
    }
  }

  /** Rows of JSON files carry what Spark's own readers hide, for SQL alone. */
  private static Dataset<Row> withoutMetadata(Dataset<Row> rows, TableSpec spec, Opened source) {
    boolean own =
        source.reading().types().containsKey(JsonObjects.METADATA)
            || spec.derive().containsKey(JsonObjects.METADATA);
    return !own && List.of(rows.columns()).contains(JsonObjects.METADATA)
        ? rows.drop(JsonObjects.METADATA)
        : rows;
  }

  private static List<String> expressions(TableSpec spec) {
    List<String> all = new ArrayList<>(spec.derive().values());
    spec.where().ifPresent(all::add);
    return all;
  }

  private static Opened source(
      SparkSession session,
      TableSpec spec,
      TableMeaning meaning,
      boolean texts,
      FeatureColumns features) {
    if (spec.source() instanceof TableSpec.Sample sample) {
      return whole(SampleTable.open(session, sample));
    }
    if (spec.source() instanceof TableSpec.Named named) {
      return whole(Repeatable.checked(session.table(named.name()), named.name()));
    }
    if (spec.source() instanceof TableSpec.Query query) {
      String sql = StandingClock.query(session, spec, query.sql());
      return whole(Repeatable.checked(session.sql(sql), sql));
    }
    return files(session, spec, meaning, texts, features);
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
      SparkSession session,
      TableSpec table,
      TableMeaning meaning,
      boolean texts,
      FeatureColumns features) {
    TableSpec.Files given = (TableSpec.Files) table.source();
    TableSpec.Files spec = given.withOptions(meaning.optionsWith(given.options()));
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
    if (told.isPresent() && !isOfFiles(told.get().name())) {
      return checked(
          spec, told.get().name(), whole(others(session, spec, told.get().name(), hadoop)));
    }
    TableFiles files = TableFiles.of(spec.paths(), small, hadoop);
    files.checkAny(name, small);
    FileFormat format = told.orElseGet(() -> FileFormat.of(name, files));
    checkSkip(spec, format.name());
    if (format.name().equals("csv")) {
      CsvOptions options =
          CsvOptions.of(small, missing(spec, meaning), meaning.timeZone(), format.separator())
              .replacing(table.derive().keySet())
              .knowing(features, meaning);
      return files.noted(new CsvTable(session, spec, files, options, meaning).open(texts), format);
    }
    SparkFiles reader =
        new SparkFiles(session, spec, format.name(), files, strict(format.name(), spec));
    CsvOptions marks =
        CsvOptions.of(ofTexts(small), missing(spec, meaning), meaning.timeZone(), ",")
            .replacing(table.derive().keySet())
            .knowing(features, meaning);
    Opened opened =
        format.name().equals("json")
            ? new JsonTable(session, spec, small, files, meaning, marks)
                .open(features, table, texts)
            : columns(session, spec, format.name(), reader, files);
    return files.noted(reader.typed(opened, meaning, marks, texts), format);
  }

  /** Whether a format's tables are the files that are there, and what their folders spell. */
  private static boolean isOfFiles(String format) {
    if (OF_SPARK.contains(format) || format.equals("csv")) {
      return true;
    }
    try {
      Class<?> reader = DataSource.lookupDataSource(format, SQLConf.get());
      return org.apache.spark.sql.execution.datasources.FileFormat.class.isAssignableFrom(reader)
          || FileDataSourceV2.class.isAssignableFrom(reader);
    } catch (Exception e) {
      return false; // Its reader says that it is not there.
    }
  }

  /** The options that texts are read with wherever they stand: in CSV, JSON and folders' names. */
  private static Map<String, String> ofTexts(Map<String, String> small) {
    Map<String, String> own = new HashMap<>(small);
    own.keySet().retainAll(OF_TEXTS);
    return own;
  }

  private static Optional<List<String>> missing(TableSpec.Files spec, TableMeaning meaning) {
    return spec.missing().or(meaning::missing);
  }

  /**
   * How options of a reader say that texts write times; in ISO 8601 where they do not, as options
   * of readers that are none of texts.
   *
   * @param options in small letters
   */
  static TimeFormat times(Map<String, String> options, String zone) {
    try {
      return TimeFormat.of(options, zone).checked();
    } catch (InvalidInput e) {
      return new TimeFormat(zone, "", "");
    }
  }

  static Map<String, String> inSmallLetters(Map<String, String> options) {
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

  /** A format whose files Spark's reader alone knows, such as a table's with a log. */
  private static Dataset<Row> others(
      SparkSession session, TableSpec.Files spec, String format, Configuration hadoop) {
    spec.paths().forEach(path -> TablePaths.named(path, hadoop));
    DataFrameReader reader = session.read().format(format).options(spec.options());
    return spec.schema()
        .map(reader::schema)
        .orElse(reader)
        .load(spec.paths().toArray(String[]::new));
  }

  /**
   * Whatever the session says: rows that are silently left out are another table, and so are days
   * before 1582 that a cluster takes for those of another calendar. A job may say so.
   */
  private static Map<String, String> strict(String format, TableSpec.Files spec) {
    Map<String, String> options = new HashMap<>();
    if (WITH_FOOTERS.contains(format)) {
      // Spark's writers leave a checksum a page; without a look at it, a flipped bit of a number
      // that is not compressed is another number.
      options.put("parquet.page.verify-checksum.enabled", "true");
    }
    options.put("ignoreCorruptFiles", "false");
    options.put("ignoreMissingFiles", "false");
    if (REBASED.contains(format)) {
      options.put("datetimeRebaseMode", "CORRECTED");
      options.put("int96RebaseMode", "CORRECTED");
    }
    spec.options().keySet().forEach(own -> options.keySet().removeIf(own::equalsIgnoreCase));
    options.putAll(spec.options());
    return options;
  }

  /**
   * Hadoop looks for a checksum beside a file of a local disk, by a name that begins with a point:
   * it takes such a name with a colon for an address. Files of texts are read without it.
   */
  private static void checkNoColons(TableSpec.Files spec, List<String> files) {
    for (String file : files) {
      Path path = new Path(file);
      if ("file".equals(path.toUri().getScheme()) && path.getName().contains(":")) {
        throw new InvalidInput(
            "table %s: files of this format must have names without a colon on a local disk, where Hadoop cannot read them, however: %s (rename it; folders may have one)"
                .formatted(String.join(", ", spec.paths()), file));
      }
    }
  }

  /** Parquet, ORC, and what a Spark package brings. */
  private static Opened columns(
      SparkSession session,
      TableSpec.Files spec,
      String format,
      SparkFiles reader,
      TableFiles files) {
    Map<String, String> options = strict(format, spec);
    List<String> paths = files.files().stream().map(TableFile::path).toList();
    if (spec.corruptFiles() == TableSpec.CorruptFiles.REFUSE) {
      checkNoColons(spec, paths);
    }
    List<FileFooters.Footer> footers =
        WITH_FOOTERS.contains(format)
            ? FileFooters.read(session, format, options, paths)
            : List.of();
    FileColumns columns = FileColumns.of(footers);
    reader.check(columns);
    FilesOnDisk disk = new FilesOnDisk(spec, options, reader, files, footers, columns);
    if (spec.corruptFiles() == TableSpec.CorruptFiles.SKIP) {
      return reader.noted(disk.readable(), columns);
    }
    try {
      Dataset<Row> table = reader.rows(columns);
      if (format.equals("parquet")) {
        disk.checkNotEmpty(table);
      }
      return reader.noted(whole(table), columns);
    } catch (Exception e) {
      if (Failures.refusal(e).isEmpty()) {
        disk.checkFooters(e);
      }
      throw e;
    }
  }
}
