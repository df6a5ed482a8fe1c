package io.lakeprop.spark;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.data.LabelEncoder;
import org.apache.spark.sql.Row;

/** The label and weight columns of canonical rows. */
final class Labels {
  private Labels() {}

  /** The number that a loss reads; refuses null, NaN, infinite and unknown labels. */
  static float encode(LabelEncoder label, Row row, int column) {
    if (label instanceof LabelEncoder.Quantity number) {
      return number.encode(CanonicalRow.numberAt(row, column));
    }
    return ((LabelEncoder.Classes) label)
        .encode(row.isNullAt(column) ? null : row.getString(column));
  }

  /** The row's weight; refuses null, NaN, infinite and negative ones. */
  static float weight(Row row, int column) {
    double weight = CanonicalRow.numberAt(row, column);
    if (!(weight >= 0) || weight > Float.MAX_VALUE) {
      throw new InvalidInput(
          "a row's weight must be a finite number of at least 0, however: " + weight);
    }
    return (float) weight;
  }
}
