package io.lakeprop.spark;

import java.io.Serial;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.SQLUserDefinedType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.UserDefinedType;

/** A column type that is stored as MLlib's vectors are; MLlib itself is not on the class path. */
public final class VectorType extends UserDefinedType<VectorType.Vector> {
  @Serial private static final long serialVersionUID = 1L;

  /** The stored values. */
  @SQLUserDefinedType(udt = VectorType.class)
  public record Vector(byte type, Integer size, List<Integer> indices, List<Double> values) {
    @SuppressWarnings("unchecked") // The rows of a test.
    static Vector of(Row row) {
      return row == null
          ? null
          : new Vector(
              row.getByte(0),
              (Integer) row.get(1),
              (List<Integer>) row.get(2),
              (List<Double>) row.get(3));
    }
  }

  @Override
  public DataType sqlType() {
    return StructType.fromDDL(
        "type TINYINT NOT NULL, size INT, indices ARRAY<INT>, values ARRAY<DOUBLE>");
  }

  @Override
  public Object serialize(Vector vector) {
    return new GenericInternalRow(
        new Object[] {
          vector.type(), vector.size(), array(vector.indices()), array(vector.values())
        });
  }

  private static GenericArrayData array(List<?> list) {
    return list == null ? null : new GenericArrayData(list.toArray());
  }

  @Override
  public Vector deserialize(Object stored) {
    InternalRow row = (InternalRow) stored;
    return new Vector(
        row.getByte(0),
        row.isNullAt(1) ? null : row.getInt(1),
        row.isNullAt(2) ? null : Arrays.stream(row.getArray(2).toIntArray()).boxed().toList(),
        Arrays.stream(row.getArray(3).toDoubleArray()).boxed().toList());
  }

  @Override
  public Class<Vector> userClass() {
    return Vector.class;
  }
}
