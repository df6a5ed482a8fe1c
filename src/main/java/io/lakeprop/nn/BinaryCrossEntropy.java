package io.lakeprop.nn;

import io.lakeprop.base.Check;

/**
 * Cross-entropy of the sigmoid of one logit, {@code max(z, 0) - z t + log(1 + e^-|z|)}; gradient
 * {@code sigmoid(z) - t}. The target t is the label y, and with label smoothing s it is {@code (1 -
 * s) y + s/2}. Rows of class 1 count {@code positiveWeight} times, without entering the sum of
 * weights (PyTorch's {@code pos_weight}).
 *
 * <p>Labels are 0 or 1; predictions are the probabilities of both classes.
 */
public record BinaryCrossEntropy(float labelSmoothing, float positiveWeight)
    implements OneLogitLoss {
  public BinaryCrossEntropy {
    Check.fraction(labelSmoothing, "label_smoothing");
    Check.positive(positiveWeight, "positive_weight");
  }

  /** Without smoothing, both classes alike. */
  public BinaryCrossEntropy() {
    this(0, 1);
  }

  @Override
  public Target target() {
    return Target.TWO_CLASSES;
  }

  @Override
  public float value(float z, float y) {
    return (Numerics.softplus(z) - z * smoothed(y)) * factor(y);
  }

  @Override
  public float slope(float z, float y) {
    return (Numerics.sigmoid(z) - smoothed(y)) * factor(y);
  }

  @Override
  public float start(LabelDistribution labels) {
    double positive = positiveWeight * labels.share(1);
    double share = positive / (positive + labels.share(0));
    return LabelDistribution.logOdds((1 - labelSmoothing) * share + labelSmoothing / 2);
  }

  private float smoothed(float y) {
    return (1 - labelSmoothing) * y + labelSmoothing / 2;
  }

  private float factor(float y) {
    return y > 0 ? positiveWeight : 1;
  }
}
