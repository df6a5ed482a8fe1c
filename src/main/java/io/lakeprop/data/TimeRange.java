package io.lakeprop.data;

import io.lakeprop.base.InvalidInput;
import java.io.Serializable;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * From when to when the dates or timestamps of the training rows were, so that a number in another
 * unit is refused: milliseconds for seconds, seconds for days. Tables with a type for times are
 * looked at, too: whoever made a timestamp of a number may have mistaken its unit.
 *
 * <p>A number is refused when it is
 *
 * <ul>
 *   <li>after the year 9999 or as far before 1970, or more than 500 times as far from 1970 as any
 *       training row (though not in the two centuries around 1970), and more than twice as far as
 *       any training row. Milliseconds of 1978 and later are beyond the year 9999 when read as
 *       seconds, seconds of 1970-02-04 and later when read as days. Later dates pass, and so do the
 *       marks 0001-01-01 and 9999-12-31, unless training saw nothing after the first weeks of 1970;
 *   <li>a timestamp within a five-hundredth of the training rows' shortest distance from 1970, if
 *       it is within ten times theirs when read as days or as thousands. The first minutes of
 *       1970-01-01 and its midnight somewhere on earth pass, which stand for "none" in many tables.
 * </ul>
 *
 * @param smallest of the training rows, in the feature's unit; above {@code largest} when the model
 *     does not say
 */
public record TimeRange(double smallest, double largest) implements Serializable {
  /** Of plain numbers, and of models from before ranges were kept. */
  public static final TimeRange UNKNOWN =
      new TimeRange(Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY);

  private static final double SECONDS_A_DAY = 86_400;
  private static final double YEAR_2070 = 36_525;
  private static final double YEAR_10000 = 2_932_897;

  /** Between a real date and a mistaken unit: the least of these is 1000. */
  private static final double FARTHER = 500;

  /** Between times of a training table and those of another, both counted from 1970. */
  private static final double NEAR = 10;

  /** What a number may count in place of 1. */
  private static final List<Double> LARGER_UNITS = List.of(SECONDS_A_DAY, 1e3);

  /** Seconds in what a number may count. */
  private static final Map<String, Double> UNITS =
      Map.of(
          "nanoseconds", 1e-9,
          "microseconds", 1e-6,
          "milliseconds", 1e-3,
          "seconds", 1.0,
          "days", SECONDS_A_DAY);

  /**
   * What training saw of a column; plain numbers have no unit that could be mistaken.
   *
   * @param log whether the statistics are of logarithms, as {@link Feature#signedLog} makes them
   */
  static TimeRange of(NumberStats stats, NumberUnit unit, boolean log) {
    return unit == NumberUnit.PLAIN || stats.present() == 0
        ? UNKNOWN
        : new TimeRange(
            log ? signedExp(stats.smallest()) : stats.smallest(),
            log ? signedExp(stats.largest()) : stats.largest());
  }

  /** The whole number of days or seconds of a logarithm. */
  private static double signedExp(double log) {
    return Math.copySign(Math.rint(StrictMath.expm1(Math.abs(log))), log);
  }

  /** Whether the model says which numbers training had. */
  public boolean isKnown() {
    return smallest <= largest;
  }

  /**
   * Refuses a number that must be in another unit.
   *
   * @param value finite
   */
  void check(double value, NumberUnit unit, String column) {
    if (isKnown() && (isTooFar(value, unit) || isTooNear(value, unit))) {
      throw new InvalidInput(
          "column \"%s\" must be %s since 1970 as in training, from %s to %s, however: %s%s"
              .formatted(
                  column,
                  unit == NumberUnit.DAYS ? "days" : "seconds",
                  shown(smallest, unit),
                  shown(largest, unit),
                  value,
                  guess(value, unit)));
    }
  }

  private double farthest() {
    return Math.max(Math.abs(smallest), Math.abs(largest));
  }

  private boolean isTooFar(double value, NumberUnit unit) {
    double day = unit == NumberUnit.DAYS ? 1 : SECONDS_A_DAY;
    double real = Math.min(Math.max(FARTHER * farthest(), YEAR_2070 * day), YEAR_10000 * day);
    return Math.abs(value) >= Math.max(real, 2 * farthest());
  }

  private boolean isTooNear(double value, NumberUnit unit) {
    double nearest = smallest > 0 ? smallest : largest < 0 ? -largest : 0;
    boolean midnight = value % 900 == 0 && Math.abs(value) <= 14 * 3600;
    return unit == NumberUnit.SECONDS
        && !midnight
        && Math.abs(value) < nearest / FARTHER
        && LARGER_UNITS.stream().anyMatch(factor -> isNearTraining(value * factor, nearest));
  }

  private boolean isNearTraining(double value, double nearest) {
    return Math.abs(value) >= nearest / NEAR && Math.abs(value) <= farthest() * NEAR;
  }

  /** The number, and the moment that it stands for. */
  private static String shown(double value, NumberUnit unit) {
    try {
      return "%s (%s)"
          .formatted(
              value,
              unit == NumberUnit.DAYS
                  ? LocalDate.ofEpochDay((long) value)
                  : Instant.ofEpochSecond((long) Math.floor(value)));
    } catch (DateTimeException e) {
      return Double.toString(value);
    }
  }

  /** The unit in which the number would be as far from 1970 as training was, or nearly. */
  private String guess(double value, NumberUnit unit) {
    double seconds = unit == NumberUnit.DAYS ? SECONDS_A_DAY : 1;
    TreeMap<Double, String> byDistance = new TreeMap<>();
    UNITS.forEach(
        (name, factor) -> {
          double meant = value * factor / seconds;
          if (!isTooFar(meant, unit) && !isTooNear(meant, unit)) {
            byDistance.put(Math.abs(Math.log(Math.abs(meant) / farthest())), name);
          }
        });
    return Optional.ofNullable(byDistance.firstEntry())
        .map(best -> " (%s?)".formatted(best.getValue()))
        .orElse("");
  }
}
