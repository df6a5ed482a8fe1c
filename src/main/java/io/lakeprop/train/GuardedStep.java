package io.lakeprop.train;

import io.lakeprop.nn.ParameterLayout;
import io.lakeprop.nn.ParameterLayout.LayerRange;
import io.lakeprop.nn.ParameterLayout.Range;
import io.lakeprop.nn.RunningMoments;
import io.lakeprop.optim.Lbfgs;
import io.lakeprop.optim.Update;
import io.lakeprop.optim.UpdateRule;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * From a round's sum to the next theta: mean, guard, update rule, step, running moments. Nothing
 * that is not finite gets into theta: the loss, the gradient and the sums of the running moments
 * are looked at before the rule is, and theta itself as the step is made, which is then taken back.
 */
record GuardedStep(
    ParameterLayout layout, RunningMoments moments, UpdateRule rule, List<LayerRange> layers) {
  GuardedStep {
    layers = List.copyOf(layers);
  }

  static GuardedStep of(ParameterLayout layout, RunningMoments moments, UpdateRule rule) {
    return new GuardedStep(layout, moments, rule, layout.layers(slot -> slot.role().learnt()));
  }

  /**
   * What came of a round.
   *
   * @param norm of the mean gradient; 0 without weight
   * @param clipped as the report says it
   * @param setback empty where all was well
   */
  record Outcome(
      double norm, Optional<Boolean> clipped, LayerFigures figures, Optional<Setback> setback) {
    /** Of a round without weight: there is no step. */
    static final Outcome NO_STEP =
        new Outcome(0, Optional.empty(), LayerFigures.NONE, Optional.empty());
  }

  /**
   * Makes the step, or does with the round as {@code health} says.
   *
   * @param sum whose gradient is overwritten
   * @throws Diverged where the round is not finite and health says stop
   */
  Outcome run(TrainerState state, GradientSum sum, double rate, Health health) {
    float[] seen = moments.take(sum.gradient(), sum.weight());
    Update update = sum.meanGradient(state.theta, state.memory, state.step, rate);
    List<LayerRange> asked = health.figures(state.round) ? layers : List.of();
    List<Range> ranges = asked.stream().map(LayerRange::range).toList();
    double[] gradientNorms = update.norms(ranges);
    double norm = update.norm();
    // A line search takes a shorter step where the last one led to no number.
    Optional<String> bad =
        Lbfgs.accepted(state.memory).isPresent()
            ? Optional.empty()
            : notFinite(state, sum, update, seen);
    if (bad.isPresent()) {
      return setBack(state, norm, bad.get(), health, false);
    }
    rule.apply(update);
    Update.Step step = update.addToTheta(ranges);
    if (step.firstNotFinite().isPresent()) {
      String slot = layout.describe(step.firstNotFinite().getAsInt());
      String what = "loss=%s, step too large at %s".formatted(sum.meanLoss(), slot);
      return setBack(state, norm, what, health, true);
    }
    moments.move(state.theta, seen, sum.rows());
    state.step++;
    state.leftOutInARow = 0;
    LayerFigures figures =
        asked.isEmpty()
            ? LayerFigures.NONE
            : LayerFigures.of(
                layers, gradientNorms, step, LayerFigures.units(health.counters(), sum));
    return new Outcome(norm, update.clipped(), figures, Optional.empty());
  }

  private static Outcome setBack(
      TrainerState state, double norm, String what, Health health, boolean stepped) {
    Setback setback = health.nonFinite().meet(state, what, stepped);
    return new Outcome(norm, Optional.empty(), LayerFigures.NONE, Optional.of(setback));
  }

  /** In words what is not finite before the step; only then is the first bad number looked for. */
  private Optional<String> notFinite(
      TrainerState state, GradientSum sum, Update gradient, float[] seen) {
    String loss = "loss=" + sum.meanLoss();
    if (!Double.isFinite(gradient.norm())) {
      String slot = layout.describe(firstNotFinite(gradient.values()));
      return Optional.of(loss + ", first non-finite gradient at " + slot);
    }
    OptionalInt moment = moments.firstNotFinite(state.theta, seen, sum.rows());
    if (moment.isPresent()) {
      String slot = layout.describe(moment.getAsInt());
      return Optional.of(loss + ", first non-finite running moment at " + slot);
    }
    return Double.isFinite(sum.meanLoss()) ? Optional.empty() : Optional.of(loss);
  }

  private static int firstNotFinite(float[] values) {
    int index = 0;
    while (Float.isFinite(values[index])) {
      index++;
    }
    return index;
  }
}
