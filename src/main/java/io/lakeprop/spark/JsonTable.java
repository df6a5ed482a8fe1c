package io.lakeprop.spark;

import io.lakeprop.base.InvalidInput;
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
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * A table of JSON files: objects one after another, on lines or over them, and arrays of objects.
 * Each object is a row. What is no object, and values that are not of the schema's type, never pass
 * in silence.
 */
final class JsonTable {
  private static final String BROKEN = JsonObjects.BROKEN;
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
    this.objects = new JsonObjects(session, small, files.partitionColumns());
  }

  /**
   * Reads types and checks every value.
   *
   * @param table whose SQL may name columns that no object has
   * @throws InvalidInput when a value is malformed and the spec does not let it pass
   */
  LakeTable.Opened open(FeatureColumns features, TableSpec table) {
    Dataset<Row> texts = values.values();
    StructType inferred = spec.schema().isPresent() ? new StructType() : objects.inferred(texts);
    StructType schema =
        spec.schema().map(StructType::fromDDL).orElseGet(() -> asInTraining(inferred));
    checkKeys(schema);
    if (!ColumnNames.caseMatters(session)) {
      ColumnNames.checkCase(name, objects.columns(schema));
    }
    Dataset<Row> parsed = objects.parsed(texts, schema);
    if (schema.isEmpty()) {
      checkAny(parsed);
    }
    long malformed = malformed(parsed);
    Dataset<Row> rows = parsed.where(passes());
    if (spec.schema().isPresent()) {
      checkDeclared(rows, texts, schema);
    }
    TextColumns columns = new TextColumns(name, textColumns(schema), meaning, this.texts);
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
    return Reading.note(note);
  }
}
