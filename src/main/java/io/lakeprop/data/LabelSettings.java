package io.lakeprop.data;

import io.lakeprop.base.AlsoCalled;
import io.lakeprop.base.InvalidInput;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the job says of its labels, and of the columns that go with them.
 *
 * @param labels one or several, in the order of the heads
 * @param weight the column of row weights
 */
public record LabelSettings(List<Label> labels, Optional<String> weight) {
  /** The kind of label. */
  public enum Task {
    /**
     * Told from the label's type and values: texts and booleans are classes, and so are numbers of
     * which all are whole and few are different.
     */
    AUTO,
    @AlsoCalled({
      "binary",
      "multiclass",
      "classifier",
      "classes",
      "multi_class",
      "binary_classification",
      "multiclass_classification",
      "class",
      "categorical"
    })
    CLASSIFICATION,
    @AlsoCalled({"regressor", "number", "numeric", "continuous", "quantitative", "reg"})
    REGRESSION
  }

  /** What becomes of rows whose label is null or, where it is a number, NaN. */
  public enum Missing {
    /** The table is refused. */
    REFUSE,
    /** They are in no split, also where other labels of theirs are there; and counted. */
    @AlsoCalled({"drop", "ignore", "omit", "remove"})
    SKIP
  }

  /** Where predictions of a number may lie. */
  public enum PredictionRange {
    /** Between the smallest and the largest training label. */
    TRAINING,
    /** Anywhere that the loss lets them. */
    @AlsoCalled({"all", "none", "unbounded"})
    ANY
  }

  /** What becomes of rows whose class has few training rows, or none. */
  public enum Rare {
    /** A class that the training rows lack is refused in other rows; all others are learnt. */
    REFUSE,
    /** They are joined in one class, {@value LabelEncoder.Classes#OTHER}. */
    OTHER,
    /** They are in no split, and counted. */
    DROP
  }

  /**
   * Which classes are rare.
   *
   * @param minimumCount training rows from which on a class is not rare
   */
  public record RareClasses(Rare rare, int minimumCount) {
    /** Without a word in the job. */
    public static final RareClasses REFUSED = new RareClasses(Rare.REFUSE, 1);
  }

  /**
   * A label's column and kind.
   *
   * @param range in which a number must be
   * @param offset the column that is added to its logits
   * @param missing what becomes of rows without the label
   * @param rare what becomes of rows of rare classes
   * @param predictions where those of a number may lie; empty where an offset decides
   */
  public record Label(
      String column,
      Task task,
      LabelEncoder.Range range,
      Optional<String> offset,
      Missing missing,
      RareClasses rare,
      Optional<PredictionRange> predictions) {
    /** Without an offset. */
    public Label(String column, Task task, LabelEncoder.Range range) {
      this(
          column,
          task,
          range,
          Optional.empty(),
          Missing.REFUSE,
          RareClasses.REFUSED,
          Optional.empty());
    }
  }

  public LabelSettings {
    labels = List.copyOf(labels);
    Set<String> names = new HashSet<>();
    for (Label label : labels) {
      if (!names.add(label.column())) {
        throw new InvalidInput(
            "labels must be different columns, however: \"%s\" stands twice"
                .formatted(label.column()));
      }
    }
    List<String> offsets =
        labels.stream().flatMap(label -> label.offset().stream()).distinct().toList();
    if (offsets.size() > 1) {
      throw new InvalidInput("labels with an offset must share one column, however: " + offsets);
    }
  }

  /** The column that is added to the logits of those labels that ask for it. */
  public Optional<String> offset() {
    return labels.stream().flatMap(label -> label.offset().stream()).findFirst();
  }

  /** The columns, in the order of the heads. */
  public List<String> columns() {
    return labels.stream().map(Label::column).toList();
  }

  /** The columns that go with the labels and are no features. */
  public List<String> reserved() {
    List<String> reserved = new ArrayList<>(columns());
    weight.ifPresent(reserved::add);
    offset().ifPresent(reserved::add);
    return reserved;
  }
}
