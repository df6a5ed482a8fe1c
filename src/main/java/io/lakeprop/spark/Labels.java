package io.lakeprop.spark;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.data.LabelEncoder;
import io.lakeprop.data.LabelOffset;
import java.io.Serializable;
import java.util.List;
import org.apache.spark.sql.Row;

/**
 * Reads the label, weight and offset columns of canonical rows.
 *
 * @param labels in the order of the heads
 * @param offset what is added to the logits
 * @param weight the name that the weight column has in the table; without one it is never needed
 */
record Labels(List<LabelEncoder> labels, LabelOffset offset, String weight)
    implements Serializable {
  Labels {
    labels = List.copyOf(labels);
  }

  /** The numbers that a loss reads; refuses null, NaN, infinite and unknown labels. */
  float[] labels(Row row) {
    float[] numbers = new float[labels.size()];
    for (int i = 0; i < numbers.length; i++) {
      int column = Columns.FIRST_LABEL + i;
      numbers[i] =
          labels.get(i) instanceof LabelEncoder.Quantity number
              ? number.encode(CanonicalRow.numberAt(row, column))
              : ((LabelEncoder.Classes) labels.get(i))
                  .encode(row.isNullAt(column) ? null : row.getString(column));
    }
    return numbers;
  }

  /** Where the features of a canonical row start. */
  int firstFeature() {
    return Columns.firstFeature(labels.size());
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
