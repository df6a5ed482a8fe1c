package io.lakeprop.train;

import java.util.List;

/**
 * Every layer that the optimizer moves is moved by less than a millionth of itself in each of the
 * last 100 reports, and the loss is where it was at the start: the rate is too low to learn.
 *
 * <p>Healthy ratios are about 1/1000, and a float32 has 7 digits: below a ten-millionth nothing
 * changes at all. A loss that has fallen means that the training has come to its end; a rate below
 * half of the highest so far, that the schedule wants it so.
 */
final class SmallUpdates implements HealthWatch.Symptom {
  private static final double SMALLEST_RATIO = 1e-6;
  private static final int PATIENCE = 100;
  private static final int WINDOW = 50;
  private static final double FALLEN = 1e-3;

  private final Recent firstLosses = new Recent(WINDOW);
  private final Recent losses = new Recent(WINDOW);
  private double highestRate;
  private int streak;
  private boolean said;

  @Override
  public List<Warning> read(RoundReport report) {
    if (said) {
      return List.of();
    }
    losses.add(report.loss());
    if (!firstLosses.full()) {
      firstLosses.add(report.loss());
    }
    highestRate = Math.max(highestRate, report.learningRate());
    double largest =
        report.layers().learnt().stream()
            .mapToDouble(LayerFigures.Learnt::updateRatio)
            .max()
            .orElse(Double.NaN);
    if (Double.isNaN(largest)) {
      return List.of();
    }
    // All of them 0 is a network without a gradient, which is not the rate's doing.
    boolean small = largest > 0 && largest < SMALLEST_RATIO;
    boolean meant = report.learningRate() < highestRate / 2;
    streak = small && !meant ? streak + 1 : 0;
    double first = firstLosses.median();
    boolean fallen = losses.median() < first - FALLEN * Math.abs(first);
    said = streak >= PATIENCE && !fallen;
    return said ? List.of(warning(report, largest)) : List.of();
  }

  private static Warning warning(RoundReport report, double largest) {
    String text =
        "updates are too small: at most %s of the weights in every layer for %d rounds, and the loss stays at %s; try a higher optimizer.learning_rate than %s"
            .formatted(
                HealthWatch.number(largest),
                PATIENCE,
                HealthWatch.number(report.loss()),
                HealthWatch.number(report.learningRate()));
    return new Warning(report.round(), Warning.Kind.SMALL_UPDATES, List.of(), text);
  }
}
