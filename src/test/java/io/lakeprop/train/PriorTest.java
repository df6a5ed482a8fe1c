package io.lakeprop.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.lakeprop.data.FeatureStats;
import io.lakeprop.data.LabelEncoder;
import io.lakeprop.nn.AbsoluteError;
import io.lakeprop.nn.BinaryCrossEntropy;
import io.lakeprop.nn.Heads;
import io.lakeprop.nn.OneLabelLoss;
import io.lakeprop.nn.PoissonLoss;
import io.lakeprop.nn.SoftmaxCrossEntropy;
import io.lakeprop.nn.SquaredError;
import io.lakeprop.nn.TweedieLoss;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

  /** Cases over people at risk: the best constant is the log of all cases over all exposures. */
  @ParameterizedTest
  @ValueSource(doubles = {1, 1e3, 3e7, 1e8, 1e12})
  void aLogLinkStartsAtTheRateHoweverLargeTheExposure(double exposure) {
    FeatureStats stats = new FeatureStats(List.of(), 1);
    double cases = 0;
    double exposures = 0;
    for (int row = 1; row <= 4; row++) {
      stats.addLabel(0, (double) row, 1, Math.log(row * row * exposure));
      cases += row;
      exposures += row * row * exposure;
    }
    LabelEncoder label = new LabelEncoder.Quantity("n", 0, 1, LabelEncoder.Range.NOT_NEGATIVE);
    Prior prior = new Prior(List.of(label), List.of(stats.label(0)), ClassWeights.NONE);
    float expected = (float) Math.log(cases / exposures);
    for (OneLabelLoss loss : List.of(new PoissonLoss(), new TweedieLoss(1.5f))) {
      assertArrayEquals(new float[] {expected}, prior.logits(loss), 1e-5f);
    }
  }

  /** All labels 0: there is no logarithm, and the logit is finite all the same. */
  @Test
  void aLogLinkWithoutCasesStartsAtAFiniteLogit() {
    FeatureStats stats = new FeatureStats(List.of(), 1);
    stats.addLabel(0, 0.0, 1, 0);
    LabelEncoder label = new LabelEncoder.Quantity("n", 0, 1, LabelEncoder.Range.NOT_NEGATIVE);
    Prior prior = new Prior(List.of(label), List.of(stats.label(0)), ClassWeights.NONE);
    assertArrayEquals(new float[] {(float) Math.log(1e-6)}, prior.logits(new PoissonLoss()), 1e-6f);
  }

  /** A logit that the table brings, such as that of another model, is left to its offset. */
  @Test
  void classesStartAtTheirShareLessTheMeanOffset() {
    FeatureStats stats = new FeatureStats(List.of(), 1);
    String[] flags = {"no", "yes", "no", "no"};
    double[] offsets = {0.5, 1, 0.5, 2};
    for (int row = 0; row < 4; row++) {
      stats.addLabel(0, flags[row], 1, offsets[row]);
    }
    LabelEncoder label = new LabelEncoder.Classes("f", "string", List.of("no", "yes"));
    Prior prior = new Prior(List.of(label), List.of(stats.label(0)), ClassWeights.NONE);
    assertArrayEquals(
        new float[] {(float) Math.log(1 / 3.0) - 1}, prior.logits(new BinaryCrossEntropy()), 1e-6f);
  }
}
