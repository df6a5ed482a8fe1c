package io.lakeprop.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lakeprop.nn.ParameterLayout.Range;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Clipping by parts, penalties, projection and groups against what they are defined as. */
class ClippingOracleTest {
  private static final int ROWS = 3;
  private static final int COLUMNS = 4;
  private static final int SIZE = ROWS * COLUMNS + ROWS;
  private static final double NEAR = 1e-6;
  private static final Units UNITS = new Units(0, ROWS, COLUMNS);
  private static final Range WEIGHT = new Range(0, ROWS * COLUMNS);
  private static final Range BIAS = new Range(ROWS * COLUMNS, SIZE);

  private final float[] theta = normal(1);
  private final float[] gradient = normal(2);

  private static float[] normal(int seed) {
    Random random = new Random(seed);
    float[] numbers = new float[SIZE];
    for (int i = 0; i < SIZE; i++) {
      numbers[i] = (float) (random.nextGaussian() * (1 + i % 5));
    }
    return numbers;
  }

  private Update applied(UpdateRule rule) {
    Update update = new Update(gradient.clone(), theta.clone(), new Memory(SIZE), 0, 0.5);
    rule.apply(update);
    return update;
  }

  private static double norm(float[] x, int from, int to) {
    double sum = 0;
    for (int i = from; i < to; i++) {
      sum += (double) x[i] * x[i];
    }
    return Math.sqrt(sum);
  }

  @Test
  void eachLayerIsClippedByItself() {
    double ofWeight = norm(gradient, 0, WEIGHT.end());
    double ofBias = norm(gradient, BIAS.start(), SIZE);
    double bound = (ofWeight + ofBias) / 2;
    Update update = applied(new NormRule.ClipByLayerNorm(bound, List.of(WEIGHT, BIAS)));
    assertEquals(Optional.of(true), update.clipped());
    for (int i = 0; i < SIZE; i++) {
      double factor = Math.min(1, bound / (i < WEIGHT.end() ? ofWeight : ofBias));
      double expected = gradient[i] * factor;
      assertEquals(expected, update.values()[i], NEAR * Math.abs(expected), "number " + i);
    }
    NormRule loose = new NormRule.ClipByLayerNorm(ofWeight + ofBias, List.of(WEIGHT, BIAS));
    assertEquals(Optional.of(false), applied(loose).clipped());
  }

  @Test
  void aUnitIsClippedByItsWeights() {
    Arrays.fill(theta, COLUMNS, 2 * COLUMNS, 0);
    double ratio = 0.7;
    Update update = applied(new NormRule.ClipByParameterNorm(ratio, List.of(UNITS)));
    for (int i = 0; i < SIZE; i++) {
      double expected = gradient[i];
      if (i < WEIGHT.end()) {
        int start = i / COLUMNS * COLUMNS;
        double allowed = ratio * Math.max(norm(theta, start, start + COLUMNS), 1e-3);
        expected *= Math.min(1, allowed / norm(gradient, start, start + COLUMNS));
      }
      assertEquals(expected, update.values()[i], NEAR * Math.abs(expected), "number " + i);
    }
  }

  @Test
  void weightsIntoAUnitStayInTheBall() {
    double bound = 3;
    Update update = applied(new NormRule.ProjectOntoNorm(bound, List.of(UNITS)));
    float[] step = update.values();
    for (int i = 0; i < SIZE; i++) {
      double moved = theta[i] + (double) gradient[i];
      if (i < WEIGHT.end()) {
        double length = 0;
        int start = i / COLUMNS * COLUMNS;
        for (int j = start; j < start + COLUMNS; j++) {
          length += Math.pow(theta[j] + (double) gradient[j], 2);
        }
        moved *= Math.min(1, bound / Math.sqrt(length));
      }
      assertEquals(moved, theta[i] + step[i], 1e-5, "number " + i);
    }
  }

  @Test
  void l1AddsSigns() {
    theta[3] = 0;
    Update update = applied(new RangeRule.AddSigns(0.3, List.of(WEIGHT)));
    for (int i = 0; i < SIZE; i++) {
      double expected = gradient[i] + (i < WEIGHT.end() ? (float) 0.3 * Math.signum(theta[i]) : 0);
      assertEquals(expected, update.values()[i], NEAR * 10, "number " + i);
    }
  }

  /** A frozen bias keeps its bits, has no part in the norm, and the rest has its own rate. */
  @Test
  void groupsHaveTheirOwnWays() {
    List<Part> parts = new ArrayList<>();
    parts.add(new Part(0, ROWS, COLUMNS, "a", Part.Kind.WEIGHT, 0.1, 0));
    parts.add(new Part(BIAS.start(), 1, ROWS, "a", Part.Kind.OTHER, 0, 0));
    double bound = 2;
    Recipe recipe =
        new Recipe(
            new Recipe.Clipping(
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(bound)),
            new Recipe.Penalties(0, 0, Optional.empty()),
            new Optimizer.Sgd());
    theta[BIAS.start()] = -0f;
    float[] after = theta.clone();
    Update update = new Update(gradient.clone(), after, new Memory(SIZE), 0, 0.5);
    recipe.rule(new Parameters(parts)).apply(update);
    update.addToTheta();
    double factor = bound / norm(gradient, 0, WEIGHT.end());
    for (int i = 0; i < SIZE; i++) {
      if (i < WEIGHT.end()) {
        assertEquals(theta[i] - 0.5 * 0.1 * factor * gradient[i], after[i], 1e-5, "number " + i);
      } else {
        assertEquals(Float.floatToRawIntBits(theta[i]), Float.floatToRawIntBits(after[i]));
      }
    }
  }

  /** All vectors and numbers of a memory are in its copy, which shares none. */
  @Test
  void aCopiedMemoryGoesOnAlike() {
    Optimizer nadam = new Optimizer.NAdam(0.9f, 0.99f, 1e-8f, 4e-3);
    UpdateRule rule = new UpdateRule.Chain(nadam.rules(new Parameters(List.of())));
    Memory memory = new Memory(SIZE);
    Update zero = new Update(gradient.clone(), theta, memory, 0, 0.5);
    rule.apply(zero);
    assertEquals(SIZE, zero.values().length);
    Memory copy = memory.copy();
    Update one = new Update(gradient.clone(), theta, memory, 1, 0.5);
    rule.apply(one);
    float[] first = one.values().clone();
    Update two = new Update(gradient.clone(), theta, copy, 1, 0.5);
    rule.apply(two);
    assertArrayEquals(first, two.values());
  }
}
