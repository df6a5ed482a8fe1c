package io.lakeprop.nn;

/**
 * Negative log-likelihood of gamma-distributed amounts of mean {@code e^z} and fixed shape, {@code
 * y e^-z + z} without what depends on y or the shape alone; gradient {@code 1 - y e^-z}.
 *
 * <p>Below z = -88 the exponential stays at 2.4e38, as in {@link PoissonLoss}; times a label it may
 * be beyond float32, and the infinite loss then ends its round as a divergence.
 */
public record GammaLoss() implements OneLogitLoss {
  @Override
  public Target target() {
    return Target.POSITIVE;
  }

  @Override
  public float value(float z, float y) {
    return y * Numerics.exp(-z) + z;
  }

  @Override
  public float slope(float z, float y) {
    return 1 - y * Numerics.exp(-z);
  }

  @Override
  public float start(LabelDistribution labels) {
    return labels.logMean();
  }
}
