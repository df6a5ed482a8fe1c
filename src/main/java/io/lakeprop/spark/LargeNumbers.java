package io.lakeprop.spark;

import io.lakeprop.data.FeatureSpec;
import io.lakeprop.data.FeatureStats;
import java.util.ArrayList;
import java.util.List;
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
