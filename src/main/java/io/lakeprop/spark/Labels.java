package io.lakeprop.spark;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.data.LabelEncoder;
import io.lakeprop.data.LabelOffset;
import io.lakeprop.data.LabelSettings;
import io.lakeprop.data.LeftOut;
import io.lakeprop.data.WeightScale;
import java.io.Serializable;
import java.util.List;
import org.apache.spark.sql.Row;

/**
 * Reads the label, weight and offset columns of canonical rows.
 *
 * @param labels in the order of the heads
 * @param offset what is added to the logits
 * @param weight the name that the weight column has in the table; without one it is never needed
 * @param scale of the weights of all rows together
 * @param mends what a refusal says of the ways out
 */
record Labels(
    List<LabelEncoder> labels, LabelOffset offset, String weight, WeightScale scale, Mends mends)
    implements Serializable {
  /** What to do about a row that has no label or one of no class. */
  enum Mends {
    OF_A_JOB(
        " (label.rare: other joins rare classes, drop leaves such rows out)",
        " (no class of the training rows is rare, so there is no \"other\": label.rare: drop leaves"
            + " such rows out)",
        " (label.missing: skip leaves such rows out)"),
    OF_A_MODEL(
        " (--where leaves such rows out; so does a model that was trained with label.rare: drop)",
        " (no class was rare in training, so there is no \"other\": --where leaves such rows out;"
            + " so does a model that was trained with label.rare: drop)",
        " (--where leaves such rows out; so does a model that was trained with label.missing:"
            + " skip)");

    private final String ofNoClass;
    private final String withoutOther;
    private final String missing;

    Mends(String ofNoClass, String withoutOther, String missing) {
      this.ofNoClass = ofNoClass;
      this.withoutOther = withoutOther;
      this.missing = missing;
    }

    /** Of a row whose class the label has not. */
    private String ofNoClass(LabelEncoder.Classes label) {
      // A label that joins rare classes finds one for every text, unless it has no such class.
      return label.rare() == LabelSettings.Rare.OTHER ? withoutOther : ofNoClass;
    }
  }

  Labels {
    labels = List.copyOf(labels);
  }

  /** Whether a row does not count, because the labels say so. */
  LeftOut leftOut(Row row) {
    LeftOut reason = LeftOut.NONE;
    for (int i = 0; i < labels.size(); i++) {
      LabelEncoder label = labels.get(i);
      if (isMissing(row, i)) {
        if (label.missing() == LabelSettings.Missing.SKIP) {
          return LeftOut.WITHOUT_LABEL;
        }
      } else if (label instanceof LabelEncoder.Classes classes
          && classes.rare() == LabelSettings.Rare.DROP
          && classes.find(row.getString(Columns.FIRST_LABEL + i)) < 0) {
        reason = LeftOut.RARE_CLASS;
      }
    }
    return reason;
  }

  private boolean isMissing(Row row, int label) {
    int column = Columns.FIRST_LABEL + label;
    return labels.get(label) instanceof LabelEncoder.Quantity
        ? Double.isNaN(CanonicalRow.numberAt(row, column))
        : row.isNullAt(column);
  }

  /** The numbers that a loss reads; refuses null, NaN, infinite and unknown labels. */
  float[] labels(Row row) {
    float[] numbers = new float[labels.size()];
    for (int i = 0; i < numbers.length; i++) {
      int column = Columns.FIRST_LABEL + i;
      numbers[i] =
          labels.get(i) instanceof LabelEncoder.Quantity number
              ? number(number, CanonicalRow.numberAt(row, column))
              : number(
                  (LabelEncoder.Classes) labels.get(i),
                  row.isNullAt(column) ? null : row.getString(column));
    }
    return numbers;
  }

  private float number(LabelEncoder.Quantity label, double value) {
    if (Double.isNaN(value)) {
      throw new InvalidInput(
          "label \"%s\" must be a number, however: null or NaN%s"
              .formatted(label.name(), mends.missing));
    }
    return label.encode(value);
  }

  private float number(LabelEncoder.Classes label, String value) {
    int number = label.find(value);
    if (number < 0) {
      throw new InvalidInput(
          "label \"%s\" must be one of the %d classes of the training rows, however: %s%s"
              .formatted(
                  label.name(),
                  label.values().size(),
                  value == null ? "null" : '"' + value + '"',
                  value == null ? mends.missing : mends.ofNoClass(label)));
    }
    return number;
  }

  /** Where the features of a canonical row start. */
  int firstFeature() {
    return Columns.firstFeature(labels.size());
  }

  /** What is added to the row's logits; refuses null, NaN and infinite offsets. */
  float offset(Row row) {
    return offset.encode(CanonicalRow.numberAt(row, Columns.OFFSET));
  }

  /** The row's weight over the mean of all; refuses null, NaN, infinite and negative ones. */
  float weight(Row row) {
    double value = CanonicalRow.numberAt(row, Columns.WEIGHT);
    float scaled = scale.of(value);
    if (!(value >= 0) || Float.isInfinite(scaled)) {
      throw new InvalidInput(
          "weight \"%s\" must be a finite number of at least 0, however: %s"
              .formatted(weight, Double.isNaN(value) ? "missing or NaN" : value));
    }
    return scaled;
  }
}
