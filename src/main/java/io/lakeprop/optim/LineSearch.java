package io.lakeprop.optim;

import java.util.Optional;

/**
 * A line search for a step that satisfies the strong Wolfe conditions (Nocedal and Wright 2006,
 * algorithms 3.5 and 3.6), one evaluation at a time: {@code f(t) <= f(0) + c1 t f'(0)} and {@code
 * |f'(t)| <= c2 |f'(0)|} with c1 = 1e-4 and c2 = 0.9.
 *
 * <p>NOTE[DIFF] the first condition has a slack of 1e-7 |f(0)|, about a rounding of float32,
 * without which no step near the minimum would ever be low enough. A value that is not finite
 * counts as too high.
 *
 * @param start at t = 0
 * @param low the lowest point so far that satisfies the first condition
 * @param high the other end of the interval that holds a step; empty while it is still looked for
 * @param trial the step to evaluate next
 * @param evaluations so far
 */
record LineSearch(Point start, Point low, Optional<Point> high, double trial, int evaluations) {
  private static final double DECREASE = 1e-4;
  private static final double CURVATURE = 0.9;

  /** About a rounding of float32. */
  static final double SLACK = 1e-7;

  private static final double EXPANSION = 3;

  /** A cubic's minimum may not come nearer to an end of the interval than this part of it. */
  private static final double MARGIN = 0.1;

  private static final double NARROWEST = 1e-6;
  static final int MOST_EVALUATIONS = 20;

  /** A step, the value there and the slope. */
  record Point(double at, double value, double slope) {}

  /** What an evaluation led to. */
  enum Verdict {
    /** Evaluate the next trial. */
    TRY,
    /** The step just evaluated is good. */
    ACCEPT,
    /** There is none. */
    FAIL
  }

  /** What an evaluation led to, and the search after it. */
  record Outcome(Verdict verdict, LineSearch search) {}

  /**
   * A new search.
   *
   * @param slope below 0
   */
  static LineSearch begin(double value, double slope, double firstTrial) {
    Point start = new Point(0, value, slope);
    return new LineSearch(start, start, Optional.empty(), firstTrial, 0);
  }

  /** Remembers the search. */
  void into(Memory memory) {
    memory.put("search_trial", trial);
    memory.put("search_evaluations", evaluations);
    memory.put("search_bracketed", high.isPresent() ? 1 : 0);
    into(memory, "search_start", start);
    into(memory, "search_low", low);
    high.ifPresent(point -> into(memory, "search_high", point));
  }

  private static void into(Memory memory, String name, Point point) {
    memory.put(name, point.at());
    memory.put(name + "_value", point.value());
    memory.put(name + "_slope", point.slope());
  }

  /** The search that is remembered. */
  static Optional<LineSearch> of(Memory memory) {
    double trial = memory.number("search_trial", 0);
    if (trial == 0) {
      return Optional.empty();
    }
    boolean bracketed = memory.number("search_bracketed", 0) > 0;
    return Optional.of(
        new LineSearch(
            point(memory, "search_start"),
            point(memory, "search_low"),
            bracketed ? Optional.of(point(memory, "search_high")) : Optional.empty(),
            trial,
            (int) memory.number("search_evaluations", 0)));
  }

  private static Point point(Memory memory, String name) {
    return new Point(
        memory.number(name, 0),
        memory.number(name + "_value", 0),
        memory.number(name + "_slope", 0));
  }

  /** The search after the trial was evaluated. */
  Outcome after(double value, double slope) {
    Point point = new Point(trial, value, slope);
    if (trial == low.at()) {
      return new Outcome(Verdict.ACCEPT, this);
    }
    if (tooHigh(point)) {
      return next(low, Optional.of(point));
    }
    if (Math.abs(slope) <= CURVATURE * Math.abs(start.slope())) {
      return new Outcome(Verdict.ACCEPT, this);
    }
    boolean turns = slope * (high.map(Point::at).orElse(Double.MAX_VALUE) - trial) >= 0;
    return next(point, turns ? Optional.of(low) : high);
  }

  private boolean tooHigh(Point point) {
    double most =
        start.value() + DECREASE * point.at() * start.slope() + SLACK * Math.abs(start.value());
    return !(point.value() <= most)
        || !Double.isFinite(point.slope())
        || (low.at() > 0 && point.value() >= low.value());
  }

  /** Goes on, or ends at the lowest point, which is evaluated once more. */
  private Outcome next(Point newLow, Optional<Point> newHigh) {
    int count = evaluations + 1;
    boolean narrow =
        newHigh.isPresent()
            && Math.abs(newHigh.get().at() - newLow.at())
                <= NARROWEST * Math.max(newLow.at(), newHigh.get().at());
    if (count >= MOST_EVALUATIONS || narrow) {
      boolean descends = newLow.at() > 0;
      return new Outcome(
          descends ? Verdict.TRY : Verdict.FAIL,
          new LineSearch(start, newLow, newHigh, newLow.at(), count));
    }
    double step = newHigh.isPresent() ? between(newLow, newHigh.get()) : EXPANSION * newLow.at();
    return new Outcome(Verdict.TRY, new LineSearch(start, newLow, newHigh, step, count));
  }

  /**
   * The minimum of the cubic through both ends (equation 3.59), or the middle where it is none; not
   * too near to either end.
   */
  private static double between(Point a, Point b) {
    double width = b.at() - a.at();
    double middle = a.at() + width / 2;
    double d1 = a.slope() + b.slope() - 3 * (a.value() - b.value()) / (a.at() - b.at());
    double root = Math.sqrt(d1 * d1 - a.slope() * b.slope());
    double d2 = Math.signum(width) * root;
    double minimum = b.at() - width * (b.slope() + d2 - d1) / (b.slope() - a.slope() + 2 * d2);
    double share = (minimum - a.at()) / width;
    return share >= MARGIN && share <= 1 - MARGIN ? minimum : middle;
  }
}
