package io.lakeprop.nn;

import io.lakeprop.base.Check;
import java.util.List;

/**
 * Pinball loss of several quantiles at once, one logit each: the mean over q of {@code max(q e, (q
 * - 1) e)} with {@code e = y - z_q} (Koenker and Bassett 1978).
 *
 * <p>Predictions are the quantiles in the order of their levels. Nothing keeps them from crossing
 * where the rows say little.
 *
 * @param quantiles levels, rising, each in (0, 1)
 */
public record QuantileLoss(List<Float> quantiles) implements OneLabelLoss {
  public QuantileLoss {
    quantiles = List.copyOf(quantiles);
    boolean rising = !quantiles.isEmpty();
    float before = 0;
    for (float level : quantiles) {
      rising &= level > before && level < 1;
      before = level;
    }
    Check.require(rising, "quantiles must rise between 0 and 1", "quantiles", quantiles);
  }

  @Override
  public Target target() {
    return Target.NUMBER;
  }

  @Override
  public int logits() {
    return quantiles.size();
  }

  @Override
  public int predictions() {
    return quantiles.size();
  }

  @Override
  public void losses(int rows, float[] logits, float[] labels, float[] losses) {
    int width = quantiles.size();
    for (int row = 0; row < rows; row++) {
      float sum = 0;
      for (int j = 0; j < width; j++) {
        float level = quantiles.get(j);
        float error = labels[row] - logits[row * width + j];
        sum += Math.max(level * error, (level - 1) * error);
      }
      losses[row] = sum / width;
    }
  }

  @Override
  public void gradient(
      int rows, float[] logits, float[] labels, float[] weights, float[] losses, float[] dLogits) {
    losses(rows, logits, labels, losses);
    int width = quantiles.size();
    for (int row = 0; row < rows; row++) {
      float share = weights[row] / width;
      for (int j = 0; j < width; j++) {
        float level = quantiles.get(j);
        boolean below = logits[row * width + j] < labels[row];
        dLogits[row * width + j] = (below ? -level : 1 - level) * share;
      }
    }
  }

  @Override
  public void predict(int rows, float[] logits, float[] predictions) {
    System.arraycopy(logits, 0, predictions, 0, rows * quantiles.size());
  }

  @Override
  public float[] constant(LabelDistribution labels) {
    float[] logits = new float[quantiles.size()];
    for (int j = 0; j < logits.length; j++) {
      logits[j] = (float) labels.quantile(quantiles.get(j));
    }
    return logits;
  }
}
