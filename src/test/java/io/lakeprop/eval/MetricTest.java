package io.lakeprop.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.base.InvalidInput;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every metric is reported by its kind of sum, has a direction, and NaN never wins. */
class MetricTest {
  @Test
  void sumsReportExactlyTheMetricsOfTheirTask() {
    assertEquals(
        new TreeSet<>(Metric.of(true).stream().map(Metric::key).toList()),
        new ClassificationSum(2).metrics().keySet());
    assertEquals(
        new TreeSet<>(Metric.of(false).stream().map(Metric::key).toList()),
        new RegressionSum(1).metrics().keySet());
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
    String message = assertThrows(InvalidInput.class, () -> Metric.RMSE.checked(true)).getMessage();
    assertTrue(message.contains("auc") && message.endsWith("rmse"), message);
  }
}
