package io.lakeprop.job;

import io.lakeprop.base.Check;
import io.lakeprop.optim.Cycle;
import io.lakeprop.optim.Decline;
import io.lakeprop.optim.Plateau;
import io.lakeprop.optim.Schedule;
import java.util.List;

/** A schedule before its steps are known: one record a {@code schedule.type} of job files. */
sealed interface RateCurve {
  /**
   * The schedule.
   *
   * @param rate it begins with, or its peak
   * @param steps it has
   */
  Schedule schedule(double rate, long steps, long roundsPerEpoch);

  /** The same rate always. */
  record Constant() implements RateCurve {
    @Override
    public Schedule schedule(double rate, long steps, long roundsPerEpoch) {
      return new Schedule.Constant(rate);
    }
  }

  /** Falls now and then. */
  record Step(Length every, double factor) implements RateCurve {
    public Step {
      Check.positive(every.count(), "every");
      Check.positive(factor, "factor");
    }

    @Override
    public Schedule schedule(double rate, long steps, long roundsPerEpoch) {
      return new Schedule.Step(rate, every.wholeRounds(roundsPerEpoch), factor);
    }
  }

  /** Falls at given times. */
  record MultiStep(List<Length> at, double factor) implements RateCurve {
    public MultiStep {
      at = List.copyOf(at);
      Check.positive(factor, "factor");
      Check.require(!at.isEmpty(), "at_epochs or at_rounds must be there", "at", at);
      at.forEach(mark -> Check.positive(mark.count(), "at"));
    }

    @Override
    public Schedule schedule(double rate, long steps, long roundsPerEpoch) {
      List<Long> marks = at.stream().map(mark -> mark.wholeRounds(roundsPerEpoch)).toList();
      return new Decline.MultiStep(rate, marks, factor);
    }
  }

  /** Falls by a factor in a time, smoothly. */
  record Exponential(Length every, double factor) implements RateCurve {
    public Exponential {
      Check.positive(every.count(), "every");
      Check.positive(factor, "factor");
    }

    @Override
    public Schedule schedule(double rate, long steps, long roundsPerEpoch) {
      return new Decline.Exponential(rate, every.rounds(roundsPerEpoch), factor);
    }
  }

  /** Falls as one over time. */
  record InverseTime(Length every, double decay) implements RateCurve {
    public InverseTime {
      Check.positive(every.count(), "every");
      Check.notNegative(decay, "decay");
    }

    @Override
    public Schedule schedule(double rate, long steps, long roundsPerEpoch) {
      return new Decline.InverseTime(rate, every.rounds(roundsPerEpoch), decay);
    }
  }

  /** Half a cosine wave. */
  record Cosine(double finalRate) implements RateCurve {
    public Cosine {
      Check.notNegative(finalRate, "final_rate");
    }

    @Override
    public Schedule schedule(double rate, long steps, long roundsPerEpoch) {
      return new Schedule.Cosine(rate, finalRate, steps);
    }
  }

  /** A straight line. */
  record Linear(double finalRate) implements RateCurve {
    public Linear {
      Check.notNegative(finalRate, "final_rate");
    }

    @Override
    public Schedule schedule(double rate, long steps, long roundsPerEpoch) {
      return new Schedule.Linear(rate, finalRate, steps);
    }
  }

  /** A power of what is left. */
  record Polynomial(double finalRate, double power) implements RateCurve {
    public Polynomial {
      Check.notNegative(finalRate, "final_rate");
      Check.positive(power, "power");
    }

    @Override
    public Schedule schedule(double rate, long steps, long roundsPerEpoch) {
      return new Decline.Polynomial(rate, finalRate, steps, power);
    }
  }

  /** Cosine waves, each longer than the one before. */
  record CosineWarmRestarts(double finalRate, Length first, int growth) implements RateCurve {
    public CosineWarmRestarts {
      Check.notNegative(finalRate, "final_rate");
      Check.positive(first.count(), "first");
      Check.positive(growth, "growth");
    }

    @Override
    public Schedule schedule(double rate, long steps, long roundsPerEpoch) {
      return new Cycle.CosineRestarts(rate, finalRate, first.wholeRounds(roundsPerEpoch), growth);
    }
  }

  /** Up and down once. */
  record OneCycle(double rise, double startDivisor, double finalDivisor) implements RateCurve {
    public OneCycle {
      Check.fraction(rise, "rise");
      Check.positive(startDivisor, "start_divisor");
      Check.positive(finalDivisor, "final_divisor");
    }

    @Override
    public Schedule schedule(double rate, long steps, long roundsPerEpoch) {
      return new Cycle.OneCycle(rate, steps, rise, startDivisor, finalDivisor);
    }
  }

  /** Falls when the monitored metric stays. */
  record ReduceOnPlateau(double factor, int patience, double threshold, double finalRate)
      implements RateCurve {
    public ReduceOnPlateau {
      Check.notNegative(finalRate, "final_rate");
      new Plateau(factor, patience, threshold, 0);
    }

    @Override
    public Schedule schedule(double rate, long steps, long roundsPerEpoch) {
      return new Schedule.Constant(rate);
    }

    Plateau plateau(double rate) {
      return new Plateau(factor, patience, threshold, Math.min(1, finalRate / rate));
    }
  }
}
