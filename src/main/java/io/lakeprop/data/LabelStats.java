package io.lakeprop.data;

import java.util.HashMap;

/**
 * What training rows say about a label: its range, and weighted sums from which a network's output
 * starts. Merging is associative and commutative to the bit. Products with weights are not rounded:
 * weights of any size give the same means.
 */
public final class LabelStats {
  /** More classes than any job may have are not told apart. */
  private static final int MOST_CLASSES = 2000;

  private final HashMap<String, ExactSum> classes = new HashMap<>();
  private final NumberStats number = NumberStats.empty(FeatureSpec.Scaling.STANDARD);
  private final NumberStats learned = NumberStats.empty(FeatureSpec.Scaling.STANDARD);
  private final ExactSum weights = ExactSum.ofNumbers();
  private final ExactSum labels = ExactSum.ofProducts();
  private final ExactSum offsets = ExactSum.ofProducts();
  private final ExactSum exposures = ExactSum.ofProducts();
  private final AdaptiveHistogram histogram = new AdaptiveHistogram();
  private final NumberStats offset = NumberStats.empty(FeatureSpec.Scaling.STANDARD);

  /** Takes in a row whose label is a class; null is none. */
  void add(String ofClass, double weight, double rowOffset) {
    if (ofClass != null && addOffset(weight, rowOffset)) {
      if (classes.size() < MOST_CLASSES || classes.containsKey(ofClass)) {
        classes.computeIfAbsent(ofClass, key -> ExactSum.ofNumbers()).add(weight);
      }
    }
  }

  /** Takes in a row whose label is a number. */
  void add(double label, double weight, double rowOffset) {
    number.add(label);
    double exposure = StrictMath.exp(rowOffset);
    if (Double.isFinite(label) && addOffset(weight, rowOffset)) {
      labels.addProduct(weight, label);
      if (weight > 0) {
        learned.add(label);
        histogram.add(label - rowOffset);
      }
      if (Double.isFinite(exposure)) {
        exposures.addProduct(weight, exposure);
      }
    }
  }

  /** False for what the job will be refused for. */
  private boolean addOffset(double weight, double rowOffset) {
    offset.add(rowOffset);
    if (!Double.isFinite(weight) || !Double.isFinite(rowOffset)) {
      return false;
    }
    weights.add(weight);
    offsets.addProduct(weight, rowOffset);
    return true;
  }

  void merge(LabelStats other) {
    other.classes.forEach(
        (ofClass, sum) -> classes.computeIfAbsent(ofClass, key -> ExactSum.ofNumbers()).merge(sum));
    number.merge(other.number);
    weights.merge(other.weights);
    labels.merge(other.labels);
    offsets.merge(other.offsets);
    exposures.merge(other.exposures);
    histogram.merge(other.histogram);
    learned.merge(other.learned);
    offset.merge(other.offset);
  }

  /** A label that is a number, of all rows. */
  public NumberStats number() {
    return number;
  }

  /** The same of the rows of positive weight, which count alike: the others say nothing. */
  public NumberStats learned() {
    return learned;
  }

  /** The offset column, or zeros. */
  public NumberStats offset() {
    return offset;
  }

  /** Weight of the rows of a class; only that of one class over another's says anything. */
  public double weight(String ofClass) {
    return classes.containsKey(ofClass) ? relative(classes.get(ofClass)) : 0;
  }

  /**
   * Whether a class has any weight in the arithmetic that trains, where weights that are too small
   * beside the mean of all are 0.
   */
  public boolean isLearned(String ofClass, long rows) {
    return (float) (weight(ofClass) / (relative(weights) / rows)) > 0;
  }

  /** Weighted mean of the offset. */
  public double meanOffset() {
    return relative(offsets) / relative(weights);
  }

  /** Weighted mean of the label less its offset. */
  public double mean() {
    return relative(labels) / relative(weights) - meanOffset();
  }

  /** Weighted sum of the label by that of e to the offset: the mean of a unit of exposure. */
  public double rate() {
    return relative(labels) / relative(exposures);
  }

  /** A weighted sum times a power of two by which all weights together are 1 to 2. */
  private double relative(ExactSum sum) {
    return sum.mean(1, -weights.exponent());
  }

  /** The label less its offset, of the rows of positive weight, which count alike. */
  public Distribution distribution() {
    return histogram.distribution();
  }
}
