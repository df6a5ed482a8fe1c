package io.lakeprop.train;

import io.lakeprop.eval.Metric;
import io.lakeprop.nn.ParameterLayout;
import io.lakeprop.nn.RunningMoments;
import io.lakeprop.optim.Plateau;
import io.lakeprop.optim.Schedule;
import io.lakeprop.optim.UpdateRule;
import java.util.Optional;
import java.util.SortedMap;

/**
 * The training loop: gradient sum of a round, mean, guard, update rule (clipping first), step; now
 * and then an evaluation that may end it.
 *
 * @param moments of batch normalisation, in theta
 * @param rule from the mean gradient to what is added to theta
 * @param schedule the rate of each step, but for what a plateau makes of it
 * @param rounds at most so many
 * @param validation when, on what and by which metric to judge; empty to run all rounds
 * @param health what to report of layers, and what to do with rounds that are not finite
 */
public record Trainer(
    RoundRunner runner,
    RoundPlan plan,
    ParameterLayout layout,
    RunningMoments moments,
    UpdateRule rule,
    Schedule schedule,
    long rounds,
    Optional<Validation> validation,
    TrainingListener listener,
    Health health) {

  /** With {@link Health#DEFAULT}. */
  public Trainer(
      RoundRunner runner,
      RoundPlan plan,
      ParameterLayout layout,
      RunningMoments moments,
      UpdateRule rule,
      Schedule schedule,
      long rounds,
      Optional<Validation> validation,
      TrainingListener listener) {
    this(
        runner,
        plan,
        layout,
        moments,
        rule,
        schedule,
        rounds,
        validation,
        listener,
        Health.DEFAULT);
  }

  /**
   * Early stopping.
   *
   * @param every rounds between two evaluations
   * @param patience evaluations without a new best after which training ends
   * @param plateau when to lower the rate; empty for never
   */
  public record Validation(
      Evaluator evaluator, Metric monitor, long every, int patience, Optional<Plateau> plateau) {}

  /** Goes on from a state to the end of training, and returns the same object. */
  public TrainerState run(TrainerState state) {
    boolean finished = false;
    GuardedStep step = GuardedStep.of(layout, moments, rule);
    keepCopy(state, state.copy == null);
    while (!finished && state.round < rounds) {
      round(state, step);
      finished = validation.isPresent() && judge(validation.get(), state);
      keepCopy(state, state.round % every() == 0);
    }
    return state;
  }

  /** Rounds between two evaluations, an epoch's without any. */
  private long every() {
    return validation.map(Validation::every).orElseGet(plan::roundsPerEpoch);
  }

  private void keepCopy(TrainerState state, boolean due) {
    if (due && health.nonFinite() == NonFinite.RETRY) {
      state.keepCopy();
    }
  }

  private void round(TrainerState state, GuardedStep step) {
    long started = System.nanoTime();
    GradientSum sum = runner.gradient(state.theta, state.round);
    long summed = System.nanoTime();
    double rate = schedule.rate(state.step) * state.plateau.factor() * state.rateFactor;
    GuardedStep.Outcome outcome =
        sum.weight() > 0 ? step.run(state, sum, rate, health) : GuardedStep.Outcome.NO_STEP;
    listener.round(
        new RoundReport(
            state.round,
            plan.epoch(state.round),
            sum.meanLoss(),
            outcome.norm(),
            outcome.clipped(),
            rate,
            sum.rows(),
            outcome.figures(),
            outcome.setback(),
            RoundTimes.of(runner, sum, summed - started, System.nanoTime() - summed)));
    state.round++;
  }

  /** Evaluates when it is time; true when patience is at its end. */
  private boolean judge(Validation how, TrainerState state) {
    if (state.round % how.every() != 0 && state.round != rounds) {
      return false;
    }
    SortedMap<String, Double> metrics = how.evaluator().evaluate(state.theta).metrics();
    double score = metrics.get(how.monitor().key());
    how.plateau()
        .ifPresent(
            plateau -> state.plateau = plateau.after(state.plateau, score, how.monitor()::better));
    boolean best = Double.isNaN(state.bestScore) || how.monitor().better(score, state.bestScore);
    if (best) {
      state.keepBestTheta();
      state.bestScore = score;
      state.bestRound = state.round;
      state.evaluationsSinceBest = 0;
    } else {
      state.evaluationsSinceBest++;
    }
    listener.evaluation(
        new EvaluationReport(state.round, 1 + plan.epoch(state.round - 1), metrics, best));
    return state.evaluationsSinceBest >= how.patience();
  }
}
