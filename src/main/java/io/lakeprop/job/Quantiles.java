package io.lakeprop.job;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToLongFunction;

/** The middle and the ninth decile of some times. */
record Quantiles(double median, double p90) {
  /** Of nanoseconds, in milliseconds. */
  static <T> Quantiles millis(List<T> of, ToLongFunction<T> nanos) {
    long[] sorted = of.stream().mapToLong(nanos).toArray();
    Arrays.sort(sorted);
    return new Quantiles(at(sorted, 0.5), at(sorted, 0.9));
  }

  private static double at(long[] sorted, double fraction) {
    return sorted.length == 0
        ? Double.NaN
        : sorted[(int) Math.min(sorted.length - 1L, Math.round(fraction * (sorted.length - 1)))]
            * 1e-6;
  }
}
