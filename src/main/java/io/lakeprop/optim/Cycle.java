package io.lakeprop.optim;

import io.lakeprop.base.Check;

/** Schedules that rise again. */
public sealed interface Cycle extends Schedule {
  /**
   * Cosine waves from {@code start} down to {@code end}, each as long as {@code growth} times the
   * one before (Loshchilov and Hutter 2017, equation 5).
   *
   * @param steps of the first
   */
  record CosineRestarts(double start, double end, long steps, int growth) implements Cycle {
    public CosineRestarts {
      Check.notNegative(start, "learning_rate");
      Check.notNegative(end, "final_rate");
      Check.require(steps >= 1, "steps must be positive", "steps", steps);
      Check.positive(growth, "growth");
    }

    @Override
    public double rate(long step) {
      long length = steps;
      long inside = step;
      if (growth == 1) {
        inside %= length;
      }
      while (inside >= length) {
        inside -= length;
        length *= growth;
      }
      return new Cosine(start, end, length).rate(inside);
    }
  }

  /**
   * One cycle (Smith and Topin 2018) with half cosine waves: from {@code peak / startDivisor} up to
   * {@code peak} in the fraction {@code rise} of the steps, and down to {@code peak / (startDivisor
   * finalDivisor)} at the last one.
   */
  record OneCycle(double peak, long steps, double rise, double startDivisor, double finalDivisor)
      implements Cycle {
    public OneCycle {
      Check.notNegative(peak, "learning_rate");
      Check.require(steps >= 1, "steps must be positive", "steps", steps);
      Check.fraction(rise, "rise");
      Check.positive(startDivisor, "start_divisor");
      Check.positive(finalDivisor, "final_divisor");
    }

    @Override
    public double rate(long step) {
      double start = peak / startDivisor;
      double top = Math.max(0, rise * steps - 1);
      double last = steps - 1;
      double at = Math.min((double) step, last);
      return at < top
          ? wave(start, peak, at / top)
          : wave(peak, start / finalDivisor, last > top ? (at - top) / (last - top) : 1);
    }

    private static double wave(double from, double to, double progress) {
      return to + (from - to) * 0.5 * (1 + StrictMath.cos(Math.PI * progress));
    }
  }
}
