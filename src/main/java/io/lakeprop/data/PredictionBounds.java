package io.lakeprop.data;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;

/** Keeps the predictions of rows within the bounds of their labels, in standardised units. */
public final class PredictionBounds implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Of predictions that may lie anywhere. */
  public static final PredictionBounds NONE = new PredictionBounds(new float[0], new float[0]);

  private final float[] smallest;
  private final float[] largest;

  private PredictionBounds(float[] smallest, float[] largest) {
    this.smallest = smallest;
    this.largest = largest;
  }

  /**
   * The bounds of a row's predictions.
   *
   * @param widths predictions of each label
   */
  public static PredictionBounds of(List<LabelEncoder> labels, int[] widths) {
    int all = Arrays.stream(widths).sum();
    float[] smallest = new float[all];
    float[] largest = new float[all];
    boolean any = false;
    int at = 0;
    for (int i = 0; i < widths.length; i++) {
      LabelBounds own = LabelBounds.NONE;
      if (labels.get(i) instanceof LabelEncoder.Quantity number && !number.bounds().isNone()) {
        any = true;
        own =
            new LabelBounds(
                number.standardised(number.bounds().smallest()),
                number.standardised(number.bounds().largest()));
      }
      Arrays.fill(smallest, at, at + widths[i], (float) own.smallest());
      Arrays.fill(largest, at, at + widths[i], (float) own.largest());
      at += widths[i];
    }
    return any ? new PredictionBounds(smallest, largest) : NONE;
  }

  /**
   * Moves the finite predictions of the first rows to the bound beyond which they are.
   *
   * @param predictions (rows, predictions a row); modified
   */
  public void keep(int rows, float[] predictions) {
    int width = smallest.length;
    for (int i = 0; i < rows * width; i++) {
      float value = predictions[i];
      if (!Float.isInfinite(value)) {
        predictions[i] = Math.max(smallest[i % width], Math.min(largest[i % width], value));
      }
    }
  }
}
