package io.lakeprop.spark;

import io.lakeprop.spark.FileColumns.FileColumn;
import io.lakeprop.spark.FileColumns.Kind;
import io.lakeprop.text.TextType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegralType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;

/**
 * From columns as Parquet and ORC files store them to columns of the types that the table has.
 * Spark's readers are given the types that are stored, and the values are converted after: told of
 * another type, these readers take what is stored for values of it (the decimal 1.50 for 150, a
 * date for the number of its day), cut fractions off, or give nothing, without a word.
 */
final class StoredColumns {
  private static final Column THOUSAND = functions.lit(1000L);

  /** What becomes of a stored column. */
  private enum Way {
    AS_IT_IS,
    /** Nanoseconds since 1970, which Spark knows as numbers only, to timestamps. */
    FROM_NANOSECONDS,
    WIDENED,
    /** There is no value. */
    MISSING,
    /** Its values are none of the table's type. */
    REFUSED
  }

  private final List<FileColumn> columns;
  private final BiPredicate<String, String> same;

  /** The columns by their names without capitals, since schemas have as many columns as files. */
  private final Map<String, List<FileColumn>> byName = new HashMap<>();

  /**
   * @param columns of some files
   * @param same whether two names are one
   */
  StoredColumns(List<FileColumn> columns, BiPredicate<String, String> same) {
    this.columns = columns;
    this.same = same;
    for (FileColumn own : columns) {
      byName.computeIfAbsent(ColumnNames.folded(own.name()), name -> new ArrayList<>()).add(own);
    }
  }

  /** Numbers of a schema that Spark takes nanoseconds for, as the timestamps that they are. */
  StructType withTimes(StructType numbers) {
    StructType meant = new StructType();
    for (StructField field : numbers.fields()) {
      Optional<DataType> time = of(field).filter(FileColumns::isNanos).map(StoredColumns::time);
      boolean isNumber = field.dataType().equals(DataTypes.LongType);
      meant = meant.add(field.name(), isNumber ? time.orElse(field.dataType()) : field.dataType());
    }
    return meant;
  }

  /** A schema whose types have the values of these columns, too, where there are such types. */
  StructType widened(StructType schema) {
    StructType wide = new StructType();
    for (StructField field : schema.fields()) {
      DataType own = field.dataType();
      wide =
          wide.add(
              field.name(),
              of(field)
                  .flatMap(StoredColumns::type)
                  .filter(stored -> !isReadersWork(stored, own))
                  .flatMap(stored -> WiderType.of(own, stored))
                  .orElse(own));
    }
    return wide;
  }

  /**
   * Those that are not simply read as the types of a schema.
   *
   * @param declared whether the schema is a person's
   */
  List<FileColumn> others(StructType schema, boolean declared) {
    List<FileColumn> others = new ArrayList<>();
    for (StructField field : schema.fields()) {
      of(field)
          .filter(column -> !(declared && isRawNumber(column, field.dataType())))
          .filter(column -> way(column, field.dataType()) != Way.AS_IT_IS)
          .ifPresent(others::add);
    }
    return others;
  }

  /**
   * The stored type that a reader of Spark's own takes for another one, or may take for it: besides
   * what has no way to the other type, decimals lose their point among fractions, and a wall
   * clock's times are read as those of UTC.
   *
   * @param told what the reader is told
   * @param wallClock whether it reads a wall clock's times as those of the session's zone
   */
  Optional<String> misread(StructField told, boolean wallClock) {
    return of(told)
        .filter(column -> !isRawNumber(column, told.dataType()))
        .filter(
            column ->
                switch (way(column, told.dataType())) {
                  case REFUSED ->
                      !(isNested(told.dataType())
                          && isReadRight(type(column).orElseThrow(), told.dataType(), wallClock));
                  case WIDENED -> isMisread(type(column).orElseThrow(), told.dataType(), wallClock);
                  case AS_IT_IS, FROM_NANOSECONDS, MISSING -> false;
                })
        .map(FileColumn::type);
  }

  private static boolean isMisread(DataType stored, DataType told, boolean wallClock) {
    return (told instanceof TimestampType && !(wallClock && stored instanceof TimestampNTZType))
        || (stored instanceof DecimalType && !(told instanceof DecimalType))
        || (stored instanceof ArrayType a
            && told instanceof ArrayType b
            && isMisread(a.elementType(), b.elementType(), wallClock));
  }

  /** Whether a person asks for nanoseconds as the numbers that are stored. */
  private static boolean isRawNumber(FileColumn column, DataType type) {
    return FileColumns.isNanos(column) && type.equals(DataTypes.LongType);
  }

  /** The schema to read with. */
  StructType stored(StructType meant) {
    StructType stored = new StructType();
    for (StructField field : meant.fields()) {
      DataType own = field.dataType();
      Optional<FileColumn> column = of(field);
      stored =
          switch (column.map(c -> way(c, own)).orElse(Way.AS_IT_IS)) {
            case AS_IT_IS -> stored.add(field.name(), own);
            case FROM_NANOSECONDS -> stored.add(field.name(), DataTypes.LongType);
            case MISSING -> stored;
            case WIDENED, REFUSED ->
                stored.add(
                    field.name(),
                    FileColumns.isNanos(column.orElseThrow())
                        ? DataTypes.LongType
                        : type(column.orElseThrow()).orElse(own));
          };
    }
    return stored;
  }

  /**
   * The rows as the table has them.
   *
   * @param read by the schema {@link #stored}
   * @param rule what a refusal says before the column's name and types
   * @param mend what it says behind them
   */
  Dataset<Row> meant(Dataset<Row> read, StructType meant, String rule, String mend) {
    if (columns.isEmpty()) {
      return read;
    }
    List<Column> all = new ArrayList<>();
    for (StructField field : meant.fields()) {
      Column value = functions.col(TypedColumns.quoted(field.name()));
      Optional<FileColumn> column = of(field);
      Column own =
          switch (column.map(c -> way(c, field.dataType())).orElse(Way.AS_IT_IS)) {
            case AS_IT_IS -> value;
            case FROM_NANOSECONDS -> {
              DataType time = time(column.orElseThrow());
              yield TypedColumns.typed(micros(value), TextType.Kind.valueOf(time.sql()))
                  .cast(field.dataType());
            }
            case WIDENED -> value.cast(field.dataType());
            case MISSING -> functions.lit(null).cast(field.dataType());
            case REFUSED -> refused(value, field, rule, column.orElseThrow().type() + mend);
          };
      all.add(own.as(field.name()));
    }
    List<String> there = List.of(meant.fieldNames());
    for (String folder : read.columns()) {
      if (!there.contains(folder)) {
        all.add(functions.col(TypedColumns.quoted(folder)));
      }
    }
    return read.select(all.toArray(Column[]::new));
  }

  private static Column refused(Column value, StructField field, String rule, String has) {
    return refused(
        value,
        field.dataType(),
        "%s %s in the column \"%s\", however: it has %s"
            .formatted(rule, field.dataType().sql(), field.name(), has));
  }

  /** Refuses the rows that have a value, once somebody asks for it. */
  static Column refused(Column value, DataType type, String message) {
    return functions
        .when(value.isNotNull(), functions.raise_error(functions.lit(message)))
        .cast(type);
  }

  /** Whole microseconds, rounded down before 1970, too; no number is too large for the steps. */
  private static Column micros(Column nanos) {
    Column below =
        functions.when(nanos.mod(THOUSAND).lt(0L), functions.lit(1L)).otherwise(functions.lit(0L));
    return functions.call_function("div", nanos, THOUSAND).minus(below);
  }

  private Way way(FileColumn column, DataType meant) {
    if (column.kind() == Kind.UNREAD || column.type().equals(FileTypes.UNTOLD)) {
      return Way.AS_IT_IS;
    }
    if (FileColumns.isNanos(column)) {
      boolean isTime = WiderType.of(time(column), meant).filter(meant::equals).isPresent();
      return isTime ? Way.FROM_NANOSECONDS : Way.REFUSED;
    }
    DataType stored = type(column).orElseThrow();
    if (stored.equals(meant) || isReadersWork(stored, meant)) {
      return Way.AS_IT_IS;
    }
    if (stored.equals(DataTypes.NullType)) {
      return Way.MISSING;
    }
    if (isNested(stored) || isNested(meant)) {
      return isReadRight(stored, meant, false) ? Way.AS_IT_IS : Way.REFUSED;
    }
    if (WiderType.of(stored, meant).filter(meant::equals).isPresent()) {
      return Way.WIDENED;
    }
    // Of other types Spark knows more than their names tell.
    return WiderType.knows(stored) && WiderType.knows(meant) ? Way.REFUSED : Way.AS_IT_IS;
  }

  /** Whether a type has fields, by names or by keys. */
  private static boolean isNested(DataType type) {
    return type instanceof StructType
        || type instanceof MapType
        || (type instanceof ArrayType array && isNested(array.elementType()));
  }

  /**
   * Whether Spark's readers give the values of fields as they are stored: the readers alone convert
   * fields, and do so between numbers of one kind.
   */
  private boolean isReadRight(DataType stored, DataType meant, boolean wallClock) {
    if (stored instanceof StructType a && meant instanceof StructType b) {
      return Arrays.stream(a.fields())
          .allMatch(
              own ->
                  Arrays.stream(b.fields())
                      .filter(field -> same.test(own.name(), field.name()))
                      .allMatch(field -> isReadRight(own.dataType(), field.dataType(), wallClock)));
    }
    if (stored instanceof ArrayType a && meant instanceof ArrayType b) {
      return isReadRight(a.elementType(), b.elementType(), wallClock);
    }
    if (stored instanceof MapType a && meant instanceof MapType b) {
      return isReadRight(a.keyType(), b.keyType(), wallClock)
          && isReadRight(a.valueType(), b.valueType(), wallClock);
    }
    boolean isKind =
        (stored instanceof IntegralType && meant instanceof IntegralType)
            || (stored instanceof FloatType && meant instanceof DoubleType)
            || (stored instanceof DecimalType && meant instanceof DecimalType)
            || (wallClock && stored instanceof TimestampNTZType && meant instanceof TimestampType);
    return stored.equals(meant)
        || isReadersWork(stored, meant)
        || !(WiderType.knows(stored) && WiderType.knows(meant))
        || (isKind && WiderType.of(stored, meant).filter(meant::equals).isPresent());
  }

  /** Where the reader knows better than the type's name what is stored. */
  private static boolean isReadersWork(DataType stored, DataType meant) {
    return (stored.equals(DataTypes.StringType) && meant.equals(DataTypes.BinaryType))
        || (stored instanceof ArrayType a
            && meant instanceof ArrayType b
            && (a.elementType().equals(b.elementType())
                || isReadersWork(a.elementType(), b.elementType())));
  }

  private Optional<FileColumn> of(StructField field) {
    return byName.getOrDefault(ColumnNames.folded(field.name()), List.of()).stream()
        .filter(own -> same.test(own.name(), field.name()))
        .findFirst();
  }

  /** Empty of a column whose type is not told. */
  static Optional<DataType> type(FileColumn column) {
    return column.kind() == Kind.UNREAD || column.type().equals(FileTypes.UNTOLD)
        ? Optional.empty()
        : Optional.of(FileColumns.isNanos(column) ? time(column) : DataType.fromDDL(column.type()));
  }

  private static DataType time(FileColumn column) {
    return column.kind() == Kind.NANOS ? DataTypes.TimestampType : DataTypes.TimestampNTZType;
  }
}
