package io.lakeprop.optim;

/** Sizes of vectors, summed in double precision and in order. */
public final class Norms {
  private Norms() {}

  /** The square root of the sum of squares; not finite when an element is not. */
  public static double euclidean(float[] vector) {
    double sum = 0;
    for (float value : vector) {
      sum += (double) value * value;
    }
    return Math.sqrt(sum);
  }
}
