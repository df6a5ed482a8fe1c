package io.lakeprop.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lakeprop.eval.Metric;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A training was still improving when its last tenth took away a hundredth of the error left. */
final class EndedTest {
  private static boolean isImproving(Metric metric, double until, double... last) {
    List<Double> scores = new ArrayList<>();
    double start = metric.better(1, 0) ? 0.5 : 2;
    for (int i = 0; i < 20 - last.length; i++) {
      scores.add(start + (until - start) * (i + 1) / (20 - last.length));
    }
    for (double score : last) {
      scores.add(score);
    }
    return Ended.isImproving(scores, metric);
  }

  @Test
  void aGainOfTheLastTenthCounts() {
    assertEquals(true, isImproving(Metric.RMSE, 1.0, 1.0, 0.98));
    assertEquals(true, isImproving(Metric.RMSE, 1.0, 0.98, 1.1));
    assertEquals(false, isImproving(Metric.RMSE, 1.0, 1.0, 0.995));
    assertEquals(false, isImproving(Metric.RMSE, 1.0, 1.2, 1.1));
    assertEquals(false, isImproving(Metric.RMSE, 1.0, 0.9, 0.9, 0.899));
  }

  /** From .970 to .972 is a fifteenth of the errors. */
  @Test
  void ofASharesErrorIsWhatItLacksToOne() {
    assertEquals(true, isImproving(Metric.ACCURACY, 0.970, 0.970, 0.972));
    assertEquals(false, isImproving(Metric.ACCURACY, 0.600, 0.600, 0.602));
    assertEquals(true, isImproving(Metric.AUC, 0.9, 0.9, 0.902));
  }

  @Test
  void oneEvaluationTellsNothing() {
    assertEquals(false, Ended.isImproving(List.of(), Metric.RMSE));
    assertEquals(false, Ended.isImproving(List.of(1.0), Metric.RMSE));
    assertEquals(true, Ended.isImproving(List.of(1.0, 0.9), Metric.RMSE));
    assertEquals(true, Ended.isImproving(List.of(1.0, Double.NaN, 0.9), Metric.RMSE));
  }
}
