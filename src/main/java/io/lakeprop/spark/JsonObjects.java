package io.lakeprop.spark;

import io.lakeprop.text.JsonKeys;
import io.lakeprop.text.JsonSyntax;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MapType;
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

  private final SparkSession session;
  private final List<String> folders;
  private final JsonSyntax syntax;
  private final Map<String, String> options;

  /**
   * @param folders columns that folders spell
   */
  JsonObjects(SparkSession session, JsonOptions options, List<String> folders) {
    this.session = session;
    this.folders = folders;
    this.syntax = options.syntax();
    this.options = new HashMap<>(options.ofParser());
    this.options.put("columnNameOfCorruptRecord", BROKEN);
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
    StructType all =
        ColumnNames.withCase(session, () -> session.read().options(options).json(objects).schema());
    return new StructType(
        Arrays.stream(all.fields())
            .filter(field -> !field.name().equals(BROKEN))
            .toArray(StructField[]::new));
  }

  /**
   * The values as rows of a schema, with the text of each that is broken, and where it stands.
   *
   * @param isDeclared whether the schema is the job's, and not told from all objects
   */
  Dataset<Row> parsed(Dataset<Row> texts, StructType schema, boolean isDeclared) {
    Column fits = functions.col(JsonFiles.PROBLEM).equalTo("");
    Column value = parser(schema, isDeclared, functions.when(fits, functions.col(JsonFiles.TEXT)));
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

  /**
   * The objects of texts; what is a text in the schema is one as it is written, and an empty text
   * in the place of any other value is none, as an empty cell of CSV is.
   */
  private Column parser(StructType schema, boolean isDeclared, Column text) {
    HashSet<String> keys = new HashSet<>();
    for (StructField field : schema.fields()) {
      if (field.dataType() instanceof StringType) {
        keys.add(field.name());
      }
    }
    JsonKeys declared =
        isDeclared && !ColumnNames.caseMatters(session) ? keys(schema, folders) : JsonKeys.ANY;
    // Spark finds broken objects only where it looks for something.
    StructType whole = schema.isEmpty() ? schema.add("any", DataTypes.StringType) : schema;
    return functions.from_json(
        functions.udf(new QuotedTexts(keys, declared, syntax), DataTypes.StringType).apply(text),
        whole.add(BROKEN, DataTypes.StringType),
        options);
  }

  /**
   * The keys of objects of a type.
   *
   * @param others fields that are none
   */
  private static JsonKeys keys(DataType type, List<String> others) {
    if (type instanceof StructType struct) {
      Map<String, JsonKeys> keys = new HashMap<>();
      for (StructField field : struct.fields()) {
        if (!others.contains(field.name())) {
          keys.put(field.name(), keys(field.dataType(), List.of()));
        }
      }
      return JsonKeys.of(keys);
    }
    if (type instanceof MapType map) {
      return JsonKeys.each(keys(map.valueType(), List.of()));
    }
    return type instanceof ArrayType array
        ? JsonKeys.each(keys(array.elementType(), List.of()))
        : JsonKeys.ANY;
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
