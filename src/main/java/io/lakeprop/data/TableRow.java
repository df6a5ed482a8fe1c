package io.lakeprop.data;

import java.util.BitSet;

/**
 * One row as the encoder reads it: the job's columns in the encoder's order, already in their
 * canonical type. Scalars and elements that are missing are NaN or null.
 */
public interface TableRow {
  /** A numeric column; NaN when missing. */
  double number(int column);

  /** Whether the number was one of 32 bits before it was made a double. */
  default boolean isSingle(int column) {
    return false;
  }

  /** Whether a numeric column has no value at all; NaN is one. */
  boolean isNull(int column);

  /**
   * The elements of a vector column that have no value at all; not to be asked of a missing one.
   */
  BitSet nulls(int column);

  /** A categorical column as text; null when missing. */
  String text(int column);

  /** The elements of a vector column; null when the whole vector is missing. */
  float[] vector(int column);
}
