package io.lakeprop.optim;

import io.lakeprop.base.Check;
import java.util.List;

/** The learning rate of each step, counted from 0. */
public sealed interface Schedule
    permits Schedule.Constant,
        Schedule.Step,
        Schedule.Cosine,
        Schedule.Linear,
        Schedule.WarmUp,
        Schedule.Joined,
        Decline,
        Cycle {
  /** The rate of the step that follows {@code step} earlier ones. */
  double rate(long step);

  /** The same rate always. */
  record Constant(double rate) implements Schedule {
    public Constant {
      Check.notNegative(rate, "learning_rate");
    }

    @Override
    public double rate(long step) {
      return rate;
    }
  }

  /** Multiplied by {@code factor} after every {@code every} steps. */
  record Step(double start, long every, double factor) implements Schedule {
    public Step {
      Check.notNegative(start, "learning_rate");
      Check.require(every >= 1, "every must be positive", "every", every);
      Check.positive(factor, "factor");
    }

    @Override
    public double rate(long step) {
      long times = step / every;
      return start * StrictMath.pow(factor, (double) times);
    }
  }

  /**
   * Half a cosine wave from {@code start} down to {@code end} in {@code steps} steps, then {@code
   * end} (Loshchilov and Hutter 2017, without restarts).
   */
  record Cosine(double start, double end, long steps) implements Schedule {
    public Cosine {
      Check.notNegative(start, "learning_rate");
      Check.notNegative(end, "final_rate");
      Check.require(steps >= 1, "steps must be positive", "steps", steps);
    }

    @Override
    public double rate(long step) {
      double progress = Math.min(step, steps) / (double) steps;
      return end + (start - end) * 0.5 * (1 + StrictMath.cos(Math.PI * progress));
    }
  }

  /** A straight line from {@code start} to {@code end} in {@code steps} steps, then {@code end}. */
  record Linear(double start, double end, long steps) implements Schedule {
    public Linear {
      Check.notNegative(start, "learning_rate");
      Check.notNegative(end, "final_rate");
      Check.require(steps >= 1, "steps must be positive", "steps", steps);
    }

    @Override
    public double rate(long step) {
      return start + (end - start) * Math.min(step, steps) / steps;
    }
  }

  /**
   * {@code (step + 1) / steps} of the first rate of {@code then}, so that the first step already
   * moves; after {@code steps} steps {@code then} itself, which counts from there.
   */
  record WarmUp(long steps, Schedule then) implements Schedule {
    public WarmUp {
      Check.require(steps >= 1, "steps must be positive", "steps", steps);
    }

    @Override
    public double rate(long step) {
      return step < steps ? then.rate(0) * (step + 1) / steps : then.rate(step - steps);
    }
  }

  /**
   * A schedule and its length.
   *
   * @param steps it lasts; the last of several goes on for ever
   */
  record Phase(long steps, Schedule schedule) {
    public Phase {
      Check.require(steps >= 1, "steps must be positive", "steps", steps);
    }
  }

  /** One after the other, each counting its own steps. */
  record Joined(List<Phase> phases) implements Schedule {
    public Joined {
      phases = List.copyOf(phases);
      Check.require(!phases.isEmpty(), "phases must be there", "phases", phases);
    }

    @Override
    public double rate(long step) {
      long left = step;
      for (Phase phase : phases.subList(0, phases.size() - 1)) {
        if (left < phase.steps()) {
          return phase.schedule().rate(left);
        }
        left -= phase.steps();
      }
      return phases.get(phases.size() - 1).schedule().rate(left);
    }
  }
}
