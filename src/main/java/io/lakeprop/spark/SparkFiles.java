package io.lakeprop.spark;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.data.TableMeaning;
import io.lakeprop.data.TableSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Tables of files that Spark's own readers open: Parquet and ORC, whose folders' names may be
 * columns, and whatever else a cluster has a reader for.
 */
final class SparkFiles {
  /**
   * What Spark does to a table where nothing else is said: it makes numbers of what the names of
   * folders say, and so loses their writing, and reads no file with nanoseconds.
   */
  private static final Map<String, String> AS_WRITTEN =
      Map.of(
          "spark.sql.sources.partitionColumnTypeInference.enabled", "false",
          "spark.sql.legacy.parquet.nanosAsLong", "true");

  private final SparkSession session;
  private final TableSpec.Files spec;
  private final String name;
  private final String format;
  private final TableFiles files;
  private final Map<String, String> options;
  private final UnaryOperator<String> key;
  private final BiPredicate<String, String> same;

  /** Columns that folders spell, by their keys. */
  private final Set<String> ofFolders;

  /** Below which folder names are columns, of each root. */
  private final Map<Path, Path> bases = new HashMap<>();

  /**
   * @param options of the reader, strict ones among them
   */
  SparkFiles(
      SparkSession session,
      TableSpec.Files spec,
      String format,
      TableFiles files,
      Map<String, String> options) {
    this.session = session;
    this.spec = spec;
    this.name = String.join(", ", spec.paths());
    this.format = format;
    this.files = files;
    this.options = options;
    this.key = ColumnNames.key(session);
    this.same = ColumnNames.same(session);
    this.ofFolders = files.partitionColumns().stream().map(key).collect(Collectors.toSet());
    for (int i = 0; i < files.roots().size(); i++) {
      bases.putIfAbsent(files.roots().get(i).getPath(), files.bases().get(i));
    }
  }

  /**
   * The rows, with the columns that folders spell as texts.
   *
   * @param columns of the files
   */
  Dataset<Row> rows(FileColumns columns) {
    if (columns.areAlike() && spec.schema().isEmpty() && isWhole()) {
      return respelled(load(options, reader -> reader));
    }
    List<Path> all = files.files().stream().map(file -> new Path(file.path())).toList();
    return rows(options, schema(columns), all, columns);
  }

  /** Whether Spark reads no other files, as it does of a folder in a partition's folder. */
  private boolean isWhole() {
    return files.passedOver().isEmpty() || files.partitionColumns().isEmpty();
  }

  /** The schema of the job, or that of the files as Spark tells it, wide enough for them all. */
  StructType schema(FileColumns columns) {
    if (spec.schema().isPresent()) {
      return StructType.fromDDL(spec.schema().get());
    }
    StructType schema = null;
    for (Map.Entry<List<FileColumns.FileColumn>, List<Path>> kind : columns.kinds().entrySet()) {
      // Hive leaves files without any column.
      if (!kind.getKey().isEmpty() && (schema == null || isMerged())) {
        StructType own = stored(kind.getKey()).withTimes(ofSpark(kind.getValue()));
        schema = schema == null ? own : merged(schema, own);
      }
    }
    if (schema == null) {
      return load(options, reader -> reader).schema(); // Spark says what is wrong.
    }
    for (List<FileColumns.FileColumn> kind : columns.kinds().keySet()) {
      schema = stored(kind).widened(schema);
    }
    return schema;
  }

  /** Columns of a file whose values are read: folders' names come before what is in files. */
  private StoredColumns stored(List<FileColumns.FileColumn> kind) {
    return new StoredColumns(
        kind.stream().filter(column -> !isOfFolders(column.name())).toList(), same);
  }

  private boolean isOfFolders(String column) {
    return ofFolders.contains(key.apply(column));
  }

  /** The schema that Spark tells of files of the same types, without what folders spell. */
  private StructType ofSpark(List<Path> alike) {
    String[] paths =
        alike.stream()
            .limit(isMerged() ? Long.MAX_VALUE : 1)
            .map(TablePaths::escaped)
            .toArray(String[]::new);
    StructType own =
        SessionSwitch.with(
            session,
            AS_WRITTEN,
            () -> session.read().format(format).options(options).load(paths).schema());
    StructType read = new StructType();
    for (StructField field : own.fields()) {
      read = isOfFolders(field.name()) ? read : read.add(field.name(), field.dataType());
    }
    return read;
  }

  /** A schema with the columns, and the fields of structs, of another that it has not. */
  private StructType merged(StructType schema, StructType more) {
    Map<String, DataType> others = new HashMap<>();
    for (StructField field : more.fields()) {
      others.putIfAbsent(key.apply(field.name()), field.dataType());
    }
    StructType all = new StructType();
    Set<String> there = new HashSet<>();
    for (StructField field : schema.fields()) {
      DataType own = field.dataType();
      DataType other = others.getOrDefault(key.apply(field.name()), own);
      all = all.add(field.name(), merged(own, other));
      there.add(key.apply(field.name()));
    }
    for (StructField field : more.fields()) {
      if (!there.contains(key.apply(field.name()))) {
        all = all.add(field.name(), field.dataType());
      }
    }
    return all;
  }

  private DataType merged(DataType one, DataType other) {
    if (one instanceof StructType a && other instanceof StructType b) {
      return merged(a, b);
    }
    if (one instanceof ArrayType a && other instanceof ArrayType b) {
      return DataTypes.createArrayType(merged(a.elementType(), b.elementType()));
    }
    return one instanceof MapType a && other instanceof MapType b
        ? DataTypes.createMapType(a.keyType(), merged(a.valueType(), b.valueType()))
        : one;
  }

  /** The first file, as Spark itself takes it, or all where schemas are to be merged. */
  private List<Path> telling(FileColumns columns) {
    return columns.files().keySet().stream().limit(isMerged() ? Long.MAX_VALUE : 1).toList();
  }

  private boolean isMerged() {
    return options.entrySet().stream()
        .anyMatch(
            option ->
                option.getKey().equalsIgnoreCase("mergeSchema")
                    && Boolean.parseBoolean(option.getValue()));
  }

  /**
   * The rows of some files; those below a folder that was named keep the columns that folders below
   * it spell.
   *
   * @param own options of the reader
   * @param schema of the columns that are not spelled by folders
   */
  Dataset<Row> rows(
      Map<String, String> own, StructType schema, Collection<Path> some, FileColumns columns) {
    boolean declared = spec.schema().isPresent();
    Dataset<Row> all = null;
    for (Map.Entry<List<FileColumns.FileColumn>, List<Path>> group :
        columns.by(some, kind -> stored(kind).others(schema, declared)).entrySet()) {
      StoredColumns stored = new StoredColumns(group.getKey(), same);
      StructType read = stored.stored(schema);
      boolean whole = group.getValue().size() == files.files().size() && isWhole();
      Dataset<Row> part =
          whole ? load(own, reader -> reader.schema(read)) : load(own, read, group.getValue());
      Dataset<Row> meant =
          stored.meant(
              part,
              schema,
              "table %s: file %s must have, as %s,"
                  .formatted(
                      name, group.getValue().get(0), declared ? "the schema says" : "others have"),
              declared
                  ? " (a schema of that type reads it, and derive casts it)"
                  : " (sql with casts and union all reads both; a schema without the column leaves"
                      + " it out)");
      all = all == null ? meant : all.unionByName(meant);
    }
    return respelled(all);
  }

  /**
   * The rows by a reader that is told more; every root with the columns that its folders spell.
   *
   * @param own options of the reader
   * @param more what the reader is told besides
   */
  Dataset<Row> load(Map<String, String> own, UnaryOperator<DataFrameReader> more) {
    boolean plain = files.partitionColumns().isEmpty();
    Map<Optional<Path>, List<Path>> groups = new LinkedHashMap<>();
    for (int i = 0; i < files.roots().size(); i++) {
      Optional<Path> base = plain ? Optional.empty() : Optional.of(files.bases().get(i));
      groups.computeIfAbsent(base, key -> new ArrayList<>()).add(files.roots().get(i).getPath());
    }
    return load(own, groups, more);
  }

  private Dataset<Row> load(Map<String, String> own, StructType schema, Collection<Path> some) {
    Map<Optional<Path>, List<Path>> groups = new LinkedHashMap<>();
    some.forEach(file -> groups.computeIfAbsent(base(file), key -> new ArrayList<>()).add(file));
    return load(own, groups, reader -> reader.schema(schema));
  }

  private Dataset<Row> load(
      Map<String, String> own,
      Map<Optional<Path>, List<Path>> byBase,
      UnaryOperator<DataFrameReader> more) {
    return SessionSwitch.with(
        session,
        AS_WRITTEN,
        () -> {
          Dataset<Row> all = null;
          for (Map.Entry<Optional<Path>, List<Path>> group : byBase.entrySet()) {
            DataFrameReader reader = session.read().format(format).options(own);
            group.getKey().ifPresent(base -> reader.option(TableFiles.BASE, base.toString()));
            String[] paths =
                group.getValue().stream().map(TablePaths::escaped).toArray(String[]::new);
            Dataset<Row> some = more.apply(reader).load(paths);
            all = all == null ? some : all.unionByName(some);
          }
          return all;
        });
  }

  private Optional<Path> base(Path file) {
    Path root = file;
    while (root != null && !bases.containsKey(root)) {
      root = root.getParent();
    }
    return Optional.ofNullable(root).map(bases::get);
  }

  /** The rows with what folders say as it is, where Spark reads it otherwise. */
  private Dataset<Row> respelled(Dataset<Row> rows) {
    Dataset<Row> right = rows;
    for (Map.Entry<String, String> column : files.folders().names().entrySet()) {
      right = right.withColumnRenamed(column.getKey(), column.getValue());
    }
    List<String> there = List.of(right.columns());
    for (String column : files.partitionColumns()) {
      if (there.contains(column)
          && !files.folders().isRead(column)
          && right.schema().apply(column).dataType().equals(DataTypes.StringType)) {
        Column own = functions.col(TypedColumns.quoted(column));
        Respelled spelling = new Respelled(new HashMap<>(files.folders().values().get(column)));
        right = right.withColumn(column, functions.udf(spelling, DataTypes.StringType).apply(own));
      }
    }
    return right;
  }

  /**
   * What files have and lack, told before their rows are read.
   *
   * @throws InvalidInput when a column is of a type that Spark does not read, or no file has one
   *     that the job's schema names
   */
  void check(FileColumns columns) {
    if (spec.schema().isPresent()) {
      columns.checkDeclared(
          name,
          Arrays.stream(StructType.fromDDL(spec.schema().get()).fieldNames())
              .filter(column -> !isOfFolders(column))
              .toList(),
          key);
    } else {
      columns.checkRead(name, telling(columns));
    }
  }

  /** What was opened, with notes on columns that only some files have. */
  LakeTable.Opened noted(LakeTable.Opened opened, FileColumns columns) {
    List<String> own = new ArrayList<>(List.of(opened.rows().columns()));
    own.removeAll(files.partitionColumns());
    LakeTable.Opened noted = opened;
    for (String note :
        columns.notes(name, own, files.partitionColumns(), spec.schema().isPresent(), key)) {
      noted = noted.with(note);
    }
    String zone = session.conf().get(LakeTable.ZONE);
    return LakeTable.isUtc(zone)
        ? noted
        : columns.wallClocks(name, own, zone, key).map(noted::with).orElse(noted);
  }

  /** Rows whose folders' columns are typed, by the training table's types or by their texts. */
  LakeTable.Opened typed(
      LakeTable.Opened opened, TableMeaning meaning, CsvOptions texts, boolean own) {
    List<String> folders =
        files.partitionColumns().stream()
            .filter(Set.of(opened.rows().columns())::contains)
            .filter(column -> !isDeclared(column))
            .toList();
    if (folders.isEmpty()) {
      return opened;
    }
    TextColumns columns = new TextColumns(name, folders, Optional.empty(), meaning, texts);
    CsvFindings found = columns.scan(files.files());
    columns.checkFolders(found, spec.malformed(), format.equals("json"));
    if (!format.equals("json")) {
      columns.noteFormats(found); // Of JSON, the objects' texts tell it together with these.
    }
    Dataset<Row> rows = own ? TypedColumns.withOwn(opened.rows(), folders) : opened.rows();
    return new LakeTable.Opened(
        columns.typed(rows, spec.malformed()),
        opened.unreadable(),
        columns.reading(columns.countMisfits(opened.rows(), found)).and(opened.reading()),
        opened.absent());
  }

  private boolean isDeclared(String column) {
    return spec.schema()
        .map(StructType::fromDDL)
        .filter(schema -> List.of(schema.fieldNames()).contains(column))
        .isPresent();
  }
}
