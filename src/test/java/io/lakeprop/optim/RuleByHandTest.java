package io.lakeprop.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.base.InvalidInput;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * One step from an empty memory, worked out by hand, with an epsilon that nobody can overlook: the
 * usual 1e-8 could as well be subtracted.
 */
class RuleByHandTest {
  private static final float B1 = 0.9f;
  private static final float B2 = 0.99f;
  private static final float LITTLE = 0.5f;

  /** A rule, the step (from 0), and what becomes of a gradient. */
  private record Case(UpdateRule rule, long step, double gradient, double expected) {}

  private static List<Case> cases() {
    double now = B1 * (1 - 0.5 * Math.pow(0.96, 0.5));
    double next = B1 * (1 - 0.5 * Math.pow(0.96, 1));
    double nadam = (next / (1 - now * now * next) * (1 - B1) + 1) * 3;
    double most = 2 / (1 - (double) B2) - 1;
    double tenth = Math.pow(B2, 10);
    double squares = most - 20 * tenth / (1 - tenth);
    double r =
        Math.sqrt((squares - 4) * (squares - 2) * most / ((most - 4) * (most - 2) * squares));
    double radam =
        (1 - B1)
            * 3
            / (1 - Math.pow(B1, 10))
            * r
            * Math.sqrt(1 - tenth)
            / (Math.sqrt((1 - B2) * 9) + LITTLE);
    return List.of(
        new Case(new UpdateRule.ScaleByAdam(B1, B2, LITTLE), 0, -3, -3 / 3.5),
        new Case(new AdamVariant.ScaleByAmsGrad(B1, B2, LITTLE), 0, 3, 3 / 3.5),
        new Case(new AdamVariant.ScaleByAdamax(B1, B2, LITTLE), 0, -3, -3 / 3.5),
        new Case(new AdamVariant.ScaleByNAdam(B1, B2, LITTLE, 0.5), 0, 3, nadam / 3.5),
        new Case(new AdamVariant.ScaleByRAdam(B1, B2, LITTLE), 0, 3, 3),
        new Case(new AdamVariant.ScaleByRAdam(B1, B2, LITTLE), 9, 3, radam),
        new Case(new AdaptiveRule.ScaleByAdagrad(LITTLE), 0, 3, 3 / 3.5),
        new Case(new UpdateRule.ScaleByRmsProp(0.75f, LITTLE), 0, 3, 3 / 2.0),
        new Case(
            new AdaptiveRule.ScaleByAdadelta(0.75f, LITTLE),
            0,
            3,
            3 * Math.sqrt(0.5) / Math.sqrt(2.75)));
  }

  @TestFactory
  Stream<DynamicTest> theFirstStep() {
    return cases().stream()
        .map(
            c ->
                DynamicTest.dynamicTest(
                    c.rule + " at step " + c.step,
                    () -> {
                      float[] u = {(float) c.gradient};
                      Update update = new Update(u, new float[1], new Memory(1), c.step, 1, 0);
                      c.rule.apply(update);
                      update.values();
                      assertEquals(c.expected, u[0], 1e-5 * Math.abs(c.expected));
                    }));
  }

  /** Lion tells signs only, so a wrong mean shows late: many elements, gradients that turn. */
  @Test
  void lionFollowsItsTwoMeans() {
    int size = 64;
    Random random = new Random(8);
    UpdateRule lion = new AdamVariant.TakeSigns(B1, 0.7f);
    Memory memory = new Memory(size);
    double[] m = new double[size];
    int turned = 0;
    for (int step = 0; step < 100; step++) {
      float[] u = new float[size];
      for (int i = 0; i < size; i++) {
        u[i] = (float) random.nextGaussian();
      }
      float[] g = u.clone();
      Update update = new Update(u, new float[size], memory, step, 1, 0);
      lion.apply(update);
      update.values();
      for (int i = 0; i < size; i++) {
        double mixed = B1 * m[i] + (1 - (double) B1) * g[i];
        m[i] = 0.7f * m[i] + (1 - (double) 0.7f) * g[i];
        if (Math.abs(mixed) > 1e-5) {
          assertEquals(Math.signum(mixed), u[i], "step " + step);
          turned += u[i] != Math.signum(g[i]) ? 1 : 0;
        }
      }
    }
    assertTrue(turned > 1000, "the mean says more than the gradient: " + turned);
  }

  /** Each rule at one end of what it takes; a rule without a guard would take anything. */
  @TestFactory
  Stream<DynamicTest> settingsOutOfRangeAreRefused() {
    return Stream.<Supplier<UpdateRule>>of(
            () -> new UpdateRule.ScaleByAdam(1, B2, LITTLE),
            () -> new UpdateRule.ScaleByAdam(B1, -0.1f, LITTLE),
            () -> new UpdateRule.ScaleByAdam(B1, B2, 0),
            () -> new UpdateRule.ScaleByRmsProp(1, LITTLE),
            () -> new UpdateRule.ScaleByRmsProp(B2, 0),
            () -> new UpdateRule.AddMomentum(1, 0),
            () -> new UpdateRule.AddNesterovMomentum(1),
            () -> new UpdateRule.ClipByGlobalNorm(0),
            () -> new UpdateRule.ClipByValue(0),
            () -> new AdamVariant.ScaleByAmsGrad(B1, 1, LITTLE),
            () -> new AdamVariant.ScaleByAdamax(B1, 1, LITTLE),
            () -> new AdamVariant.ScaleByNAdam(B1, 1, LITTLE, 0),
            () -> new AdamVariant.ScaleByNAdam(B1, B2, LITTLE, -1),
            () -> new AdamVariant.ScaleByRAdam(B1, 1, LITTLE),
            () -> new AdamVariant.TakeSigns(B1, 1),
            () -> new AdaptiveRule.ScaleByAdagrad(0),
            () -> new AdaptiveRule.ScaleByAdadelta(1, LITTLE),
            () -> new AdaptiveRule.ScaleByCenteredRmsProp(1, LITTLE))
        .map(
            rule ->
                DynamicTest.dynamicTest(
                    "refused", () -> assertThrows(InvalidInput.class, rule::get)));
  }
}
