package io.lakeprop.eval;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/**
 * Sums for expectations of counts and amounts: errors as in {@link RegressionSum}, and the unit
 * deviance of variance {@code mean^power} (Jørgensen 1987), mean m, in the label's own unit.
 *
 * <ul>
 *   <li>poisson_deviance, power 1: mean of 2 (y log(y/m) - y + m).
 *   <li>gamma_deviance, power 2: mean of 2 (log(m/y) + y/m - 1).
 *   <li>tweedie_deviance, between: mean of 2 (y^(2-p)/((1-p)(2-p)) - y m^(1-p)/(1-p) +
 *       m^(2-p)/(2-p)).
 * </ul>
 */
public final class DevianceSum implements MetricSum {
  private final RegressionSum errors;
  private final double scale;
  private final double power;
  private double deviance;
  private double weight;

  /**
   * @param scale of the label: one encoded unit in the label's own
   * @param power 1 for Poisson to 2 for gamma
   */
  public DevianceSum(double scale, double power) {
    this.errors = new RegressionSum(scale);
    this.scale = scale;
    this.power = power;
  }

  @Override
  public void add(int count, float[] predictions, float[] labels, float[] weights, float[] losses) {
    errors.add(count, predictions, labels, weights, losses);
    for (int row = 0; row < count; row++) {
      if (weights[row] > 0) {
        deviance += weights[row] * unit(scale * labels[row], scale * predictions[row]);
        weight += weights[row];
      }
    }
  }

  /** The deviance of one row. */
  private double unit(double y, double mean) {
    if (mean == Double.POSITIVE_INFINITY) {
      return mean; // The terms below would be infinities of both signs.
    }
    if (power == 1) {
      double surplus = y == 0 ? 0 : y * (StrictMath.log(y) - StrictMath.log(mean));
      return 2 * (surplus - y + mean);
    }
    if (power == 2) {
      return 2 * (StrictMath.log(mean) - StrictMath.log(y) + y / mean - 1);
    }
    double one = 1 - power;
    double two = 2 - power;
    double surplus =
        y == 0 ? 0 : StrictMath.pow(y, two) / (one * two) - y * StrictMath.pow(mean, one) / one;
    return 2 * (surplus + StrictMath.pow(mean, two) / two);
  }

  @Override
  public DevianceSum merge(MetricSum other) {
    DevianceSum that = (DevianceSum) other;
    errors.merge(that.errors);
    deviance += that.deviance;
    weight += that.weight;
    return this;
  }

  @Override
  public long bytes() {
    return errors.bytes() + 4 * Double.BYTES;
  }

  @Override
  public long rows() {
    return errors.rows();
  }

  @Override
  public List<Metric> offers() {
    List<Metric> offers = new ArrayList<>(errors.offers());
    offers.add(metric());
    return offers;
  }

  @Override
  public SortedMap<String, String> undefined() {
    return errors.undefined();
  }

  private Metric metric() {
    return power == 1
        ? Metric.POISSON_DEVIANCE
        : power == 2 ? Metric.GAMMA_DEVIANCE : Metric.TWEEDIE_DEVIANCE;
  }

  @Override
  public SortedMap<String, Double> metrics() {
    SortedMap<String, Double> metrics = errors.metrics();
    metrics.put(metric().key(), deviance / weight);
    return metrics;
  }
}
