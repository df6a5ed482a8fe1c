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

  private Squares() {}

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
