package io.lakeprop.optim;

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

  private static final int BLOCK = 64;

  private Squares() {}

  /**
   * The sum to six digits, for reports, in two thirds of the time: blocks of 64 are summed in
   * single precision, unless numbers are so large or so small that their squares leave its range.
   */
  static double rough(float[] values, int from, int to) {
    double sum = 0;
    int i = from;
    for (; i <= to - BLOCK; i += BLOCK) {
      sum += block(values, i);
    }
    sum += of(values, i, to);
    return sum >= LEAST_ROUGH && sum < Double.POSITIVE_INFINITY ? sum : of(values, from, to);
  }

  private static float block(float[] values, int from) {
    float a = 0;
    float b = 0;
    float c = 0;
    float d = 0;
    float e = 0;
    float f = 0;
    float g = 0;
    float h = 0;
    for (int i = from; i < from + BLOCK; i += 8) {
      a += values[i] * values[i];
      b += values[i + 1] * values[i + 1];
      c += values[i + 2] * values[i + 2];
      d += values[i + 3] * values[i + 3];
      e += values[i + 4] * values[i + 4];
      f += values[i + 5] * values[i + 5];
      g += values[i + 6] * values[i + 6];
      h += values[i + 7] * values[i + 7];
    }
    return ((a + b) + (c + d)) + ((e + f) + (g + h));
  }

  /** Four sums side by side: one alone would wait for each addition to finish. */
  static double of(float[] values, int from, int to) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int i = from;
    for (; i < to - 3; i += 4) {
      a += (double) values[i] * values[i];
      b += (double) values[i + 1] * values[i + 1];
      c += (double) values[i + 2] * values[i + 2];
      d += (double) values[i + 3] * values[i + 3];
    }
    for (; i < to; i++) {
      a += (double) values[i] * values[i];
    }
    return (a + b) + (c + d);
  }
}
