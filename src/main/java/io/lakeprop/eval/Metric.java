package io.lakeprop.eval;

import io.lakeprop.base.AlsoCalled;
import java.util.Arrays;
import java.util.Optional;

/** The metrics by the names that job files and reports use, and which way is better. */
public enum Metric implements Monitor {
  /** The mean of the loss that is trained, on rows weighted by their own weights alone. */
  @AlsoCalled({"val_loss", "train_loss", "validation_loss"})
  LOSS("loss", false),
  @AlsoCalled({"acc", "accuracy_score"})
  ACCURACY("accuracy", true),
  @AlsoCalled({"balanced_acc", "balanced_accuracy_score"})
  BALANCED_ACCURACY("balanced_accuracy", true),
  @AlsoCalled({"f1", "f1_score", "f1_macro", "fscore"})
  MACRO_F1("macro_f1", true),
  @AlsoCalled({"roc_auc", "auroc", "roc_auc_score", "area_under_roc"})
  AUC("auc", true),
  @AlsoCalled({"cross_entropy", "nll", "bce", "binary_cross_entropy", "softmax_cross_entropy"})
  LOG_LOSS("log_loss", false),
  @AlsoCalled({"mse", "mean_squared_error", "root_mean_squared_error", "squared_error", "l2"})
  RMSE("rmse", false),
  @AlsoCalled({"mean_absolute_error", "absolute_error", "l1"})
  MAE("mae", false),
  @AlsoCalled({"r2_score", "r_squared", "r^2"})
  R2("r2", true),
  POISSON_DEVIANCE("poisson_deviance", false),
  GAMMA_DEVIANCE("gamma_deviance", false),
  TWEEDIE_DEVIANCE("tweedie_deviance", false),
  @AlsoCalled({"pinball", "quantile", "quantile_loss"})
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
