package io.lakeprop.optim;

/**
 * An optimizer written down in double precision, number by number, from its paper: the other
 * opinion on a thousand steps.
 */
abstract class Oracle {
  final int size;
  final double[] m;
  final double[] v;
  final double[] w;

  Oracle(int size) {
    this.size = size;
    this.m = new double[size];
    this.v = new double[size];
    this.w = new double[size];
  }

  /**
   * Moves theta.
   *
   * @param g gradient
   * @param decay weight decay of each number
   * @param t from 1
   */
  abstract void step(double[] theta, double[] g, double[] decay, int t, double rate);

  /** Element by element, with weight decay in the gradient. */
  abstract static class Coupled extends Oracle {
    Coupled(int size) {
      super(size);
    }

    /** The direction in which a number goes down. */
    abstract double direction(int i, double g, int t);

    @Override
    void step(double[] theta, double[] g, double[] decay, int t, double rate) {
      for (int i = 0; i < size; i++) {
        theta[i] -= rate * direction(i, g[i] + decay[i] * theta[i], t);
      }
    }
  }

  /** Element by element, with weight decay beside the direction. */
  abstract static class Decoupled extends Coupled {
    Decoupled(int size) {
      super(size);
    }

    @Override
    final void step(double[] theta, double[] g, double[] decay, int t, double rate) {
      for (int i = 0; i < size; i++) {
        theta[i] -= rate * (direction(i, g[i], t) + decay[i] * theta[i]);
      }
    }
  }

  /** Adam's direction; updates m and v. */
  final double adam(int i, double g, int t, double b1, double b2, double epsilon) {
    m[i] = b1 * m[i] + (1 - b1) * g;
    v[i] = b2 * v[i] + (1 - b2) * g * g;
    return m[i] / (1 - Math.pow(b1, t)) / (Math.sqrt(v[i] / (1 - Math.pow(b2, t))) + epsilon);
  }

  /** Root of the sum of squares over [from, to). */
  static double norm(double[] x, int from, int to) {
    double sum = 0;
    for (int i = from; i < to; i++) {
      sum += x[i] * x[i];
    }
    return Math.sqrt(sum);
  }
}
