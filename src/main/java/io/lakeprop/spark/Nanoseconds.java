package io.lakeprop.spark;

import io.lakeprop.text.TextType;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Timestamps that Parquet files store in nanoseconds, as pandas and Arrow write them: Spark reads
 * the numbers alone, and has microseconds.
 *
 * @param columns of some files
 * @param same whether two names are one
 */
record Nanoseconds(List<FileColumns.FileColumn> columns, BiPredicate<String, String> same) {
  private static final Column THOUSAND = functions.lit(1000L);

  /** Numbers of a schema as the timestamps that they are. */
  StructType meant(StructType numbers) {
    StructType meant = new StructType();
    for (StructField field : numbers.fields()) {
      DataType own = field.dataType();
      meant =
          meant.add(
              field.name(),
              own.equals(DataTypes.LongType) ? of(field).map(Nanoseconds::type).orElse(own) : own);
    }
    return meant;
  }

  /** Timestamps of a schema as the numbers that are stored, where they are. */
  StructType stored(StructType meant) {
    StructType stored = new StructType();
    for (StructField field : meant.fields()) {
      stored = stored.add(field.name(), isRead(field) ? DataTypes.LongType : field.dataType());
    }
    return stored;
  }

  /** The rows with timestamps in place of numbers. */
  Dataset<Row> timestamps(Dataset<Row> rows, StructType meant) {
    Dataset<Row> read = rows;
    for (StructField field : meant.fields()) {
      if (isRead(field)) {
        TextType.Kind kind = TextType.Kind.valueOf(field.dataType().sql());
        Column micros = micros(functions.col(TypedColumns.quoted(field.name())));
        read = read.withColumn(field.name(), TypedColumns.typed(micros, kind));
      }
    }
    return read;
  }

  /** Whole microseconds, rounded down before 1970, too; no number is too large for the steps. */
  private static Column micros(Column nanos) {
    Column below =
        functions.when(nanos.mod(THOUSAND).lt(0L), functions.lit(1L)).otherwise(functions.lit(0L));
    return functions.call_function("div", nanos, THOUSAND).minus(below);
  }

  /** As Spark reads microseconds: an instant is no wall clock's time. */
  private boolean isRead(StructField field) {
    return of(field)
        .filter(
            own ->
                field.dataType().equals(DataTypes.TimestampType)
                    || field.dataType().equals(type(own)))
        .isPresent();
  }

  private Optional<FileColumns.FileColumn> of(StructField field) {
    return columns.stream().filter(own -> same.test(own.name(), field.name())).findFirst();
  }

  private static DataType type(FileColumns.FileColumn column) {
    return column.kind() == FileColumns.Kind.NANOS
        ? DataTypes.TimestampType
        : DataTypes.TimestampNTZType;
  }
}
