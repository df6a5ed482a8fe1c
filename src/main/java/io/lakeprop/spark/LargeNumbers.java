package io.lakeprop.spark;

import io.lakeprop.base.YamlText;
import io.lakeprop.data.FeatureSpec;
import io.lakeprop.data.FeatureStats;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.StructType;

/**
 * Columns whose type holds numbers exactly and whose training rows have some that a double cannot
 * tell apart: neighbouring ids become one number.
 */
final class LargeNumbers {
  /** From here on doubles have gaps of more than 1. */
  private static final double LIMIT = 0x1p53;

  private LargeNumbers() {}

  /** Numeric features. */
  static List<String> features(
      FeatureStats stats, List<FeatureSpec> specs, StructType schema, String table) {
    return stats.reaching(LIMIT, specs).stream()
        .filter(name -> isExact(Columns.field(schema, name, table).dataType()))
        .toList();
  }

  /**
   * Notes on vectors whose elements have more digits in the table than in 32 bits, where that hides
   * how they differ.
   */
  static List<String> vectors(
      FeatureStats stats, List<FeatureSpec> specs, StructType schema, String table) {
    List<String> notes = new ArrayList<>();
    for (Map.Entry<String, Integer> coarse : stats.coarse(specs).entrySet()) {
      String name = coarse.getKey();
      int element = coarse.getValue();
      DataType type = Columns.field(schema, name, table).dataType();
      boolean array = type instanceof ArrayType;
      boolean hadMore =
          !(type instanceof ArrayType own && own.elementType().equals(DataTypes.FloatType));
      if (hadMore) {
        notes.add(
            "%s: element %d has numbers that differ little for their size, and elements of vectors are kept in 32 bits (%s)"
                .formatted(
                    name,
                    element,
                    array
                        ? "64 as a column of its own: table.derive: {%s: %s}"
                            .formatted(
                                YamlText.key(name + "_" + element),
                                YamlText.quoted(
                                    "%s[%d]".formatted(TypedColumns.quoted(name), element)))
                        : "subtract a constant before the vector is made"));
      }
    }
    return notes;
  }

  /**
   * Labels that are numbers.
   *
   * @param columns of all labels
   * @param numbers whether each is a number
   */
  static List<String> labels(
      FeatureStats stats,
      List<String> columns,
      List<Boolean> numbers,
      StructType schema,
      String table) {
    List<String> large = new ArrayList<>();
    for (int label = 0; label < columns.size(); label++) {
      if (numbers.get(label)
          && stats.label(label).number().magnitude() >= LIMIT
          && isExact(Columns.field(schema, columns.get(label), table).dataType())) {
        large.add(columns.get(label));
      }
    }
    return large;
  }

  private static boolean isExact(DataType type) {
    return type.equals(DataTypes.LongType) || type instanceof DecimalType;
  }
}
