package io.lakeprop.spark;

import io.lakeprop.data.MissingTexts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.CharType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.VarcharType;

/**
 * Values of files with types of their own, numbers of JSON and all of Parquet and ORC, that mean a
 * missing value because the job lists them in {@code table.missing}.
 */
final class MarkedValues {
  /** What counts as blank around a text, as {@link String#strip} has it for ASCII. */
  private static final String BLANKS = " \t\n\u000B\f\r";

  private final List<String> texts;
  private final List<Double> numbers = new ArrayList<>();

  /**
   * @param texts that the job lists
   */
  MarkedValues(List<String> texts) {
    this.texts = texts.stream().map(String::strip).toList();
    for (String text : texts) {
      MissingTexts.number(text).ifPresent(number -> numbers.add(number.doubleValue()));
    }
  }

  /** The table with null in the place of such values, in all columns that are not read yet. */
  LakeTable.Opened missing(LakeTable.Opened opened) {
    List<Column> all = new ArrayList<>();
    Set<String> marked = new TreeSet<>();
    for (StructField field : opened.rows().schema().fields()) {
      Column column = functions.col(TypedColumns.quoted(field.name()));
      Optional<Column> isMarked =
          opened.reading().looked().contains(field.name())
              ? Optional.empty()
              : isMarked(column, field.dataType());
      isMarked.ifPresent(own -> marked.add(field.name()));
      all.add(
          isMarked
              .map(own -> functions.when(own, functions.lit(null)).otherwise(column))
              .map(own -> own.as(field.name()))
              .orElse(column));
    }
    if (marked.isEmpty()) {
      return opened;
    }
    Dataset<Row> rows = opened.rows().select(all.toArray(Column[]::new));
    Reading reading = opened.reading().and(Reading.missing(new MissingTexts(marked, texts)));
    return new LakeTable.Opened(rows, opened.unreadable(), reading, opened.absent());
  }

  private Optional<Column> isMarked(Column column, DataType type) {
    if (type instanceof NumericType && !numbers.isEmpty()) {
      return Optional.of(column.cast(DataTypes.DoubleType).isin(numbers.toArray()));
    }
    boolean text =
        type instanceof StringType || type instanceof CharType || type instanceof VarcharType;
    return text && !texts.isEmpty()
        ? Optional.of(functions.trim(column, BLANKS).isin(texts.toArray()))
        : Optional.empty();
  }
}
