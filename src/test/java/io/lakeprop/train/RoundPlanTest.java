package io.lakeprop.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.base.InvalidInput;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Law 5: what a slice reads is a pure function; an epoch reads every row once. */
class RoundPlanTest {
  /** A table: rows of a round, slices, rows of each shard. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Shape(int batch, int slices, int... shards) {
    RoundPlan plan() {
      return new RoundPlan(3, batch, slices, shards);
    }

    /** Rows of each round of a group, were they even. */
    double rows(int group) {
      double all = Arrays.stream(shards, group * slices, (group + 1) * slices).sum();
      return all / Math.ceil(all / batch);
    }

    @Override
    public String toString() {
      return batch + " rows, " + slices + " slices of " + Arrays.toString(shards);
    }
  }

  private static final List<Shape> SHAPES =
      List.of(
          new Shape(10, 1, 100),
          new Shape(10, 1, 7),
          new Shape(1, 1, 1),
          new Shape(1, 3, 4, 4, 4),
          new Shape(16, 4, 33, 0, 1, 90),
          new Shape(1000, 4, 10, 11, 0, 12),
          new Shape(7, 2, 10, 20, 0, 0, 5, 1),
          new Shape(64, 2, 500, 480, 20, 31, 700, 699, 0, 1),
          new Shape(5, 3, 0, 0, 0, 1, 2, 3, 9, 9, 9));

  @TestFactory
  Stream<DynamicTest> anEpochReadsEveryRowOnce() {
    return SHAPES.stream().map(s -> DynamicTest.dynamicTest(s.toString(), () -> readsAll(s)));
  }

  private static void readsAll(Shape shape) {
    RoundPlan plan = shape.plan();
    long rounds = plan.roundsPerEpoch();
    for (long epoch = 0; epoch < 3; epoch++) {
      int[][] reads = new int[shape.shards.length][];
      Arrays.setAll(reads, shard -> new int[shape.shards[shard]]);
      for (long round = epoch * rounds; round < (epoch + 1) * rounds; round++) {
        assertEquals(epoch, plan.epoch(round));
        int rows = 0;
        for (int slice = 0; slice < shape.slices; slice++) {
          RoundPlan.Share share = plan.share(round, slice);
          assertEquals(plan.group(round) * shape.slices + slice, share.shard());
          for (int i = share.from(); i < share.to(); i++) {
            reads[share.shard()][share.order().at(i)]++;
            rows++;
          }
        }
        assertEquals(shape.rows(plan.group(round)), rows, shape.slices, "rows of a round");
      }
      for (int[] shard : reads) {
        int[] once = new int[shard.length];
        Arrays.fill(once, 1);
        assertArrayEquals(once, shard);
      }
    }
  }

  /** Small batches most of all: with two slices that go in step, every other round is empty. */
  @Test
  void shardsOfOneSizeMakeRoundsOfOneSize() {
    for (int[] shape : new int[][] {{1, 2, 50}, {3, 2, 50}, {10, 4, 33}, {7, 8, 25}, {64, 64, 9}}) {
      int batch = shape[0];
      int slices = shape[1];
      int[] shards = new int[slices];
      Arrays.fill(shards, shape[2]);
      RoundPlan plan = new RoundPlan(3, batch, slices, shards);
      double even = (double) slices * shape[2] / plan.roundsPerEpoch();
      for (long round = 0; round < plan.roundsPerEpoch(); round++) {
        int rows = 0;
        for (int slice = 0; slice < slices; slice++) {
          RoundPlan.Share share = plan.share(round, slice);
          rows += share.to() - share.from();
        }
        assertTrue(Math.abs(rows - even) < 1, rows + " rows, not " + even);
      }
    }
  }

  @TestFactory
  Stream<DynamicTest> groupsAreReadOneAfterTheOther() {
    return SHAPES.stream().map(s -> DynamicTest.dynamicTest(s.toString(), () -> inSequence(s)));
  }

  private static void inSequence(Shape shape) {
    RoundPlan plan = shape.plan();
    Set<Integer> met = new HashSet<>();
    int before = -1;
    for (long round = 0; round < plan.roundsPerEpoch(); round++) {
      int group = plan.group(round);
      assertTrue(group == before || met.add(group), "group " + group + " comes back");
      before = group;
    }
  }

  /** Asked in any order, of any instance, after any other question. */
  @Test
  void sharesArePure() {
    for (Shape shape : SHAPES) {
      RoundPlan plan = shape.plan();
      int rounds = (int) plan.roundsPerEpoch() * 2;
      List<RoundPlan.Share> first = new ArrayList<>();
      for (int i = 0; i < rounds * shape.slices; i++) {
        first.add(plan.share(i / shape.slices, i % shape.slices));
      }
      Random random = new Random(1);
      RoundPlan other = shape.plan();
      for (int trial = 0; trial < 200; trial++) {
        int i = random.nextInt(first.size());
        assertEquals(first.get(i), other.share(i / shape.slices, i % shape.slices));
      }
    }
  }

  @Test
  void epochsShardsAndSeedsHaveOrdersOfTheirOwn() {
    RoundPlan plan = new RoundPlan(3, 100, 2, new int[] {50, 50});
    assertNotEquals(order(plan, 0, 0), order(plan, 1, 0));
    assertNotEquals(order(plan, 0, 0), order(plan, 0, 1));
    assertNotEquals(order(plan, 0, 0), order(new RoundPlan(4, 100, 2, new int[] {50, 50}), 0, 0));
  }

  @Test
  void groupsComeInAnotherOrderInAnotherEpoch() {
    int[] shards = new int[8];
    Arrays.fill(shards, 1);
    RoundPlan plan = new RoundPlan(3, 1, 1, shards);
    Set<List<Integer>> orders = new HashSet<>();
    for (long epoch = 0; epoch < 10; epoch++) {
      List<Integer> order = new ArrayList<>();
      for (long round = epoch * 8; round < epoch * 8 + 8; round++) {
        order.add(plan.group(round));
      }
      orders.add(order);
    }
    assertTrue(orders.size() > 8, orders.toString());
  }

  @Test
  void everyRoundAndSliceHasItsOwnRandomness() {
    RoundPlan plan = new RoundPlan(3, 10, 4, new int[] {25, 25, 25, 25});
    Set<Long> seeds = new HashSet<>();
    for (int i = 0; i < 4000; i++) {
      seeds.add(plan.share(i / 4, i % 4).randomSeed());
    }
    assertEquals(4000, seeds.size());
  }

  @Test
  void tablesWithoutRowsAreRefused() {
    assertThrows(InvalidInput.class, () -> new RoundPlan(1, 10, 2, new int[] {0, 0}));
  }

  /** A shard in no group would never be read. */
  @Test
  void shardsThatFillNoGroupAreRefused() {
    assertThrows(InvalidInput.class, () -> new RoundPlan(1, 10, 2, new int[] {5, 5, 5}));
  }

  private static List<Integer> order(RoundPlan plan, long round, int slice) {
    RoundPlan.Share share = plan.share(round, slice);
    List<Integer> order = new ArrayList<>();
    for (int i = share.from(); i < share.to(); i++) {
      order.add(share.order().at(i));
    }
    return order;
  }
}
