package io.lakeprop.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lakeprop.nn.Initializer;
import io.lakeprop.nn.Kernel;
import io.lakeprop.nn.Network;
import io.lakeprop.nn.SoftmaxCrossEntropy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Law 2 and 5: however rows are cut, every row counts once, and the sum is that of one part. */
class PartitionLawTest {
  private static final Network NETWORK = Samples.network(0);
  private static final float[] THETA = Initializer.suited(NETWORK, 1);
  private static final Objective OBJECTIVE =
      new Objective(NETWORK, new SoftmaxCrossEntropy(Samples.CLASSES), 16, Kernel.EJML);

  /** Sizes of shards, many of them empty, one now and then much larger than the rest. */
  @Provide
  Arbitrary<List<Integer>> sizes() {
    Arbitrary<Integer> size =
        Arbitraries.frequencyOf(
            Tuple.of(2, Arbitraries.just(0)),
            Tuple.of(4, Arbitraries.integers().between(1, 20)),
            Tuple.of(1, Arbitraries.integers().between(50, 200)));
    return size.list().ofMinSize(1).ofMaxSize(24);
  }

  @Property
  void anEpochReadsEveryRowOnce(
      @ForAll("sizes") List<Integer> sizes,
      @ForAll @IntRange(min = 1, max = 300) int batch,
      @ForAll @IntRange(min = 1, max = 8) int slices,
      @ForAll @IntRange(max = 1000) int epoch,
      @ForAll long seed) {
    int[] shards = Arrays.copyOf(ints(sizes), (sizes.size() + slices - 1) / slices * slices);
    Assume.that(Arrays.stream(shards).sum() > 0);
    RoundPlan plan = new RoundPlan(seed, batch, slices, shards);
    int[][] reads = new int[shards.length][];
    Arrays.setAll(reads, shard -> new int[shards[shard]]);
    long rounds = plan.roundsPerEpoch();
    for (long round = epoch * rounds; round < (epoch + 1) * rounds; round++) {
      for (int slice = 0; slice < slices; slice++) {
        RoundPlan.Share share = plan.share(round, slice);
        for (int i = share.from(); i < share.to(); i++) {
          reads[share.shard()][share.order().at(i)]++;
        }
      }
    }
    for (int[] shard : reads) {
      int[] once = new int[shard.length];
      Arrays.fill(once, 1);
      assertArrayEquals(once, shard);
    }
  }

  /** Small whole numbers: their sums are exact in float32, so any cut must give the same bits. */
  @Property
  void anyCutOfRowsIsTheSumOfOnePart(
      @ForAll @Size(min = 1, max = 60) List<@IntRange(min = -50, max = 50) Integer> rows,
      @ForAll("sizes") List<Integer> sizes) {
    GradientSum whole = sum(rows);
    TreeSum<GradientSum> tree = new TreeSum<>(sizes.size(), GradientSum::merge);
    int from = 0;
    for (int part = 0; part < sizes.size(); part++) {
      int last = part + 1 == sizes.size() ? rows.size() : from + sizes.get(part);
      int to = Math.min(rows.size(), last);
      // A part without rows sends an empty sum or none.
      tree.add(part, from == to && part % 2 == 0 ? null : sum(rows.subList(from, to)));
      from = to;
    }
    GradientSum cut = tree.total();
    assertArrayEquals(whole.gradient(), cut.gradient());
    assertArrayEquals(whole.flatRows(), cut.flatRows());
    assertEquals(whole.rows(), cut.rows());
    assertEquals(whole.weight(), cut.weight());
    assertEquals(whole.loss(), cut.loss());
  }

  private static GradientSum sum(List<Integer> rows) {
    GradientSum sum = new GradientSum(2, 1);
    for (int row : rows) {
      sum.gradient()[0] += row;
      sum.gradient()[1] -= 3 * row;
      sum.flatRows()[0] += row > 0 ? 1 : 0;
      sum.count(1, new float[] {Math.abs(row) / 4f}, new float[] {row / 2f});
    }
    return sum;
  }

  /** The gradient of a network: the same rows in any shards, up to rounding. */
  @Property(tries = 40)
  void anyShardsHaveTheGradientOfOne(@ForAll("sizes") List<Integer> sizes) {
    int[] shards = ints(sizes);
    int rows = Arrays.stream(shards).sum();
    Assume.that(rows > 0);
    GradientSum one = gradient(rows);
    GradientSum many = gradient(shards);
    assertEquals(one.rows(), many.rows());
    assertEquals(one.weight(), many.weight());
    assertArrayEquals(one.flatRows(), many.flatRows());
    assertEquals(one.loss(), many.loss(), 1e-5 * one.loss());
    float largest = 0;
    for (float value : one.gradient()) {
      largest = Math.max(largest, Math.abs(value));
    }
    assertArrayEquals(one.gradient(), many.gradient(), 1e-5f * largest);
  }

  private static GradientSum gradient(int... shards) {
    int rows = Arrays.stream(shards).sum();
    RoundPlan plan = new RoundPlan(1, rows, shards.length, shards);
    return new LocalRounds(OBJECTIVE, plan, Samples.shards(shards)).gradient(THETA, 0);
  }

  /** Law 4: leaves of any numbers, in any order, in any tasks, have the bits of the recursion. */
  @Property
  void anyArrivalGivesTheSameBits(
      @ForAll @Size(min = 1, max = 70) List<Float> leaves, @ForAll long seed) {
    Random random = new Random(seed);
    List<TreeSum<Float>> tasks = new ArrayList<>();
    for (int task = 0; task <= random.nextInt(8); task++) {
      tasks.add(new TreeSum<>(leaves.size(), Float::sum));
    }
    for (int leaf : shuffled(leaves.size(), random)) {
      tasks.get(random.nextInt(tasks.size())).add(leaf, leaves.get(leaf));
    }
    List<TreeSum.Node<Float>> nodes = new ArrayList<>();
    tasks.forEach(task -> nodes.addAll(task.nodes()));
    TreeSum<Float> driver = new TreeSum<>(leaves.size(), Float::sum);
    shuffled(nodes.size(), random).forEach(i -> driver.add(nodes.get(i)));
    float expected = recursion(leaves);
    assertEquals(Float.floatToIntBits(expected), Float.floatToIntBits(driver.total()));
  }

  private static float recursion(List<Float> leaves) {
    int middle = leaves.size() / 2;
    return leaves.size() == 1
        ? leaves.get(0)
        : recursion(leaves.subList(0, middle)) + recursion(leaves.subList(middle, leaves.size()));
  }

  private static List<Integer> shuffled(int size, Random random) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      order.add(random.nextInt(i + 1), i);
    }
    return order;
  }

  private static int[] ints(List<Integer> sizes) {
    return sizes.stream().mapToInt(Integer::intValue).toArray();
  }
}
