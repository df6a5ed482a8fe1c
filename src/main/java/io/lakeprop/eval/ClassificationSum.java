package io.lakeprop.eval;

import io.lakeprop.base.Check;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Confusion matrix, log loss and score histograms.
 *
 * <ul>
 *   <li>accuracy: weight of the rows whose likeliest class is the label, divided by all weight.
 *   <li>balanced_accuracy: mean recall over the classes that occur.
 *   <li>macro_f1: mean of 2 precision recall / (precision + recall) over the classes that occur as
 *       label or prediction.
 *   <li>log_loss: weighted mean of -log p(label); loss: of what was trained, smoothed or not.
 *   <li>auc: area under the ROC curve of class 1, or for more classes the mean over one class
 *       against the rest. Scores are counted by log-odds in bins of 1/1024 (two classes), 1/256
 *       (two classes of a label among several) or 1/64; pairs in one bin count one half, as ties
 *       do. That moves the area by at most half of the share of pairs that lie in one bin, and
 *       lowers it by (auc - 1/2)/k² where the scores lie evenly over k bins: by less than 1e-4 from
 *       71 bins on, which are log-odds over 0.07, 0.28 or 1.1. Scores that differ by less, as those
 *       of a network that has hardly learnt, have an area nearer to 1/2 than theirs is. Rows of one
 *       class alone do not define it.
 * </ul>
 */
public final class ClassificationSum implements MetricSum {
  private static final double LARGEST_LOG_ODDS = 32;
  private static final int MOST_CLASSES_WITH_AUC = 100;

  private final int classes;
  private final int bins;
  private final double[] confusion;
  private final double[] positive;
  private final double[] negative;
  private double logLoss;
  private double loss;
  private double weight;
  private long rows;

  /**
   * @param classes at least 2
   */
  public ClassificationSum(int classes) {
    this(classes, 1 << 16);
  }

  /** Of one label among several: a quarter of the bytes where there are two classes. */
  public static ClassificationSum amongSeveral(int classes) {
    return new ClassificationSum(classes, 1 << 14);
  }

  private ClassificationSum(int classes, int binsOfTwo) {
    Check.require(classes >= 2, "classes must be at least 2", "classes", classes);
    this.classes = classes;
    this.bins = classes == 2 ? binsOfTwo : hasAuc(classes) ? 1 << 12 : 0;
    this.confusion = new double[Math.multiplyExact(classes, classes)];
    this.positive = new double[curves() * bins];
    this.negative = new double[curves() * bins];
  }

  /** Whether sums of so many classes count scores, from which the area comes. */
  public static boolean hasAuc(int classes) {
    return classes <= MOST_CLASSES_WITH_AUC;
  }

  /** One curve for two classes, else one a class. */
  private int curves() {
    return classes == 2 ? 1 : classes;
  }

  @Override
  public void add(int count, float[] predictions, float[] labels, float[] weights, float[] losses) {
    rows += count;
    for (int row = 0; row < count; row++) {
      if (weights[row] == 0) {
        continue;
      }
      int label = (int) labels[row];
      confusion[label * classes + likeliest(predictions, row * classes)] += weights[row];
      logLoss -= weights[row] * StrictMath.log(predictions[row * classes + label]);
      loss += (double) losses[row] * weights[row];
      weight += weights[row];
      if (bins > 0) {
        addScores(predictions, row * classes, label, weights[row]);
      }
    }
  }

  private void addScores(float[] predictions, int start, int label, float rowWeight) {
    for (int curve = 0; curve < curves(); curve++) {
      int ofClass = classes == 2 ? 1 : curve;
      double p = predictions[start + ofClass];
      double rest = classes == 2 ? predictions[start] : 1 - p;
      double logOdds = StrictMath.log(p) - StrictMath.log(rest);
      double share = (logOdds + LARGEST_LOG_ODDS) / (2 * LARGEST_LOG_ODDS);
      int bin = (int) Math.max(0, Math.min(bins - 1, share * bins));
      (label == ofClass ? positive : negative)[curve * bins + bin] += rowWeight;
    }
  }

  private int likeliest(float[] predictions, int start) {
    int best = 0;
    for (int j = 1; j < classes; j++) {
      if (predictions[start + j] > predictions[start + best]) {
        best = j;
      }
    }
    return best;
  }

  @Override
  public ClassificationSum merge(MetricSum other) {
    ClassificationSum that = (ClassificationSum) other;
    addTo(confusion, that.confusion);
    addTo(positive, that.positive);
    addTo(negative, that.negative);
    logLoss += that.logLoss;
    loss += that.loss;
    weight += that.weight;
    rows += that.rows;
    return this;
  }

  private static void addTo(double[] sum, double[] more) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += more[i];
    }
  }

  @Override
  public long bytes() {
    return (long) Double.BYTES * (confusion.length + positive.length + negative.length);
  }

  @Override
  public long rows() {
    return rows;
  }

  /** Weight of the rows by label (first index) and predicted class (second). */
  public double[][] confusion() {
    double[][] matrix = new double[classes][classes];
    for (int i = 0; i < classes; i++) {
      System.arraycopy(confusion, i * classes, matrix[i], 0, classes);
    }
    return matrix;
  }

  @Override
  public List<Metric> offers() {
    List<Metric> always =
        List.of(
            Metric.ACCURACY,
            Metric.BALANCED_ACCURACY,
            Metric.MACRO_F1,
            Metric.LOG_LOSS,
            Metric.LOSS);
    List<Metric> offers = new ArrayList<>(always);
    if (bins > 0) {
      offers.add(Metric.AUC);
    }
    return offers;
  }

  @Override
  public SortedMap<String, Double> metrics() {
    SortedMap<String, Double> metrics = new TreeMap<>();
    double right = 0;
    double recalls = 0;
    double f1s = 0;
    int labelled = 0;
    int met = 0;
    for (int c = 0; c < classes; c++) {
      double hit = confusion[c * classes + c];
      double ofLabel = 0;
      double predicted = 0;
      for (int j = 0; j < classes; j++) {
        ofLabel += confusion[c * classes + j];
        predicted += confusion[j * classes + c];
      }
      right += hit;
      recalls += ofLabel > 0 ? hit / ofLabel : 0;
      f1s += ofLabel + predicted > 0 ? 2 * hit / (ofLabel + predicted) : 0;
      labelled += ofLabel > 0 ? 1 : 0;
      met += ofLabel + predicted > 0 ? 1 : 0;
    }
    metrics.put(Metric.ACCURACY.key(), right / weight);
    metrics.put(Metric.BALANCED_ACCURACY.key(), recalls / labelled);
    metrics.put(Metric.MACRO_F1.key(), f1s / met);
    metrics.put(Metric.LOG_LOSS.key(), logLoss / weight);
    metrics.put(Metric.LOSS.key(), loss / weight);
    double auc = auc();
    if (!Double.isNaN(auc)) {
      metrics.put(Metric.AUC.key(), auc);
    }
    return metrics;
  }

  @Override
  public SortedMap<String, String> undefined() {
    SortedMap<String, String> undefined = new TreeMap<>();
    if (bins > 0 && Double.isNaN(auc())) {
      undefined.put(Metric.AUC.key(), "all rows are of one class");
    }
    return undefined;
  }

  /** The mean over the curves that have both kinds of rows; NaN when none has. */
  private double auc() {
    double sum = 0;
    int curves = 0;
    for (int curve = 0; curve < curves(); curve++) {
      double area = area(curve * bins);
      if (!Double.isNaN(area)) {
        sum += area;
        curves++;
      }
    }
    return sum / curves;
  }

  private double area(int start) {
    double below = 0;
    double pairs = 0;
    double positives = 0;
    for (int bin = start; bin < start + bins; bin++) {
      pairs += positive[bin] * (below + negative[bin] / 2);
      below += negative[bin];
      positives += positive[bin];
    }
    return pairs / (positives * below);
  }
}
