package io.lakeprop.spark;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.data.LabelEncoder;
import io.lakeprop.data.LabelOffset;
import java.io.Serializable;
import org.apache.spark.sql.Row;

/**
 * Reads the label, weight and offset columns of canonical rows.
 *
 * @param offset what is added to the logits
 * @param weight the name that the weight column has in the table; without one it is never needed
 */
record Labels(LabelEncoder label, LabelOffset offset, String weight) implements Serializable {
  /** The number that a loss reads; refuses null, NaN, infinite and unknown labels. */
  float label(Row row) {
    if (label instanceof LabelEncoder.Quantity number) {
      return number.encode(CanonicalRow.numberAt(row, Columns.LABEL));
    }
    return ((LabelEncoder.Classes) label)
        .encode(row.isNullAt(Columns.LABEL) ? null : row.getString(Columns.LABEL));
  }

  /** What is added to the row's logits; refuses null, NaN and infinite offsets. */
  float offset(Row row) {
    return offset.encode(CanonicalRow.numberAt(row, Columns.OFFSET));
  }

  /** The row's weight; refuses null, NaN, infinite and negative ones. */
  float weight(Row row) {
    double value = CanonicalRow.numberAt(row, Columns.WEIGHT);
    if (!(value >= 0) || value > Float.MAX_VALUE) {
      throw new InvalidInput(
          "weight \"%s\" must be a finite number of at least 0, however: %s"
              .formatted(weight, Double.isNaN(value) ? "missing or NaN" : value));
    }
    return (float) value;
  }
}
