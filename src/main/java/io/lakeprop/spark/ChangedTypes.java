package io.lakeprop.spark;

import io.lakeprop.base.SqlName;
import io.lakeprop.data.TableMeaning;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.IntegralType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Columns that an expression of training reads and that are of another type now. A number of 1 is
 * {@code 1} to {@code concat} where its column is of whole numbers, and {@code 1.0} where it has
 * fractions.
 */
final class ChangedTypes {
  private ChangedTypes() {}

  /**
   * A note on such columns; empty where there are none.
   *
   * @param trained types of the columns that training's expressions read
   * @param meaning of the training table, with all of its expressions
   * @param derive the table's own expressions, of which those are looked at that training had, too
   */
  static Optional<String> note(
      StructType schema,
      Map<String, String> trained,
      TableMeaning meaning,
      Map<String, String> derive) {
    // As SQL finds columns, which does not look at capitals.
    Map<String, String> then = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    then.putAll(trained);
    Set<String> read = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    derive.forEach(
        (name, sql) -> {
          if (sql.equals(meaning.derive().get(name))) {
            trained.keySet().stream()
                .filter(column -> SqlName.standsIn(column, sql))
                .forEach(read::add);
          }
        });
    Map<String, String> changed = new TreeMap<>();
    for (StructField field : schema.fields()) {
      String name = field.name();
      if (read.contains(name) && areOther(field.dataType(), then.get(name))) {
        changed.put(name, told(field, then.get(name)));
      }
    }
    return changed.isEmpty()
        ? Optional.empty()
        : Optional.of(
            changed.entrySet().stream()
                .map(column -> column.getKey() + " " + column.getValue())
                .collect(
                    Collectors.joining(
                        ", ",
                        "derive reads columns of other types than in training, of which it may make"
                            + " other values: ",
                        "")));
  }

  private static String told(StructField field, String trained) {
    return "is %s and was %s".formatted(field.dataType().sql(), trained);
  }

  /** Whether the same values are others to SQL: whole numbers, fractions, texts, truth values. */
  private static boolean areOther(DataType own, String trained) {
    String then = kind(DataType.fromDDL(trained));
    String now = kind(own);
    return !then.isEmpty() && !now.isEmpty() && !then.equals(now);
  }

  private static String kind(DataType type) {
    if (type instanceof IntegralType) {
      return "whole numbers";
    }
    if (type instanceof NumericType) {
      return "fractions";
    }
    return type instanceof StringType ? "texts" : type instanceof BooleanType ? "truth values" : "";
  }
}
