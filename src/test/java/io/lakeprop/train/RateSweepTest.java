package io.lakeprop.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A sweep of rates finds those that lower the loss, and ends where it rises. */
class RateSweepTest {
  private static final int ROUNDS = 100;

  /** Steps on {@code L x²/2} shrink x below the rate 2/L and blow it up above, whatever L is. */
  @ParameterizedTest
  @ValueSource(doubles = {0.01, 1, 300})
  void theSuggestionIsBelowTheRateThatDiverges(double curvature) {
    RateSweep sweep = new RateSweep();
    Random random = new Random(1);
    double x = 3;
    double rate = 1e-6 / curvature;
    boolean goesOn = true;
    for (int round = 0; round < ROUNDS && goesOn; round++) {
      double loss = curvature * x * x / 2 + curvature * 0.05 * (1 + random.nextDouble());
      goesOn = sweep.add(rate, loss);
      x -= rate * curvature * (x + 0.3 * random.nextGaussian());
      rate *= Math.pow(1e9, 1.0 / (ROUNDS - 1));
    }
    assertFalse(goesOn, "must end once it diverges");
    double suggestion = sweep.suggestion().orElseThrow() * curvature;
    assertTrue(suggestion > 0.01 && suggestion < 1, "suggests " + suggestion + " / L");
    double lowest = sweep.lowest().orElseThrow() * curvature;
    assertTrue(lowest > suggestion && lowest < 20, "lowest at " + lowest + " / L");
    List<RateSweep.Point> points = sweep.points();
    assertTrue(points.get(points.size() - 1).rate() * curvature > 2);
  }

  @Test
  void theSteepestPlaceOfAKnownCurveIsFound() {
    RateSweep sweep = new RateSweep();
    for (int i = 0; i < 60; i++) {
      // Falls from 3 to 1 around point 30, steepest there.
      assertTrue(sweep.add(Math.pow(10, i / 10.0), 2 - Math.tanh((i - 30) / 5.0)));
    }
    assertEquals(1e3, sweep.suggestion().orElseThrow(), 1e-9);
  }

  @Test
  void aLossThatNowhereFallsSuggestsNothing() {
    RateSweep sweep = new RateSweep();
    for (int i = 0; i < 30; i++) {
      sweep.add(i + 1, 1 + 1e-3 * Math.sin(i));
    }
    assertEquals(Optional.empty(), sweep.suggestion());
    assertEquals(Optional.empty(), sweep.lowest());
  }

  @Test
  void aLossThatIsNoNumberEndsIt() {
    RateSweep sweep = new RateSweep();
    assertTrue(sweep.add(1, 2));
    assertFalse(sweep.add(2, Double.NaN));
    assertFalse(sweep.add(3, Double.POSITIVE_INFINITY));
    assertEquals(1, sweep.points().size());
  }

  /** A log-likelihood may be negative; what counts is the way it went. */
  @Test
  void losesMayBeNegative() {
    RateSweep sweep = new RateSweep();
    boolean goesOn = true;
    int i = 0;
    while (goesOn && i < 200) {
      goesOn = sweep.add(i + 1, i < 50 ? -1 - 0.1 * i : -6 + Math.pow(i - 50, 2));
      i++;
    }
    assertTrue(i > 50 && i < 60, "ended at " + i);
    assertTrue(sweep.suggestion().isPresent());
  }

  private static RateSweep of(double... losses) {
    RateSweep sweep = new RateSweep();
    for (int i = 0; i < losses.length; i++) {
      assertTrue(sweep.add(Math.pow(10, i), losses[i]), "after " + i);
    }
    return sweep;
  }

  /** A fifth of the last loss counts; a tenth of the first loss is a fall that may be doubled. */
  @Test
  void aRiseOfTwiceTheFallEndsIt() {
    double[] flat = {10, 10, 10, 10, 10, 10, 10, 10, 10, 10};
    assertTrue(of(flat).add(1, 19.9));
    assertFalse(of(flat).add(1, 20.1));
    // A fall to 6 may be followed by a rise of 8, to 14: by a loss of 46.
    double[] fall = new double[60];
    java.util.Arrays.fill(fall, 6);
    fall[0] = 10;
    assertTrue(of(fall).add(1, 45.9));
    assertFalse(of(fall).add(1, 46.1));
  }

  @Test
  void theFirstTenRoundsAreBelievedNothing() {
    RateSweep sweep = of(10, 10, 10, 10, 10, 10, 10, 10, 1000);
    assertFalse(sweep.add(1, 1000), "the tenth");
  }

  @Test
  void ofEquallyLowRatesTheFirstIsTaken() {
    RateSweep sweep = of(10, 8, 6, 6, 6, 6, 6, 8);
    assertEquals(1e3, sweep.lowest().orElseThrow(), "6 and both its neighbours 6");
  }

  @Test
  void aFallOfAFiftiethIsNoise() {
    assertEquals(Optional.empty(), of(100, 100, 98, 98, 98).lowest());
    assertEquals(1e3, of(100, 100, 97, 97, 97).lowest().orElseThrow());
  }

  /** The first point has one neighbour, so that a fall there is of one step. */
  @Test
  void theFallMayBeSteepestAtTheStart() {
    // Smoothed: 10, 6.7, 4.7, 2.7, 4.
    assertEquals(1, of(10, 10, 0, 4, 4, 4, 4, 4).suggestion().orElseThrow());
    // Smoothed: 10, 9, 8, 7, 6, 6: the same everywhere.
    assertEquals(1, of(10.5, 9.5, 7, 7.5, 6.5, 4, 7.5).suggestion().orElseThrow());
  }
}
