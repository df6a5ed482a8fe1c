package io.lakeprop.spark;

import io.lakeprop.base.MissingTexts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
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
  private final List<Double> numbers;

  /**
   * @param texts that the job lists
   */
  MarkedValues(List<String> texts) {
    MissingTexts missing = new MissingTexts(texts);
    this.texts = missing.texts();
    this.numbers = missing.numbers();
  }

  /** The table with null in the place of such values, in all columns that are not read yet. */
  LakeTable.Opened missing(LakeTable.Opened opened) {
    List<Column> all = new ArrayList<>();
    for (StructField field : opened.rows().schema().fields()) {
      Column column = functions.col(TypedColumns.quoted(field.name()));
      boolean isRead = opened.reading().looked().contains(field.name());
      Column own =
          isMarked(column, field.dataType())
              .filter(marked -> !isRead)
              .map(marked -> functions.when(marked, functions.lit(null)).otherwise(column))
              .orElse(column);
      all.add(own.as(field.name()));
    }
    return new LakeTable.Opened(
        opened.rows().select(all.toArray(Column[]::new)),
        opened.unreadable(),
        opened.reading(),
        opened.absent());
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
