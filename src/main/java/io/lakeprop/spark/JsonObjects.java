package io.lakeprop.spark;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.text.JsonTexts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** From the texts of JSON values to rows: what their types are, and which of them are broken. */
final class JsonObjects {
  /** The text of a value that is broken; null of others. */
  static final String BROKEN = "__broken_value__";

  private static final String PARSED = "__parsed_value__";

  /** What Spark's readers of files call the file's path, size and time. */
  static final String METADATA = "_metadata";

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
  private final List<String> folders;
  private final Map<String, String> options;

  /**
   * @param small options of the reader by their names in small letters
   * @param folders columns that folders spell
   */
  JsonObjects(SparkSession session, Map<String, String> small, List<String> folders) {
    this.session = session;
    this.folders = folders;
    checkOptions(small);
    this.options = new HashMap<>(small);
    options.keySet().removeAll(OF_FILES);
    options.put("columnNameOfCorruptRecord", BROKEN);
  }

  private static void checkOptions(Map<String, String> small) {
    if (small.containsKey("mode")) {
      throw new InvalidInput(
          "options of JSON files must not have mode, however: %s (table.malformed: refuse, skip or missing)"
              .formatted(small.get("mode")));
    }
    for (String option : List.of("timestampntzformat", "locale")) {
      if (small.containsKey(option)) {
        throw new InvalidInput(
            "options of JSON files must not have %s, however: %s (timestampFormat and dateFormat are those of texts, with English names)"
                .formatted(option, small.get(option)));
      }
    }
    if (!small.getOrDefault("linesep", "").isBlank()) {
      throw new InvalidInput(
          "options of JSON files must not have a lineSep but blanks and ends of lines, however: "
              + small.get("linesep"));
    }
  }

  /** The columns of the table, those that folders spell and no object has at last. */
  List<String> columns(StructType schema) {
    return Stream.concat(Arrays.stream(schema.fieldNames()), folders.stream()).distinct().toList();
  }

  /** The types of the objects' values; without fields, where there are no objects. */
  StructType inferred(Dataset<Row> texts) {
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

  /** The values as rows of a schema, with the text of each that is broken, and where it stands. */
  Dataset<Row> parsed(Dataset<Row> texts, StructType schema) {
    Column fits = functions.col(JsonFiles.PROBLEM).equalTo("");
    Column value = parser(schema, functions.when(fits, functions.col(JsonFiles.TEXT)));
    Dataset<Row> rows = texts.withColumn(PARSED, value);
    List<Column> all = new ArrayList<>();
    for (String column : columns(schema)) {
      boolean folder = folders.contains(column);
      Column own =
          folder
              ? functions.col(TypedColumns.quoted(column))
              : functions.col(PARSED).getField(column);
      all.add(own.as(column));
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
        functions.udf(new QuotedTexts(keys, words()), DataTypes.StringType).apply(text),
        whole.add(BROKEN, DataTypes.StringType),
        options);
  }

  /** Values without quotes that the parser takes under its options. */
  private Pattern words() {
    return JsonTexts.words(
        Boolean.parseBoolean(options.get("allownumericleadingzeros")),
        Boolean.parseBoolean(options.getOrDefault("allownonnumericnumbers", "true")));
  }

  private static Column metadata() {
    Column path = functions.col(JsonFiles.FILE);
    return functions.struct(
        path.as("file_path"),
        functions.element_at(functions.split(path, "/"), -1).as("file_name"),
        functions.col(JsonFiles.LENGTH).as("file_size"),
        functions.timestamp_millis(functions.col(JsonFiles.MODIFIED)).as("file_modification_time"));
  }
}
