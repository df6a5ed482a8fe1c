package io.lakeprop.eval;

import io.lakeprop.base.InvalidInput;
import java.util.Arrays;
import java.util.List;

/** The metrics by the names that job files and reports use, and which way is better. */
public enum Metric {
  ACCURACY("accuracy", true, true),
  BALANCED_ACCURACY("balanced_accuracy", true, true),
  MACRO_F1("macro_f1", true, true),
  AUC("auc", true, true),
  LOG_LOSS("log_loss", false, true),
  RMSE("rmse", false, false),
  MAE("mae", false, false),
  R2("r2", true, false);

  private final String key;
  private final boolean higherIsBetter;
  private final boolean classification;

  Metric(String key, boolean higherIsBetter, boolean classification) {
    this.key = key;
    this.higherIsBetter = higherIsBetter;
    this.classification = classification;
  }

  /** The name in files. */
  public String key() {
    return key;
  }

  /** Whether {@code score} beats {@code best}; nothing beats by NaN. */
  public boolean better(double score, double best) {
    return higherIsBetter ? score > best : score < best;
  }

  /** The metrics of a task. */
  public static List<Metric> of(boolean classification) {
    return Arrays.stream(values()).filter(m -> m.classification == classification).toList();
  }

  /** This metric, or a refusal when it is not one of this kind of task. */
  public Metric checked(boolean forClassification) {
    if (classification != forClassification) {
      throw new InvalidInput(
          "training.monitor must be one of %s for this label, however: %s"
              .formatted(of(forClassification).stream().map(Metric::key).toList(), key));
    }
    return this;
  }
}
