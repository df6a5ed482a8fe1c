package io.lakeprop.train;

import java.util.Arrays;

/**
 * What slices send to the driver: the gradient of the weighted sum of losses, that sum, and the
 * weight. The driver divides once.
 */
public final class GradientSum {
  private final float[] gradient;
  private double loss;
  private double weight;
  private long rows;

  /** The empty sum over this many parameters. */
  public GradientSum(int parameters) {
    this.gradient = new float[parameters];
  }

  /**
   * A sum that was made elsewhere.
   *
   * @param gradient kept, not copied
   */
  public GradientSum(float[] gradient, double loss, double weight, long rows) {
    this.gradient = gradient;
    this.loss = loss;
    this.weight = weight;
    this.rows = rows;
  }

  /** Makes it the empty sum again. */
  void clear() {
    Arrays.fill(gradient, 0);
    loss = 0;
    weight = 0;
    rows = 0;
  }

  /** Gradient of the weighted sum of losses, as long as theta; layers add to it. */
  public float[] gradient() {
    return gradient;
  }

  /** Counts rows in whose gradient was added. */
  public void count(int pieceRows, float[] weights, float[] losses) {
    for (int row = 0; row < pieceRows; row++) {
      loss += (double) weights[row] * losses[row];
      weight += weights[row];
    }
    rows += pieceRows;
  }

  /** Takes the other sum in; returns this. */
  public GradientSum merge(GradientSum other) {
    float[] more = other.gradient;
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] += more[i];
    }
    loss += other.loss;
    weight += other.weight;
    rows += other.rows;
    return this;
  }

  /** Rows that were read. */
  public long rows() {
    return rows;
  }

  /** Weighted sum of the rows' losses. */
  public double loss() {
    return loss;
  }

  /** Sum of the rows' weights. */
  public double weight() {
    return weight;
  }

  /** Weighted mean loss; NaN without weight. */
  public double meanLoss() {
    return loss / weight;
  }

  /** Turns the gradient of the sum into that of the mean, in place, and returns it. */
  public float[] meanGradient() {
    float inverse = (float) (1 / weight);
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] *= inverse;
    }
    return gradient;
  }
}
