package io.lakeprop.nn;

import io.lakeprop.base.Check;

/**
 * Negative quasi-log-likelihood of amounts that are often 0 and else positive (a Poisson number of
 * gamma amounts, variance {@code mean^power}), of mean {@code e^z}: {@code -y e^((1-p)z)/(1-p) +
 * e^((2-p)z)/(2-p)}; gradient {@code e^((2-p)z) - y e^((1-p)z)} (Jørgensen 1987).
 *
 * <p>Exponentials stay at 2.4e38 beyond the end of float32, as in {@link GammaLoss}.
 *
 * @param power between 1, Poisson, and 2, gamma
 */
public record TweedieLoss(float power) implements OneLogitLoss {
  public TweedieLoss {
    Check.require(
        power > 1 && power < 2, "power must be between 1 and 2, ends excluded", "power", power);
  }

  @Override
  public Target target() {
    return Target.NOT_NEGATIVE;
  }

  @Override
  public float value(float z, float y) {
    float shortfall = y * Numerics.exp((1 - power) * z) / (power - 1);
    return shortfall + Numerics.exp((2 - power) * z) / (2 - power);
  }

  @Override
  public float slope(float z, float y) {
    return Numerics.exp((2 - power) * z) - y * Numerics.exp((1 - power) * z);
  }

  @Override
  public float start(LabelDistribution labels) {
    return labels.logMean();
  }
}
