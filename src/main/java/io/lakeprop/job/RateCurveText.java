package io.lakeprop.job;

import io.lakeprop.train.RateSweep;
import java.util.List;
import java.util.Locale;

/** The curve of a sweep of rates as lines of text, with what it suggests. */
final class RateCurveText {
  private static final int MOST_LINES = 24;
  private static final int WIDTH = 50;

  private RateCurveText() {}

  static void print(RateSweep sweep, Console console) {
    List<RateSweep.Point> points = sweep.points();
    int step = Math.max(1, (points.size() + MOST_LINES - 1) / MOST_LINES);
    double low = Double.MAX_VALUE;
    double high = -Double.MAX_VALUE;
    for (int i = 0; i < points.size(); i += step) {
      low = Math.min(low, points.get(i).smoothed());
      high = Math.max(high, points.get(i).smoothed());
    }
    console.line("rate", "loss, mean of neighbouring rounds");
    for (int i = 0; i < points.size(); i += step) {
      double loss = points.get(i).smoothed();
      double share = high > low ? (loss - low) / (high - low) : 0;
      console.line(
          String.format(Locale.ROOT, "%.1e", points.get(i).rate()),
          "%9s  %s",
          Console.number(loss),
          "#".repeat(1 + (int) Math.round(share * (WIDTH - 1))));
    }
    console.line("suggestion", "%s", words(sweep));
  }

  private static String words(RateSweep sweep) {
    return sweep
        .suggestion()
        .map(
            rate ->
                "optimizer.learning_rate: %s, where the loss falls fastest; it is lowest at %s"
                    .formatted(rounded(rate), rounded(sweep.lowest().orElseThrow())))
        .orElse("none: the loss fell at no rate (try other --from, --to, or more --rounds)");
  }

  /** Two significant digits, as a job file takes them. */
  private static String rounded(double rate) {
    return new java.math.BigDecimal(rate)
        .round(new java.math.MathContext(2))
        .stripTrailingZeros()
        .toPlainString();
  }
}
