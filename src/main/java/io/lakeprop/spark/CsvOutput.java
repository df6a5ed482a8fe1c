package io.lakeprop.spark;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.VariantType;

/**
 * A table as CSV that any reader reads: RFC 4180, a header in every file, every value in full.
 *
 * <p>Spark's writer cuts timestamps to milliseconds and blanks at the ends of texts, and escapes
 * quotes with a backslash, which only Spark reads back. So all values are made texts here, by
 * Spark's own cast, and the writer is told to double quotes and to leave texts alone. Arrays, maps
 * and structs become JSON, binary values base64. A null is nothing between two commas, an empty
 * text is two quotes.
 */
public final class CsvOutput {
  /** Of Spark's writer. */
  public static final Map<String, String> OPTIONS =
      Map.of(
          "header", "true",
          "quote", "\"",
          "escape", "\"",
          "encoding", "UTF-8",
          "nullValue", "",
          "emptyValue", "\"\"",
          "ignoreLeadingWhiteSpace", "false",
          "ignoreTrailingWhiteSpace", "false");

  /** Of {@code to_json}. */
  private static final Map<String, String> NESTED = new HashMap<>(ExactTimes.OPTIONS);

  static {
    NESTED.put("ignoreNullFields", "false");
  }

  private CsvOutput() {}

  /** The table with every column a text. */
  public static Dataset<Row> texts(Dataset<Row> table) {
    return table.select(
        Arrays.stream(table.schema().fields()).map(CsvOutput::text).toArray(Column[]::new));
  }

  private static Column text(StructField field) {
    Column column = Columns.quoted(field.name());
    boolean nested =
        field.dataType() instanceof ArrayType
            || field.dataType() instanceof MapType
            || field.dataType() instanceof StructType
            || field.dataType() instanceof VariantType;
    Column text =
        nested
            // A field that is null stays there: all rows have the same keys.
            ? functions.to_json(column, NESTED)
            : field.dataType() instanceof BinaryType
                ? functions.base64(column)
                : column.cast(DataTypes.StringType);
    return text.as(field.name());
  }
}
