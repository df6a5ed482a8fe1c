package io.lakeprop.eval;

import java.util.Random;
import java.util.SortedMap;
import java.util.function.Supplier;

/** Adds rows to sums, whole or in any split. */
final class Sums {
  private Sums() {}

  /** Rows with their scores. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  record Rows(int width, float[] predictions, float[] labels, float[] weights, float[] losses) {
    int size() {
      return labels.length;
    }

    /** The rows from {@code from} up to {@code to}. */
    Rows part(int from, int to) {
      return new Rows(
          width,
          java.util.Arrays.copyOfRange(predictions, from * width, to * width),
          java.util.Arrays.copyOfRange(labels, from, to),
          java.util.Arrays.copyOfRange(weights, from, to),
          java.util.Arrays.copyOfRange(losses, from, to));
    }

    <M extends MetricSum> M addTo(M sum) {
      sum.add(size(), predictions, labels, weights, losses);
      return sum;
    }
  }

  /** The metrics of a random split into parts, some empty, each with its own sum. */
  static SortedMap<String, Double> split(Rows rows, Supplier<MetricSum> empty, Random random) {
    MetricSum all = empty.get();
    int from = 0;
    while (from < rows.size()) {
      int to = Math.min(rows.size(), from + random.nextInt(rows.size() / 3));
      all = all.merge(rows.part(from, to).addTo(empty.get()));
      from = to;
    }
    return all.metrics();
  }
}
