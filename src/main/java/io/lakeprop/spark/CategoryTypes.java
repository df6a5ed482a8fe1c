package io.lakeprop.spark;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.data.Feature;
import io.lakeprop.data.FeatureEncoder;
import io.lakeprop.data.NumberUnit;
import io.lakeprop.data.TableMeaning;
import io.lakeprop.text.TextType;
import io.lakeprop.text.TimeFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;

/**
 * Whether a table's columns can hold the values of categorical features at all.
 *
 * <p>A category is a text. Where a column was of whole numbers in training and is of fractions in
 * another table, {@code 1} has become {@code 1.0}, which {@link io.lakeprop.model.AsInTraining}
 * finds; a text that has become a number, or a truth value, nobody can find: every row would be
 * predicted as if it had no value there, without a word.
 */
final class CategoryTypes {
  private CategoryTypes() {}

  /**
   * Refuses a column none of whose values could be one of training, or in which a value of training
   * is written otherwise: {@code 01234} as a whole number is {@code 1234}.
   *
   * @param training how its table was read
   * @param table for the message
   */
  static void check(
      FeatureEncoder encoder, TableMeaning training, StructType schema, String table) {
    for (Feature.Categorical feature : encoder.categories()) {
      List<String> values = new ArrayList<>(feature.values());
      values.addAll(feature.rareValues());
      check(values, training.typeOfValues(feature.name()), schema, feature.name(), table);
    }
  }

  /**
   * The same of one column.
   *
   * @param values of training
   * @param trained SQL type of the column in training, where somebody knows it
   */
  static void check(
      List<String> values,
      Optional<String> trained,
      StructType schema,
      String column,
      String table) {
    DataType type = Columns.field(schema, column, table).dataType();
    if (trained.isPresent() && areAlike(DataType.fromDDL(trained.get()), type)) {
      return; // The values tell which of training's each is.
    }
    Optional<Predicate<String>> texts = texts(type);
    if (texts.isEmpty() || values.isEmpty()) {
      return;
    }
    boolean none = values.stream().noneMatch(texts.get());
    Optional<String> lost =
        values.stream()
            .filter(texts.get().negate())
            .filter(value -> none || isAnother(value, type))
            .findFirst();
    if (lost.isPresent()) {
      throw new InvalidInput(
          "table %s: column \"%s\" must hold values like \"%s\", as in training, however: its type is %s"
              .formatted(table, column, lost.get(), type.simpleString()));
    }
  }

  /** Whether values of a type can be those of the training column's type, however written. */
  private static boolean areAlike(DataType own, DataType type) {
    boolean counts = own instanceof NumericType || own instanceof BooleanType; // 1 is true.
    return (counts && type instanceof NumericType)
        || (NumberUnits.of(own) != NumberUnit.PLAIN && NumberUnits.of(type) != NumberUnit.PLAIN);
  }

  /** Whether a value of training is there in a column of a type, and is written otherwise. */
  private static boolean isAnother(String value, DataType type) {
    for (TextType.Kind kind : TextType.Kind.values()) {
      if (kind.name().equals(type.sql())) {
        return TextType.of(kind, TimeFormat.UTC).parse(value).isPresent();
      }
    }
    return type instanceof NumericType
        && TextType.of(TextType.Kind.DOUBLE, TimeFormat.UTC).parse(value).isPresent();
  }

  /** Whether a text is how a value of a type is written; empty where it may be any text. */
  private static Optional<Predicate<String>> texts(DataType type) {
    if (type instanceof DoubleType) {
      return Optional.of(value -> isWritten(value, text -> "" + Double.parseDouble(text)));
    }
    if (type instanceof FloatType) {
      return Optional.of(value -> isWritten(value, text -> "" + Float.parseFloat(text)));
    }
    String texts = null;
    if (type instanceof BooleanType) {
      texts = "true|false";
    } else if (type instanceof DecimalType decimal && decimal.scale() > 0) {
      texts = "-?\\d+\\.\\d{" + decimal.scale() + "}";
    } else if (type instanceof NumericType) {
      texts = "-?[1-9]\\d*|0";
    } else if (type instanceof DateType) {
      texts = "[+-]?\\d{4,}-\\d\\d-\\d\\d";
    } else if (type instanceof TimestampType || type instanceof TimestampNTZType) {
      texts = "[+-]?\\d{4,}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d(\\.\\d{0,5}[1-9])?";
    }
    return Optional.ofNullable(texts).map(Pattern::compile).map(Pattern::asMatchPredicate);
  }

  /** Whether a number is written as Java writes it; NaN is a missing value. */
  private static boolean isWritten(String value, UnaryOperator<String> again) {
    try {
      return !value.equals("NaN") && again.apply(value).equals(value);
    } catch (NumberFormatException e) {
      return false;
    }
  }
}
