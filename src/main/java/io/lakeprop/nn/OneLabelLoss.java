package io.lakeprop.nn;

import java.util.Arrays;
import java.util.List;

/** A loss of one label a row. */
public sealed interface OneLabelLoss extends Loss
    permits SoftmaxCrossEntropy, QuantileLoss, OneLogitLoss {
  /** The kind of labels. */
  Target target();

  @Override
  default List<OneLabelLoss> byLabel() {
    return List.of(this);
  }

  @Override
  default void labelLosses(int rows, float[] logits, float[] labels, float[] losses) {
    losses(rows, logits, labels, losses);
  }

  /**
   * The logits, the same for every row, from which to start: those of the smallest loss where they
   * have a closed form.
   */
  float[] constant(LabelDistribution labels);

  /** The offset as it is, to every logit. */
  @Override
  default float[] offsetFactors() {
    float[] factors = new float[logits()];
    Arrays.fill(factors, 1);
    return factors;
  }
}
