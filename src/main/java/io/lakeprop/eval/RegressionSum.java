package io.lakeprop.eval;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Sums of errors in the label's own unit.
 *
 * <ul>
 *   <li>rmse: √ of the weighted mean of squared errors.
 *   <li>mae: weighted mean of absolute errors.
 *   <li>loss: weighted mean of the loss that was trained, in its own unit.
 *   <li>r2: 1 - squared errors / squared distances of the labels from their mean.
 * </ul>
 */
public final class RegressionSum implements MetricSum {
  /** The fields below. */
  private static final long NUMBERS = 8;

  private final double scale;
  private double squared;
  private double absolute;
  private double labels;
  private double labelSquares;
  private double loss;
  private double weight;
  private long rows;

  /**
   * @param scale of the label: one standardised unit in the label's own
   */
  public RegressionSum(double scale) {
    this.scale = scale;
  }

  @Override
  public void add(
      int count, float[] predictions, float[] labelled, float[] weights, float[] losses) {
    for (int row = 0; row < count; row++) {
      double error = (double) predictions[row] - labelled[row];
      double w = weights[row];
      squared += w * error * error;
      absolute += w * Math.abs(error);
      labels += w * labelled[row];
      labelSquares += w * labelled[row] * labelled[row];
      loss += w * losses[row];
      weight += w;
      rows++;
    }
  }

  @Override
  public RegressionSum merge(MetricSum other) {
    RegressionSum that = (RegressionSum) other;
    squared += that.squared;
    absolute += that.absolute;
    labels += that.labels;
    labelSquares += that.labelSquares;
    loss += that.loss;
    weight += that.weight;
    rows += that.rows;
    return this;
  }

  @Override
  public long bytes() {
    return NUMBERS * Double.BYTES;
  }

  @Override
  public long rows() {
    return rows;
  }

  @Override
  public List<Metric> offers() {
    return List.of(Metric.RMSE, Metric.MAE, Metric.R2, Metric.LOSS);
  }

  @Override
  public SortedMap<String, Double> metrics() {
    SortedMap<String, Double> metrics = new TreeMap<>();
    double spread = labelSquares - labels * labels / weight;
    metrics.put(Metric.RMSE.key(), scale * Math.sqrt(squared / weight));
    metrics.put(Metric.MAE.key(), scale * absolute / weight);
    metrics.put(Metric.LOSS.key(), loss / weight);
    metrics.put(Metric.R2.key(), 1 - squared / spread);
    return metrics;
  }
}
