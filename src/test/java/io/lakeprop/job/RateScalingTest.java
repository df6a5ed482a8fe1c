package io.lakeprop.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lakeprop.optim.Schedule;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The rate of every schedule follows the rows of a step. */
final class RateScalingTest {
  private static final Length NO_WARMUP = new Length(0, Length.Unit.EPOCHS);

  private static Rate rate(RateScaling.Rule rule, Length warmup, Rate.Part... parts) {
    return new Rate(0.001, new RateScaling(rule, 256), warmup, List.of(parts));
  }

  private static Rate.Part part(RateCurve curve, double rate) {
    return new Rate.Part(curve, rate, Optional.of(new Length(5, Length.Unit.ROUNDS)));
  }

  @Test
  void factors() {
    assertEquals(1, RateScaling.NONE.factor(4096));
    assertEquals(16, new RateScaling(RateScaling.Rule.LINEAR, 256).factor(4096));
    assertEquals(4, new RateScaling(RateScaling.Rule.SQUARE_ROOT, 256).factor(4096));
    assertEquals(0.25, new RateScaling(RateScaling.Rule.LINEAR, 256).factor(64));
    assertEquals(1, new RateScaling(RateScaling.Rule.SQUARE_ROOT, 256).factor(256));
  }

  @Test
  void everyScheduleIsScaled() {
    Length warmup = new Length(4, Length.Unit.ROUNDS);
    Rate.Part constant = part(new RateCurve.Constant(), 0.5);
    Rate.Part cosine = part(new RateCurve.Cosine(0), 2);
    Schedule plain =
        rate(RateScaling.Rule.NONE, warmup, constant, cosine).scaled(4096).schedule(14, 3);
    Schedule linear =
        rate(RateScaling.Rule.LINEAR, warmup, constant, cosine).scaled(4096).schedule(14, 3);
    Schedule root =
        rate(RateScaling.Rule.SQUARE_ROOT, warmup, constant, cosine).scaled(4096).schedule(14, 3);
    for (int step = 0; step < 14; step++) {
      assertEquals(16 * plain.rate(step), linear.rate(step), 1e-12);
      assertEquals(4 * plain.rate(step), root.rate(step), 1e-12);
    }
  }

  /** A rate at the end is one, not a share: it stays. */
  @Test
  void finalRatesAreAsGiven() {
    Rate.Part cosine =
        new Rate.Part(
            new RateCurve.Cosine(1e-5), 1, Optional.of(new Length(5, Length.Unit.ROUNDS)));
    Schedule linear = rate(RateScaling.Rule.LINEAR, NO_WARMUP, cosine).scaled(4096).schedule(5, 5);
    assertEquals(0.016, linear.rate(0), 1e-12);
    assertEquals(1e-5, linear.rate(5), 1e-12);
    Rate plateau =
        rate(
                RateScaling.Rule.LINEAR,
                NO_WARMUP,
                part(new RateCurve.ReduceOnPlateau(0.1, 3, 1e-4, 0.004), 1))
            .scaled(4096);
    assertEquals(0.004 / 0.016, plateau.plateau().orElseThrow().least(), 1e-12);
    // The schedule's own rate lowers where it begins, not where it ends.
    RateCurve reduce = new RateCurve.ReduceOnPlateau(0.1, 3, 1e-4, 0.0005);
    Rate half = rate(RateScaling.Rule.NONE, NO_WARMUP, part(reduce, 0.5));
    assertEquals(0.0005, half.schedule(5, 5).rate(0), 1e-12);
    assertEquals(1, half.plateau().orElseThrow().least(), 1e-12);
    Rate twice = rate(RateScaling.Rule.NONE, NO_WARMUP, part(reduce, 2));
    assertEquals(0.0005 / 0.002, twice.plateau().orElseThrow().least(), 1e-12);
  }

  @Test
  void says() {
    Rate.Part constant = part(new RateCurve.Constant(), 1);
    assertEquals(
        Optional.of("learning rate 0.001 x 16 = 0.016 (linear, batch 4096 for 256)"),
        rate(RateScaling.Rule.LINEAR, NO_WARMUP, constant).words(4096));
    assertEquals(
        Optional.of("learning rate 0.001 x 2.828 = 0.002828 (square_root, batch 2048 for 256)"),
        rate(RateScaling.Rule.SQUARE_ROOT, NO_WARMUP, constant).words(2048));
    assertEquals(Optional.empty(), rate(RateScaling.Rule.NONE, NO_WARMUP, constant).words(2048));
  }
}
