package io.lakeprop.eval;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Sums for several quantiles at once.
 *
 * <ul>
 *   <li>pinball_loss: weighted mean over rows and levels of max(q e, (q - 1) e), e being label -
 *       prediction in the label's own unit.
 *   <li>coverage_Q, a level: weight of the labels that do not exceed the prediction, divided by all
 *       weight; a calibrated quantile covers its level.
 * </ul>
 */
public final class QuantileSum implements MetricSum {
  private final float[] levels;
  private final double[] covered;
  private final double scale;
  private double pinball;
  private double loss;
  private double weight;
  private long rows;

  /**
   * @param levels in the order of the predictions
   * @param scale of the label: one standardised unit in the label's own
   */
  public QuantileSum(List<Float> levels, double scale) {
    this.levels = new float[levels.size()];
    for (int j = 0; j < this.levels.length; j++) {
      this.levels[j] = levels.get(j);
    }
    this.covered = new double[this.levels.length];
    this.scale = scale;
  }

  @Override
  public void add(int count, float[] predictions, float[] labels, float[] weights, float[] losses) {
    rows += count;
    for (int row = 0; row < count; row++) {
      double w = weights[row];
      if (w == 0) {
        continue;
      }
      for (int j = 0; j < levels.length; j++) {
        float prediction = predictions[row * levels.length + j];
        double error = (double) labels[row] - prediction;
        pinball += w * Math.max(levels[j] * error, (levels[j] - 1.0) * error);
        covered[j] += labels[row] <= prediction ? w : 0;
      }
      loss += w * losses[row];
      weight += w;
    }
  }

  @Override
  public QuantileSum merge(MetricSum other) {
    QuantileSum that = (QuantileSum) other;
    for (int j = 0; j < covered.length; j++) {
      covered[j] += that.covered[j];
    }
    pinball += that.pinball;
    loss += that.loss;
    weight += that.weight;
    rows += that.rows;
    return this;
  }

  @Override
  public long bytes() {
    return Double.BYTES * (covered.length + 5L) + (long) Float.BYTES * levels.length;
  }

  @Override
  public long rows() {
    return rows;
  }

  @Override
  public List<Metric> offers() {
    return List.of(Metric.PINBALL_LOSS, Metric.LOSS);
  }

  @Override
  public SortedMap<String, Double> metrics() {
    SortedMap<String, Double> metrics = new TreeMap<>();
    metrics.put(Metric.PINBALL_LOSS.key(), scale * pinball / weight / levels.length);
    metrics.put(Metric.LOSS.key(), loss / weight);
    for (int j = 0; j < levels.length; j++) {
      metrics.put("coverage_" + levels[j], covered[j] / weight);
    }
    return metrics;
  }
}
