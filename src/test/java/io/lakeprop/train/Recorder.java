package io.lakeprop.train;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** A listener that keeps all that it is told. */
final class Recorder implements TrainingListener {
  final List<RoundReport> rounds = new ArrayList<>();
  final List<EvaluationReport> evaluations = new ArrayList<>();

  @Override
  public void round(RoundReport report) {
    rounds.add(report);
  }

  @Override
  public void evaluation(EvaluationReport report) {
    evaluations.add(report);
  }

  /** One number of every round. */
  float[] floats(ToDoubleFunction<RoundReport> number) {
    float[] numbers = new float[rounds.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (float) number.applyAsDouble(rounds.get(i));
    }
    return numbers;
  }
}
