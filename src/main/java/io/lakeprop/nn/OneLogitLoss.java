package io.lakeprop.nn;

/** A loss of one logit a row: a function of two numbers and its slope. */
sealed interface OneLogitLoss extends OneLabelLoss
    permits BinaryCrossEntropy,
        FocalLoss,
        HingeLoss,
        SquaredError,
        AbsoluteError,
        HuberLoss,
        PoissonLoss,
        GammaLoss,
        TweedieLoss {
  /** The loss of a row with logit z and label y. */
  float value(float z, float y);

  /** The derivative of {@link #value} by z. */
  float slope(float z, float y);

  /** The logit at which to start. */
  float start(LabelDistribution labels);

  @Override
  default int logits() {
    return 1;
  }

  @Override
  default int predictions() {
    return target() == Target.TWO_CLASSES ? 2 : 1;
  }

  @Override
  default void losses(int rows, float[] logits, float[] labels, float[] losses) {
    for (int row = 0; row < rows; row++) {
      losses[row] = value(logits[row], labels[row]);
    }
  }

  @Override
  default void gradient(
      int rows, float[] logits, float[] labels, float[] weights, float[] losses, float[] dLogits) {
    losses(rows, logits, labels, losses);
    for (int row = 0; row < rows; row++) {
      dLogits[row] = slope(logits[row], labels[row]) * weights[row];
    }
  }

  @Override
  default void predict(int rows, float[] logits, float[] predictions) {
    switch (target()) {
      case NUMBER -> System.arraycopy(logits, 0, predictions, 0, rows);
      case NOT_NEGATIVE, POSITIVE -> VectorApi.ELEMENTS.exp(rows, logits, predictions);
      case CLASSES, TWO_CLASSES -> {
        for (int row = 0; row < rows; row++) {
          predictions[2 * row] = Numerics.sigmoid(-logits[row]);
          predictions[2 * row + 1] = Numerics.sigmoid(logits[row]);
        }
      }
    }
  }

  @Override
  default float[] constant(LabelDistribution labels) {
    return new float[] {start(labels)};
  }
}
