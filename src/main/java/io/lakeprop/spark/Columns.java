package io.lakeprop.spark;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.data.FeatureSettings;
import io.lakeprop.data.FeatureSpec;
import io.lakeprop.data.LabelSettings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.CharType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegralType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;
import org.apache.spark.sql.types.VarcharType;

/**
 * A table's columns in the form that everything behind it reads: {@code hash, weight, offset,
 * label0, label1, ..., f0, f1, ...}. The hash is of the row's labels and features; the offset is
 * part of that where the job names one.
 *
 * <p>Numbers, booleans, dates (days) and timestamps (seconds) become doubles, categories become
 * text, arrays become float arrays. Only the columns that are used are selected, so the source
 * reads no others.
 */
final class Columns {
  static final int HASH = 0;
  static final int WEIGHT = 1;
  static final int OFFSET = 2;
  static final int FIRST_LABEL = 3;

  private Columns() {}

  /** The place of the first feature behind so many labels. */
  static int firstFeature(int labels) {
    return FIRST_LABEL + labels;
  }

  /** What a label is called in the canonical table. */
  static String labelName(int label) {
    return "label" + label;
  }

  /** What a schema makes of the job's features; columns of types that cannot be used are named. */
  record Resolved(List<FeatureSpec> specs, List<String> skipped) {}

  static Resolved resolve(
      StructType schema, FeatureSettings settings, LabelSettings labels, String table) {
    List<String> wanted = new ArrayList<>(settings.include());
    wanted.addAll(settings.exclude());
    wanted.addAll(settings.columns().keySet());
    wanted.addAll(labels.columns());
    labels.weight().ifPresent(wanted::add);
    labels.offset().ifPresent(wanted::add);
    wanted.forEach(name -> field(schema, name, table));
    List<FeatureSpec> specs = new ArrayList<>();
    List<String> skipped = new ArrayList<>();
    for (StructField field : schema.fields()) {
      String name = field.name();
      boolean reserved = labels.reserves(name);
      boolean chosen = settings.include().isEmpty() || settings.include().contains(name);
      if (reserved && settings.include().contains(name)) {
        throw new InvalidInput(
            "features.include must not name the label, the weight or the offset, however: " + name);
      }
      if (!reserved && chosen && !settings.exclude().contains(name)) {
        Optional<FeatureSpec> spec = spec(field(schema, name, table), settings);
        if (spec.isPresent()) {
          specs.add(spec.get());
        } else if (settings.include().contains(name)) {
          throw wrongType(field, "a number, a text, a boolean, a date or an array of numbers");
        } else {
          skipped.add(name + " " + field.dataType().simpleString());
        }
      }
    }
    if (specs.isEmpty()) {
      throw new InvalidInput(
          "table %s must have a feature column besides the label, however: features=0"
              .formatted(table));
    }
    return new Resolved(specs, skipped);
  }

  private static Optional<FeatureSpec> spec(StructField field, FeatureSettings settings) {
    FeatureSpec own = settings.columns().get(field.name());
    DataType type = field.dataType();
    if (own != null) {
      boolean array = type instanceof ArrayType;
      if (own instanceof FeatureSpec.Vector != array) {
        throw wrongType(field, array ? "declared as vector" : "an array of numbers");
      }
      return Optional.of(
          own instanceof FeatureSpec.Numeric numeric ? numeric.in(NumberUnits.of(type)) : own);
    }
    if (type instanceof BooleanType || isText(type)) {
      FeatureSpec.Categorical d = settings.categorical();
      return Optional.of(
          new FeatureSpec.Categorical(
              field.name(), d.minimumCount(), d.maximumValues(), d.oneHotUpTo(), d.width()));
    }
    if (isNumber(type)) {
      FeatureSpec.Numeric d = settings.numeric();
      return Optional.of(
          new FeatureSpec.Numeric(
              field.name(), d.scaling(), d.log(), d.notFinite(), NumberUnits.of(type)));
    }
    if (type instanceof ArrayType array && array.elementType() instanceof NumericType) {
      FeatureSpec.Vector d = settings.vector();
      return Optional.of(
          new FeatureSpec.Vector(field.name(), d.scaling(), d.log(), d.shared(), d.notFinite()));
    }
    return Optional.empty();
  }

  /**
   * The canonical columns of a table.
   *
   * @param numbers whether each label is a number
   */
  static Dataset<Row> canonical(
      Dataset<Row> table,
      List<FeatureSpec> specs,
      LabelSettings labels,
      List<Boolean> numbers,
      String name) {
    StructType schema = table.schema();
    List<Column> columns = new ArrayList<>();
    columns.add(
        labels
            .weight()
            .map(weight -> number(field(schema, weight, name)))
            .orElse(functions.lit(1.0))
            .as("weight"));
    columns.add(
        labels
            .offset()
            .map(offset -> number(field(schema, offset, name)))
            .orElse(functions.lit(0.0))
            .as("offset"));
    for (int i = 0; i < numbers.size(); i++) {
      columns.add(label(schema, labels.columns().get(i), numbers.get(i), name).as(labelName(i)));
    }
    columns.addAll(features(schema, specs, name));
    Dataset<Row> plain = table.select(columns.toArray(Column[]::new));
    List<Column> hashed = new ArrayList<>();
    for (String column : content(plain.columns(), labels)) {
      // Weights are relative: their unit must not decide where a row stands.
      boolean isWeight = column.equals("weight");
      hashed.add(isWeight ? functions.lit(1.0) : plain.col(column));
      // A null alone leaves the hash as it was: (null, 5) and (5, null) would hash alike.
      hashed.add(isWeight ? functions.lit(false) : plain.col(column).isNull());
    }
    List<Column> all = new ArrayList<>();
    all.add(functions.xxhash64(hashed.toArray(Column[]::new)).as("hash"));
    Arrays.stream(plain.columns()).map(plain::col).forEach(all::add);
    return plain.select(all.toArray(Column[]::new));
  }

  /**
   * What the hash of a row is of, in the order that the first release gave it: labels, weight,
   * offset where there is one, features. A table hashes as it always did, as if each row weighed 1.
   */
  private static List<String> content(String[] plain, LabelSettings labels) {
    List<String> columns = new ArrayList<>();
    int features = labels.columns().size() + 2;
    for (int i = 0; i < labels.columns().size(); i++) {
      columns.add(labelName(i));
    }
    columns.add("weight");
    labels.offset().ifPresent(offset -> columns.add("offset"));
    columns.addAll(Arrays.asList(plain).subList(features, plain.length));
    return columns;
  }

  /** The feature columns {@code f0, f1, ...} of a table, for scoring. */
  static List<Column> features(StructType schema, List<FeatureSpec> specs, String table) {
    List<Column> columns = new ArrayList<>();
    for (FeatureSpec spec : specs) {
      StructField field = field(schema, spec.name(), table);
      Column column =
          spec instanceof FeatureSpec.Numeric
              ? number(field)
              : spec instanceof FeatureSpec.Vector ? vector(field) : text(field);
      columns.add(column.as("f" + columns.size()));
    }
    return columns;
  }

  /** The label as a double or as text. */
  static Column label(StructType schema, String name, boolean isNumber, String table) {
    StructField field = field(schema, name, table);
    return isNumber ? number(field) : text(field);
  }

  /** The one column of this name, or a refusal that lists what there is. */
  static StructField field(StructType schema, String name, String table) {
    List<StructField> found =
        Arrays.stream(schema.fields()).filter(field -> field.name().equals(name)).toList();
    if (found.size() != 1) {
      throw new InvalidInput(
          "table %s must have %s column \"%s\", however: it has %s"
              .formatted(
                  table,
                  found.isEmpty() ? "the" : "one",
                  name,
                  Arrays.stream(schema.names()).sorted().toList()));
    }
    return found.get(0);
  }

  /**
   * Whether a label of this type is a number unless the job says otherwise; empty for numbers,
   * whose values tell.
   */
  static Optional<Boolean> labelIsNumber(DataType type) {
    if (isText(type) || type instanceof BooleanType) {
      return Optional.of(false);
    }
    return type instanceof NumericType ? Optional.empty() : Optional.of(true);
  }

  /** Whether values of a type of numbers need not be whole. */
  static boolean hasFractions(DataType type) {
    return type instanceof NumericType && !(type instanceof IntegralType);
  }

  private static Column number(StructField field) {
    Column column = quoted(field.name());
    DataType type = field.dataType();
    if (type instanceof DateType) {
      return functions.unix_date(column).cast(DataTypes.DoubleType);
    }
    if (type instanceof TimestampNTZType) {
      return column.cast(DataTypes.TimestampType).cast(DataTypes.DoubleType);
    }
    if (isNumber(type) || type instanceof BooleanType) {
      return column.cast(DataTypes.DoubleType);
    }
    if (isText(type)) {
      Column parsed = column.try_cast(DataTypes.DoubleType);
      Column refused =
          functions.raise_error(
              functions.concat(
                  functions.lit("column \"" + field.name() + "\" must be a number, however: \""),
                  functions.substring(column, 1, 60),
                  functions.lit("\"")));
      return functions
          .when(column.isNull().or(functions.trim(column).equalTo("")), functions.lit(null))
          .when(parsed.isNull(), refused)
          .otherwise(parsed)
          .cast(DataTypes.DoubleType);
    }
    throw wrongType(field, "a number");
  }

  private static Column text(StructField field) {
    DataType type = field.dataType();
    Column column = quoted(field.name());
    if (type instanceof FloatType || type instanceof DoubleType) {
      // NaN is a missing value here as well, not a category.
      return functions.when(column.isNaN(), functions.lit(null)).otherwise(column).cast("string");
    }
    if (isText(type) || isNumber(type) || type instanceof BooleanType) {
      return column.cast(DataTypes.StringType);
    }
    throw wrongType(field, "a text, a number, a boolean or a date");
  }

  private static Column vector(StructField field) {
    if (field.dataType() instanceof ArrayType array && array.elementType() instanceof NumericType) {
      return quoted(field.name()).cast(DataTypes.createArrayType(DataTypes.FloatType));
    }
    throw wrongType(field, "an array of numbers");
  }

  private static Column quoted(String name) {
    return functions.col("`" + name.replace("`", "``") + "`");
  }

  private static boolean isText(DataType type) {
    return type instanceof StringType || type instanceof CharType || type instanceof VarcharType;
  }

  private static boolean isNumber(DataType type) {
    return type instanceof NumericType
        || type instanceof DateType
        || type instanceof TimestampType
        || type instanceof TimestampNTZType;
  }

  private static InvalidInput wrongType(StructField field, String wanted) {
    return new InvalidInput(
        "column \"%s\" must be %s, however: its type is %s"
            .formatted(field.name(), wanted, field.dataType().simpleString()));
  }
}
