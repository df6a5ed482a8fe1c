package io.lakeprop.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.base.Workers;
import io.lakeprop.nn.ParameterLayout.Range;
import io.lakeprop.optim.RangeRule.AddDecayedWeights;
import io.lakeprop.optim.UpdateRule.AddMomentum;
import io.lakeprop.optim.UpdateRule.AddNesterovMomentum;
import io.lakeprop.optim.UpdateRule.Chain;
import io.lakeprop.optim.UpdateRule.ClipByGlobalNorm;
import io.lakeprop.optim.UpdateRule.ClipByValue;
import io.lakeprop.optim.UpdateRule.ScaleByAdam;
import io.lakeprop.optim.UpdateRule.ScaleByLearningRate;
import io.lakeprop.optim.UpdateRule.ScaleByRmsProp;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A pass chunk by chunk on any number of cores gives the bits of one rule after the other over the
 * whole vector, and norms are right.
 */
class UpdateTest {
  /** Around the ends of a chunk of 16,384, and of the 16 chunks from which cores share. */
  private static final int CHUNK = 16_384;

  private static final int STEPS = 3;

  private static List<UpdateRule> rules(int size) {
    return List.of(
        new ClipByGlobalNorm(0.9 * Math.sqrt(size)),
        new ClipByValue(1.5),
        new AddDecayedWeights(0.1, ranges(size)),
        new AddNesterovMomentum(0.8f),
        new ScaleByRmsProp(0.9f, 1e-6f),
        new ClipByGlobalNorm(0.1),
        new ScaleByAdam(0.9f, 0.99f, 1e-8f),
        new AddMomentum(0.7f, 0.1f),
        new AdaptiveRule.ScaleByAdagrad(1e-10f),
        new AdaptiveRule.ScaleByAdadelta(0.9f, 1e-6f),
        new AdaptiveRule.ScaleByCenteredRmsProp(0.9f, 1e-8f),
        new AdamVariant.ScaleByAmsGrad(0.9f, 0.99f, 1e-8f),
        new AdamVariant.ScaleByAdamax(0.9f, 0.99f, 1e-8f),
        new AdamVariant.ScaleByNAdam(0.9f, 0.99f, 1e-8f, 0.004),
        new AdamVariant.ScaleByRAdam(0.9f, 0.5f, 1e-8f),
        new NormRule.ClipByLayerNorm(0.1 * Math.sqrt(size), ranges(size)),
        new NormRule.ClipByParameterNorm(0.1, units(size)),
        new NormRule.ScaleByTrustRatio(
            0.1, ranges(size).stream().map(range -> new NormRule.Decayed(range, 0.1)).toList()),
        new RangeRule.AddSigns(0.01, ranges(size)),
        new RangeRule.ScaleRanges(0.7, ranges(size)),
        new RangeRule.Freeze(ranges(size).subList(0, 1)),
        new ScaleByLearningRate(),
        new AdamVariant.TakeSigns(0.9f, 0.99f),
        new Lbfgs(2, 0, List.of(new AddDecayedWeights(0.1, ranges(size)))),
        new NormRule.ProjectOntoNorm(3, units(size)));
  }

  /** Inside a chunk, across its end, and to the end of the vector. */
  private static List<Range> ranges(int size) {
    int fifth = size / 5;
    return List.of(
        new Range(0, fifth), new Range(fifth + 3, 2 * fifth + 4), new Range(4 * fifth, size));
  }

  /** Short rows, then rows longer than a chunk where there is room. */
  private static List<Units> units(int size) {
    int third = size / 3;
    return List.of(new Units(1, third / 3, 3), new Units(third + 2, 2, third - 2));
  }

  @Test
  void everyRuleTakesPart() {
    Set<Class<?>> covered = new HashSet<>(Set.of(Chain.class));
    rules(100).forEach(rule -> covered.add(rule.getClass()));
    assertEquals(Sealed.leaves(UpdateRule.class), covered);
  }

  /** One pass over memory gives the bits of two. */
  @ParameterizedTest
  @ValueSource(ints = {20, CHUNK - 1, CHUNK, CHUNK + 1, 80_000, 16 * CHUNK, 16 * CHUNK + 1})
  void onePassIsOneRuleAfterTheOther(int size) {
    Walk inOnePass = new Walk(size);
    Walk inTurn = new Walk(size);
    for (int step = 0; step < STEPS; step++) {
      Update update = inOnePass.update(step);
      new Chain(rules(size)).apply(update);
      update.addToTheta();

      Update slow = inTurn.update(step);
      for (UpdateRule rule : rules(size)) {
        rule.apply(slow);
        slow.values();
      }
      float[] result = slow.values();
      for (int i = 0; i < size; i++) {
        inTurn.theta[i] += result[i];
      }
    }
    inTurn.assertSame(inOnePass);
  }

  @ParameterizedTest
  @ValueSource(ints = {CHUNK + 1, 16 * CHUNK - 1, 16 * CHUNK, 16 * CHUNK + 1, 700_003})
  void theBitsDoNotDependOnTheCores(int size) {
    Walk alone = new Walk(size);
    Workers.run(1, () -> alone.steps(new Chain(rules(size))));
    for (int threads : new int[] {2, 7}) {
      Walk shared = new Walk(size);
      Workers.run(threads, () -> shared.steps(new Chain(rules(size))));
      alone.assertSame(shared);
    }
    Walk onThisThread = new Walk(size);
    onThisThread.steps(new Chain(rules(size)));
    alone.assertSame(onThisThread);
  }

  /** The norms of ranges beside double precision, and the step's bits beside those without. */
  @ParameterizedTest
  @ValueSource(ints = {20, CHUNK - 1, CHUNK, CHUNK + 1, 80_000, 16 * CHUNK + 1})
  void aWatchedStepIsTheSameStep(int size) {
    Walk watched = new Walk(size);
    Walk plain = new Walk(size);
    for (int step = 0; step < STEPS; step++) {
      Update update = watched.update(step);
      Update same = plain.update(step);
      assertNear(norms(same.values(), size), update.norms(ranges(size)));
      assertEquals(same.norm(), update.norm());
      new Chain(rules(size)).apply(update);
      new Chain(rules(size)).apply(same);
      double[] updateNorms = norms(same.values(), size);
      double[] thetaNorms = norms(plain.theta, size);
      Update.Step made = update.addToTheta(ranges(size));
      same.addToTheta();
      assertNear(updateNorms, made.updateNorms());
      assertNear(thetaNorms, made.thetaNorms());
      assertTrue(made.firstNotFinite().isEmpty());
    }
    plain.assertSame(watched);
  }

  private static double[] norms(float[] values, int size) {
    return ranges(size).stream()
        .mapToDouble(
            range -> {
              double squares = 0;
              for (int i = range.start(); i < range.end(); i++) {
                squares += (double) values[i] * values[i];
              }
              return Math.sqrt(squares);
            })
        .toArray();
  }

  private static void assertNear(double[] expected, double[] actual) {
    assertEquals(expected.length, actual.length);
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], actual[i], 1e-6 * expected[i]);
    }
  }

  /** Squares of such numbers leave the range of floats, on both sides. */
  @ParameterizedTest
  @ValueSource(ints = {-148, -100, -70, -50, 56, 66, 127})
  void normsOfTinyAndHugeNumbers(int exponent) {
    float number = Math.scalb(1f, exponent);
    float[] values = new float[1000];
    Arrays.fill(values, number);
    Update update = new Update(values, new float[1000], new Memory(1000), 0, 1);
    double[] norms = update.norms(List.of(new Range(10, 310), new Range(310, 320)));
    assertNear(new double[] {number * Math.sqrt(300), number * Math.sqrt(10)}, norms);
  }

  /** Where a number of theta would not be finite, all of theta stays, to the bit. */
  @ParameterizedTest
  @ValueSource(ints = {0, 63, 70, CHUNK - 1, CHUNK, 80_000, 17 * CHUNK})
  void aStepThatIsNotFiniteIsTakenBack(int at) {
    int size = 17 * CHUNK + 5;
    float[] theta = new Walk(size).theta;
    for (float[] bad :
        new float[][] {
          {0, Float.NaN},
          {1, Float.NEGATIVE_INFINITY},
          {Float.MAX_VALUE, Float.MAX_VALUE},
          {-3e38f, -1e38f}
        }) {
      theta[at] = bad[0];
      for (int threads : new int[] {1, 3}) {
        float[] values = new float[size];
        Arrays.fill(values, 0.3f);
        values[at] = bad[1];
        values[size - 1] = Float.NaN;
        float[] kept = theta.clone();
        Update update = new Update(values, kept, new Memory(size), 0, 1);
        Workers.run(
            threads, () -> assertEquals(at, update.addToTheta().firstNotFinite().getAsInt()));
        assertArrayEquals(theta, kept);
      }
    }
  }

  /** The largest update and the largest theta that meet without harm. */
  @ParameterizedTest
  @ValueSource(ints = {50, 63, 83, 102, 103, 104})
  void theGuardIsExact(int exponent) {
    float large = Math.scalb(1f, exponent);
    float[] theta = {Float.MAX_VALUE, -Float.MAX_VALUE, 1};
    float[] values = {large, -large, -Float.MAX_VALUE};
    boolean finite = Float.isFinite(theta[0] + large);
    Update.Step step = new Update(values, theta, new Memory(3), 0, 1).addToTheta();
    assertEquals(finite, step.firstNotFinite().isEmpty());
    assertEquals(Float.MAX_VALUE, theta[0]);
  }

  @Test
  void memoryIsSetToWhatAnotherIs() {
    Walk walk = new Walk(100);
    Memory before = new Memory(100);
    before.vector("mean")[3] = 7;
    before.put("number", 5);
    walk.steps(new Chain(rules(100)));
    assertFalse(walk.memory.vectors().isEmpty());
    walk.memory.set(before);
    assertEquals(before.numbers(), walk.memory.numbers());
    walk.memory
        .vectors()
        .forEach(
            (name, vector) ->
                assertArrayEquals(
                    name.equals("mean") ? before.vector("mean") : new float[100], vector));
  }

  /** What a rule does to a window it does to that window alone: no chunk's end shows. */
  @ParameterizedTest
  @ValueSource(ints = {CHUNK + 5, 17 * CHUNK + 5})
  void eachElementIsRewrittenByItself(int size) {
    Walk start = new Walk(size);
    for (UpdateRule rule : rules(size)) {
      if (rule instanceof ClipByGlobalNorm || rule instanceof NormRule || rule instanceof Lbfgs) {
        continue;
      }
      Walk whole = new Walk(size);
      whole.steps(rule);
      for (int from = 0; from < size; from += 999) {
        Walk window = start.window(from, Math.min(size, from + 999));
        window.steps(window(rule, from, window.theta.length));
        whole.window(from, from + window.theta.length).assertSame(window);
      }
    }
  }

  private static UpdateRule window(UpdateRule rule, int start, int size) {
    if (!(rule instanceof RangeRule part)) {
      return rule;
    }
    List<Range> inside =
        part.ranges().stream()
            .map(
                range ->
                    new Range(
                        Math.max(0, range.start() - start), Math.min(size, range.end() - start)))
            .filter(range -> range.start() < range.end())
            .toList();
    if (part instanceof AddDecayedWeights decay) {
      return new AddDecayedWeights(decay.decay(), inside);
    } else if (part instanceof RangeRule.AddSigns signs) {
      return new RangeRule.AddSigns(signs.l1(), inside);
    } else if (part instanceof RangeRule.ScaleRanges scale) {
      return new RangeRule.ScaleRanges(scale.factor(), inside);
    }
    return new RangeRule.Freeze(inside);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 7, CHUNK - 1, CHUNK + 3, 300_001})
  void theNormIsThatOfExactSums(int size) {
    float[] values = new Walk(size).gradients[0];
    BigDecimal squares = BigDecimal.ZERO;
    for (int i = 0; i < size; i++) {
      // Magnitudes from 1e-6 to 1e6.
      values[i] *= (float) Math.pow(10, i * 7 % 13 - 6);
      squares = squares.add(new BigDecimal(values[i]).pow(2));
    }
    double exact = squares.sqrt(MathContext.DECIMAL64).doubleValue();
    assertEquals(exact, update(values).norm(), 1e-14 * exact);
  }

  @ParameterizedTest
  @ValueSource(ints = {20, CHUNK + 5, 100_000, 20 * CHUNK + 7})
  void normsOfPartsAreThoseOfExactSums(int size) {
    Walk walk = new Walk(size);
    Update update = update(walk.gradients[0].clone());
    update.scale(4);
    for (Windows windows : List.of(Windows.of(ranges(size)), Windows.rows(units(size)))) {
      double[] norms = update.norms(windows, Squares.THETA, Squares.UPDATE)[1];
      for (int w = 0; w < windows.count(); w++) {
        double squares = 0;
        for (int i = windows.start(w); i < windows.end(w); i++) {
          squares += 16.0 * walk.gradients[0][i] * walk.gradients[0][i];
        }
        assertEquals(Math.sqrt(squares), norms[w], 1e-12 * norms[w]);
      }
    }
  }

  @Test
  void theNormIsFiniteIfAndOnlyIfAllElementsAre() {
    int size = 17 * CHUNK + 3;
    float[] largest = new float[size];
    Arrays.fill(largest, Float.MAX_VALUE);
    assertTrue(Double.isFinite(update(largest).norm()));
    for (int place : new int[] {0, 1, 2, 3, CHUNK - 1, CHUNK, 16 * CHUNK, size - 1}) {
      for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
        float[] values = largest.clone();
        values[place] = bad;
        assertFalse(Double.isFinite(update(values).norm()), bad + " at " + place);
      }
    }
    Update tooLarge = update(largest.clone());
    tooLarge.scale(2);
    assertFalse(Double.isFinite(tooLarge.norm()));
  }

  @Test
  void theNormIsThatOfWhatHasBeenHandedInSoFar() {
    Update update = update(new float[] {3, 4});
    assertEquals(5, update.norm());
    update.scale(2);
    assertEquals(10, update.norm());
    assertEquals(10, update.norm());
    update.scale(0.5f);
    update.scale(0.5f);
    assertArrayEquals(new float[] {1.5f, 2}, update.values());
    assertArrayEquals(new float[] {1.5f, 2}, update.values());
    assertEquals(2.5, update.norm());
  }

  /** The trainer reports the norm, and clipping first in the chain asks for it again. */
  @Test
  void anUnchangedUpdateIsNotMeasuredTwice() {
    float[] values = {3, 4};
    Update update = update(values);
    assertEquals(5, update.norm());
    values[0] = 300;
    assertEquals(5, update.norm());
  }

  private static Update update(float[] values) {
    return new Update(values, new float[values.length], new Memory(values.length), 0, 1);
  }

  /** Theta, memory and the gradients of a few steps. */
  private static final class Walk {
    private final float[][] gradients;
    private final float[] theta;
    private final Memory memory;

    Walk(int size) {
      this(new float[STEPS][size], new float[size], new Memory(size));
      Random random = new Random(size);
      for (int i = 0; i < size; i++) {
        theta[i] = (float) random.nextGaussian();
        for (float[] gradient : gradients) {
          gradient[i] = (float) random.nextGaussian();
        }
      }
    }

    private Walk(float[][] gradients, float[] theta, Memory memory) {
      this.gradients = gradients;
      this.theta = theta;
      this.memory = memory;
    }

    Walk window(int from, int to) {
      Memory part = new Memory(to - from);
      memory
          .vectors()
          .forEach(
              (name, vector) -> System.arraycopy(vector, from, part.vector(name), 0, to - from));
      return new Walk(
          Arrays.stream(gradients)
              .map(gradient -> Arrays.copyOfRange(gradient, from, to))
              .toArray(float[][]::new),
          Arrays.copyOfRange(theta, from, to),
          part);
    }

    Update update(int step) {
      return new Update(gradients[step].clone(), theta, memory, step, 0.1 / (step + 1), -step);
    }

    void steps(UpdateRule rule) {
      for (int step = 0; step < STEPS; step++) {
        Update update = update(step);
        rule.apply(update);
        update.addToTheta();
      }
    }

    void assertSame(Walk other) {
      assertArrayEquals(theta, other.theta);
      assertEquals(memory.vectors().keySet(), other.memory.vectors().keySet());
      memory
          .vectors()
          .forEach((name, vector) -> assertArrayEquals(vector, other.memory.vectors().get(name)));
    }
  }
}
