package io.lakeprop.nn;

/** {@code |z - y|}; gradient its sign, 0 at 0. Its best constant is the median. */
public record AbsoluteError() implements OneLogitLoss {
  @Override
  public Target target() {
    return Target.NUMBER;
  }

  @Override
  public float value(float z, float y) {
    return Math.abs(z - y);
  }

  @Override
  public float slope(float z, float y) {
    return Math.signum(z - y);
  }

  @Override
  public float start(LabelDistribution labels) {
    return (float) labels.quantile(0.5);
  }
}
