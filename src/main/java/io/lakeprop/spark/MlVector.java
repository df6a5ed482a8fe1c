package io.lakeprop.spark;

import io.lakeprop.base.InvalidInput;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.UserDefinedType;

/**
 * A vector as Spark ML writes it, as an array: dense ones as they are, sparse ones with their
 * zeros.
 *
 * <p>A Spark that has MLlib shows such a column as a type of its own, any other Spark as the struct
 * that is stored. No SQL function of either makes an array of it in time that is linear in the
 * vector's size, so a function of ours does.
 *
 * @param column for messages
 */
record MlVector(String column) implements UDF1<Row, Float[]> {
  /** What a vector feature may have: a row of four megabytes. */
  private static final int LONGEST = 1 << 20;

  private static final String STORED =
      "struct<type:tinyint,size:int,indices:array<int>,values:array<double>>";
  private static final byte SPARSE = 0;
  private static final byte DENSE = 1;

  /** Whether a column is one, in either form. */
  static boolean is(DataType type) {
    DataType stored = type instanceof UserDefinedType<?> own ? own.sqlType() : type;
    return stored.simpleString().equals(STORED);
  }

  /** The column's vectors as arrays of floats. */
  static Column array(Column column, DataType type, String name) {
    Column stored = type instanceof UserDefinedType<?> ? functions.unwrap_udt(column) : column;
    DataType floats = DataTypes.createArrayType(DataTypes.FloatType);
    return functions.udf(new MlVector(name), floats).apply(stored);
  }

  @Override
  public Float[] call(Row vector) {
    if (vector == null) {
      return null;
    }
    byte kind = vector.isNullAt(0) ? -1 : vector.getByte(0);
    if ((kind != SPARSE && kind != DENSE) || vector.isNullAt(3)) {
      throw refusal("be of type 0 (sparse) or 1 (dense) and have values", "type=" + vector.get(0));
    }
    List<Double> values = vector.getList(3);
    // Other writers call a row dense and give it indices; MLlib has none there, nor a size.
    boolean indexed = !vector.isNullAt(2) && !vector.getList(2).isEmpty();
    return kind == DENSE && !indexed ? dense(vector, values) : sparse(vector, values);
  }

  private Float[] dense(Row vector, List<Double> values) {
    if (!vector.isNullAt(1) && vector.getInt(1) != values.size()) {
      String counts = "size=%d values=%d".formatted(vector.getInt(1), values.size());
      throw refusal("have as many values as its size where it is dense", counts);
    }
    Float[] array = zeros(values.size());
    for (int i = 0; i < array.length; i++) {
      array[i] = number(values.get(i));
    }
    return array;
  }

  private Float[] sparse(Row vector, List<Double> values) {
    List<Integer> indices = vector.isNullAt(2) ? List.of() : vector.getList(2);
    if (vector.isNullAt(1) || indices.size() != values.size()) {
      String counts = "indices=%d values=%d".formatted(indices.size(), values.size());
      throw refusal("be of a size, with an index a value", "size=" + vector.get(1) + " " + counts);
    }
    Float[] array = zeros(vector.getInt(1));
    int before = -1;
    for (int i = 0; i < values.size(); i++) {
      Integer index = indices.get(i);
      if (index == null || index <= before || index >= array.length) {
        String rule = "have rising indices from 0 to " + (array.length - 1);
        throw refusal(rule, "index %s after %d".formatted(index, before));
      }
      array[index] = number(values.get(i));
      before = index;
    }
    return array;
  }

  private Float[] zeros(int size) {
    if (size < 0 || size > LONGEST) {
      throw refusal("have at most %,d numbers".formatted(LONGEST), "size=" + size);
    }
    Float[] array = new Float[size];
    Arrays.fill(array, 0f);
    return array;
  }

  /** A missing element stays one. */
  private static Float number(Double value) {
    return value == null ? null : Float.valueOf(value.floatValue() + 0f);
  }

  private InvalidInput refusal(String rule, String what) {
    return new InvalidInput(
        "column \"%s\": a Spark ML vector must %s, however: %s".formatted(column, rule, what));
  }
}
