package io.lakeprop.eval;

import io.lakeprop.base.InvalidInput;
import java.util.List;

/** The metrics by the names that job files and reports use, and which way is better. */
public enum Metric {
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

  /** The name in files. */
  public String key() {
    return key;
  }

  /** Whether {@code score} beats {@code best}; nothing beats by NaN. */
  public boolean better(double score, double best) {
    return higherIsBetter ? score > best : score < best;
  }

  /** This metric, or a refusal when it is not one of those that a sum offers. */
  public Metric checked(List<Metric> offered) {
    if (!offered.contains(this)) {
      throw new InvalidInput(
          "training.monitor must be one of %s for this label and loss, however: %s"
              .formatted(offered.stream().map(Metric::key).toList(), key));
    }
    return this;
  }
}
