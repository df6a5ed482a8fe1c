package io.lakeprop.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.lakeprop.data.FeatureStats;
import io.lakeprop.data.LabelEncoder;
import io.lakeprop.nn.AbsoluteError;
import io.lakeprop.nn.BinaryCrossEntropy;
import io.lakeprop.nn.Heads;
import io.lakeprop.nn.SoftmaxCrossEntropy;
import io.lakeprop.nn.SquaredError;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Where the logits of several heads start, in closed form. */
class PriorTest {
  @Test
  void everyHeadStartsAtItsOwnLabel() {
    FeatureStats stats = new FeatureStats(List.of(), 3);
    double[] weights = {1, 2, 1, 4};
    String[] kinds = {"a", "b", "b", "c"};
    String[] flags = {"no", "yes", "no", "no"};
    for (int row = 0; row < 4; row++) {
      stats.addLabel(0, kinds[row], weights[row], 0);
      stats.addLabel(1, 10.0 + row, weights[row], 0);
      stats.addLabel(2, flags[row], weights[row], 0);
    }
    List<LabelEncoder> labels =
        List.of(
            new LabelEncoder.Classes("k", "string", List.of("a", "b", "c")),
            new LabelEncoder.Quantity("n", 10, 2),
            new LabelEncoder.Classes("f", "string", List.of("no", "yes")));
    Heads loss =
        new Heads(
            List.of(
                new Heads.Head(new SoftmaxCrossEntropy(3), 9, List.of(2f, 1f, 1f)),
                new Heads.Head(new SquaredError(), 0.1f),
                new Heads.Head(new BinaryCrossEntropy(), 1, List.of(1f, 3f))));
    Prior prior =
        new Prior(labels, IntStream.range(0, 3).mapToObj(stats::label).toList(), ClassWeights.NONE);
    // Class weights make a weigh 2 of 9 and yes 6 of 12; (0 + 2 + 2 + 12) / 8 = 2 is a unit.
    float[] expected = {
      (float) Math.log(2 / 9.0), (float) Math.log(3 / 9.0), (float) Math.log(4 / 9.0), 1, 0
    };
    assertArrayEquals(expected, prior.logits(loss), 1e-6f);
    Prior one = new Prior(labels.subList(1, 2), List.of(stats.label(1)), ClassWeights.NONE);
    assertArrayEquals(new float[] {0.5f}, one.logits(new AbsoluteError()), 1e-6f);
  }
}
