package io.lakeprop.job;

import io.lakeprop.base.Check;
import io.lakeprop.optim.Plateau;
import io.lakeprop.optim.Schedule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The learning rate as a job file has it; how long it is in rounds comes with the data.
 *
 * @param scaling of the learning rate with the rows of a step
 * @param warmup before the first part
 */
record Rate(double learningRate, RateScaling scaling, Length warmup, List<Part> parts) {
  Rate {
    Check.positive(learningRate, "learning_rate");
    parts = List.copyOf(parts);
  }

  /**
   * One of several schedules that follow each other.
   *
   * @param rate factor of the learning rate
   * @param length empty for the rest of the training
   */
  record Part(RateCurve curve, double rate, Optional<Length> length) {
    Part {
      Check.positive(rate, "rate");
      length.ifPresent(own -> Check.positive(own.count(), "length"));
    }
  }

  /** As a run says it; empty where it does not follow the rows of a step. */
  Optional<String> words(int rows) {
    return scaling.words(learningRate, rows);
  }

  /** The rate for steps of so many rows. */
  Rate scaled(int rows) {
    return new Rate(learningRate * scaling.factor(rows), RateScaling.NONE, warmup, parts);
  }

  /** What steps of so many rows multiply the learning rate with. */
  double factor(int rows) {
    return scaling.factor(rows);
  }

  Schedule schedule(long rounds, long roundsPerEpoch) {
    long warm = Math.min(rounds, Math.round(warmup.rounds(roundsPerEpoch)));
    long left = rounds - warm;
    List<Schedule.Phase> phases = new ArrayList<>();
    for (Part part : parts) {
      long rest = Math.max(1, left);
      long steps = part.length().map(length -> length.wholeRounds(roundsPerEpoch)).orElse(rest);
      double start = learningRate * part.rate();
      phases.add(new Schedule.Phase(steps, part.curve().schedule(start, steps, roundsPerEpoch)));
      left -= steps;
    }
    Schedule main = phases.size() == 1 ? phases.get(0).schedule() : new Schedule.Joined(phases);
    return warm == 0 ? main : new Schedule.WarmUp(warm, main);
  }

  /** How the rate follows validation scores, if it does. */
  Optional<Plateau> plateau() {
    return parts.get(0).curve() instanceof RateCurve.ReduceOnPlateau reduce
        ? Optional.of(reduce.plateau(learningRate * parts.get(0).rate()))
        : Optional.empty();
  }
}
