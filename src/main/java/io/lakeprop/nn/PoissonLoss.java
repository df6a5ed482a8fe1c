package io.lakeprop.nn;

/**
 * Negative log-likelihood of counts of rate {@code e^z}, {@code e^z - y z} without the part that
 * depends on y alone; gradient {@code e^z - y}.
 *
 * <p>Above z = 88 the exponential stays at 2.4e38, the end of float32: the gradient still has its
 * sign, so that clipping can bring such a row back, and the loss still says that it diverges.
 */
public record PoissonLoss() implements OneLogitLoss {
  @Override
  public Target target() {
    return Target.NOT_NEGATIVE;
  }

  @Override
  public float value(float z, float y) {
    return Numerics.exp(z) - y * z;
  }

  @Override
  public float slope(float z, float y) {
    return Numerics.exp(z) - y;
  }

  @Override
  public float start(LabelDistribution labels) {
    return labels.logMean();
  }
}
