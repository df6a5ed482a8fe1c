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
 *   <li>r2: 1 - squared errors / squared distances of the labels from their mean; labels that are
 *       all alike do not define it.
 * </ul>
 *
 * <p>The distances are summed about a mean that moves with the rows (Welford 1962, merged as by
 * Chan, Golub and LeVeque 1979): of labels that are alike they are exactly 0.
 */
public final class RegressionSum implements MetricSum {
  /** The fields below. */
  private static final long NUMBERS = 8;

  private final double scale;
  private double squared;
  private double absolute;
  private double mean;
  private double spread;
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
    rows += count;
    for (int row = 0; row < count; row++) {
      double w = weights[row];
      if (w == 0) {
        continue;
      }
      double error = (double) predictions[row] - labelled[row];
      squared += w * error * error;
      absolute += w * Math.abs(error);
      loss += w * losses[row];
      weight += w;
      double distance = labelled[row] - mean;
      mean += w / weight * distance;
      spread += w * distance * (labelled[row] - mean);
    }
  }

  @Override
  public RegressionSum merge(MetricSum other) {
    RegressionSum that = (RegressionSum) other;
    squared += that.squared;
    absolute += that.absolute;
    if (that.weight > 0) {
      double distance = that.mean - mean;
      double share = that.weight / (weight + that.weight);
      mean += share * distance;
      spread += that.spread + weight * share * distance * distance;
    }
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
    metrics.put(Metric.RMSE.key(), scale * Math.sqrt(squared / weight));
    metrics.put(Metric.MAE.key(), scale * absolute / weight);
    metrics.put(Metric.LOSS.key(), loss / weight);
    if (spread > 0) {
      metrics.put(Metric.R2.key(), 1 - squared / spread);
    }
    return metrics;
  }

  @Override
  public SortedMap<String, String> undefined() {
    SortedMap<String, String> undefined = new TreeMap<>();
    if (!(spread > 0)) {
      undefined.put(Metric.R2.key(), "all labels are alike");
    }
    return undefined;
  }
}
