package io.lakeprop.eval;

import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Sums over scored rows, from which the metrics are computed. */
public sealed interface MetricSum
    permits ClassificationSum, RegressionSum, DevianceSum, QuantileSum, HeadsSum {
  /**
   * Takes rows in. A row of weight 0 counts as a row and says nothing, whatever stands in it.
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

  /** The metrics that {@link #metrics} has where they are defined, and training may go by. */
  List<? extends Monitor> offers();

  /** The metrics by name, without those that the rows do not define. */
  SortedMap<String, Double> metrics();

  /** Why a metric is not defined on these rows, by its name. */
  default SortedMap<String, String> undefined() {
    return new TreeMap<>();
  }

  /**
   * Why a metric is no finite number, by its name: the rows do not define it, a row's loss or error
   * is infinite, or the network's numbers overflow.
   */
  default SortedMap<String, String> reasons() {
    SortedMap<String, String> reasons = new TreeMap<>(undefined());
    metrics()
        .forEach(
            (name, value) -> {
              if (!Double.isFinite(value)) {
                reasons.put(name, reason(value));
              }
            });
    return reasons;
  }

  private static String reason(double value) {
    return Double.isNaN(value)
        ? "the network's numbers overflow"
        : "%sinfinite: a prediction is infinite, or gives the label of its row no chance"
            .formatted(value < 0 ? "minus " : "");
  }

  /**
   * Itself, when every metric that the rows define is a number.
   *
   * @param rows that were judged, for the message
   * @throws NotANumber when one is NaN
   */
  default MetricSum checked(String rows) {
    for (String name : overflowed()) {
      throw new NotANumber(name, rows);
    }
    return this;
  }

  /** The metrics that the rows define and that are NaN: the network's numbers overflow. */
  default SortedSet<String> overflowed() {
    SortedSet<String> names = new TreeSet<>();
    metrics()
        .forEach(
            (name, value) -> {
              if (Double.isNaN(value)) {
                names.add(name);
              }
            });
    return names;
  }
}
