package io.lakeprop.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.base.InvalidInput;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every metric is reported by its kind of sum, has a direction, and NaN never wins. */
class MetricTest {
  private static final List<MetricSum> SUMS =
      List.of(
          new ClassificationSum(2),
          new ClassificationSum(200),
          new RegressionSum(1),
          new DevianceSum(1, 1),
          new DevianceSum(1, 1.5),
          new DevianceSum(1, 2),
          new QuantileSum(List.of(0.5f), 1),
          heads(new ClassificationSum(2), ClassificationSum.amongSeveral(2)),
          heads(ClassificationSum.amongSeveral(200), new RegressionSum(1)));

  private static MetricSum heads(MetricSum first, MetricSum second) {
    return new HeadsSum(
        List.of(new HeadsSum.Part("a", 1, 2, first), new HeadsSum.Part("b.c", 1, 2, second)));
  }

  @Test
  void sumsReportWhatTheyOffer() {
    Set<Monitor> all = new HashSet<>();
    Set<Class<?>> types = new HashSet<>();
    for (MetricSum sum : SUMS) {
      Set<String> keys = new TreeSet<>(sum.metrics().keySet());
      keys.addAll(sum.undefined().keySet());
      keys.removeIf(key -> key.startsWith("coverage_"));
      assertEquals(keys, new TreeSet<>(sum.offers().stream().map(Monitor::key).toList()));
      all.addAll(sum.offers());
      types.add(sum.getClass());
    }
    all.removeIf(LabelMetric.class::isInstance);
    assertEquals(Set.of(Metric.values()), all);
    assertEquals(Set.of(MetricSum.class.getPermittedSubclasses()), types);
  }

  @ParameterizedTest
  @EnumSource
  void aScoreBeatsOnOneSideOnlyAndNotANumberBeatsNothing(Metric metric) {
    assertTrue(metric.better(0.6, 0.5) != metric.better(0.4, 0.5));
    assertFalse(metric.better(Double.NaN, 0.5));
    assertFalse(metric.better(0.5, 0.5));
  }

  @Test
  void errorsFallAndScoresRise() {
    assertTrue(Metric.RMSE.better(1, 2));
    assertTrue(Metric.MAE.better(1, 2));
    assertTrue(Metric.LOG_LOSS.better(1, 2));
    assertTrue(Metric.AUC.better(2, 1));
    assertTrue(Metric.R2.better(2, 1));
  }

  @Test
  void metricsOfTheOtherTaskAreRefused() {
    String message =
        assertThrows(
                InvalidInput.class, () -> Metric.RMSE.checked(new ClassificationSum(2).offers()))
            .getMessage();
    assertTrue(message.contains("auc") && message.endsWith("rmse"), message);
  }
}
