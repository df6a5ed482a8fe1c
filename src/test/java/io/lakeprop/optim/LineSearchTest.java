package io.lakeprop.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What a line search accepts satisfies the strong Wolfe conditions, from any first trial. */
class LineSearchTest {
  /** A function of one number that descends at 0, and its slope. */
  private record Line(String name, DoubleUnaryOperator value, DoubleUnaryOperator slope) {}

  private static final List<Line> LINES =
      List.of(
          new Line("parabola", t -> (t - 1) * (t - 1), t -> 2 * (t - 1)),
          new Line("far", t -> Math.pow(t / 100 - 1, 2), t -> (t / 100 - 1) / 50),
          new Line("near", t -> Math.pow(1000 * t - 1, 2), t -> 2000 * (1000 * t - 1)),
          new Line("quartic", t -> Math.pow(t, 4) - 3 * t * t - t, t -> 4 * t * t * t - 6 * t - 1),
          new Line(
              "waves",
              t -> 0.1 * (t - 4) * (t - 4) + Math.sin(3 * t + 3),
              t -> 0.2 * (t - 4) + 3 * Math.cos(3 * t + 3)),
          new Line(
              "a wall", t -> t < 2 ? -t - Math.log(2 - t) * 0.3 : Double.NaN, LineSearchTest::wall),
          new Line("Moré and Thuente 1", t -> -t / (t * t + 2), LineSearchTest::moreThuente));

  private static double wall(double t) {
    return t < 2 ? -1 + 0.3 / (2 - t) : Double.NaN;
  }

  private static double moreThuente(double t) {
    double square = t * t + 2;
    return (2 * t * t - square) / (square * square);
  }

  @TestFactory
  Stream<DynamicTest> acceptsWolfePointsOnly() {
    return LINES.stream()
        .flatMap(
            line ->
                Stream.of(1e-3, 0.1, 1.0, 10.0, 1e3)
                    .map(
                        first ->
                            DynamicTest.dynamicTest(
                                line.name() + " from " + first, () -> search(line, first))));
  }

  private static void search(Line line, double first) {
    double value = line.value().applyAsDouble(0);
    double slope = line.slope().applyAsDouble(0);
    assertTrue(slope < 0);
    LineSearch search = LineSearch.begin(value, slope, first);
    int evaluations = 0;
    LineSearch.Verdict verdict = LineSearch.Verdict.TRY;
    double t = 0;
    while (verdict == LineSearch.Verdict.TRY) {
      t = search.trial();
      evaluations++;
      LineSearch.Outcome outcome =
          search.after(line.value().applyAsDouble(t), line.slope().applyAsDouble(t));
      verdict = outcome.verdict();
      search = outcome.search();
    }
    assertEquals(LineSearch.Verdict.ACCEPT, verdict);
    assertTrue(evaluations <= LineSearch.MOST_EVALUATIONS + 1, evaluations + " evaluations");
    double lowEnough = value + 1e-4 * t * slope + 1e-7 * Math.abs(value);
    assertTrue(line.value().applyAsDouble(t) <= lowEnough, "too high at " + t);
    assertTrue(
        Math.abs(line.slope().applyAsDouble(t)) <= 0.9 * Math.abs(slope), "too steep at " + t);
  }

  /** A line that falls for ever has no such point; the lowest one is taken. */
  @Test
  void takesTheLowestPointOfALineWithoutEnd() {
    LineSearch search = LineSearch.begin(0, -1, 1);
    double before = 0;
    LineSearch.Verdict verdict = LineSearch.Verdict.TRY;
    while (verdict == LineSearch.Verdict.TRY) {
      before = search.trial();
      LineSearch.Outcome outcome = search.after(-before, -1);
      verdict = outcome.verdict();
      search = outcome.search();
    }
    assertEquals(LineSearch.Verdict.ACCEPT, verdict);
    assertEquals(Math.pow(3, LineSearch.MOST_EVALUATIONS - 1), before, 1e-3 * before);
  }

  @Test
  void failsWhereNothingIsLower() {
    LineSearch search = LineSearch.begin(0, -1, 1);
    LineSearch.Verdict verdict = LineSearch.Verdict.TRY;
    while (verdict == LineSearch.Verdict.TRY) {
      LineSearch.Outcome outcome = search.after(1, 1);
      verdict = outcome.verdict();
      search = outcome.search();
    }
    assertEquals(LineSearch.Verdict.FAIL, verdict);
  }

  @Test
  void isRememberedAsNumbers() {
    Memory memory = new Memory(1);
    assertEquals(Optional.empty(), LineSearch.of(memory));
    LineSearch expanding = LineSearch.begin(3, -2, 0.5);
    LineSearch bracketed = expanding.after(4, 1).search();
    for (LineSearch search : List.of(bracketed, expanding, bracketed)) {
      search.into(memory);
      assertEquals(Optional.of(search), LineSearch.of(memory));
    }
  }

  /** A cubic is what trials are found by, so that of one its minimum is the next trial. */
  @Test
  void theMinimumOfACubicIsFoundAtOnce() {
    // t³/3 + 0.35 t² - 2.6 t, whose slope is (t - 1.3) (t + 2).
    LineSearch.Outcome outcome =
        LineSearch.begin(0, -2.6, 2).after(8 / 3.0 + 1.4 - 5.2, 4 + 1.4 - 2.6);
    assertEquals(LineSearch.Verdict.TRY, outcome.verdict());
    assertEquals(1.3, outcome.search().trial(), 1e-12);
    // The same from an interval that does not begin at 0: slopes at 1 and 2, turned round at 2.
    LineSearch between =
        new LineSearch(
            new LineSearch.Point(0, 0, -2.6),
            new LineSearch.Point(1, 1 / 3.0 + 0.35 - 2.6, 1 + 0.7 - 2.6),
            Optional.empty(),
            3,
            1);
    assertEquals(
        1.3, between.after(9 + 3.15 - 7.8, 9 + 2.1 - 2.6).search().trial(), 1e-12, "of 1 and 3");
  }

  /** A minimum that is nearly an end would not narrow the interval. */
  @Test
  void nearAnEndTheMiddleIsTried() {
    // (t - 0.05)²: the minimum is a twentieth of the way; a fifth of it in the second case.
    LineSearch search = LineSearch.begin(0.0025, -0.1, 1);
    assertEquals(0.5, search.after(0.9025, 1.9).search().trial());
    search = LineSearch.begin(0.04, -0.4, 1);
    assertEquals(0.2, search.after(0.64, 1.6).search().trial(), 1e-12);
  }

  @Test
  void behindAWallTheMiddleIsTried() {
    LineSearch search = LineSearch.begin(0, -1, 1).after(-0.99, -0.99).search();
    assertEquals(3, search.trial(), "three times as far");
    search = search.after(Double.NaN, Double.NaN).search();
    assertEquals(2, search.trial(), "between 1 and 3");
    assertEquals(1.5, search.after(-5, Double.NEGATIVE_INFINITY).search().trial());
  }

  /** What the conditions just allow is taken, and what they just do not is not. */
  @Test
  void atTheConditionsThemselves() {
    LineSearch search = LineSearch.begin(0, -1, 1);
    assertEquals(LineSearch.Verdict.ACCEPT, search.after(-0.5, -0.9).verdict());
    assertEquals(LineSearch.Verdict.ACCEPT, search.after(-0.5, 0.9).verdict());
    assertEquals(LineSearch.Verdict.TRY, search.after(-0.5, Math.nextDown(-0.9)).verdict());
    assertEquals(LineSearch.Verdict.ACCEPT, search.after(-1e-4, -0.5).verdict());
    LineSearch.Outcome higher = search.after(Math.nextUp(-1e-4), -0.5);
    assertEquals(LineSearch.Verdict.TRY, higher.verdict());
    assertEquals(Optional.of(1.0), higher.search().high().map(LineSearch.Point::at));
  }

  /** The slack is about a rounding of the value at 0. */
  @Test
  void withinARoundingOfTheStartIsLow() {
    LineSearch search = LineSearch.begin(1, -1, 1e-4);
    LineSearch within = search.after(1, -0.95).search();
    assertEquals(Optional.empty(), within.high());
    assertEquals(1e-4, within.low().at());
    assertEquals(0, search.after(1 + 1e-6, -0.95).search().low().at());
  }

  /** The end that stays is the one towards which the line descends from the new low point. */
  @Test
  void theIntervalKeepsTheDescent() {
    LineSearch beyond = LineSearch.begin(0, -1, 1).after(-1, 5).search();
    assertEquals(1, beyond.low().at());
    assertEquals(Optional.of(0.0), beyond.high().map(LineSearch.Point::at));
    LineSearch left = beyond.after(-2, 2).search();
    assertEquals(Optional.of(0.0), left.high().map(LineSearch.Point::at));
    LineSearch right = beyond.after(-2, -2).search();
    assertEquals(Optional.of(1.0), right.high().map(LineSearch.Point::at));
    // As low as the lowest is not lower: the minimum lies between.
    LineSearch as = LineSearch.begin(0, -1, 1).after(-1, -0.95).search().after(-1, -3).search();
    assertEquals(1, as.low().at());
    assertEquals(Optional.of(3.0), as.high().map(LineSearch.Point::at));
  }

  /** Where a millionth of the step is left to look at, the search goes back to the lowest point. */
  @Test
  void aNarrowIntervalEndsTheSearch() {
    for (double at : new double[] {1e-3, 1, 1000}) {
      LineSearch.Point low = new LineSearch.Point(at, -at, -0.95);
      LineSearch narrow =
          new LineSearch(
              new LineSearch.Point(0, 0, -1), low, Optional.empty(), at * (1 + 0.9e-6), 3);
      assertEquals(at, narrow.after(1, 1).search().trial());
      LineSearch wide =
          new LineSearch(new LineSearch.Point(0, 0, -1), low, Optional.empty(), at * 1.000002, 3);
      assertTrue(wide.after(1, 1).search().trial() > at);
    }
  }
}
