package io.lakeprop.data;

import java.util.BitSet;

/** A row of plain values: a double, a text or a float[] a column. */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record FakeRow(Object... values) implements TableRow {
  @Override
  public double number(int column) {
    return values[column] == null ? Double.NaN : (double) values[column];
  }

  @Override
  public boolean isNull(int column) {
    return values[column] == null;
  }

  @Override
  public BitSet nulls(int column) {
    return new BitSet();
  }

  @Override
  public String text(int column) {
    return (String) values[column];
  }

  @Override
  public float[] vector(int column) {
    return (float[]) values[column];
  }
}
