package io.lakeprop.train;

import io.lakeprop.nn.RunningMoments;

/**
 * Which theta is judged, kept as the best and stored: its average once that has begun, the point
 * that a line search has accepted, or theta itself.
 */
record JudgedTheta(
    Averaging averaging, RoundRunner runner, RoundPlan plan, RunningMoments moments) {
  /** Before the first round of a training. */
  void begin(TrainerState state) {
    if (state.average == null) {
      averaging.start(state.theta).ifPresent(start -> state.average = start);
    }
  }

  /** Takes theta into its average after a step, when it is time. */
  void afterStep(TrainerState state) {
    float weight = (float) averaging.weight(state.round + 1, state.step, state.averaged);
    if (weight > 0) {
      state.takeIntoAverage(weight);
      if (averaging.estimatesMoments()) {
        // What they are estimated about: it must not depend on how often that was done before.
        moments.copy(state.theta, state.average);
      }
    }
  }

  /** The theta to judge; running moments of an average are taken anew where it asks for that. */
  float[] of(TrainerState state) {
    if (state.averaged == 0) {
      return state.settledTheta();
    }
    boolean outdated = state.averagedAtMoments != state.averaged;
    if (averaging.estimatesMoments() && moments.size() > 0 && outdated) {
      new EpochMoments(runner, plan, moments).set(state.average);
      state.averagedAtMoments = state.averaged;
    }
    return state.average;
  }
}
