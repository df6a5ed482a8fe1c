package io.lakeprop.eval;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Sums for several labels: one a label, whose metrics are named {@code label.metric}.
 *
 * <ul>
 *   <li>loss: Σ weight · loss of the label, as trained but without weights of classes.
 *   <li>accuracy and auc, where all labels are classes: the plain means over the labels; an auc
 *       that a label does not have is left out, and where none has one there is no mean.
 * </ul>
 */
public final class HeadsSum implements MetricSum {
  private final String[] names;
  private final float[] weights;
  private final int[] widths;
  private final MetricSum[] sums;
  private final int predictions;

  /**
   * A label's part.
   *
   * @param weight of its loss
   * @param predictions a row
   * @param sum of no rows
   */
  public record Part(String label, float weight, int predictions, MetricSum sum) {}

  /** In the order of the heads. */
  public HeadsSum(List<Part> parts) {
    this.names = new String[parts.size()];
    this.weights = new float[names.length];
    this.widths = new int[names.length];
    this.sums = new MetricSum[names.length];
    int width = 0;
    for (int h = 0; h < names.length; h++) {
      Part part = parts.get(h);
      names[h] = part.label();
      weights[h] = part.weight();
      widths[h] = part.predictions();
      sums[h] = part.sum();
      width += widths[h];
    }
    this.predictions = width;
  }

  @Override
  public void add(int rows, float[] all, float[] labels, float[] rowWeights, float[] losses) {
    int first = 0;
    for (int h = 0; h < sums.length; h++) {
      sums[h].add(
          rows,
          columns(rows, all, predictions, first, widths[h]),
          columns(rows, labels, sums.length, h, 1),
          rowWeights,
          columns(rows, losses, sums.length, h, 1));
      first += widths[h];
    }
  }

  /** Some columns of a row-major matrix. */
  private static float[] columns(int rows, float[] from, int width, int first, int columns) {
    float[] to = new float[rows * columns];
    for (int row = 0; row < rows; row++) {
      System.arraycopy(from, row * width + first, to, row * columns, columns);
    }
    return to;
  }

  @Override
  public HeadsSum merge(MetricSum other) {
    HeadsSum that = (HeadsSum) other;
    for (int h = 0; h < sums.length; h++) {
      sums[h].merge(that.sums[h]);
    }
    return this;
  }

  @Override
  public long bytes() {
    long bytes = (long) sums.length * (Float.BYTES + Integer.BYTES) + Integer.BYTES;
    for (int h = 0; h < sums.length; h++) {
      bytes += sums[h].bytes() + (long) Character.BYTES * names[h].length();
    }
    return bytes;
  }

  @Override
  public long rows() {
    return sums[0].rows();
  }

  /** The sum of a label, by its place. */
  public MetricSum sum(int label) {
    return sums[label];
  }

  @Override
  public List<Monitor> offers() {
    List<Monitor> offers = new ArrayList<>(List.of(Metric.LOSS));
    if (classesOnly()) {
      offers.add(Metric.ACCURACY);
      if (hasAuc()) {
        offers.add(Metric.AUC);
      }
    }
    for (int h = 0; h < sums.length; h++) {
      for (Monitor metric : sums[h].offers()) {
        offers.add(new LabelMetric(names[h], (Metric) metric));
      }
    }
    return offers;
  }

  /** Whether any label's sum counts scores. */
  private boolean hasAuc() {
    return Stream.of(sums).anyMatch(sum -> sum.offers().contains(Metric.AUC));
  }

  private boolean classesOnly() {
    for (MetricSum sum : sums) {
      if (!(sum instanceof ClassificationSum)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public SortedMap<String, Double> metrics() {
    SortedMap<String, Double> metrics = total();
    for (int h = 0; h < sums.length; h++) {
      String name = names[h];
      sums[h].metrics().forEach((key, value) -> metrics.put(LabelMetric.key(name, key), value));
    }
    return metrics;
  }

  /** The metrics that are of no single label. */
  public SortedMap<String, Double> total() {
    List<SortedMap<String, Double>> own = Stream.of(sums).map(MetricSum::metrics).toList();
    double loss = 0;
    for (int h = 0; h < sums.length; h++) {
      loss += weights[h] * own.get(h).get(Metric.LOSS.key());
    }
    SortedMap<String, Double> total = new TreeMap<>(Map.of(Metric.LOSS.key(), loss));
    if (classesOnly()) {
      mean(own, Metric.ACCURACY).ifPresent(mean -> total.put(Metric.ACCURACY.key(), mean));
      mean(own, Metric.AUC).ifPresent(mean -> total.put(Metric.AUC.key(), mean));
    }
    return total;
  }

  @Override
  public SortedMap<String, String> undefined() {
    SortedMap<String, String> undefined = totalUndefined();
    for (int h = 0; h < sums.length; h++) {
      String name = names[h];
      sums[h]
          .undefined()
          .forEach((key, reason) -> undefined.put(LabelMetric.key(name, key), reason));
    }
    return undefined;
  }

  /** The same of the metrics that are of no single label. */
  public SortedMap<String, String> totalUndefined() {
    SortedMap<String, String> undefined = new TreeMap<>();
    if (classesOnly() && hasAuc() && !total().containsKey(Metric.AUC.key())) {
      undefined.put(Metric.AUC.key(), "no label has rows of two classes");
    }
    return undefined;
  }

  /** Over the labels that have the metric; empty when none has. */
  private static OptionalDouble mean(List<SortedMap<String, Double>> own, Metric metric) {
    double sum = 0;
    int labels = 0;
    for (SortedMap<String, Double> ofLabel : own) {
      if (ofLabel.containsKey(metric.key())) {
        sum += ofLabel.get(metric.key());
        labels++;
      }
    }
    return labels == 0 ? OptionalDouble.empty() : OptionalDouble.of(sum / labels);
  }
}
