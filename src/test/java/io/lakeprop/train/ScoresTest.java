package io.lakeprop.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.data.LabelEncoder;
import io.lakeprop.eval.ClassificationSum;
import io.lakeprop.eval.DevianceSum;
import io.lakeprop.eval.HeadsSum;
import io.lakeprop.eval.Metric;
import io.lakeprop.eval.MetricSum;
import io.lakeprop.eval.QuantileSum;
import io.lakeprop.eval.RegressionSum;
import io.lakeprop.nn.AbsoluteError;
import io.lakeprop.nn.BinaryCrossEntropy;
import io.lakeprop.nn.FocalLoss;
import io.lakeprop.nn.GammaLoss;
import io.lakeprop.nn.Heads;
import io.lakeprop.nn.HingeLoss;
import io.lakeprop.nn.HuberLoss;
import io.lakeprop.nn.OneLabelLoss;
import io.lakeprop.nn.PoissonLoss;
import io.lakeprop.nn.QuantileLoss;
import io.lakeprop.nn.SoftmaxCrossEntropy;
import io.lakeprop.nn.SquaredError;
import io.lakeprop.nn.TweedieLoss;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every loss is judged by sums that offer the metric by which the best model is chosen. */
class ScoresTest {
  private record Row(OneLabelLoss loss, Class<? extends MetricSum> sum, Metric monitor) {}

  private static final List<Row> ROWS =
      List.of(
          new Row(new SoftmaxCrossEntropy(3), ClassificationSum.class, Metric.LOG_LOSS),
          new Row(new SoftmaxCrossEntropy(3, 0.1f), ClassificationSum.class, Metric.LOG_LOSS),
          new Row(new BinaryCrossEntropy(), ClassificationSum.class, Metric.LOG_LOSS),
          new Row(new BinaryCrossEntropy(0, 2), ClassificationSum.class, Metric.LOSS),
          new Row(new FocalLoss(2), ClassificationSum.class, Metric.LOSS),
          new Row(new HingeLoss(), ClassificationSum.class, Metric.LOSS),
          new Row(new SquaredError(), RegressionSum.class, Metric.RMSE),
          new Row(new AbsoluteError(), RegressionSum.class, Metric.MAE),
          new Row(new HuberLoss(1), RegressionSum.class, Metric.LOSS),
          new Row(new QuantileLoss(List.of(0.1f, 0.9f)), QuantileSum.class, Metric.PINBALL_LOSS),
          new Row(new PoissonLoss(), DevianceSum.class, Metric.POISSON_DEVIANCE),
          new Row(new GammaLoss(), DevianceSum.class, Metric.GAMMA_DEVIANCE),
          new Row(new TweedieLoss(1.5f), DevianceSum.class, Metric.TWEEDIE_DEVIANCE));

  @TestFactory
  Stream<DynamicTest> everyLossHasItsSumAndItsMonitor() {
    return ROWS.stream()
        .map(
            row ->
                DynamicTest.dynamicTest(
                    row.loss.toString(),
                    () -> {
                      Scores scores = new Scores(List.of(label(row.loss)), row.loss);
                      assertEquals(row.sum, scores.empty().getClass());
                      assertEquals(row.monitor, scores.monitor());
                      assertTrue(scores.empty().offers().contains(scores.monitor()));
                    }));
  }

  @Test
  void noLossIsForgotten() {
    Set<Class<?>> all = losses(OneLabelLoss.class).collect(Collectors.toCollection(HashSet::new));
    ROWS.forEach(row -> all.remove(row.loss.getClass()));
    assertEquals(Set.of(), all);
  }

  private static Stream<Class<?>> losses(Class<?> type) {
    return type.isSealed()
        ? Arrays.stream(type.getPermittedSubclasses()).flatMap(ScoresTest::losses)
        : Stream.of(type);
  }

  /** Several labels: a sum each, under the label's name, and the loss decides. */
  @Test
  void labelsAreJudgedByThemselves() {
    List<OneLabelLoss> losses = ROWS.stream().map(Row::loss).toList();
    List<LabelEncoder> labels = losses.stream().map(ScoresTest::label).toList();
    Heads heads = new Heads(losses.stream().map(loss -> new Heads.Head(loss, 2)).toList());
    Scores scores = new Scores(labels, heads);
    assertEquals(Metric.LOSS, scores.monitor());
    HeadsSum sum = (HeadsSum) scores.empty();
    for (int i = 0; i < ROWS.size(); i++) {
      assertEquals(ROWS.get(i).sum, sum.sum(i).getClass());
      assertEquals(
          new Scores(List.of(labels.get(i)), losses.get(i)).empty().offers(), sum.sum(i).offers());
    }
  }

  /** A deviance of a row that is off by half, by hand: 2 (y log(y / m) - y + m) and its kin. */
  @Test
  void devianceIsThatOfTheLossesPower() {
    double y = 2;
    double m = 1;
    assertEquals(2 * (y * Math.log(y / m) - y + m), deviance(new PoissonLoss()), 1e-6);
    assertEquals(2 * (y / m - 1 - Math.log(y / m)), deviance(new GammaLoss()), 1e-6);
    double tweedie =
        2
            * (Math.pow(y, 0.5) / (-0.5 * 0.5)
                - y * Math.pow(m, -0.5) / -0.5
                + Math.pow(m, 0.5) / 0.5);
    assertEquals(tweedie, deviance(new TweedieLoss(1.5f)), 1e-6);
  }

  private static double deviance(OneLabelLoss loss) {
    Scores scores = new Scores(List.of(label(loss)), loss);
    MetricSum sum = scores.empty();
    sum.add(1, new float[] {1}, new float[] {2}, new float[] {3}, new float[] {0});
    return sum.metrics().get(scores.monitor().key());
  }

  private static LabelEncoder label(OneLabelLoss loss) {
    return loss.target().classes()
        ? new LabelEncoder.Classes(
            "c", "string", List.of("a", "b", "c").subList(0, loss.predictions()))
        : new LabelEncoder.Quantity("q", 0, 1);
  }
}
