package io.lakeprop.optim;

import io.lakeprop.base.Check;

/**
 * Multiplies the rate by {@code factor} when a validation score has been no better for more than
 * {@code patience} evaluations.
 *
 * @param threshold a score is better only by more than this part of the best one. NOTE[DIFF] from
 *     PyTorch, whose margin has the wrong sign for scores below 0
 * @param least the factor of the rate never falls below it
 */
public record Plateau(double factor, int patience, double threshold, double least) {
  public Plateau {
    Check.require(factor > 0 && factor < 1, "factor must be in (0, 1)", "factor", factor);
    Check.notNegative(patience, "patience");
    Check.notNegative(threshold, "threshold");
    Check.require(least >= 0 && least <= 1, "least must be in [0, 1]", "least", least);
  }

  /** Which of two scores is better. */
  @FunctionalInterface
  public interface Order {
    boolean better(double score, double best);
  }

  /**
   * Where it stands.
   *
   * @param factor of the rate
   * @param best score so far; NaN without any
   * @param bad evaluations since then or since the last reduction
   */
  public record Progress(double factor, double best, int bad) {
    /** Before the first evaluation. */
    public static final Progress START = new Progress(1, Double.NaN, 0);
  }

  /** Where it stands after one more evaluation. */
  public Progress after(Progress before, double score, Order order) {
    double best = before.best();
    boolean first = Double.isNaN(best);
    // No part of an infinite score is a margin: whatever is better is so by enough.
    double margin = Double.isInfinite(best) ? 0 : threshold * Math.abs(best);
    boolean better = first || (order.better(score, best) && Math.abs(score - best) > margin);
    if (better) {
      return new Progress(before.factor(), score, 0);
    }
    return before.bad() < patience
        ? new Progress(before.factor(), best, before.bad() + 1)
        : new Progress(Math.max(least, before.factor() * factor), best, 0);
  }
}
