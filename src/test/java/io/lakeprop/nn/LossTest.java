package io.lakeprop.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.base.InvalidInput;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;

/** Losses far out, against formulas in double precision; where they start; what they refuse. */
class LossTest {
  private static final float[] FAR = {-1000, -300, -90, -80, -20, 20, 80, 90, 300, 1000};

  /** A loss of one logit, its formula, and the logits at which float32 holds it. */
  private record Formula(OneLogitLoss loss, float largest, DoubleBinaryOperator value) {}

  private static final List<Formula> FORMULAS =
      List.of(
          new Formula(new BinaryCrossEntropy(), 1000, (z, y) -> softplus(z) - z * y),
          new Formula(
              new BinaryCrossEntropy(0.1f, 3),
              1000,
              (z, y) -> (softplus(z) - z * (0.9 * y + 0.05)) * (y > 0 ? 3 : 1)),
          new Formula(new FocalLoss(2), 1000, LossTest::focal),
          new Formula(new HingeLoss(), 1000, (z, y) -> Math.max(0, 1 - (2 * y - 1) * z)),
          new Formula(new SquaredError(), 1000, (z, y) -> (z - y) * (z - y)),
          new Formula(new AbsoluteError(), 1000, (z, y) -> Math.abs(z - y)),
          new Formula(new HuberLoss(2), 1000, (z, y) -> 2 * (Math.abs(z - y) - 1)),
          new Formula(new PoissonLoss(), 80, (z, y) -> Math.exp(z) - y * z),
          new Formula(new GammaLoss(), 80, (z, y) -> y * Math.exp(-z) + z),
          new Formula(
              new TweedieLoss(1.5f), 80, (z, y) -> 2 * y * Math.exp(-z / 2) + 2 * Math.exp(z / 2)));

  private static double softplus(double z) {
    return Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
  }

  private static double focal(double z, double y) {
    double s = y > 0 ? z : -z;
    return Math.exp(-2 * softplus(s)) * softplus(-s);
  }

  @TestFactory
  Stream<DynamicTest> lossesOfOneLogitKeepTheirFormulaFarOut() {
    return FORMULAS.stream().map(f -> test(f.loss(), () -> formula(f)));
  }

  private static void formula(Formula f) {
    for (float z : FAR) {
      for (float y : new float[] {0, 1}) {
        float value = f.loss().value(z, y);
        float slope = f.loss().slope(z, y);
        String where = "z=" + z + " y=" + y;
        assertTrue(!Float.isNaN(slope) && !Float.isNaN(value), where);
        if (Math.abs(z) <= f.largest()) {
          double expected = f.value().applyAsDouble(z, y);
          assertEquals(expected, value, 1e-5 * Math.max(1, Math.abs(expected)), where);
          double h = 1e-5;
          double difference =
              (f.value().applyAsDouble(z + h, y) - f.value().applyAsDouble(z - h, y)) / (2 * h);
          assertEquals(difference, slope, 1e-4 * Math.max(1, Math.abs(difference)), where);
        }
      }
    }
  }

  @TestFactory
  Stream<DynamicTest> nothingOverflowsIntoNotANumber() {
    return Losses.EXAMPLES.stream().map(loss -> test(loss, () -> far(loss)));
  }

  private static void far(Loss loss) {
    int rows = 6;
    Random random = new Random(3);
    float[] labels = Losses.labels(loss, rows, random);
    float[] weights = new float[rows];
    Arrays.fill(weights, 1);
    for (float scale : FAR) {
      float[] logits = new float[rows * loss.logits()];
      for (int i = 0; i < logits.length; i++) {
        logits[i] = i % 3 == 0 ? scale : -scale / 2;
      }
      float[] losses = new float[rows];
      float[] gradient = new float[logits.length];
      float[] predictions = new float[rows * loss.predictions()];
      loss.gradient(rows, logits, labels, weights, losses, gradient);
      loss.predict(rows, logits, predictions);
      for (float[] numbers : List.of(gradient, predictions, losses)) {
        for (float number : numbers) {
          boolean stands =
              Math.abs(scale) <= 80
                  || loss.byLabel().stream().noneMatch(own -> own.target().logLink());
          assertTrue(stands ? Float.isFinite(number) : !Float.isNaN(number), "logits " + scale);
        }
      }
    }
  }

  /** Cross-entropy against q, written out in double precision. */
  @Test
  void smoothingIsCrossEntropyAgainstTheSmoothedLabel() {
    Random random = new Random(8);
    for (float scale : new float[] {1, 30, 1000}) {
      int classes = 5;
      float s = 0.3f;
      float[] z = new float[classes];
      for (int j = 0; j < classes; j++) {
        z[j] = scale * (float) random.nextGaussian();
      }
      double largest = z[0];
      for (float logit : z) {
        largest = Math.max(largest, logit);
      }
      double sum = 0;
      for (float logit : z) {
        sum += Math.exp(logit - largest);
      }
      double expected = 0;
      for (int j = 0; j < classes; j++) {
        double q = (j == 2 ? 1 - s : 0) + s / classes;
        expected -= q * (z[j] - largest - Math.log(sum));
      }
      float[] losses = new float[1];
      new SoftmaxCrossEntropy(classes, s).losses(1, z, new float[] {2}, losses);
      assertEquals(expected, losses[0], 1e-5 * Math.max(1, expected));
    }
  }

  /** No other constant does better, but for focal and hinge loss and Huber's, which say so. */
  @TestFactory
  Stream<DynamicTest> theStartIsTheBestConstant() {
    return Losses.EXAMPLES.stream()
        .filter(OneLabelLoss.class::isInstance)
        .map(OneLabelLoss.class::cast)
        .filter(loss -> !(loss instanceof FocalLoss || loss instanceof HingeLoss))
        .filter(loss -> !(loss instanceof HuberLoss))
        .map(loss -> test(loss, () -> best(loss)));
  }

  private static void best(OneLabelLoss loss) {
    int rows = 121;
    float[] labels = Losses.labels(loss, rows, new Random(4));
    float[] start = loss.constant(distribution(loss, labels));
    double best = meanLoss(loss, start, labels);
    for (int j = 0; j < start.length; j++) {
      for (float step : new float[] {-0.05f, 0.05f}) {
        float[] other = start.clone();
        other[j] += step;
        assertTrue(meanLoss(loss, other, labels) > best, "logit " + j + " by " + step);
      }
    }
  }

  private static LabelDistribution distribution(OneLabelLoss loss, float[] labels) {
    boolean classes = loss.target().classes();
    double[] counts = new double[classes ? loss.predictions() : 0];
    double[] sorted = new double[labels.length];
    double[] once = new double[labels.length];
    Arrays.fill(once, 1);
    double sum = 0;
    for (int row = 0; row < labels.length; row++) {
      if (classes) {
        counts[(int) labels[row]]++;
      }
      sorted[row] = labels[row];
      sum += labels[row];
    }
    Arrays.sort(sorted);
    return classes
        ? LabelDistribution.ofClasses(counts)
        : LabelDistribution.ofNumbers(sum / labels.length, sorted, once);
  }

  private static double meanLoss(Loss loss, float[] constant, float[] labels) {
    int width = constant.length;
    float[] logits = new float[labels.length * width];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = constant[i % width];
    }
    float[] losses = new float[labels.length];
    loss.losses(labels.length, logits, labels, losses);
    double sum = 0;
    for (float value : losses) {
      sum += value;
    }
    return sum / labels.length;
  }

  @Test
  void focalLossWithoutGammaIsCrossEntropy() {
    for (float z : FAR) {
      for (float y : new float[] {0, 1}) {
        float expected = new BinaryCrossEntropy().value(z, y);
        assertEquals(expected, new FocalLoss(0).value(z, y), 1e-5 * Math.max(1, expected));
      }
    }
  }

  @Test
  void predictionsAreMeansOfLogLinksAndQuantilesAsTheyAre() {
    float[] predictions = new float[2];
    new PoissonLoss().predict(2, new float[] {0, 1}, predictions);
    assertArrayEquals(new float[] {1, (float) Math.E}, predictions, 1e-6f);
    new QuantileLoss(List.of(0.2f, 0.8f)).predict(1, new float[] {-3, 4}, predictions);
    assertArrayEquals(new float[] {-3, 4}, predictions);
  }

  @TestFactory
  Stream<DynamicTest> badParametersAreRefused() {
    return Stream.<Executable>of(
            () -> new SoftmaxCrossEntropy(1),
            () -> new SoftmaxCrossEntropy(3, 1),
            () -> new BinaryCrossEntropy(-0.1f, 1),
            () -> new BinaryCrossEntropy(0, 0),
            () -> new FocalLoss(-1),
            () -> new HuberLoss(0),
            () -> new QuantileLoss(List.of()),
            () -> new QuantileLoss(List.of(0.5f, 0.5f)),
            () -> new QuantileLoss(List.of(0f)),
            () -> new QuantileLoss(List.of(0.5f, 1f)),
            () -> new TweedieLoss(1),
            () -> new TweedieLoss(2),
            () -> new TweedieLoss(Float.NaN),
            () -> new Heads(List.of(new Heads.Head(new HingeLoss(), 1))),
            () -> new Heads.Head(new HingeLoss(), 0),
            () -> new Heads.Head(new HingeLoss(), Float.POSITIVE_INFINITY),
            () -> new Heads.Head(new HingeLoss(), 1, List.of(1f)),
            () -> new Heads.Head(new HingeLoss(), 1, List.of(1f, -1f)),
            () -> new Heads.Head(new SquaredError(), 1, List.of(1f)))
        .map(
            bad ->
                DynamicTest.dynamicTest(
                    assertThrows(InvalidInput.class, bad).getMessage(), () -> {}));
  }

  private static DynamicTest test(Loss loss, Executable check) {
    return DynamicTest.dynamicTest(loss.toString(), check);
  }
}
