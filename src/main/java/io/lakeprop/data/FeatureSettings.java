package io.lakeprop.data;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the job says of its features as a whole; a table's schema turns it into a {@link
 * FeatureSpec} a column.
 *
 * @param include columns to use; empty for all but label and weight
 * @param exclude columns to leave out
 * @param numeric defaults of number columns; the name is not used
 * @param vector defaults of array columns; the name is not used
 * @param categorical defaults of text columns; the name is not used
 * @param columns what is said of single columns, by name
 */
public record FeatureSettings(
    List<String> include,
    List<String> exclude,
    FeatureSpec.Numeric numeric,
    FeatureSpec.Vector vector,
    FeatureSpec.Categorical categorical,
    Map<String, FeatureSpec> columns) {
  /** The kind of label. */
  public enum Task {
    /** Told from the label's type: text and boolean are classes, fractions are numbers. */
    AUTO,
    CLASSIFICATION,
    REGRESSION
  }

  /**
   * The label's column and kind, and the columns that go with it.
   *
   * @param weight the column of row weights
   * @param range in which a number must be
   * @param offset the column that is added to the logits
   */
  public record Label(
      String column,
      Task task,
      Optional<String> weight,
      LabelEncoder.Range range,
      Optional<String> offset) {
    /** Any number, no offset. */
    public Label(String column, Task task, Optional<String> weight) {
      this(column, task, weight, LabelEncoder.Range.ANY, Optional.empty());
    }

    /** Whether a column goes with the label and is no feature. */
    public boolean reserves(String name) {
      return name.equals(column)
          || weight.equals(Optional.of(name))
          || offset.equals(Optional.of(name));
    }
  }
}
