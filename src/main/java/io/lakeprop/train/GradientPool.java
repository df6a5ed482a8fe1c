package io.lakeprop.train;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Sums that one thread fills again and again: a round's slices need as many at once as the tree is
 * high, and making each anew would be most of what a round allocates.
 */
public final class GradientPool {
  private final int parameters;
  private final int counters;
  private final Deque<GradientSum> free = new ArrayDeque<>();

  /**
   * @param parameters of the sums
   * @param counters of units' flat rows
   */
  public GradientPool(int parameters, int counters) {
    this.parameters = parameters;
    this.counters = counters;
  }

  /** An empty sum. */
  GradientSum take() {
    GradientSum sum = free.poll();
    if (sum == null) {
      return new GradientSum(parameters, counters);
    }
    sum.clear();
    return sum;
  }

  /** Takes back a sum that nobody reads any more. */
  public void give(GradientSum sum) {
    free.push(sum);
  }

  /** Adds the right sum to the left, which is returned; the right one is taken back. */
  public GradientSum merge(GradientSum left, GradientSum right) {
    left.merge(right);
    give(right);
    return left;
  }
}
