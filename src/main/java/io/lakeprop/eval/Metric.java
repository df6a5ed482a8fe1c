package io.lakeprop.eval;

import java.util.Arrays;
import java.util.Optional;

/** The metrics by the names that job files and reports use, and which way is better. */
public enum Metric implements Monitor {
  /** The mean of the loss that is trained, on rows weighted by their own weights alone. */
  LOSS("loss", false),
  ACCURACY("accuracy", true),
  BALANCED_ACCURACY("balanced_accuracy", true),
  MACRO_F1("macro_f1", true),
  AUC("auc", true),
  LOG_LOSS("log_loss", false),
  RMSE("rmse", false),
  MAE("mae", false),
  R2("r2", true),
  POISSON_DEVIANCE("poisson_deviance", false),
  GAMMA_DEVIANCE("gamma_deviance", false),
  TWEEDIE_DEVIANCE("tweedie_deviance", false),
  PINBALL_LOSS("pinball_loss", false);

  private final String key;
  private final boolean higherIsBetter;

  Metric(String key, boolean higherIsBetter) {
    this.key = key;
    this.higherIsBetter = higherIsBetter;
  }

  /** The metric of a name. */
  public static Optional<Metric> of(String key) {
    return Arrays.stream(values()).filter(metric -> metric.key.equals(key)).findFirst();
  }

  @Override
  public String key() {
    return key;
  }

  @Override
  public boolean needsDifferentLabels() {
    return this == AUC || this == R2;
  }

  @Override
  public boolean better(double score, double best) {
    return higherIsBetter ? score > best : score < best;
  }
}
