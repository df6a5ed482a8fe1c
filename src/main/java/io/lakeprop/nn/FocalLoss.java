package io.lakeprop.nn;

import io.lakeprop.base.Check;

/**
 * Cross-entropy that spares rows already right, {@code -(1 - p)^γ log p}, p being the probability
 * of the label (Lin 2017, equation 4). With {@code s = ±z}, positive on the label's side, it is
 * {@code e^(-γ softplus(s)) softplus(-s)}, which no logit overflows.
 *
 * <p>Labels are 0 or 1; predictions are the probabilities of both classes.
 */
public record FocalLoss(float gamma) implements OneLogitLoss {
  public FocalLoss {
    Check.notNegative(gamma, "gamma");
  }

  @Override
  public Target target() {
    return Target.TWO_CLASSES;
  }

  @Override
  public float value(float z, float y) {
    float s = y > 0 ? z : -z;
    return Numerics.exp(-gamma * Numerics.softplus(s)) * Numerics.softplus(-s);
  }

  @Override
  public float slope(float z, float y) {
    float s = y > 0 ? z : -z;
    float modulation = Numerics.exp(-gamma * Numerics.softplus(s));
    float slope = gamma * Numerics.sigmoid(s) * Numerics.softplus(-s) + Numerics.sigmoid(-s);
    return (y > 0 ? -modulation : modulation) * slope;
  }

  /** The log odds, as in section 3.3 of the paper; the smallest loss has no closed form. */
  @Override
  public float start(LabelDistribution labels) {
    return LabelDistribution.logOdds(labels.share(1));
  }
}
