package io.lakeprop.nn;

import java.io.Serializable;
import java.util.List;

/**
 * From logits and labels to the loss of each row, the gradient of the weighted sum of losses, and
 * predictions.
 *
 * <p>Sums, never means: the driver divides once by the weight of all rows of a round.
 *
 * <p>Shapes, n rows: logits and dLogits (n, logits), labels (n, labels), weights and losses (n),
 * predictions (n, predictions).
 */
public sealed interface Loss extends Serializable permits OneLabelLoss, Heads {
  /** What a loss can learn: the labels that it reads and what its predictions are. */
  enum Target {
    /** Class numbers from 0; a probability a class. */
    CLASSES,
    /** 0 or 1; the probabilities of both. */
    TWO_CLASSES,
    /** Any numbers; estimates. */
    NUMBER,
    /** Numbers of at least 0; their expectation is e to the logit. */
    NOT_NEGATIVE,
    /** Numbers above 0; their expectation is e to the logit. */
    POSITIVE;

    /** Whether labels are classes. */
    public boolean classes() {
      return this == CLASSES || this == TWO_CLASSES;
    }

    /** Whether predictions are e to the logit. */
    public boolean logLink() {
      return this == NOT_NEGATIVE || this == POSITIVE;
    }
  }

  /** The loss of each label by itself, in the order of the labels. */
  List<OneLabelLoss> byLabel();

  /** Labels a row. */
  default int labels() {
    return byLabel().size();
  }

  /** Logits a row. */
  int logits();

  /** Predictions a row: probabilities of the classes, or estimates; label after label. */
  int predictions();

  /** Writes the loss of each row, before weighting. */
  void losses(int rows, float[] logits, float[] labels, float[] losses);

  /**
   * Writes the loss of each label of each row, (rows, labels), before any weighting: what
   * evaluations read.
   */
  void labelLosses(int rows, float[] logits, float[] labels, float[] losses);

  /** Writes the loss of each row, before weighting, and the gradient of {@code Σ weight · loss}. */
  void gradient(
      int rows, float[] logits, float[] labels, float[] weights, float[] losses, float[] dLogits);

  /** Writes what the logits mean: probabilities that add up to 1, or estimates. */
  void predict(int rows, float[] logits, float[] predictions);

  /** How much of a row's offset is added to each of its logits, (logits). */
  float[] offsetFactors();
}
