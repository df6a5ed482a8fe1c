package io.lakeprop.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Heads side by side do what each would do alone on its own columns, to the bit. */
class HeadsTest {
  /** More than a strip, and none of its multiples. */
  private static final int ROWS = 150;

  static Stream<Heads> examples() {
    return Losses.EXAMPLES.stream().filter(Heads.class::isInstance).map(Heads.class::cast);
  }

  /** One column after the other, of a row-major matrix. */
  private static float[] columns(float[] from, int width, int first, int columns) {
    float[] to = new float[ROWS * columns];
    for (int i = 0; i < to.length; i++) {
      to[i] = from[i / columns * width + first + i % columns];
    }
    return to;
  }

  private static float[] random(int length, Random random) {
    float[] numbers = new float[length];
    for (int i = 0; i < length; i++) {
      numbers[i] = (float) random.nextGaussian();
    }
    return numbers;
  }

  @ParameterizedTest
  @MethodSource("examples")
  void everyHeadIsItsLossAlone(Heads loss) {
    Random random = new Random(6);
    int width = loss.logits();
    int labelled = loss.heads().size();
    float[] logits = random(ROWS * width, random);
    float[] labels = Losses.labels(loss, ROWS, random);
    float[] weights = new float[ROWS];
    for (int row = 0; row < ROWS; row++) {
      weights[row] = random.nextInt(4);
    }
    float[] all = new float[ROWS];
    float[] sums = new float[ROWS];
    float[] byLabel = new float[ROWS * labelled];
    float[] gradient = new float[logits.length];
    float[] predictions = new float[ROWS * loss.predictions()];
    loss.losses(ROWS, logits, labels, all);
    loss.gradient(ROWS, logits, labels, weights, sums, gradient);
    loss.labelLosses(ROWS, logits, labels, byLabel);
    loss.predict(ROWS, logits, predictions);
    assertArrayEquals(all, sums);
    float[] expectedSums = new float[ROWS];
    int logit = 0;
    int prediction = 0;
    for (int h = 0; h < labelled; h++) {
      OneLabelLoss own = loss.heads().get(h).loss();
      float[] ownLogits = columns(logits, width, logit, own.logits());
      float[] ownLabels = columns(labels, labelled, h, 1);
      float[] factors = factors(loss.heads().get(h), ownLabels);
      float[] ownWeights = new float[ROWS];
      for (int row = 0; row < ROWS; row++) {
        ownWeights[row] = weights[row] * factors[row];
      }
      float[] losses = new float[ROWS];
      float[] ownGradient = new float[ownLogits.length];
      float[] ownPredictions = new float[ROWS * own.predictions()];
      own.gradient(ROWS, ownLogits, ownLabels, ownWeights, losses, ownGradient);
      own.predict(ROWS, ownLogits, ownPredictions);
      assertArrayEquals(ownGradient, columns(gradient, width, logit, own.logits()));
      assertArrayEquals(losses, columns(byLabel, labelled, h, 1));
      assertArrayEquals(
          ownPredictions, columns(predictions, loss.predictions(), prediction, own.predictions()));
      for (int row = 0; row < ROWS; row++) {
        expectedSums[row] += factors[row] * losses[row];
      }
      logit += own.logits();
      prediction += own.predictions();
    }
    assertArrayEquals(expectedSums, sums);
    assertEquals(width, logit);
    assertEquals(loss.predictions(), prediction);
  }

  private static float[] factors(Heads.Head head, float[] labels) {
    float[] factors = new float[labels.length];
    for (int row = 0; row < factors.length; row++) {
      factors[row] =
          head.classWeights().isEmpty()
              ? head.weight()
              : head.weight() * head.classWeights().get((int) labels[row]);
    }
    return factors;
  }
}
