package io.lakeprop.train;

import io.lakeprop.data.LabelEncoder;
import io.lakeprop.data.LabelStats;
import io.lakeprop.nn.LabelDistribution;
import io.lakeprop.nn.Loss;
import java.util.Arrays;

/**
 * What the labels of the training rows say before any feature does: the logits to start from.
 * Weights of rows and classes count as they do in training; quantiles are those of a sample of
 * rows, which is enough for a start.
 */
public record Prior(LabelEncoder label, LabelStats stats, ClassWeights classWeights) {
  /** The best constant logits, less the mean of what the offset adds. */
  public float[] logits(Loss loss) {
    if (label instanceof LabelEncoder.Quantity number) {
      return loss.constant(distribution(number));
    }
    float[] logits = loss.constant(distribution((LabelEncoder.Classes) label));
    for (int i = 0; i < logits.length; i++) {
      logits[i] -= (float) stats.meanOffset();
    }
    return logits;
  }

  private LabelDistribution distribution(LabelEncoder.Classes classes) {
    double[] weights = new double[classes.values().size()];
    for (int c = 0; c < weights.length; c++) {
      weights[c] = stats.weight(classes.values().get(c)) * classWeights.of(c);
    }
    return LabelDistribution.ofClasses(weights);
  }

  private LabelDistribution distribution(LabelEncoder.Quantity number) {
    double mean = number.range() == LabelEncoder.Range.ANY ? stats.mean() : stats.rate();
    return LabelDistribution.ofNumbers(
        standardised(mean, number),
        Arrays.stream(stats.sortedSample()).map(value -> standardised(value, number)).toArray());
  }

  private static double standardised(double value, LabelEncoder.Quantity number) {
    return (value - number.center()) / number.scale();
  }
}
