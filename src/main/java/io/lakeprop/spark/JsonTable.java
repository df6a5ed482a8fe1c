package io.lakeprop.spark;

import io.lakeprop.base.EditDistance;
import io.lakeprop.base.InvalidInput;
import io.lakeprop.data.TableMeaning;
import io.lakeprop.data.TableSpec;
import io.lakeprop.text.JsonValues;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * A table of JSON files: objects one after another, on lines or over them, and arrays of objects.
 * Each object is a row. What is no object, and values that are not of the schema's type, never pass
 * in silence.
 */
final class JsonTable {
  private static final String BROKEN = "__broken_value__";
  private static final String PARSED = "__parsed_value__";

  /** What Spark's readers of files call the file's path, size and time. */
  static final String METADATA = "_metadata";

  private static final String MEND =
      "table.malformed: skip leaves them out, missing what cannot be read of them";

  /** Options that are not the parser's: they say what a file is, or which are meant. */
  private static final Set<String> OF_FILES =
      Set.of(
          "multiline",
          "linesep",
          "encoding",
          "charset",
          "pathglobfilter",
          "recursivefilelookup",
          "basepath");

  private final SparkSession session;
  private final TableSpec.Files spec;
  private final String name;
  private final TableFiles files;
  private final TableMeaning meaning;
  private final CsvOptions texts;
  private final JsonFiles values;
  private final Map<String, String> options = new HashMap<>();

  /**
   * @param small the spec's options by their names in small letters
   * @param texts marks for missing values and times; with the files' encoding
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
    this.values =
        new JsonFiles(
            session,
            files,
            texts.dialect().charset(),
            Optional.ofNullable(small.get("multiline")).map(Boolean::parseBoolean));
    checkOptions(small);
    spec.options()
        .forEach(
            (option, value) -> {
              if (!OF_FILES.contains(option.toLowerCase(Locale.ROOT))) {
                options.put(option, value);
              }
            });
    options.put("columnNameOfCorruptRecord", BROKEN);
  }

  private static void checkOptions(Map<String, String> small) {
    if (small.containsKey("mode")) {
      throw new InvalidInput(
          "options of JSON files must not have mode, however: %s (table.malformed: refuse, skip or missing)"
              .formatted(small.get("mode")));
    }
    if (!small.getOrDefault("linesep", "").isBlank()) {
      throw new InvalidInput(
          "options of JSON files must not have a lineSep but blanks and ends of lines, however: "
              + small.get("linesep"));
    }
  }

  /**
   * Reads types and checks every value.
   *
   * @param table whose SQL may name columns that no object has
   * @throws InvalidInput when a value is malformed and the spec does not let it pass
   */
  LakeTable.Opened open(FeatureColumns features, TableSpec table) {
    Dataset<Row> texts = values.values();
    StructType inferred = spec.schema().isPresent() ? new StructType() : inferred(texts);
    StructType schema =
        spec.schema().map(StructType::fromDDL).orElseGet(() -> asInTraining(inferred));
    checkKeys(schema);
    if (!ColumnNames.caseMatters(session)) {
      ColumnNames.checkCase(name, columns(schema));
    }
    Dataset<Row> parsed = parsed(texts, schema);
    if (schema.isEmpty()) {
      checkAny(parsed);
    }
    long malformed = malformed(parsed);
    Dataset<Row> rows = parsed.where(passes());
    checkDeclared(rows, texts);
    TextColumns columns = new TextColumns(name, textColumns(schema), meaning.types(), this.texts);
    CsvFindings found = columns.scan(rows, JsonFiles.FILE, JsonFiles.OFFSET);
    found.countLines(values::line);
    columns.check(found, spec.malformed());
    Dataset<Row> typed =
        columns
            .typed(rows, spec.malformed())
            .drop(BROKEN, JsonFiles.PROBLEM, JsonFiles.FILE, JsonFiles.OFFSET);
    long lost = malformed + Arrays.stream(found.misfits).sum();
    Reading reading = columns.reading(lost).and(Reading.of(types(typed, schema)));
    return withAbsent(typed, features, table, reading);
  }

  private Map<String, String> types(Dataset<Row> rows, StructType schema) {
    Map<String, String> types = new LinkedHashMap<>(LakeTable.types(rows.schema()));
    types.keySet().retainAll(columns(schema));
    return types;
  }

  /** The columns of the table, those that folders spell and no object has at last. */
  private List<String> columns(StructType schema) {
    return Stream.concat(Arrays.stream(schema.fieldNames()), files.partitionColumns().stream())
        .distinct()
        .toList();
  }

  /** The types of the objects' values; without fields, where there are no objects. */
  private StructType inferred(Dataset<Row> texts) {
    Dataset<String> objects =
        texts
            .where(functions.col(JsonFiles.PROBLEM).equalTo(""))
            .select(JsonFiles.TEXT)
            .as(Encoders.STRING());
    StructType all = session.read().options(options).json(objects).schema();
    return new StructType(
        Arrays.stream(all.fields())
            .filter(field -> !field.name().equals(BROKEN))
            .toArray(StructField[]::new));
  }

  private void checkKeys(StructType schema) {
    Set<String> seen = new HashSet<>();
    for (String key : schema.fieldNames()) {
      if (!seen.add(key)) {
        throw new InvalidInput(
            "table %s must have objects that have each key once, however: \"%s\" is there twice"
                .formatted(name, key));
      }
    }
  }

  /** What was a text in training is read as one: 1.50 without quotes must not become 1.5. */
  private StructType asInTraining(StructType inferred) {
    StructType schema = new StructType();
    for (StructField field : inferred.fields()) {
      boolean text =
          ColumnNames.alike(field.name(), meaning.types().keySet())
                  .map(meaning.types()::get)
                  .filter("STRING"::equals)
                  .isPresent()
              && !(field.dataType() instanceof StructType);
      schema = schema.add(field.name(), text ? DataTypes.StringType : field.dataType());
    }
    return schema;
  }

  /** Columns of texts whose types nobody said. */
  private List<String> textColumns(StructType schema) {
    List<String> columns = new ArrayList<>();
    for (StructField field : schema.fields()) {
      if (field.dataType().equals(DataTypes.StringType)
          && spec.schema().isEmpty()
          && !files.partitionColumns().contains(field.name())) {
        columns.add(field.name());
      }
    }
    return columns;
  }

  /** The values as rows of a schema, with the text of each that is broken, and where it stands. */
  private Dataset<Row> parsed(Dataset<Row> texts, StructType schema) {
    Column fits = functions.col(JsonFiles.PROBLEM).equalTo("");
    Column value = parser(schema, functions.when(fits, functions.col(JsonFiles.TEXT)));
    Dataset<Row> rows = texts.withColumn(PARSED, value);
    List<Column> all = new ArrayList<>();
    for (String column : columns(schema)) {
      boolean folder = files.partitionColumns().contains(column);
      Column own =
          folder
              ? functions.col(TypedColumns.quoted(column))
              : functions.col(PARSED).getField(column);
      boolean declared = folder && List.of(schema.fieldNames()).contains(column);
      all.add((declared ? own.cast(schema.apply(column).dataType()) : own).as(column));
    }
    Column broken = functions.not(fits).or(functions.col(PARSED).getField(BROKEN).isNotNull());
    all.add(functions.when(broken, functions.col(JsonFiles.TEXT)).as(BROKEN));
    all.addAll(
        List.of(
            functions.col(JsonFiles.PROBLEM),
            functions.col(JsonFiles.FILE),
            functions.col(JsonFiles.OFFSET)));
    if (!columns(schema).contains(METADATA)) {
      all.add(metadata().as(METADATA));
    }
    return rows.select(all.toArray(Column[]::new));
  }

  /** The objects of texts; what is a text in the schema is one as it is written. */
  private Column parser(StructType schema, Column text) {
    HashSet<String> keys = new HashSet<>();
    for (StructField field : schema.fields()) {
      if (field.dataType() instanceof StringType) {
        keys.add(field.name());
      }
    }
    // Spark finds broken objects only where it looks for something.
    StructType whole = schema.isEmpty() ? schema.add("any", DataTypes.StringType) : schema;
    return functions.from_json(
        functions.udf(new QuotedTexts(keys), DataTypes.StringType).apply(text),
        whole.add(BROKEN, DataTypes.StringType),
        options);
  }

  private static Column metadata() {
    Column path = functions.col(JsonFiles.FILE);
    return functions.struct(
        path.as("file_path"),
        functions.element_at(functions.split(path, "/"), -1).as("file_name"),
        functions.col(JsonFiles.LENGTH).as("file_size"),
        functions.timestamp_millis(functions.col(JsonFiles.MODIFIED)).as("file_modification_time"));
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
      refusal(parsed, "no record is a JSON object")
          .ifPresent(
              refusal -> {
                throw refusal;
              });
    }
  }

  /** Counts broken values, or refuses the first one. */
  private long malformed(Dataset<Row> parsed) {
    Dataset<Row> broken = parsed.where(functions.col(BROKEN).isNotNull());
    if (spec.malformed() != TableSpec.Malformed.REFUSE) {
      return broken.count();
    }
    refusal(parsed, MEND)
        .ifPresent(
            refusal -> {
              throw refusal;
            });
    return 0;
  }

  /** What is said of the first broken value; empty where there is none. */
  private Optional<InvalidInput> refusal(Dataset<Row> parsed, String mend) {
    Dataset<Row> broken = parsed.where(functions.col(BROKEN).isNotNull());
    List<Row> first =
        broken
            .orderBy(JsonFiles.FILE, JsonFiles.OFFSET)
            .select(JsonFiles.FILE, JsonFiles.OFFSET, JsonFiles.PROBLEM, BROKEN)
            .takeAsList(1);
    if (first.isEmpty()) {
      return Optional.empty();
    }
    String file = first.get(0).getString(0);
    long line = values.line(file, first.get(0).getLong(1));
    String problem = first.get(0).getString(2);
    Optional<FileSignature> signature = values.signature(file);
    return Optional.of(
        new InvalidInput(
            "table %s: %s%s must be JSON%s, however: %s (%s%,d such records; %s)"
                .formatted(
                    name,
                    file,
                    line > 0 ? " line " + line : "",
                    spec.schema().isPresent() && problem.isEmpty() ? " of the schema's types" : "",
                    signature
                        .map(own -> "it is " + own.words())
                        .orElse(shortened(first.get(0).getString(3))),
                    problem.isEmpty() || signature.isPresent() ? "" : "that is " + problem + "; ",
                    broken.count(),
                    mend)));
  }

  private static String shortened(String record) {
    String line = record.strip();
    return line.length() > 80 ? line.substring(0, 80) + "..." : line;
  }

  /** Refuses columns of the job's schema that no object has, where objects have one like them. */
  private void checkDeclared(Dataset<Row> rows, Dataset<Row> texts) {
    if (spec.schema().isEmpty()) {
      return;
    }
    List<String> declared =
        new ArrayList<>(List.of(StructType.fromDDL(spec.schema().get()).fieldNames()));
    declared.removeAll(files.partitionColumns());
    List<String> empty = withoutValues(rows, declared);
    if (empty.isEmpty()) {
      return;
    }
    List<String> others = new ArrayList<>(List.of(inferred(texts).fieldNames()));
    others.removeAll(declared);
    for (String column : empty) {
      Optional<String> near =
          others.stream()
              .filter(own -> ColumnNames.alike(column, List.of(own)).isPresent())
              .findFirst()
              .or(() -> EditDistance.nearest(column, others));
      if (near.isPresent()) {
        throw new InvalidInput(
            "table %s must have values in the column \"%s\" of the schema, however: no object has that key, and there is \"%s\" (schema with that name reads it)"
                .formatted(name, column, near.get()));
      }
    }
  }

  /** The columns in which all values are missing; none where there are no rows. */
  private static List<String> withoutValues(Dataset<Row> rows, List<String> columns) {
    List<Column> counts = new ArrayList<>();
    for (String column : columns) {
      counts.add(functions.count(functions.col(TypedColumns.quoted(column))));
    }
    Row counted = rows.agg(functions.count(functions.lit(1)), counts.toArray(Column[]::new)).head();
    List<String> empty = new ArrayList<>();
    for (int i = 0; i < columns.size() && counted.getLong(0) > 0; i++) {
      if (counted.getLong(i + 1) == 0) {
        empty.add(columns.get(i));
      }
    }
    return empty;
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
    Dataset<Row> all = rows;
    for (String column : absent) {
      DataType type = DataType.fromDDL(meaning.types().get(column));
      all = all.withColumn(column, functions.lit(null).cast(type));
    }
    return new LakeTable.Opened(
        all, List.of(), absent.isEmpty() ? reading : reading.and(missing(absent)), absent);
  }

  private static boolean isNamed(String column, TableSpec table) {
    return Stream.concat(table.derive().values().stream(), table.where().stream())
        .anyMatch(sql -> sql.contains(column));
  }

  /** What a person should know of columns that no object has. */
  private Reading missing(Set<String> absent) {
    String note = "%s: no object has %s, so all of it is missing".formatted(name, absent);
    return new Reading(Map.of(), List.of(note), Map.of(), Set.of(), 0);
  }
}
