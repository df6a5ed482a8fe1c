package io.lakeprop.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.base.Workers;
import io.lakeprop.data.PackedBlock;
import io.lakeprop.nn.Initializer;
import io.lakeprop.nn.Kernel;
import io.lakeprop.nn.Network;
import io.lakeprop.nn.SoftmaxCrossEntropy;
import io.lakeprop.optim.Memory;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Law 2: sums travel, means do not; unequal shards, some empty, equal one shard. */
class GradientSumTest {
  private static final int ROWS = 300;
  private static final Network NETWORK = Samples.network(0);
  private static final Objective OBJECTIVE =
      new Objective(NETWORK, new SoftmaxCrossEntropy(Samples.CLASSES), 64, Kernel.EJML);
  private static final float[] THETA = Initializer.suited(NETWORK, 1);

  @TestFactory
  Stream<DynamicTest> unequalShardsEqualOne() {
    return Stream.of(
            new int[] {300},
            new int[] {1, 299},
            new int[] {0, 0, 7, 210, 0, 83},
            new int[] {5, 0, 150, 1, 9, 100, 35, 0})
        .map(sizes -> DynamicTest.dynamicTest(Arrays.toString(sizes), () -> equalsOne(sizes)));
  }

  private static void equalsOne(int[] sizes) {
    GradientSum one = sum(ROWS);
    GradientSum many = sum(sizes);
    assertEquals(ROWS, many.rows());
    assertEquals(one.weight(), many.weight());
    assertArrayEquals(one.flatRows(), many.flatRows());
    assertEquals(one.meanLoss(), many.meanLoss(), 1e-5 * one.meanLoss());
    assertNear(mean(one), mean(many));
  }

  /** The sum of all rows of the shards, in one round. */
  private static GradientSum sum(int... sizes) {
    RoundPlan plan = new RoundPlan(1, ROWS, sizes.length, sizes);
    assertEquals(1, plan.roundsPerEpoch());
    return new LocalRounds(OBJECTIVE, plan, Samples.shards(sizes)).gradient(THETA, 0);
  }

  /**
   * The classic bug would show on these rows: the mean of the shards' means is another gradient.
   */
  @Test
  void meanOfMeansIsAnotherGradient() {
    int[] sizes = {10, 90, 200};
    float[] expected = mean(sum(sizes));
    double[] means = new double[expected.length];
    List<PackedBlock> blocks = Samples.shards(sizes);
    RoundPlan plan = new RoundPlan(1, ROWS, sizes.length, sizes);
    for (int slice = 0; slice < sizes.length; slice++) {
      float[] mean =
          mean(
              OBJECTIVE.gradient(
                  THETA,
                  blocks.get(slice),
                  plan.share(0, slice),
                  OBJECTIVE.workspace(),
                  OBJECTIVE.pool()));
      for (int i = 0; i < means.length; i++) {
        means[i] += mean[i] / (double) sizes.length;
      }
    }
    double largest = 0;
    double difference = 0;
    for (int i = 0; i < means.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i]));
      difference = Math.max(difference, Math.abs(expected[i] - means[i]));
    }
    assertTrue(difference > 0.1 * largest, difference + " of " + largest);
  }

  @Test
  void someUnitsAreFlatInSomeRows() {
    float[] larger = THETA.clone();
    for (int i = 0; i < larger.length; i++) {
      larger[i] *= 3;
    }
    float[] one = flatRows(larger, ROWS);
    assertEquals(14, one.length);
    int several = 0;
    for (float count : one) {
      several += count > 0 && count < ROWS ? 1 : 0;
    }
    assertTrue(several > 3, Arrays.toString(one));
    assertArrayEquals(one, flatRows(larger, 5, 0, 150, 1, 9, 100, 35, 0));
  }

  private static float[] flatRows(float[] theta, int... sizes) {
    RoundPlan plan = new RoundPlan(1, ROWS, sizes.length, sizes);
    return new LocalRounds(OBJECTIVE, plan, Samples.shards(sizes)).gradient(theta, 0).flatRows();
  }

  @Test
  void mergeAddsEverything() {
    GradientSum left = sum(1f, 2f, new float[] {2}, new float[] {10});
    GradientSum right = sum(3f, -4f, new float[] {1, 5}, new float[] {1, 2});
    GradientSum merged = left.merge(right).merge(new GradientSum(2));
    assertEquals(3, merged.rows());
    assertEquals(8, merged.weight());
    assertEquals(31.0 / 8, merged.meanLoss());
    assertArrayEquals(new float[] {0.5f, -0.25f}, mean(merged));
  }

  /** Around the length from which cores share: the driver's additions have the bits of a task's. */
  @ParameterizedTest
  @ValueSource(ints = {1, 16_385, 262_143, 262_144, 262_145, 700_003})
  void mergingOnAllCoresGivesTheSameBits(int size) {
    GradientSum left = random(size, 1);
    GradientSum expected =
        new GradientSum(
                left.gradient().clone(),
                left.flatRows().clone(),
                left.loss(),
                left.weight(),
                left.rows())
            .merge(random(size, 2));
    for (int threads : new int[] {1, 2, 7}) {
      Workers.run(
          threads,
          () -> {
            GradientSum merged = random(size, 1).mergeOnAllCores(random(size, 2));
            assertArrayEquals(expected.gradient(), merged.gradient());
            assertArrayEquals(expected.flatRows(), merged.flatRows());
            assertEquals(expected.loss(), merged.loss());
            assertEquals(expected.weight(), merged.weight());
            assertEquals(expected.rows(), merged.rows());
          });
    }
    assertNotEquals(left.gradient()[size - 1], expected.gradient()[size - 1]);
  }

  private static GradientSum random(int size, long seed) {
    Random random = new Random(seed);
    float[] gradient = new float[size];
    for (int i = 0; i < size; i++) {
      gradient[i] = (float) random.nextGaussian();
    }
    float[] flatRows = {seed, random.nextInt(100)};
    return new GradientSum(gradient, flatRows, random.nextDouble(), random.nextDouble(), seed);
  }

  private static GradientSum sum(float g0, float g1, float[] weights, float[] losses) {
    GradientSum sum = new GradientSum(2);
    sum.gradient()[0] = g0;
    sum.gradient()[1] = g1;
    sum.count(weights.length, weights, losses);
    return sum;
  }

  private static float[] mean(GradientSum sum) {
    int size = sum.gradient().length;
    return sum.meanGradient(new float[size], new Memory(size), 0, 1).values();
  }

  private static void assertNear(float[] expected, float[] actual) {
    double largest = 0;
    for (float value : expected) {
      largest = Math.max(largest, Math.abs(value));
    }
    assertArrayEquals(expected, actual, (float) (1e-5 * largest));
  }
}
