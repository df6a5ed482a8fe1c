package io.lakeprop.nn;

import io.lakeprop.base.Check;
import java.io.Serializable;

/**
 * From logits and labels to the loss of each row, the gradient of the weighted sum of losses, and
 * predictions.
 *
 * <p>Sums, never means: the driver divides once by the weight of all rows of a round.
 *
 * <p>Shapes, n rows: logits and dLogits (n, logits), labels, weights and losses (n), predictions
 * (n, predictions).
 */
public sealed interface Loss extends Serializable {
  /** Logits a row. */
  int logits();

  /** Predictions a row: probabilities of the classes, or the estimate. */
  int predictions();

  /** Writes the loss of each row, before weighting. */
  void losses(int rows, float[] logits, float[] labels, float[] losses);

  /** Writes the loss of each row, before weighting, and the gradient of {@code Σ weight · loss}. */
  void gradient(
      int rows, float[] logits, float[] labels, float[] weights, float[] losses, float[] dLogits);

  /** Writes what the logits mean: probabilities that add up to 1, or the estimate. */
  void predict(int rows, float[] logits, float[] predictions);

  /**
   * Cross-entropy of the softmax, {@code log Σ e^(z_j) - z_label}; gradient {@code softmax(z) -
   * onehot(label)}. The largest logit is subtracted first, so no exponent overflows.
   *
   * <p>Labels are class numbers from 0.
   */
  record SoftmaxCrossEntropy(int classes) implements Loss {
    public SoftmaxCrossEntropy {
      Check.require(classes >= 2, "classes must be at least 2", "classes", classes);
    }

    @Override
    public int logits() {
      return classes;
    }

    @Override
    public int predictions() {
      return classes;
    }

    @Override
    public void losses(int rows, float[] logits, float[] labels, float[] losses) {
      for (int row = 0; row < rows; row++) {
        int start = row * classes;
        float largest = largest(logits, start);
        float sum = 0;
        for (int j = 0; j < classes; j++) {
          sum += Numerics.exp(logits[start + j] - largest);
        }
        losses[row] = loss(sum, logits[start + (int) labels[row]] - largest);
      }
    }

    @Override
    public void gradient(
        int rows,
        float[] logits,
        float[] labels,
        float[] weights,
        float[] losses,
        float[] dLogits) {
      exponentials(rows, logits, dLogits);
      for (int row = 0; row < rows; row++) {
        int start = row * classes;
        int own = start + (int) labels[row];
        float sum = sum(dLogits, start);
        losses[row] = loss(sum, logits[own] - largest(logits, start));
        float weight = weights[row];
        for (int j = start; j < start + classes; j++) {
          float probability = dLogits[j] / sum;
          dLogits[j] = (j == own ? probability - 1 : probability) * weight;
        }
      }
    }

    @Override
    public void predict(int rows, float[] logits, float[] predictions) {
      exponentials(rows, logits, predictions);
      for (int row = 0; row < rows; row++) {
        int start = row * classes;
        float sum = sum(predictions, start);
        for (int j = start; j < start + classes; j++) {
          predictions[j] /= sum;
        }
      }
    }

    /** Writes {@code e^(z - largest of the row)}. */
    private void exponentials(int rows, float[] logits, float[] result) {
      for (int row = 0; row < rows; row++) {
        int start = row * classes;
        float largest = largest(logits, start);
        for (int j = start; j < start + classes; j++) {
          result[j] = logits[j] - largest;
        }
      }
      VectorApi.ELEMENTS.exp(rows * classes, result, result);
    }

    private float sum(float[] exponentials, int start) {
      float sum = 0;
      for (int j = start; j < start + classes; j++) {
        sum += exponentials[j];
      }
      return sum;
    }

    private static float loss(float sum, float own) {
      return (float) (StrictMath.log(sum) - own);
    }

    private float largest(float[] logits, int start) {
      float largest = logits[start];
      for (int j = 1; j < classes; j++) {
        largest = Math.max(largest, logits[start + j]);
      }
      return largest;
    }
  }

  /**
   * Cross-entropy of the sigmoid of one logit, {@code max(z, 0) - z y + log(1 + e^-|z|)}; gradient
   * {@code sigmoid(z) - y}.
   *
   * <p>Labels are 0 or 1; predictions are the probabilities of both classes.
   */
  record BinaryCrossEntropy() implements Loss {
    @Override
    public int logits() {
      return 1;
    }

    @Override
    public int predictions() {
      return 2;
    }

    @Override
    public void losses(int rows, float[] logits, float[] labels, float[] losses) {
      for (int row = 0; row < rows; row++) {
        losses[row] = Numerics.softplus(logits[row]) - logits[row] * labels[row];
      }
    }

    @Override
    public void gradient(
        int rows,
        float[] logits,
        float[] labels,
        float[] weights,
        float[] losses,
        float[] dLogits) {
      losses(rows, logits, labels, losses);
      for (int row = 0; row < rows; row++) {
        dLogits[row] = (Numerics.sigmoid(logits[row]) - labels[row]) * weights[row];
      }
    }

    @Override
    public void predict(int rows, float[] logits, float[] predictions) {
      for (int row = 0; row < rows; row++) {
        predictions[2 * row] = Numerics.sigmoid(-logits[row]);
        predictions[2 * row + 1] = Numerics.sigmoid(logits[row]);
      }
    }
  }

  /** {@code (z - y)²}; gradient {@code 2 (z - y)}. */
  record SquaredError() implements Loss {
    @Override
    public int logits() {
      return 1;
    }

    @Override
    public int predictions() {
      return 1;
    }

    @Override
    public void losses(int rows, float[] logits, float[] labels, float[] losses) {
      for (int row = 0; row < rows; row++) {
        float error = logits[row] - labels[row];
        losses[row] = error * error;
      }
    }

    @Override
    public void gradient(
        int rows,
        float[] logits,
        float[] labels,
        float[] weights,
        float[] losses,
        float[] dLogits) {
      losses(rows, logits, labels, losses);
      for (int row = 0; row < rows; row++) {
        dLogits[row] = 2 * (logits[row] - labels[row]) * weights[row];
      }
    }

    @Override
    public void predict(int rows, float[] logits, float[] predictions) {
      System.arraycopy(logits, 0, predictions, 0, rows);
    }
  }
}
