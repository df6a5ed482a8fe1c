package io.lakeprop.optim;

import io.lakeprop.base.Chunks;

/** Sums of squares, in double precision. */
final class Squares {
  /** A sum over the elements [from, to). */
  @FunctionalInterface
  interface Figure {
    double of(float[] update, float[] theta, int from, int to);
  }

  static final Figure UPDATE = (update, theta, from, to) -> of(update, from, to);
  static final Figure THETA = (update, theta, from, to) -> of(theta, from, to);

  /** Of theta as it will be when the step ends here. */
  static final Figure MOVED =
      (update, theta, from, to) -> {
        double sum = 0;
        for (int i = from; i < to; i++) {
          double moved = (double) theta[i] + update[i];
          sum += moved * moved;
        }
        return sum;
      };

  /** Below it squares in single precision may have lost too much. */
  private static final double LEAST_ROUGH = 1e-30;

  /** Sums side by side: so many that the loop over them becomes vector instructions. */
  private static final int LANES = 256;

  private Squares() {}

  /**
   * The sum to six digits, for reports, several times as fast: many sums side by side in single
   * precision, unless numbers are so large or so small that their squares leave its range.
   */
  static double rough(float[] values, int from, int to) {
    int lanes = (to - from) / LANES * LANES;
    double sum = of(values, from + lanes, to);
    if (lanes > 0) {
      float[] sums = new float[LANES];
      float[] block = new float[LANES];
      for (int i = from; i < from + lanes; i += LANES) {
        System.arraycopy(values, i, block, 0, LANES);
        addSquares(block, sums);
      }
      for (float each : sums) {
        sum += each;
      }
    }
    return sum >= LEAST_ROUGH && sum < Double.POSITIVE_INFINITY ? sum : of(values, from, to);
  }

  /** Only a loop with the same index in every array becomes vector instructions. */
  private static void addSquares(float[] block, float[] sums) {
    for (int lane = 0; lane < LANES; lane++) {
      sums[lane] += block[lane] * block[lane];
    }
  }

  static double of(float[] values, int from, int to) {
    return Chunks.dot(values, values, from, to);
  }
}
