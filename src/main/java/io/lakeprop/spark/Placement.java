package io.lakeprop.spark;

import io.lakeprop.base.Check;
import java.io.Serializable;
import java.util.stream.IntStream;

/**
 * When and where the slices of a round run. Part j of k has the slices {@code [j slices / k, (j +
 * 1) slices / k)}, and each part's slices are spread over all tasks: no core is idle while a part
 * is computed.
 *
 * @param parts of a round, one after the other
 * @param tasks that share the slices of each part
 */
record Placement(int slices, int parts, int tasks) implements Serializable {
  Placement {
    Check.positive(parts, "parts");
    Check.positive(tasks, "tasks");
    Check.require(parts <= slices, "parts must be at most slices=" + slices, "parts", parts);
  }

  /** All slices at once. */
  Placement(int slices, int tasks) {
    this(slices, 1, tasks);
  }

  /** The slices of a part. */
  Leaves part(int part) {
    return Leaves.all(slices).of(part, parts);
  }

  /** The slices of the largest part. */
  static int mostOfAPart(int slices, int parts) {
    return (slices + parts - 1) / parts;
  }

  /**
   * The shards of a partition of a packed table, ascending: those of the task's slices in the first
   * part, then those in the second.
   *
   * @param partition {@code group x tasks + task}
   */
  IntStream shardsOf(int partition) {
    int first = partition / tasks * slices;
    int task = partition % tasks;
    return IntStream.range(0, parts)
        .flatMap(part -> part(part).of(task, tasks).stream())
        .map(slice -> first + slice);
  }

  /** The task that runs a slice. */
  int taskOf(int slice) {
    Leaves part = part(BlockPacker.taskOf(slice, slices, parts));
    return BlockPacker.taskOf(slice - part.from(), part.count(), tasks);
  }
}
