package io.lakeprop.train;

import io.lakeprop.data.Distribution;
import io.lakeprop.data.LabelEncoder;
import io.lakeprop.data.LabelStats;
import io.lakeprop.nn.Heads;
import io.lakeprop.nn.LabelDistribution;
import io.lakeprop.nn.Loss;
import io.lakeprop.nn.OneLabelLoss;
import java.util.Arrays;
import java.util.List;

/**
 * What the labels of the training rows say before any feature does: the logits to start from.
 * Weights of rows and classes count as they do in training; quantiles are those of the rows, or of
 * their {@link Distribution}'s buckets where labels have many values, which is enough for a start.
 *
 * @param stats one a label
 * @param classWeights of the only label; those of several come with the loss
 */
public record Prior(List<LabelEncoder> labels, List<LabelStats> stats, ClassWeights classWeights) {
  public Prior {
    labels = List.copyOf(labels);
    stats = List.copyOf(stats);
  }

  /** The best constant logits, less the mean of what the offset adds; head after head. */
  public float[] logits(Loss loss) {
    float[] logits = new float[loss.logits()];
    int first = 0;
    for (int label = 0; label < labels.size(); label++) {
      ClassWeights weights =
          loss instanceof Heads several
              ? new ClassWeights(several.heads().get(label).classWeights())
              : classWeights;
      float[] own = logits(labels.get(label), stats.get(label), weights, loss.byLabel().get(label));
      System.arraycopy(own, 0, logits, first, own.length);
      first += own.length;
    }
    return logits;
  }

  private static float[] logits(
      LabelEncoder label, LabelStats stats, ClassWeights classWeights, OneLabelLoss loss) {
    if (label instanceof LabelEncoder.Quantity number) {
      return loss.constant(distribution(number, stats));
    }
    LabelEncoder.Classes classes = (LabelEncoder.Classes) label;
    float[] logits = loss.constant(distribution(classes, stats, classWeights));
    for (int i = 0; i < logits.length; i++) {
      logits[i] -= (float) stats.meanOffset();
    }
    return logits;
  }

  private static LabelDistribution distribution(
      LabelEncoder.Classes classes, LabelStats stats, ClassWeights classWeights) {
    double[] weights = new double[classes.values().size()];
    for (int c = 0; c < weights.length; c++) {
      weights[c] = stats.weight(classes.values().get(c)) * classWeights.of(c);
    }
    return LabelDistribution.ofClasses(weights);
  }

  private static LabelDistribution distribution(LabelEncoder.Quantity number, LabelStats stats) {
    double mean = number.range() == LabelEncoder.Range.ANY ? stats.mean() : stats.rate();
    Distribution labels = stats.distribution();
    double[] values = new double[2 * labels.buckets()];
    double[] counts = new double[values.length];
    for (int bucket = 0; bucket < labels.buckets(); bucket++) {
      values[2 * bucket] = standardised(labels.smallest(bucket), number);
      values[2 * bucket + 1] = standardised(labels.largest(bucket), number);
      Arrays.fill(counts, 2 * bucket, 2 * bucket + 2, labels.count(bucket) / 2.0);
    }
    return LabelDistribution.ofNumbers(standardised(mean, number), values, counts);
  }

  private static double standardised(double value, LabelEncoder.Quantity number) {
    return (value - number.center()) / number.scale();
  }
}
