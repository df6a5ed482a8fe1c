package io.lakeprop.eval;

import io.lakeprop.base.InvalidInput;
import java.util.List;

/** What training goes by: a metric of the report, or that of one label among several. */
public sealed interface Monitor permits Metric, LabelMetric {
  /** The name in files. */
  String key();

  /** Whether {@code score} beats {@code best}; nothing beats by NaN. */
  boolean better(double score, double best);

  /** Whether rows that all have the same label leave it undefined. */
  boolean needsDifferentLabels();

  /** Itself, or a refusal when it is not one of those that a sum offers. */
  default Monitor checked(List<? extends Monitor> offered) {
    if (!offered.contains(this)) {
      throw new InvalidInput(
          "training.monitor must be one of %s for this label and loss, however: %s"
              .formatted(offered.stream().map(Monitor::key).toList(), key()));
    }
    return this;
  }
}
