package io.lakeprop.spark;

import io.lakeprop.base.MissingTexts;
import io.lakeprop.data.NumberUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
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

  MarkedValues(MissingTexts missing) {
    this.texts = missing.texts();
    this.numbers = missing.numbers();
  }

  /** The table with null in the place of such values, in all columns that are not read yet. */
  LakeTable.Opened missing(LakeTable.Opened opened) {
    List<Column> all = new ArrayList<>();
    for (StructField field : opened.rows().schema().fields()) {
      Column column = functions.col(TypedColumns.quoted(field.name()));
      boolean isRead = opened.reading().looked().contains(field.name());
      Column own = isRead ? column : unmarked(column, field.dataType()).orElse(column);
      all.add(own.as(field.name()));
    }
    return new LakeTable.Opened(
        opened.rows().select(all.toArray(Column[]::new)),
        opened.unreadable(),
        opened.reading(),
        opened.absent());
  }

  /** A value without the marks; empty where values of the type cannot be any. */
  private Optional<Column> unmarked(Column column, DataType type) {
    if (type instanceof ArrayType array && array.elementType() instanceof NumericType element) {
      return isMarked(column, element)
          .map(own -> functions.transform(column, value -> unmarked(value, element).orElse(value)));
    }
    return isMarked(column, type)
        .map(marked -> functions.when(marked, functions.lit(null)).otherwise(column));
  }

  private Optional<Column> isMarked(Column column, DataType type) {
    if (NumberUnits.of(type) != NumberUnit.PLAIN) {
      return texts.stream()
          .filter(text -> text.matches("\\d{4}-\\d\\d-\\d\\d"))
          .map(text -> column.equalTo(functions.lit(text).try_cast(type)))
          .reduce(Column::or);
    }
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
