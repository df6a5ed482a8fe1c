package io.lakeprop.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.train.TreeSum;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every slice runs once, in one part, and every part keeps all tasks busy. */
final class PlacementTest {
  @ParameterizedTest(name = "{0} slices, {1} parts, {2} tasks")
  @CsvSource({
    "1, 1, 1",
    "8, 1, 3",
    "8, 2, 3",
    "8, 3, 2",
    "7, 4, 2",
    "7, 7, 1",
    "64, 4, 16",
    "33, 5, 7"
  })
  void sharesTheSlicesOfEachPartOut(int slices, int parts, int tasks) {
    Placement placement = new Placement(slices, parts, tasks);
    List<Integer> all = new ArrayList<>();
    for (int part = 0; part < parts; part++) {
      Leaves own = placement.part(part);
      assertTrue(own.count() == slices / parts || own.count() == slices / parts + 1);
      for (int task = 0; task < tasks; task++) {
        Leaves share = own.of(task, tasks);
        int few = own.count() / tasks;
        assertTrue(share.count() == few || share.count() == few + 1, "as even as can be");
        int expected = task;
        share.stream().forEach(slice -> assertEquals(expected, placement.taskOf(slice)));
        share.stream().forEach(all::add);
      }
    }
    assertEquals(IntStream.range(0, slices).boxed().toList(), all);
    assertEquals(
        placement.part(parts - 1).count(),
        Placement.mostOfAPart(slices, parts),
        "the last part is the largest");
    partitionsHaveTheirShards(placement);
  }

  private static void partitionsHaveTheirShards(Placement placement) {
    int groups = 3;
    BlockPacker.ByShard partitioner = new BlockPacker.ByShard(placement, groups);
    assertEquals(groups * placement.tasks(), partitioner.numPartitions());
    int shards = 0;
    for (int partition = 0; partition < partitioner.numPartitions(); partition++) {
      int[] own = placement.shardsOf(partition).toArray();
      assertArrayEquals(IntStream.of(own).sorted().toArray(), own);
      for (int shard : own) {
        assertEquals(partition, partitioner.getPartition(shard(shard)));
      }
      shards += own.length;
    }
    assertEquals(groups * placement.slices(), shards);
  }

  private static io.lakeprop.data.EncodedRow shard(int shard) {
    return new io.lakeprop.data.EncodedRow(shard, 0, new float[0], new int[0], 0, 1);
  }

  @Test
  void aPartHasASlice() {
    String message = assertThrows(InvalidInput.class, () -> new Placement(3, 4, 1)).getMessage();
    assertEquals("parts must be at most slices=3, however: parts=4", message);
  }

  /** What is counted before the start is what a driver that adds part by part would see. */
  @ParameterizedTest(name = "{0} slices, {1} parts, {2} tasks")
  @CsvSource({"8, 1, 3", "8, 2, 2", "8, 3, 2", "64, 4, 16", "33, 5, 7", "7, 7, 1"})
  void theDriverHoldsWhatWasCounted(int slices, int parts, int tasks) {
    Placement placement = new Placement(slices, parts, tasks);
    RoundLoad load = new RoundLoad(placement, 1000, 0, 2);
    TreeSum<Object> driver = FanIn.tree(slices);
    long mostVectors = 0;
    long mostBytes = 0;
    for (int part = 0; part < parts; part++) {
      long largest = 0;
      List<TreeSum.Node<Object>> came = new ArrayList<>();
      for (int task = 0; task < tasks; task++) {
        TreeSum<Object> own = FanIn.tree(slices);
        placement.part(part).of(task, tasks).stream().forEach(slice -> own.add(slice, null));
        came.addAll(own.nodes());
        largest = Math.max(largest, own.nodes().size());
      }
      mostVectors = Math.max(mostVectors, driver.nodes().size() + came.size() + largest);
      mostBytes = Math.max(mostBytes, came.size() * load.theta());
      came.forEach(driver::add);
    }
    assertEquals(3 + 2 + mostVectors, load.vectorsAtOnce(FanIn.DIRECT));
    assertTrue(load.results(FanIn.DIRECT) > mostBytes);
    assertTrue(load.results(FanIn.DIRECT) < mostBytes + slices * 128L + tasks * 4096L + 1);
  }

  /** Where sums meet, they meet below the part's own node of the tree. */
  @ParameterizedTest(name = "{0} slices, {1} parts, {2} tasks: {3}")
  @CsvSource({"64, 4, 16, 4", "64, 2, 5, 4", "64, 8, 8, 4", "60, 3, 4, 2"})
  void addersShareAPart(int slices, int parts, int tasks, int results) {
    Placement placement = new Placement(slices, parts, tasks);
    for (int part = 0; part < parts; part++) {
      List<Integer> arrivals = FanIn.TWO_LEVELS.arrivals(placement.part(part), tasks);
      assertTrue(
          arrivals.stream().filter(nodes -> nodes > 0).count() >= results,
          "part " + part + ": " + arrivals);
    }
  }
}
