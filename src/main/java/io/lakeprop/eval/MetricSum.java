package io.lakeprop.eval;

import java.util.List;
import java.util.SortedMap;

/** Sums over scored rows, from which the metrics are computed. */
public sealed interface MetricSum
    permits ClassificationSum, RegressionSum, DevianceSum, QuantileSum, HeadsSum {
  /**
   * Takes rows in.
   *
   * @param predictions (rows, predictions a row): class probabilities or the standardised estimates
   * @param labels (rows, labels a row): class numbers or standardised labels
   * @param weights (rows)
   * @param losses (rows, labels a row): the loss of each label before weighting
   */
  void add(int rows, float[] predictions, float[] labels, float[] weights, float[] losses);

  /** Takes the other sum of the same kind in; returns this. */
  MetricSum merge(MetricSum other);

  /** Bytes of its numbers, and so of its way from an executor to the driver. */
  long bytes();

  /** Rows taken in. */
  long rows();

  /** The metrics that {@link #metrics} has and training may go by. */
  List<? extends Monitor> offers();

  /** The metrics by name. */
  SortedMap<String, Double> metrics();
}
