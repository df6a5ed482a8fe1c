package io.lakeprop.spark;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.base.MissingTexts;
import io.lakeprop.base.SqlName;
import io.lakeprop.data.FeatureSettings;
import io.lakeprop.data.FeatureSpec;
import io.lakeprop.data.LabelSettings;
import io.lakeprop.text.MissingMarks;
import io.lakeprop.text.TextType;
import io.lakeprop.text.TimeFormat;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
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
 * text, arrays and vectors of Spark ML become float arrays. Features stand in the order of their
 * names, so that the order of a table's columns says nothing. Only the columns that are used are
 * selected, so the source reads no others.
 */
final class Columns {
  static final int HASH = 0;
  static final int WEIGHT = 1;
  static final int OFFSET = 2;
  static final int FIRST_LABEL = 3;

  /** What of a text is a number, as in text files: SQL's cast takes 12D for one as well. */
  private static final TextType NUMBER = TextType.of(TextType.Kind.DOUBLE, TimeFormat.UTC);

  /** Texts that are no number, and mean that there is none. */
  private static final MissingMarks MARKS = MissingMarks.of(Optional.empty());

  private Columns() {}

  /** The place of the first feature behind so many labels. */
  static int firstFeature(int labels) {
    return FIRST_LABEL + labels;
  }

  /** What a label is called in the canonical table. */
  static String labelName(int label) {
    return "label" + label;
  }

  /**
   * What a schema makes of the job's features.
   *
   * @param wanted columns of which the job says something by name
   * @param skipped columns of types that cannot be used
   */
  record Resolved(List<FeatureSpec> specs, Set<String> wanted, List<String> skipped) {}

  static Resolved resolve(
      StructType schema, FeatureSettings settings, LabelSettings labels, String table) {
    Set<String> include = names(schema, settings.include(), table);
    Set<String> exclude = names(schema, settings.exclude(), table);
    Set<String> reserved = names(schema, labels.reserved(), table);
    Map<String, FeatureSpec> own = own(schema, settings, table);
    own.keySet().stream()
        .filter(reserved::contains)
        .findFirst()
        .ifPresent(
            name -> {
              throw new InvalidInput(
                  "features.columns must not name the label, the weight or the offset, however: "
                      + name);
            });
    List<FeatureSpec> specs = new ArrayList<>();
    List<String> skipped = new ArrayList<>();
    for (String name : Arrays.stream(schema.names()).sorted().toList()) {
      StructField field = field(schema, name, table);
      boolean chosen = include.isEmpty() || include.contains(name);
      if (reserved.contains(name) && include.contains(name)) {
        throw new InvalidInput(
            "features.include must not name the label, the weight or the offset, however: " + name);
      }
      if (!reserved.contains(name) && chosen && !exclude.contains(name)) {
        Optional<FeatureSpec> spec = spec(field, own.get(name), settings);
        if (spec.isPresent()) {
          specs.add(spec.get());
        } else if (include.contains(name)) {
          throw wrongType(field, "a number, a text, a boolean, a date or an array of numbers");
        } else {
          skipped.add(name + " " + field.dataType().simpleString());
        }
      }
    }
    if (specs.isEmpty()) {
      throw new InvalidInput(
          "table %s must have a feature column besides the label, however: %s"
              .formatted(
                  table,
                  skipped.isEmpty()
                      ? "features=0"
                      : "no type for a feature have "
                          + String.join(", ", skipped)
                          + rowsAsKeys(schema.fields()[0].dataType())));
    }
    Set<String> wanted = new LinkedHashSet<>(include);
    wanted.addAll(own.keySet());
    return new Resolved(specs, wanted, skipped);
  }

  /** Names of a job as the table spells them. */
  private static Set<String> names(StructType schema, List<String> names, String table) {
    Set<String> found = new LinkedHashSet<>();
    names.forEach(name -> found.add(field(schema, name, table).name()));
    return found;
  }

  /** What the job says of single columns, by the names that the table has. */
  private static Map<String, FeatureSpec> own(
      StructType schema, FeatureSettings settings, String table) {
    Map<String, FeatureSpec> own = new HashMap<>();
    settings
        .columns()
        .forEach(
            (name, spec) -> {
              if (own.put(field(schema, name, table).name(), spec) != null) {
                throw new InvalidInput(
                    "features.columns must name a column once, however: \"%s\" stands twice"
                        .formatted(name));
              }
            });
    return own;
  }

  private static Optional<FeatureSpec> spec(
      StructField field, FeatureSpec own, FeatureSettings settings) {
    DataType type = field.dataType();
    if (own != null) {
      boolean array = type instanceof ArrayType || MlVector.is(type);
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
              field.name(),
              d.scaling(),
              d.log(),
              d.notFinite(),
              NumberUnits.of(type),
              d.calendar()));
    }
    if (isVector(type)) {
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
   * @param missing what means a missing value in each column, by its name
   */
  static Dataset<Row> canonical(
      Dataset<Row> table,
      List<FeatureSpec> specs,
      LabelSettings labels,
      List<Boolean> numbers,
      Function<String, MissingTexts> missing,
      String name) {
    StructType schema = table.schema();
    List<Column> columns = new ArrayList<>();
    columns.add(
        labels
            .weight()
            .map(weight -> plainNumber(field(schema, weight, name), missing.apply(weight)))
            .orElse(functions.lit(1.0))
            .as("weight"));
    columns.add(
        labels
            .offset()
            .map(offset -> plainNumber(field(schema, offset, name), missing.apply(offset)))
            .orElse(functions.lit(0.0))
            .as("offset"));
    for (int i = 0; i < numbers.size(); i++) {
      String label = labels.columns().get(i);
      columns.add(label(schema, label, numbers.get(i), missing, name).as(labelName(i)));
    }
    columns.addAll(features(schema, specs, missing, name));
    Dataset<Row> plain = table.select(columns.toArray(Column[]::new));
    Column[] content = hashed(plain, content(plain.columns(), labels));
    List<Column> all = new ArrayList<>();
    all.add(functions.xxhash64(content).as("hash"));
    Arrays.stream(plain.columns()).map(plain::col).forEach(all::add);
    return plain.select(all.toArray(Column[]::new));
  }

  /**
   * What the hash of a row is of, in the order that the first release gave it: labels, weight,
   * offset where there is one, features; the weight as if it were 1.
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

  /** What hashes of rows are of some columns; Spark hashes -0.0 as 0.0. */
  private static Column[] hashed(Dataset<Row> rows, List<String> names) {
    // A null alone leaves the hash as it was: (null, 5) and (5, null) would hash alike.
    // Weights are relative: their unit must not decide where a row stands.
    return names.stream()
        .map(name -> name.equals("weight") ? functions.lit(1.0) : rows.col(name))
        .flatMap(column -> Stream.of(column, column.isNull()))
        .toArray(Column[]::new);
  }

  /** What the features of a canonical row hash to. */
  static Column[] hashedFeatures(Dataset<Row> canonical) {
    return hashed(
        canonical,
        Arrays.stream(canonical.columns()).filter(name -> name.matches("f\\d+")).toList());
  }

  /** The feature columns {@code f0, f1, ...} of a table, for scoring. */
  static List<Column> features(
      StructType schema,
      List<FeatureSpec> specs,
      Function<String, MissingTexts> missing,
      String table) {
    List<Column> columns = new ArrayList<>();
    for (FeatureSpec spec : specs) {
      StructField field = field(schema, spec.name(), table);
      MissingTexts own = missing.apply(spec.name());
      Column column =
          spec instanceof FeatureSpec.Numeric
              ? number(field, own)
              : spec instanceof FeatureSpec.Vector ? vector(field, own) : text(field);
      columns.add(column.as("f" + columns.size()));
    }
    return columns;
  }

  /** The label as a double or as text. */
  static Column label(
      StructType schema,
      String name,
      boolean isNumber,
      Function<String, MissingTexts> missing,
      String table) {
    StructField field = field(schema, name, table);
    return isNumber ? number(field, missing.apply(name)) : text(field);
  }

  /**
   * The one column of this name, or else of the same name in Unicode normalisation form C; a
   * refusal lists what there is. The field has the table's spelling.
   */
  static StructField field(StructType schema, String name, String table) {
    return ColumnNames.find(schema, name, table);
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

  /** The same of what no date and no truth value can be, such as a weight. */
  static Column plainNumber(StructField field, MissingTexts missing) {
    if (!(field.dataType() instanceof NumericType) && !isText(field.dataType())) {
      throw wrongType(field, "a number");
    }
    return number(field, missing);
  }

  /** As a double; -0.0 is 0.0. */
  private static Column number(StructField field, MissingTexts missing) {
    return signless(asDouble(field, missing), DataTypes.DoubleType);
  }

  /** A fraction without the sign of a zero, which no comparison sees and a text shows. */
  private static Column signless(Column column, DataType type) {
    return column.plus(functions.lit(0).cast(type));
  }

  /**
   * @param missing what means a missing value. A table's numbers are rid of it where it is opened;
   *     that -999.0 is -999, too, can be said of a text only once it is read as a number.
   */
  private static Column asDouble(StructField field, MissingTexts missing) {
    Column column = quoted(field.name());
    DataType type = field.dataType();
    if (type instanceof DateType) {
      return functions.unix_date(column).cast(DataTypes.DoubleType);
    }
    if (type instanceof TimestampNTZType) {
      return column.cast(DataTypes.TimestampType).cast(DataTypes.DoubleType);
    }
    if (type instanceof DoubleType) {
      return column; // A cast would stand in the place of what a person wrote, when that fails.
    }
    if (isNumber(type) || type instanceof BooleanType) {
      return column.cast(DataTypes.DoubleType);
    }
    if (isText(type)) {
      Column text = column.cast(DataTypes.StringType);
      Column refused =
          functions.raise_error(
              functions.concat(
                  functions.lit("column \"" + field.name() + "\" must be a number, however: \""),
                  functions.substring(text, 1, 60),
                  functions.lit("\"")));
      MissingMarks marks = MARKS.and(missing);
      Column misfit = functions.udf(new IsMisfit(NUMBER, marks), DataTypes.BooleanType).apply(text);
      return functions
          .when(text.isNull().or(functions.trim(text).equalTo("")), functions.lit(null))
          .when(misfit, refused)
          .otherwise(
              functions.udf(new ReadText(NUMBER, marks, false), DataTypes.DoubleType).apply(text))
          .cast(DataTypes.DoubleType);
    }
    throw wrongType(field, "a number");
  }

  /** A category or class as a text; NaN is a missing one. */
  static Column text(StructField field) {
    DataType type = field.dataType();
    Column column = quoted(field.name());
    if (type instanceof FloatType || type instanceof DoubleType) {
      // NaN is a missing value here as well, not a category.
      return functions
          .when(column.isNaN(), functions.lit(null))
          .otherwise(signless(column, type))
          .cast("string");
    }
    if (type.simpleString().contains(" collate ")) {
      throw new InvalidInput(
          "column \"%s\" must be of texts that are compared by their characters, however: its type is %s (table.derive with cast(%3$s as string), or lower(cast(%3$s as string)) where capitals make no difference)"
              .formatted(field.name(), type.simpleString(), SqlName.quoted(field.name())));
    }
    if (isText(type)) {
      return utf8(column.cast(DataTypes.StringType), field.name());
    }
    if (isNumber(type) || type instanceof BooleanType) {
      return column.cast(DataTypes.StringType);
    }
    throw wrongType(field, "a text, a number, a boolean or a date");
  }

  /** Refuses other bytes: different ones would become the same text of question marks. */
  private static Column utf8(Column text, String name) {
    Column refused =
        functions.raise_error(
            functions.concat(
                functions.lit(
                    "column \"" + name + "\" must hold texts in UTF-8, however: the bytes "),
                functions.hex(functions.substring(text.cast(DataTypes.BinaryType), 1, 20)),
                functions.lit(
                    " (table.derive with decode(cast(column as binary), 'ISO-8859-1') or the"
                        + " encoding that it has)")));
    return functions.when(functions.not(functions.is_valid_utf8(text)), refused).otherwise(text);
  }

  private static Column vector(StructField field, MissingTexts missing) {
    Column column = quoted(field.name());
    if (MlVector.is(field.dataType())) {
      Column array = MlVector.array(column, field.dataType(), field.name());
      return missing.hasNumbers() ? MarkedValues.elements(array, missing) : array;
    }
    if (isVector(field.dataType())) {
      return column.cast(DataTypes.createArrayType(DataTypes.FloatType));
    }
    throw wrongType(field, "an array of numbers");
  }

  private static boolean isVector(DataType type) {
    return MlVector.is(type)
        || (type instanceof ArrayType array && array.elementType() instanceof NumericType);
  }

  /** A column by its whole name, dots and backticks included. */
  static Column quoted(String name) {
    return functions.col(SqlName.quoted(name));
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
        "column \"%s\" must be %s, however: its type is %s%s"
            .formatted(
                field.name(),
                wanted,
                field.dataType().simpleString(),
                rowsAsKeys(field.dataType())));
  }

  /** What helps where the rows of a table became the keys of an object; or nothing. */
  private static String rowsAsKeys(DataType type) {
    return hasRowsAsKeys(type)
        ? " (the rows are keys in it, as to_json() of pandas writes them:"
            + " to_json(orient=\"records\", lines=True) writes an object a row)"
        : "";
  }

  /** Whether an object's keys are the numbers of rows. */
  private static boolean hasRowsAsKeys(DataType type) {
    return type instanceof StructType object
        && object.length() > 0
        && Arrays.stream(object.fieldNames()).allMatch(key -> key.matches("\\d+"));
  }
}
