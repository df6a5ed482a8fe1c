package io.lakeprop.nn;

import io.lakeprop.base.Check;

/**
 * Cross-entropy of the softmax, {@code log Σ e^(z_j) - z_label}; gradient {@code softmax(z) -
 * onehot(label)}. The largest logit is subtracted first, so no exponent overflows.
 *
 * <p>With label smoothing s the label is class {@code label} with 1 - s and any class with s /
 * classes (Szegedy 2016, section 7), which adds {@code s (z_label - mean z)}.
 *
 * <p>Labels are class numbers from 0.
 */
public record SoftmaxCrossEntropy(int classes, float labelSmoothing) implements OneLabelLoss {
  public SoftmaxCrossEntropy {
    Check.require(classes >= 2, "classes must be at least 2", "classes", classes);
    Check.fraction(labelSmoothing, "label_smoothing");
  }

  /** Without smoothing. */
  public SoftmaxCrossEntropy(int classes) {
    this(classes, 0);
  }

  @Override
  public Target target() {
    return Target.CLASSES;
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
    if (labelSmoothing > 0) {
      smoothLosses(rows, logits, labels, losses);
    }
  }

  @Override
  public void gradient(
      int rows, float[] logits, float[] labels, float[] weights, float[] losses, float[] dLogits) {
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
    if (labelSmoothing > 0) {
      smoothLosses(rows, logits, labels, losses);
      smoothGradient(rows, labels, weights, dLogits);
    }
  }

  /** Adds {@code s (z_label - mean z)}, by which smoothing raises the loss. */
  private void smoothLosses(int rows, float[] logits, float[] labels, float[] losses) {
    for (int row = 0; row < rows; row++) {
      int start = row * classes;
      double sum = sum(logits, start);
      double own = logits[start + (int) labels[row]];
      losses[row] += (float) (labelSmoothing * (own - sum / classes));
    }
  }

  /** Moves the share s of each label to all classes alike. */
  private void smoothGradient(int rows, float[] labels, float[] weights, float[] dLogits) {
    float share = labelSmoothing / classes;
    for (int row = 0; row < rows; row++) {
      int start = row * classes;
      for (int j = start; j < start + classes; j++) {
        dLogits[j] -= share * weights[row];
      }
      dLogits[start + (int) labels[row]] += labelSmoothing * weights[row];
    }
  }

  @Override
  public float[] constant(LabelDistribution labels) {
    float[] logits = new float[classes];
    for (int c = 0; c < classes; c++) {
      double share = (1 - labelSmoothing) * labels.share(c) + labelSmoothing / classes;
      logits[c] = (float) StrictMath.log(Math.max(share, LabelDistribution.SMALLEST_SHARE));
    }
    return logits;
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

  private float sum(float[] numbers, int start) {
    float sum = 0;
    for (int j = start; j < start + classes; j++) {
      sum += numbers[j];
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
