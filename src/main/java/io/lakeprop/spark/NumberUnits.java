package io.lakeprop.spark;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.base.SqlName;
import io.lakeprop.base.YamlText;
import io.lakeprop.data.Feature;
import io.lakeprop.data.FeatureEncoder;
import io.lakeprop.data.NumberUnit;
import io.lakeprop.data.TableMeaning;
import io.lakeprop.text.TextType;
import java.util.Optional;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;

/**
 * Whether a table's columns of numbers are in the units of training: a date is days, a timestamp
 * seconds, and one in the place of the other would be far from all that was seen.
 */
final class NumberUnits {
  private NumberUnits() {}

  /** What the values of a type count. */
  static NumberUnit of(DataType type) {
    return type instanceof DateType
        ? NumberUnit.DAYS
        : type instanceof TimestampType || type instanceof TimestampNTZType
            ? NumberUnit.SECONDS
            : NumberUnit.PLAIN;
  }

  /** The type of which texts that count a unit are; empty of plain numbers. */
  static Optional<TextType.Kind> kind(NumberUnit unit) {
    return switch (unit) {
      case PLAIN -> Optional.empty();
      case DAYS -> Optional.of(TextType.Kind.DATE);
      case SECONDS -> Optional.of(TextType.Kind.TIMESTAMP);
    };
  }

  /** Refuses a column of another unit than in the training table. */
  static void check(StructType training, StructType other, String name, String table) {
    check(Columns.field(training, name, table).dataType(), other, name, table);
  }

  /** The same of the type that the column had in training. */
  static void check(DataType wanted, StructType other, String name, String table) {
    DataType type = Columns.field(other, name, table).dataType();
    if (of(wanted) != of(type)) {
      throw refusal(table, name, wanted.simpleString(), type);
    }
    checkTruth(Optional.of(wanted), type, name, table);
  }

  /** The same of a model's training; one from before types were kept may have any plain numbers. */
  static void check(FeatureEncoder encoder, TableMeaning training, StructType other, String table) {
    for (Feature feature : encoder.features()) {
      if (feature instanceof Feature.Numeric numeric) {
        DataType type = Columns.field(other, feature.name(), table).dataType();
        boolean isAny = numeric.unit() == NumberUnit.PLAIN && training.types().isEmpty();
        if (numeric.unit() != of(type) && !isAny) {
          throw refusal(table, feature.name(), named(numeric.unit()), type);
        }
        Optional<DataType> wanted = training.typeOfValues(feature.name()).map(DataType::fromDDL);
        checkTruth(wanted, type, feature.name(), table);
      }
    }
  }

  /**
   * Refuses truth values in the place of numbers: only the owner knows whether training's were 0
   * and 1.
   */
  private static void checkTruth(
      Optional<DataType> wanted, DataType type, String column, String table) {
    if (type instanceof BooleanType && wanted.filter(NumericType.class::isInstance).isPresent()) {
      throw new InvalidInput(
          "table %s: column \"%s\" must be of type %s, as in training, however: its type is %s (derive: {%s: %s} where training had 0 and 1)"
              .formatted(
                  table,
                  column,
                  wanted.get().simpleString(),
                  type.simpleString(),
                  YamlText.key(column),
                  YamlText.quoted("int(%s)".formatted(SqlName.quoted(column)))));
    }
  }

  private static String named(NumberUnit unit) {
    return switch (unit) {
      case PLAIN -> "number";
      case DAYS -> "date";
      case SECONDS -> "timestamp";
    };
  }

  private static InvalidInput refusal(String table, String column, String wanted, DataType type) {
    return new InvalidInput(
        "table %s: column \"%s\" must be of type %s, as in training, however: its type is %s"
            .formatted(table, column, wanted, type.simpleString()));
  }
}
