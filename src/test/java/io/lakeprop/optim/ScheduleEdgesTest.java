package io.lakeprop.optim;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lakeprop.base.InvalidInput;
import java.util.List;
import java.util.function.LongFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Schedules at their ends: the shortest that there is, the last step, and units other than 1. */
class ScheduleEdgesTest {
  private static final double NEAR = 1e-12;
  private static final Schedule LEVEL = new Schedule.Constant(1);

  /** A schedule by its number of steps. */
  private static final List<LongFunction<Object>> BY_STEPS =
      List.of(
          steps -> new Schedule.Step(1, steps, 0.5),
          steps -> new Schedule.Cosine(1, 0, steps),
          steps -> new Schedule.Linear(1, 0, steps),
          steps -> new Schedule.WarmUp(steps, LEVEL),
          steps -> new Schedule.Phase(steps, LEVEL),
          steps -> new Decline.Polynomial(1, 0, steps, 2),
          steps -> new Cycle.CosineRestarts(1, 0, steps, 2),
          steps -> new Cycle.OneCycle(1, steps, 0.3, 25, 100));

  @TestFactory
  Stream<DynamicTest> oneStepIsTheShortest() {
    return BY_STEPS.stream()
        .map(
            of ->
                DynamicTest.dynamicTest(
                    of.apply(1).getClass().getSimpleName(),
                    () -> {
                      assertDoesNotThrow(() -> of.apply(1));
                      assertThrows(InvalidInput.class, () -> of.apply(0));
                      assertThrows(InvalidInput.class, () -> of.apply(-1));
                    }));
  }

  @Test
  void phasesMustBeThere() {
    assertThrows(InvalidInput.class, () -> new Schedule.Joined(List.of()));
  }

  /** Half the rate at step 6 when it halves in 6 steps; the first of both decays at step 4. */
  @Test
  void everyIsAnUnitOfSteps() {
    assertEquals(0.4, new Decline.Exponential(0.8, 6, 0.5).rate(6), NEAR);
    assertEquals(0.8 / (1 + 0.5 * 4 / 8), new Decline.InverseTime(0.8, 8, 0.5).rate(4), NEAR);
  }

  @Test
  void aDeclineEndsWhereItShould() {
    Schedule polynomial = new Decline.Polynomial(1, 0.2, 4, 2);
    assertEquals(0.2 + 0.8 * 0.25, polynomial.rate(2), NEAR);
    assertEquals(0.2, polynomial.rate(4), NEAR);
    assertEquals(0.2, polynomial.rate(400), NEAR);
    Schedule line = new Schedule.Linear(1, 0.2, 4);
    assertEquals(0.6, line.rate(2), NEAR);
    assertEquals(0.2, line.rate(9), NEAR);
  }

  /** Waves of 4 steps for ever, each from the top; the wave after 4 of growth 3 has 12. */
  @Test
  void wavesStartAgain() {
    Schedule even = new Cycle.CosineRestarts(1, 0, 4, 1);
    Schedule growing = new Cycle.CosineRestarts(1, 0, 4, 3);
    for (long step = 0; step < 4; step++) {
      assertEquals(even.rate(step), even.rate(step + 4), NEAR);
      assertEquals(even.rate(step), even.rate(step + 4_000_000_000L), NEAR);
      assertEquals(even.rate(step), growing.rate(4 + 3 * step), NEAR);
    }
    assertEquals(1, growing.rate(16), NEAR);
  }

  /** 10 steps, 4 of which rise: the peak is step 3, the last is step 9, and later ones stay. */
  @Test
  void oneCycleHasItsPeakAndItsEnd() {
    Schedule cycle = new Cycle.OneCycle(1, 10, 0.4, 10, 100);
    assertEquals(0.1, cycle.rate(0), NEAR);
    assertEquals(1, cycle.rate(3), NEAR);
    assertEquals(0.001, cycle.rate(9), NEAR);
    assertEquals(0.001, cycle.rate(10), NEAR);
    assertEquals((1 + 0.001) / 2, cycle.rate(6), NEAR);
    assertEquals(0.001, new Cycle.OneCycle(1, 1, 0.4, 10, 100).rate(0), NEAR);
    assertEquals(1, new Cycle.OneCycle(1, 10, 0.1, 10, 100).rate(0), NEAR);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, false",
    "1, 0, false",
    "0.5, -0.1, false",
    "0.5, 1.1, false",
    "0.5, 0, true",
    "0.5, 1, true"
  })
  void plateausOnlyLower(double factor, double least, boolean taken) {
    if (taken) {
      assertDoesNotThrow(() -> new Plateau(factor, 0, 0, least));
    } else {
      assertThrows(InvalidInput.class, () -> new Plateau(factor, 0, 0, least));
    }
  }

  /** An infinite loss of the first evaluation is no measure for what comes after it. */
  @Test
  void anyNumberIsBetterThanAnInfiniteScore() {
    for (double threshold : new double[] {0, 0.25}) {
      Plateau plateau = new Plateau(0.5, 0, threshold, 0);
      Plateau.Order lower = (score, best) -> score < best;
      double infinite = Double.POSITIVE_INFINITY;
      Plateau.Progress first = plateau.after(Plateau.Progress.START, infinite, lower);
      assertEquals(new Plateau.Progress(1, 1e300, 0), plateau.after(first, 1e300, lower));
      assertEquals(new Plateau.Progress(0.5, infinite, 0), plateau.after(first, infinite, lower));
      Plateau.Order higher = (score, best) -> score > best;
      Plateau.Progress least = plateau.after(Plateau.Progress.START, -infinite, higher);
      assertEquals(new Plateau.Progress(1, -1e300, 0), plateau.after(least, -1e300, higher));
    }
  }

  /** Better by the threshold and no more is no better. */
  @Test
  void theThresholdMustBeExceeded() {
    Plateau plateau = new Plateau(0.5, 0, 0.25, 0);
    Plateau.Order lower = (score, best) -> score < best;
    Plateau.Progress first = plateau.after(Plateau.Progress.START, 4, lower);
    assertEquals(new Plateau.Progress(0.5, 4, 0), plateau.after(first, 3, lower));
    assertEquals(new Plateau.Progress(1, 2.5, 0), plateau.after(first, 2.5, lower));
  }

  /**
   * A training that begins with an overflow falls to finite scores, by any of which it is better.
   */
  @ParameterizedTest
  @ValueSource(doubles = {1, -1})
  void anythingBetterThanAnInfinityIsProgress(double sign) {
    Plateau plateau = new Plateau(0.5, 0, 0.25, 0);
    Plateau.Order order = (score, best) -> sign * score < sign * best;
    double worst = sign * Double.POSITIVE_INFINITY;
    Plateau.Progress first = plateau.after(Plateau.Progress.START, worst, order);
    assertEquals(new Plateau.Progress(1, worst, 0), first);
    assertEquals(new Plateau.Progress(0.5, worst, 0), plateau.after(first, worst, order));
    Plateau.Progress second = plateau.after(first, sign * 1e300, order);
    assertEquals(new Plateau.Progress(1, sign * 1e300, 0), second);
    assertEquals(new Plateau.Progress(1, 0, 0), plateau.after(second, 0, order));
  }
}
