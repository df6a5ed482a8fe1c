package io.lakeprop.train;

import io.lakeprop.base.Check;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * A learning-rate range test (Smith 2017, section 3.3): the loss of rounds whose rate rises by the
 * same factor each, from one that is surely too low to one that is surely too high.
 */
public final class RateSweep {
  /** Rounds before which the loss is not yet believed to rise. */
  private static final int FEWEST = 10;

  /** A rise of so many times the fall so far ends the sweep. */
  private static final double RISE = 2;

  /** A fall below this part of the first loss is noise. */
  private static final double LEAST_FALL = 0.02;

  private static final double KEPT = 0.8;

  /** Points on either side that a smoothed loss is the mean of: this part of all. */
  private static final double SIDE = 1.0 / 30;

  /** The rate of a round, its loss before the step, and the mean of that and its neighbours. */
  public record Point(double rate, double loss, double smoothed) {}

  private final List<Double> rates = new ArrayList<>();
  private final List<Double> losses = new ArrayList<>();
  private double recent;
  private double lowest = Double.MAX_VALUE;

  /**
   * Takes a round in.
   *
   * @return whether to go on; not once the loss is no finite number or has risen far
   */
  public boolean add(double rate, double loss) {
    Check.positive(rate, "rate");
    if (!Double.isFinite(loss)) {
      return false;
    }
    recent = losses.isEmpty() ? loss : KEPT * recent + (1 - KEPT) * loss;
    lowest = Math.min(lowest, recent);
    rates.add(rate);
    losses.add(loss);
    double first = losses.get(0);
    double fall = Math.max(first - lowest, Math.abs(first) / FEWEST);
    return losses.size() < FEWEST || recent - lowest < RISE * fall;
  }

  /** The curve so far. */
  public List<Point> points() {
    int side = Math.max(1, (int) Math.round(losses.size() * SIDE));
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < losses.size(); i++) {
      List<Double> near =
          losses.subList(Math.max(0, i - side), Math.min(losses.size(), i + side + 1));
      double mean = near.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
      points.add(new Point(rates.get(i), losses.get(i), mean));
    }
    return Collections.unmodifiableList(points);
  }

  /**
   * The rate at which the smoothed loss is lowest: beyond it, steps are too long; empty when it
   * falls nowhere.
   */
  public Optional<Double> lowest() {
    List<Point> points = points();
    return fallsTo(points).map(i -> points.get(i).rate());
  }

  /**
   * The rate at which the smoothed loss falls fastest by the logarithm of the rate: a good one to
   * train with; empty when it falls nowhere.
   */
  public Optional<Double> suggestion() {
    List<Point> points = points();
    return fallsTo(points).map(end -> points.get(steepest(points, end)).rate());
  }

  /** The place of the lowest smoothed loss, if that is a fall. */
  private static Optional<Integer> fallsTo(List<Point> points) {
    int best = 0;
    for (int i = 1; i < points.size(); i++) {
      best = points.get(i).smoothed() < points.get(best).smoothed() ? i : best;
    }
    if (best == 0) {
      return Optional.empty();
    }
    double first = points.get(0).smoothed();
    boolean falls = first - points.get(best).smoothed() > LEAST_FALL * Math.abs(first);
    return falls ? Optional.of(best) : Optional.empty();
  }

  /** Where two neighbours differ most; rates rise by the same factor from point to point. */
  private static int steepest(List<Point> points, int end) {
    int steepest = 0;
    double most = 0;
    for (int i = 0; i < end; i++) {
      double fall = points.get(Math.max(0, i - 1)).smoothed() - points.get(i + 1).smoothed();
      double perPoint = i == 0 ? fall : fall / 2;
      if (perPoint > most) {
        most = perPoint;
        steepest = i;
      }
    }
    return steepest;
  }
}
