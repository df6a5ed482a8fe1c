package io.lakeprop.train;

import java.util.Arrays;

/** The last numbers of a row of them, and their median. */
final class Recent {
  private final double[] numbers;
  private long seen;

  Recent(int size) {
    numbers = new double[size];
  }

  void add(double number) {
    numbers[(int) (seen++ % numbers.length)] = number;
  }

  /** Numbers seen, those that are forgotten included. */
  long seen() {
    return seen;
  }

  boolean full() {
    return seen >= numbers.length;
  }

  /** The middle one, the larger of two; must not be asked before the first number. */
  double median() {
    double[] sorted = Arrays.copyOf(numbers, (int) Math.min(seen, numbers.length));
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
