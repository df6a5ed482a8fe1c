package io.lakeprop.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.function.Supplier;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Sums of any parts, merged in any order, are those of all rows: metrics never meet. */
class MergeLawTest {
  private record Kind(Supplier<MetricSum> empty, int width, int classes) {}

  @Provide
  Arbitrary<Kind> kinds() {
    return Arbitraries.of(
        new Kind(() -> new ClassificationSum(2), 2, 2),
        new Kind(() -> ClassificationSum.amongSeveral(2), 2, 2),
        new Kind(() -> new ClassificationSum(4), 4, 4),
        new Kind(() -> new RegressionSum(2.5), 1, 0),
        new Kind(() -> new DevianceSum(2, 1), 1, 0),
        new Kind(() -> new DevianceSum(2, 1.5), 1, 0),
        new Kind(() -> new DevianceSum(2, 2), 1, 0),
        new Kind(() -> new QuantileSum(List.of(0.1f, 0.5f, 0.9f), 2), 3, 0));
  }

  @Property
  void anyPartsInAnyOrderAreTheWhole(@ForAll("kinds") Kind kind, @ForAll Random random) {
    Sums.Rows rows = rows(kind, 2 + random.nextInt(60), random);
    MetricSum whole = rows.addTo(kind.empty.get());
    List<MetricSum> parts = new ArrayList<>();
    for (int from = 0; from < rows.size(); ) {
      int to = Math.min(rows.size(), from + random.nextInt(12));
      parts.add(random.nextInt(parts.size() + 1), rows.part(from, to).addTo(kind.empty.get()));
      from = to;
    }
    while (parts.size() > 1) {
      MetricSum taken = parts.remove(random.nextInt(parts.size()));
      int into = random.nextInt(parts.size());
      parts.set(into, parts.get(into).merge(taken));
    }
    assertEquals(whole.rows(), parts.get(0).rows());
    SortedMap<String, Double> merged = parts.get(0).metrics();
    assertEquals(whole.metrics().keySet(), merged.keySet());
    whole.metrics().forEach((key, value) -> assertEquals(value, merged.get(key), 1e-9, key));
  }

  /** Probabilities and classes, or positive estimates and numbers. */
  private static Sums.Rows rows(Kind kind, int size, Random random) {
    float[] predictions = new float[size * kind.width];
    float[] labels = new float[size];
    float[] weights = new float[size];
    float[] losses = new float[size];
    for (int row = 0; row < size; row++) {
      float sum = 0;
      for (int i = row * kind.width; i < (row + 1) * kind.width; i++) {
        predictions[i] = 0.01f + random.nextFloat();
        sum += predictions[i];
      }
      for (int i = row * kind.width; kind.classes > 0 && i < (row + 1) * kind.width; i++) {
        predictions[i] /= sum;
      }
      labels[row] =
          kind.classes > 0
              ? (row < 2 ? row : random.nextInt(kind.classes))
              : 0.1f + 3 * random.nextFloat();
      weights[row] = 0.5f + random.nextInt(4) / 2f;
      losses[row] = random.nextFloat();
    }
    return new Sums.Rows(kind.width, predictions, labels, weights, losses);
  }
}
