package io.lakeprop.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.train.TreeSum;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Any slices, in any parts, on any number of tasks: each runs once, and the tree is filled. */
class PlacementLawTest {
  @Property
  void everySliceRunsOnce(
      @ForAll @IntRange(min = 1, max = 100) int slices,
      @ForAll @IntRange(min = 1, max = 100) int wished,
      @ForAll @IntRange(min = 1, max = 40) int tasks) {
    Placement placement = new Placement(slices, Math.min(slices, wished), tasks);
    TreeSum<List<Integer>> driver = new TreeSum<>(slices, PlacementLawTest::joined);
    for (int part = 0; part < placement.parts(); part++) {
      Leaves leaves = placement.part(part);
      assertTrue(leaves.count() <= Placement.mostOfAPart(slices, placement.parts()));
      for (int task = 0; task < tasks; task++) {
        int own = task;
        TreeSum<List<Integer>> sum = new TreeSum<>(slices, PlacementLawTest::joined);
        leaves.of(task, tasks).stream().forEach(slice -> sum.add(slice, List.of(slice)));
        leaves.of(task, tasks).stream()
            .forEach(slice -> assertEquals(own, placement.taskOf(slice)));
        sum.nodes().forEach(driver::add);
      }
    }
    assertEquals(IntStream.range(0, slices).boxed().toList(), driver.total());
  }

  @Property
  void everyShardLiesInOnePartition(
      @ForAll @IntRange(min = 1, max = 60) int slices,
      @ForAll @IntRange(min = 1, max = 60) int wished,
      @ForAll @IntRange(min = 1, max = 20) int tasks,
      @ForAll @IntRange(min = 1, max = 4) int groups) {
    Placement placement = new Placement(slices, Math.min(slices, wished), tasks);
    TreeSet<Integer> shards = new TreeSet<>();
    for (int partition = 0; partition < groups * tasks; partition++) {
      placement.shardsOf(partition).forEach(shard -> assertTrue(shards.add(shard), shard + ""));
    }
    assertEquals(IntStream.range(0, groups * slices).boxed().toList(), List.copyOf(shards));
  }

  private static List<Integer> joined(List<Integer> left, List<Integer> right) {
    List<Integer> all = new ArrayList<>(left);
    all.addAll(right);
    return all;
  }
}
