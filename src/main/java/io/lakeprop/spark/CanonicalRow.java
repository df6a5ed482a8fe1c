package io.lakeprop.spark;

import io.lakeprop.data.TableRow;
import java.util.BitSet;
import java.util.List;
import org.apache.spark.sql.Row;

/** A Spark row whose feature columns start at some position, as the encoder reads it. */
final class CanonicalRow implements TableRow {
  private final int first;
  private Row row;

  CanonicalRow(int first) {
    this.first = first;
  }

  CanonicalRow of(Row next) {
    row = next;
    return this;
  }

  @Override
  public double number(int column) {
    return numberAt(row, first + column);
  }

  @Override
  public String text(int column) {
    return row.isNullAt(first + column) ? null : row.getString(first + column);
  }

  @Override
  public float[] vector(int column) {
    if (row.isNullAt(first + column)) {
      return null;
    }
    List<Float> elements = row.getList(first + column);
    float[] vector = new float[elements.size()];
    int i = 0;
    for (Float element : elements) {
      // -0.0 is 0.0, as Columns makes it of numbers; there it would be a function call an element.
      vector[i++] = element == null ? Float.NaN : element + 0f;
    }
    return vector;
  }

  @Override
  public boolean isNull(int column) {
    return row.isNullAt(first + column);
  }

  @Override
  public BitSet nulls(int column) {
    BitSet nulls = new BitSet();
    int i = 0;
    for (Object element : row.getList(first + column)) {
      nulls.set(i++, element == null);
    }
    return nulls;
  }

  static double numberAt(Row row, int column) {
    return row.isNullAt(column) ? Double.NaN : row.getDouble(column);
  }
}
