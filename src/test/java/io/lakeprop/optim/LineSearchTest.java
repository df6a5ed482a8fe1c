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
}
