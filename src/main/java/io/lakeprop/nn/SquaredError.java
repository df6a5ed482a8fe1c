package io.lakeprop.nn;

/** {@code (z - y)²}; gradient {@code 2 (z - y)}. Its best constant is the mean. */
public record SquaredError() implements OneLogitLoss {
  @Override
  public Target target() {
    return Target.NUMBER;
  }

  @Override
  public float value(float z, float y) {
    float error = z - y;
    return error * error;
  }

  @Override
  public float slope(float z, float y) {
    return 2 * (z - y);
  }

  @Override
  public float start(LabelDistribution labels) {
    return (float) labels.mean();
  }
}
