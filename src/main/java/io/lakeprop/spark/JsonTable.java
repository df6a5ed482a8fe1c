package io.lakeprop.spark;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.base.SqlName;
import io.lakeprop.data.KnownValues;
import io.lakeprop.data.TableMeaning;
import io.lakeprop.data.TableSpec;
import io.lakeprop.text.JsonValues;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * A table of JSON files: objects one after another, on lines or over them, and arrays of objects.
 * Each object is a row. What is no object, and values that are not of the schema's type, never pass
 * in silence.
 */
final class JsonTable {
  private static final String BROKEN = JsonObjects.BROKEN;

  /** Types of a schema whose values are read as CSV cells of these types are. */
  private static final Set<String> OF_TEXTS =
      Set.of("string", "char", "varchar", "byte", "decimal", "date", "timestamp", "timestamp_ntz");

  private static final String MEND =
      "table.malformed: skip leaves them out, missing what cannot be read of them";

  private final SparkSession session;
  private final TableSpec.Files spec;
  private final String name;
  private final TableFiles files;
  private final TableMeaning meaning;
  private final CsvOptions texts;
  private final JsonFiles values;
  private final JsonObjects objects;

  /**
   * @param small the spec's options by their names in small letters
   * @param texts how texts are read: as CSV cells under the same options
   */
  JsonTable(
      SparkSession session,
      TableSpec.Files spec,
      Map<String, String> small,
      TableFiles files,
      TableMeaning meaning,
      CsvOptions texts) {
    this.session = session;
    this.spec = spec;
    this.name = String.join(", ", spec.paths());
    this.files = files;
    this.meaning = meaning;
    this.texts = texts;
    JsonOptions options = JsonOptions.of(small);
    this.values = new JsonFiles(session, files, texts.dialect().charset(), options);
    this.objects = new JsonObjects(session, options, files.partitionColumns());
  }

  /**
   * Reads types and checks every value.
   *
   * @param table whose SQL may name columns that no object has
   * @param ownTexts whether the texts of the objects go with the rows, as {@link
   *     TypedColumns#TEXTS}
   * @throws InvalidInput when a value is malformed and the spec does not let it pass
   */
  LakeTable.Opened open(FeatureColumns features, TableSpec table, boolean ownTexts) {
    Dataset<Row> read = values.values();
    Optional<StructType> declared = spec.schema().map(StructType::fromDDL);
    StructType inferred = declared.isPresent() ? new StructType() : objects.inferred(read);
    StructType schema = declared.map(this::asTexts).orElseGet(() -> asInTraining(inferred));
    checkKeys(schema);
    if (!ColumnNames.caseMatters(session)) {
      ColumnNames.checkCase(name, objects.columns(schema));
    }
    Dataset<Row> parsed = objects.parsed(read, schema, declared.isPresent());
    if (schema.isEmpty()) {
      checkAny(parsed);
    }
    String types =
        declared.isPresent()
            ? " of the schema's types"
            : schema.equals(inferred) ? "" : " of the types of training";
    long malformed = malformed(parsed, types);
    Dataset<Row> rows = parsed.where(passes());
    if (declared.isPresent()) {
      checkDeclared(rows, read, schema);
    }
    List<String> names = textColumns(schema);
    TextColumns columns = new TextColumns(name, names, declared, meaning, texts);
    Dataset<Row> bare = columns.trimmed(ownTexts ? TypedColumns.withOwn(rows, names) : rows);
    CsvFindings found = columns.scan(bare, JsonFiles.FILE, JsonFiles.OFFSET);
    found.countLines(values::line);
    columns.check(found, spec.malformed());
    noteFormats(columns, found, names);
    Dataset<Row> typed =
        columns
            .typed(bare, spec.malformed())
            .drop(BROKEN, JsonFiles.PROBLEM, JsonFiles.FILE, JsonFiles.OFFSET);
    long lost = malformed + Arrays.stream(found.misfits).sum();
    Reading reading = columns.reading(lost).and(Reading.of(types(typed, schema)));
    return hidden(inferred, withAbsent(typed, features, table, reading));
  }

  /**
   * A schema in which times, decimal numbers and bytes are texts, which Spark's parser would take
   * for what they are not: a date with any words behind it, a number of milliseconds for one of
   * seconds, 1.005 for 1.01, 200 for -56. What folders say is a text, too.
   */
  private StructType asTexts(StructType declared) {
    StructType schema = new StructType();
    for (StructField field : declared.fields()) {
      boolean text =
          files.partitionColumns().contains(field.name()) || OF_TEXTS.contains(kind(field));
      if (!text) {
        checkInner(field);
      }
      schema = schema.add(field.name(), text ? DataTypes.StringType : field.dataType());
    }
    return schema;
  }

  private void checkInner(StructField field) {
    DataType wide = wide(field.dataType());
    if (!wide.equals(field.dataType())) {
      throw new InvalidInput(
          "table %1$s: the schema must not have TINYINT or DECIMAL within another type, since Spark cuts and rounds numbers of JSON to these, however: %2$s %3$s (schema with %2$s %4$s reads them)"
              .formatted(name, SqlName.of(field.name()), field.dataType().sql(), wide.sql()));
    }
  }

  /** A type whose inner numbers Spark's parser leaves as they are. */
  private static DataType wide(DataType type) {
    if (type instanceof ArrayType array) {
      return new ArrayType(wide(array.elementType()), array.containsNull());
    }
    if (type instanceof MapType map) {
      return new MapType(map.keyType(), wide(map.valueType()), map.valueContainsNull());
    }
    if (type instanceof StructType struct) {
      StructType all = new StructType();
      for (StructField own : struct.fields()) {
        all = all.add(own.name(), wide(own.dataType()), own.nullable(), own.metadata());
      }
      return all;
    }
    return type instanceof DecimalType
        ? DataTypes.DoubleType
        : type.equals(DataTypes.ByteType) ? DataTypes.ShortType : type;
  }

  /** A type's name without its sizes. */
  private static String kind(StructField field) {
    return field.dataType().typeName().split("\\(", 2)[0];
  }

  /** With a note on keys that folders' names take the place of. */
  private LakeTable.Opened hidden(StructType keys, LakeTable.Opened opened) {
    List<String> hidden = new ArrayList<>(List.of(keys.fieldNames()));
    hidden.retainAll(files.partitionColumns());
    return hidden.isEmpty() ? opened : opened.with(FileColumns.hidden(name, hidden));
  }

  private Map<String, String> types(Dataset<Row> rows, StructType schema) {
    Map<String, String> types = new LinkedHashMap<>(LakeTable.types(rows.schema()));
    types.keySet().retainAll(objects.columns(schema));
    return types;
  }

  private void checkKeys(StructType schema) {
    ColumnNames.repeated(List.of(schema.fieldNames()))
        .ifPresent(
            key -> {
              throw new InvalidInput(
                  "table %s must have objects that have each key once, however: \"%s\" is there twice"
                      .formatted(name, key));
            });
  }

  /** The objects' types, and those of training where these are told from no value. */
  private StructType asInTraining(StructType inferred) {
    StructType schema = new StructType();
    Map<String, String> types = meaning.typesOfValues();
    for (StructField field : inferred.fields()) {
      DataType type =
          ColumnNames.alike(field.name(), types.keySet())
              .map(own -> asInTraining(field.dataType(), own, types.get(own)))
              .orElse(field.dataType());
      schema = schema.add(field.name(), type);
    }
    return schema;
  }

  /**
   * What was a text in training is read as one: 1.50 without quotes must not become 1.5. Of another
   * type than in training may be what nobody reads.
   */
  private DataType asInTraining(DataType inferred, String column, String trained) {
    if (trained.equals("STRING")) {
      return inferred instanceof StructType ? inferred : DataTypes.StringType;
    }
    boolean isExact = KnownValues.areExact(trained);
    if (isExact && inferred.equals(DataTypes.DoubleType) && texts.isCategory(column)) {
      return DataTypes.StringType; // Which keeps the digits of those that are no fractions.
    }
    return meaning.needs(column) ? filled(inferred, DataType.fromDDL(trained)) : inferred;
  }

  /** A type of nulls alone, which are told as texts, is that of training if that is no text's. */
  private static DataType filled(DataType inferred, DataType trained) {
    if (inferred instanceof ArrayType array && trained instanceof ArrayType own) {
      DataType element =
          array.elementType().equals(DataTypes.StringType)
              ? wide(own.elementType())
              : filled(array.elementType(), own.elementType());
      return new ArrayType(element, true);
    }
    boolean inner =
        trained instanceof ArrayType || trained instanceof StructType || trained instanceof MapType;
    return inner && inferred.equals(DataTypes.StringType) ? wide(trained) : inferred;
  }

  /** Columns of texts; those that folders spell and nobody declares are read as in all formats. */
  private List<String> textColumns(StructType schema) {
    List<String> columns = new ArrayList<>();
    for (StructField field : schema.fields()) {
      if (field.dataType().equals(DataTypes.StringType)
          && (spec.schema().isPresent() || !files.partitionColumns().contains(field.name()))) {
        columns.add(field.name());
      }
    }
    return columns;
  }

  /** Notes patterns of dates and times that fit neither the objects' texts nor folders' names. */
  private void noteFormats(TextColumns columns, CsvFindings found, List<String> names) {
    List<String> more = new ArrayList<>(files.partitionColumns());
    more.removeAll(names);
    TextColumns folders = new TextColumns(name, more, Optional.empty(), meaning, texts);
    columns.noteFormats(found, folders, folders.scan(files.files()));
  }

  /** Which rows are the table's. */
  private Column passes() {
    return switch (spec.malformed()) {
      case REFUSE -> functions.lit(true);
      case SKIP -> functions.col(BROKEN).isNull();
      case MISSING -> functions.col(JsonFiles.PROBLEM).notEqual(JsonValues.STRAY);
    };
  }

  /** Refuses a table of broken values alone. */
  private void checkAny(Dataset<Row> parsed) {
    if (parsed.where(functions.col(BROKEN).isNull()).isEmpty()) {
      refuse(parsed, "", "no record is a JSON object");
    }
  }

  /**
   * Counts broken values, or refuses the first one.
   *
   * @param types that an object's values must have, in words
   */
  private long malformed(Dataset<Row> parsed, String types) {
    Dataset<Row> broken = parsed.where(functions.col(BROKEN).isNotNull());
    if (spec.malformed() != TableSpec.Malformed.REFUSE) {
      return broken.count();
    }
    refuse(parsed, types, MEND);
    return 0;
  }

  /**
   * Refuses the first broken value, if there is one.
   *
   * @param types that an object's values must have, in words
   */
  private void refuse(Dataset<Row> parsed, String types, String mend) {
    Dataset<Row> broken = parsed.where(functions.col(BROKEN).isNotNull());
    List<Row> first =
        broken
            .orderBy(JsonFiles.FILE, JsonFiles.OFFSET)
            .select(JsonFiles.FILE, JsonFiles.OFFSET, JsonFiles.PROBLEM, BROKEN)
            .takeAsList(1);
    if (first.isEmpty()) {
      return;
    }
    String file = first.get(0).getString(0);
    long line = values.line(file, first.get(0).getLong(1));
    String problem = first.get(0).getString(2);
    Optional<FileSignature> signature = values.signature(file);
    throw new InvalidInput(
        "table %s: %s%s must be JSON%s, however: %s (%s%,d such records; %s)"
            .formatted(
                name,
                file,
                line > 0 ? " line " + line : "",
                problem.isEmpty() ? types : "",
                signature
                    .map(own -> "it is " + own.words())
                    .orElse(shortened(first.get(0).getString(3))),
                problem.isEmpty() || signature.isPresent() ? "" : "that is " + problem + "; ",
                broken.count(),
                mend(problem) + mend));
  }

  /** What reads a value with a problem, if anything does. */
  private static String mend(String problem) {
    if (problem.startsWith(JsonValues.TOO_LONG)) {
      return "objects on lines, or in an array that is in no object, are read one by one, ";
    }
    return problem.endsWith(JsonValues.ON_ITS_LINE)
        ? "options: {multiLine: true} if it goes on below, "
        : "";
  }

  private static String shortened(String record) {
    String line = record.strip();
    return line.length() > 80 ? line.substring(0, 80) + "..." : line;
  }

  private void checkDeclared(Dataset<Row> rows, Dataset<Row> texts, StructType schema) {
    List<String> declared = new ArrayList<>(List.of(schema.fieldNames()));
    declared.removeAll(files.partitionColumns());
    DeclaredKeys.check(rows, declared, () -> objects.inferred(texts), name);
  }

  /**
   * The table with the columns that training knew, that are asked for and that no object has: all
   * of them is missing.
   */
  private LakeTable.Opened withAbsent(
      Dataset<Row> rows, FeatureColumns features, TableSpec table, Reading reading) {
    List<String> there = List.copyOf(reading.types().keySet());
    Set<String> absent = new TreeSet<>(meaning.types().keySet());
    absent.removeIf(column -> ColumnNames.alike(column, there).isPresent());
    Set<String> lacking = new TreeSet<>(absent);
    lacking.retainAll(features.names());
    lacking.removeIf(column -> table.derive().keySet().stream().anyMatch(column::equalsIgnoreCase));
    features.check(lacking, there, meaning.types(), name);
    absent.removeIf(column -> there.stream().anyMatch(column::equalsIgnoreCase));
    absent.removeIf(column -> !lacking.contains(column) && !isNamed(column, table));
    if (absent.isEmpty()) {
      return new LakeTable.Opened(rows, List.of(), reading, absent);
    }
    List<Column> all = new ArrayList<>(List.of(functions.col("*")));
    for (String column : absent) {
      DataType type = DataType.fromDDL(meaning.types().get(column));
      all.add(functions.lit(null).cast(type).as(column));
    }
    return new LakeTable.Opened(
        rows.select(all.toArray(Column[]::new)), List.of(), reading.and(missing(absent)), absent);
  }

  private static boolean isNamed(String column, TableSpec table) {
    return Stream.concat(table.derive().values().stream(), table.where().stream())
        .anyMatch(sql -> SqlName.standsIn(column, sql));
  }

  /** What a person should know of columns that no object has. */
  private Reading missing(Set<String> absent) {
    String note = "%s: no object has %s, so all of it is missing".formatted(name, absent);
    return Reading.note(note);
  }
}
