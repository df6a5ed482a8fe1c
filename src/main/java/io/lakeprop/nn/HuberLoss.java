package io.lakeprop.nn;

import io.lakeprop.base.Check;

/**
 * Squared near 0 and linear beyond: {@code e²/2} where {@code |e| <= delta}, else {@code delta (|e|
 * - delta/2)}, with {@code e = z - y}; gradient e, cut off at ±delta (Huber 1964).
 *
 * @param delta in the unit of the encoded label
 */
public record HuberLoss(float delta) implements OneLogitLoss {
  public HuberLoss {
    Check.positive(delta, "delta");
  }

  @Override
  public Target target() {
    return Target.NUMBER;
  }

  @Override
  public float value(float z, float y) {
    float size = Math.abs(z - y);
    return size <= delta ? size * size / 2 : delta * (size - delta / 2);
  }

  @Override
  public float slope(float z, float y) {
    return Math.max(-delta, Math.min(delta, z - y));
  }

  /** The median, which the smallest loss approaches as delta falls. */
  @Override
  public float start(LabelDistribution labels) {
    return (float) labels.quantile(0.5);
  }
}
