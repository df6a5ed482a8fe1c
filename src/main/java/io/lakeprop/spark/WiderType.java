package io.lakeprop.spark;

import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;

/** The narrowest type that has all values of two. */
final class WiderType {
  private static final List<DataType> WHOLE =
      List.of(DataTypes.ByteType, DataTypes.ShortType, DataTypes.IntegerType, DataTypes.LongType);

  /** Decimal digits of the largest number of each. */
  private static final List<Integer> DIGITS = List.of(3, 5, 10, 19);

  private static final List<DataType> FRACTIONS =
      List.of(DataTypes.FloatType, DataTypes.DoubleType);

  /** Each has the values of those before. */
  private static final List<DataType> TIMES =
      List.of(DataTypes.DateType, DataTypes.TimestampNTZType, DataTypes.TimestampType);

  private static final List<DataType> OTHERS =
      List.of(DataTypes.BooleanType, DataTypes.StringType, DataTypes.BinaryType);

  private WiderType() {}

  /**
   * Of two types; empty where no type has the values of both with their meaning. Whole numbers
   * beyond 2^53 are rounded among fractions, as everywhere; a day or a wall clock's time is an
   * instant in the session's zone.
   */
  static Optional<DataType> of(DataType one, DataType other) {
    if (one.equals(other) || other.equals(DataTypes.NullType)) {
      return Optional.of(one);
    }
    if (one.equals(DataTypes.NullType)) {
      return Optional.of(other);
    }
    if (one instanceof ArrayType a && other instanceof ArrayType b) {
      return of(a.elementType(), b.elementType()).map(DataTypes::createArrayType);
    }
    if (isNumber(one) && isNumber(other)) {
      return Optional.of(number(one, other));
    }
    int first = TIMES.indexOf(one);
    int second = TIMES.indexOf(other);
    return first < 0 || second < 0
        ? Optional.empty()
        : Optional.of(TIMES.get(Math.max(first, second)));
  }

  /** Whether a type is one of those whose values are compared here. */
  static boolean knows(DataType type) {
    return type instanceof ArrayType array
        ? knows(array.elementType())
        : isNumber(type) || TIMES.contains(type) || OTHERS.contains(type);
  }

  private static boolean isNumber(DataType type) {
    return WHOLE.contains(type) || FRACTIONS.contains(type) || type instanceof DecimalType;
  }

  /** Of two that are not the same. */
  private static DataType number(DataType one, DataType other) {
    if (FRACTIONS.contains(one) || FRACTIONS.contains(other)) {
      return DataTypes.DoubleType;
    }
    if (WHOLE.contains(one) && WHOLE.contains(other)) {
      return WHOLE.get(Math.max(WHOLE.indexOf(one), WHOLE.indexOf(other)));
    }
    int scale = Math.max(scale(one), scale(other));
    int digits = Math.max(digits(one) - scale(one), digits(other) - scale(other)) + scale;
    return digits <= DecimalType.MAX_PRECISION()
        ? DataTypes.createDecimalType(digits, scale)
        : DataTypes.DoubleType;
  }

  private static int digits(DataType type) {
    return type instanceof DecimalType decimal
        ? decimal.precision()
        : DIGITS.get(WHOLE.indexOf(type));
  }

  private static int scale(DataType type) {
    return type instanceof DecimalType decimal ? decimal.scale() : 0;
  }
}
