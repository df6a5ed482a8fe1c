package io.lakeprop.train;

import io.lakeprop.eval.Monitor;
import io.lakeprop.nn.ParameterLayout;
import io.lakeprop.nn.RunningMoments;
import io.lakeprop.optim.Lbfgs;
import io.lakeprop.optim.Plateau;
import io.lakeprop.optim.Schedule;
import io.lakeprop.optim.Update;
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
 * @param averaging of theta, for what is judged and stored
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
    Averaging averaging) {
  /** Without an average. */
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
        new Averaging.None());
  }

  /**
   * Early stopping.
   *
   * @param every rounds between two evaluations
   * @param patience evaluations without a new best after which training ends
   * @param plateau when to lower the rate; empty for never
   */
  public record Validation(
      Evaluator evaluator, Monitor monitor, long every, int patience, Optional<Plateau> plateau) {}

  /** Goes on from a state to the end of training, and returns the same object. */
  public TrainerState run(TrainerState state) {
    if (state.average == null) {
      averaging.start(state.theta).ifPresent(start -> state.average = start);
    }
    boolean finished = false;
    while (!finished && state.round < rounds) {
      round(state);
      finished = state.round == rounds || Lbfgs.ended(state.memory);
      finished |= validation.isPresent() && judge(validation.get(), state, finished);
    }
    // Without validation nobody has asked for it so far, and it is what stays.
    judged(state);
    return state;
  }

  private void round(TrainerState state) {
    long started = System.nanoTime();
    GradientSum sum = runner.gradient(state.theta, state.round);
    long summed = System.nanoTime();
    double norm = 0;
    double rate = schedule.rate(state.step) * state.plateau.factor();
    Optional<Boolean> clipped = Optional.empty();
    if (sum.weight() > 0) {
      float[] seen = moments.take(sum.gradient(), sum.weight());
      Update update = sum.meanGradient(state.theta, state.memory, state.step, rate);
      if (Lbfgs.accepted(state.memory).isEmpty()) {
        // A line search takes a shorter step instead.
        Diverged.guard(state.round, sum.meanLoss(), update, layout);
      }
      norm = update.norm();
      rule.apply(update);
      // No rule reads the moments or moves them: so they can be taken into an average, too.
      moments.move(state.theta, seen, sum.rows());
      step(update, state);
      clipped = update.clipped();
    }
    listener.round(
        new RoundReport(
            state.round,
            plan.epoch(state.round),
            sum.meanLoss(),
            norm,
            clipped,
            rate,
            sum.rows(),
            RoundTimes.of(runner, sum, summed - started, System.nanoTime() - summed)));
    state.round++;
  }

  /** Ends the step, and takes theta into its average in the same pass over memory. */
  private void step(Update update, TrainerState state) {
    state.step++;
    float weight = (float) averaging.weight(state.round + 1, state.step, state.averaged);
    if (weight == 0) {
      update.addToTheta();
      return;
    }
    update.addToTheta(state.average, weight);
    state.averaged++;
    if (averaging.estimatesMoments()) {
      // What the moments are estimated about: it must not depend on how often that was done before.
      moments.copy(state.theta, state.average);
    }
  }

  /** Which theta is judged, kept as the best and stored: the average, once it has begun. */
  private float[] judged(TrainerState state) {
    if (state.averaged == 0) {
      return state.settledTheta();
    }
    if (averaging.estimatesMoments()
        && moments.size() > 0
        && state.averagedAtMoments != state.averaged) {
      new EpochMoments(runner, plan, moments).set(state.average);
      state.averagedAtMoments = state.averaged;
    }
    return state.average;
  }

  /** Evaluates when it is time and at the last round; true when patience is at its end. */
  private boolean judge(Validation how, TrainerState state, boolean last) {
    if (state.round % how.every() != 0 && !last) {
      return false;
    }
    float[] judged = judged(state);
    SortedMap<String, Double> metrics = how.evaluator().evaluate(judged).metrics();
    double score = metrics.get(how.monitor().key());
    how.plateau()
        .ifPresent(
            plateau -> state.plateau = plateau.after(state.plateau, score, how.monitor()::better));
    boolean best = Double.isNaN(state.bestScore) || how.monitor().better(score, state.bestScore);
    if (best) {
      state.keepBestTheta(judged);
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
