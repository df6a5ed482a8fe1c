package io.lakeprop.eval;

/** The metric of one label among several, {@code label.metric} in files. */
public record LabelMetric(String label, Metric metric) implements Monitor {
  @Override
  public String key() {
    return key(label, metric.key());
  }

  @Override
  public boolean better(double score, double best) {
    return metric.better(score, best);
  }

  @Override
  public boolean needsDifferentLabels() {
    return metric.needsDifferentLabels();
  }

  /** The name in files of whatever is said of a label. */
  static String key(String label, String metric) {
    return label + "." + metric;
  }
}
