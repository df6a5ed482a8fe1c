package io.lakeprop.optim;

import io.lakeprop.base.Check;
import java.util.List;

/** Schedules that only fall. */
public sealed interface Decline extends Schedule {
  /** Multiplied by {@code factor} at each of the given steps. */
  record MultiStep(double start, List<Long> at, double factor) implements Decline {
    public MultiStep {
      Check.notNegative(start, "learning_rate");
      Check.positive(factor, "factor");
      at = List.copyOf(at);
    }

    @Override
    public double rate(long step) {
      long times = at.stream().filter(mark -> mark <= step).count();
      return start * StrictMath.pow(factor, (double) times);
    }
  }

  /** {@code start factor^(step / every)}: by {@code factor} in {@code every} steps, smoothly. */
  record Exponential(double start, double every, double factor) implements Decline {
    public Exponential {
      Check.notNegative(start, "learning_rate");
      Check.positive(every, "every");
      Check.positive(factor, "factor");
    }

    @Override
    public double rate(long step) {
      return start * StrictMath.pow(factor, step / every);
    }
  }

  /** {@code start / (1 + decay step / every)}. */
  record InverseTime(double start, double every, double decay) implements Decline {
    public InverseTime {
      Check.notNegative(start, "learning_rate");
      Check.positive(every, "every");
      Check.notNegative(decay, "decay");
    }

    @Override
    public double rate(long step) {
      return start / (1 + decay * step / every);
    }
  }

  /**
   * {@code end + (start - end) (1 - step / steps)^power}, then {@code end}; power 1 is a straight
   * line.
   */
  record Polynomial(double start, double end, long steps, double power) implements Decline {
    public Polynomial {
      Check.notNegative(start, "learning_rate");
      Check.notNegative(end, "final_rate");
      Check.require(steps >= 1, "steps must be positive", "steps", steps);
      Check.positive(power, "power");
    }

    @Override
    public double rate(long step) {
      double left = 1 - Math.min(step, steps) / (double) steps;
      return end + (start - end) * StrictMath.pow(left, power);
    }
  }
}
