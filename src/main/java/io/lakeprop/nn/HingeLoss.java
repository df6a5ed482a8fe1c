package io.lakeprop.nn;

/**
 * The support vector machine's loss, {@code max(0, 1 - s z)}, s being -1 for class 0 and 1 for
 * class 1 (Cortes and Vapnik 1995).
 *
 * <p>Labels are 0 or 1. Predictions are sigmoid(-z) and sigmoid(z): the likelier class is the side
 * of the margin and their order is the margin's, but they are not probabilities.
 */
public record HingeLoss() implements OneLogitLoss {
  @Override
  public Target target() {
    return Target.TWO_CLASSES;
  }

  @Override
  public float value(float z, float y) {
    return Math.max(0, 1 - sign(y) * z);
  }

  @Override
  public float slope(float z, float y) {
    return sign(y) * z < 1 ? -sign(y) : 0;
  }

  /** The mean of s; the smallest loss, at -1 or 1, would leave one class without a gradient. */
  @Override
  public float start(LabelDistribution labels) {
    return (float) (labels.share(1) - labels.share(0));
  }

  private static float sign(float y) {
    return y > 0 ? 1 : -1;
  }
}
