package io.lakeprop.spark;

import io.lakeprop.base.MissingTexts;
import io.lakeprop.base.MissingTimes;
import io.lakeprop.data.NumberUnit;
import io.lakeprop.data.TableMeaning;
import io.lakeprop.data.TableSpec;
import io.lakeprop.text.MissingMarks;
import io.lakeprop.text.TimeFormat;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.CharType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.TimestampType;
import org.apache.spark.sql.types.VarcharType;

/**
 * Values of tables with types of their own, numbers of JSON and all of Parquet, ORC, the catalog
 * and queries, that mean a missing value because the job lists them in {@code table.missing}.
 *
 * @param listed what the job lists; the usual marks of texts do not count among values with types
 * @param meaning of the training table, which knows marks that are values of a column, columns that
 *     an expression made
 * @param zone of timestamps
 */
record MarkedValues(MissingTexts listed, TableMeaning meaning, ZoneId zone) {
  /** What counts as blank around a text, as {@link String#strip} has it for ASCII. */
  private static final String BLANKS = " \t\n\u000B\f\r";

  /** Those of a table: its own list counts, else that of training. */
  static MarkedValues of(TableSpec spec, TableMeaning meaning) {
    List<String> listed = new ArrayList<>(spec.missing().or(meaning::missing).orElse(List.of()));
    Map<String, String> options = LakeTable.inSmallLetters(meaning.optionsWith(spec.options()));
    Optional.ofNullable(options.get("nullvalue")).ifPresent(listed::add);
    TimeFormat times = LakeTable.times(options, meaning.timeZone());
    List<String> marks = MissingMarks.alsoInIso(listed, times);
    return new MarkedValues(new MissingTexts(marks), meaning, ZoneId.of(times.zone()));
  }

  /**
   * The table with null in the place of such values, in all columns that are not read yet.
   *
   * @param own whether these values go with the rows, in {@link TypedColumns#TEXTS}
   */
  LakeTable.Opened missing(LakeTable.Opened opened, boolean own) {
    Map<String, Column> changed = new LinkedHashMap<>();
    UnaryOperator<String> key = ColumnNames.key(opened.rows().sparkSession());
    Map<String, Long> times =
        Arrays.stream(opened.rows().columns())
            .collect(Collectors.groupingBy(key, Collectors.counting()));
    for (StructField field : opened.rows().schema().fields()) {
      // Columns of one name cannot be asked for; whoever needs one says so.
      boolean isAlone = times.get(key.apply(field.name())) == 1;
      if (isAlone && !opened.reading().looked().contains(field.name())) {
        Column column = functions.col(TypedColumns.quoted(field.name()));
        unmarked(column, field.dataType(), in(field.name()))
            .ifPresent(value -> changed.put(field.name(), value));
      }
    }
    if (changed.isEmpty()) {
      return opened;
    }
    Dataset<Row> rows = own ? TypedColumns.withOwn(opened.rows(), changed.keySet()) : opened.rows();
    return opened.with(rows.withColumns(changed));
  }

  /** The marks of one column. */
  private MissingTexts in(String column) {
    Optional<String> made = ColumnNames.alike(column, meaning.derive().keySet());
    if (made.isPresent()) {
      return meaning.missingInResult(made.get()); // None of the job's.
    }
    return ColumnNames.alike(column, meaning.values().keySet())
        .map(own -> listed.without(meaning.values().get(own)))
        .orElse(listed);
  }

  /** A value without the marks; empty where values of the type cannot be any. */
  private Optional<Column> unmarked(Column column, DataType type, MissingTexts marks) {
    if (type instanceof ArrayType array && array.elementType() instanceof NumericType) {
      return marks.hasNumbers() ? Optional.of(elements(column, marks)) : Optional.empty();
    }
    return isMarked(column, type, marks).map(marked -> unless(marked, column));
  }

  /**
   * The elements of an array of numbers without the marks. They are compared in 32 bits, in which
   * the model reads them.
   */
  static Column elements(Column array, MissingTexts marks) {
    return functions.transform(
        array,
        value -> unless(isNumber(value.cast(DataTypes.FloatType), marks.numbers(true)), value));
  }

  private static Column unless(Column marked, Column value) {
    return functions.when(marked, functions.lit(null)).otherwise(value);
  }

  private static Column isNumber(Column column, List<Double> marks) {
    // -0.0 is 0.0, as in the sets that are looked in.
    return column.cast(DataTypes.DoubleType).plus(functions.lit(0.0)).isin(marks.toArray());
  }

  private Optional<Column> isMarked(Column column, DataType type, MissingTexts marks) {
    if (NumberUnits.of(type) != NumberUnit.PLAIN) {
      return marks.times().spans().stream()
          .map(span -> isIn(column, type, span))
          .reduce(Column::or);
    }
    if (type instanceof NumericType && marks.hasNumbers()) {
      return Optional.of(isNumber(column, marks.numbers(type instanceof FloatType)));
    }
    boolean text =
        type instanceof StringType || type instanceof CharType || type instanceof VarcharType;
    return text && !marks.texts().isEmpty()
        ? Optional.of(functions.trim(column, BLANKS).isin(marks.texts().toArray()))
        : Optional.empty();
  }

  private Column isIn(Column column, DataType type, MissingTimes.Span span) {
    if (type instanceof TimestampType) {
      ZoneId own = span.zone(zone);
      return column
          .geq(span.from().atZone(own).toInstant())
          .and(column.lt(span.until().atZone(own).toInstant()));
    }
    Column shown = column.cast(DataTypes.TimestampNTZType);
    MissingTimes.Span own =
        span.on(type instanceof DateType ? zone : ZoneId.of(meaning.timeZone()));
    return shown.geq(own.from()).and(shown.lt(own.until()));
  }
}
