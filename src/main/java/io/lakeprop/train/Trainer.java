package io.lakeprop.train;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.eval.MetricSum;
import io.lakeprop.eval.Monitor;
import io.lakeprop.nn.ParameterLayout;
import io.lakeprop.nn.RunningMoments;
import io.lakeprop.optim.Lbfgs;
import io.lakeprop.optim.Plateau;
import io.lakeprop.optim.Schedule;
import io.lakeprop.optim.UpdateRule;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

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
 * @param health what to report of layers, and what to do with rounds that are not finite
 * @param keeper of what has been reached
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
    Averaging averaging,
    Health health,
    Keeper keeper) {

  /** Without an average and a keeper, with {@link Health#DEFAULT}. */
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
        new Averaging.None(),
        Health.DEFAULT,
        Keeper.NONE);
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

  /**
   * Goes on from a state to the end of training, or until the keeper asks to stop, and returns the
   * same object.
   */
  public TrainerState run(TrainerState state) {
    GuardedStep step = GuardedStep.of(layout, moments, rule);
    JudgedTheta judged = new JudgedTheta(averaging, runner, plan, moments);
    judged.begin(state);
    keepCopy(state, state.copy == null);
    while (!ended(state) && !keeper.asksToStop()) {
      round(state, step, judged);
      boolean sound = validation.isEmpty() || judge(validation.get(), state, judged);
      keepCopy(state, sound && state.round % every() == 0);
      state.whole = true;
      keeper.roundDone(state, ended(state));
    }
    if (ended(state)) {
      // Without validation nobody has asked for it so far, and it is what stays.
      judged.of(state);
    }
    return state;
  }

  /** Whether training has come to its end. */
  public boolean ended(TrainerState state) {
    return ending(state).isPresent();
  }

  /** Why training has come to its end; empty where it has not. */
  public Optional<Ending> ending(TrainerState state) {
    if (state.round >= rounds) {
      return Optional.of(Ending.ROUNDS);
    }
    if (Lbfgs.ended(state.memory)) {
      return Optional.of(Ending.LINE_SEARCH);
    }
    boolean patience =
        validation.isPresent() && state.evaluationsSinceBest >= validation.get().patience();
    return patience ? Optional.of(Ending.PATIENCE) : Optional.empty();
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

  private void round(TrainerState state, GuardedStep step, JudgedTheta judged) {
    long started = System.nanoTime();
    GradientSum sum = runner.gradient(state.theta, state.round);
    long summed = System.nanoTime();
    state.whole = false;
    double rate = schedule.rate(state.step) * state.plateau.factor() * state.rateFactor;
    GuardedStep.Outcome outcome =
        sum.weight() > 0 ? step.run(state, sum, rate, health) : GuardedStep.Outcome.NO_STEP;
    if (sum.weight() > 0 && outcome.setback().isEmpty()) {
      judged.afterStep(state);
    }
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

  private static double score(Monitor monitor, MetricSum sum) {
    Double score = sum.metrics().get(monitor.key());
    if (score == null) {
      throw new InvalidInput(
          "training.monitor must be defined on the validation rows, however: %s is not, %s"
              .formatted(monitor.key(), sum.undefined().get(monitor.key())));
    }
    return score;
  }

  /**
   * Evaluates when it is time and at the last round; false where the network's numbers overflow.
   */
  private boolean judge(Validation how, TrainerState state, JudgedTheta judged) {
    if (state.round % how.every() != 0 && !ended(state)) {
      return true;
    }
    float[] theta = judged.of(state);
    MetricSum sum = how.evaluator().evaluate(theta);
    if (!sum.overflowed().isEmpty()) {
      overflowed(state, sum);
      return false;
    }
    double score = score(how.monitor(), sum);
    how.plateau()
        .ifPresent(
            plateau -> state.plateau = plateau.after(state.plateau, score, how.monitor()::better));
    boolean best = Double.isNaN(state.bestScore) || how.monitor().better(score, state.bestScore);
    if (best) {
      state.keepBestTheta(theta);
      state.bestScore = score;
      state.bestRound = state.round;
      state.evaluationsSinceBest = 0;
    } else {
      state.evaluationsSinceBest++;
    }
    report(state, sum.metrics(), sum.reasons(), best);
    return true;
  }

  /**
   * Meets an evaluation without numbers. Where rounds that are not finite do not end the training,
   * they judge of this theta, too, unless there is no round to come and no theta to fall back on.
   */
  private void overflowed(TrainerState state, MetricSum sum) {
    state.evaluationsSinceBest++;
    if (health.nonFinite() == NonFinite.STOP || (ended(state) && Double.isNaN(state.bestScore))) {
      sum.checked("validation");
    }
    SortedMap<String, Double> numbers = new TreeMap<>(sum.metrics());
    numbers.keySet().removeAll(sum.overflowed());
    report(state, numbers, sum.reasons(), false);
  }

  private void report(
      TrainerState state,
      SortedMap<String, Double> metrics,
      SortedMap<String, String> reasons,
      boolean best) {
    listener.evaluation(
        new EvaluationReport(state.round, 1 + plan.epoch(state.round - 1), metrics, reasons, best));
  }
}
