package io.lakeprop.spark;

import java.io.Serializable;
import java.util.stream.IntStream;

/**
 * Neighbouring leaves of a tree: [from, to) of {@code all}.
 *
 * @param all leaves of the whole tree
 */
record Leaves(int from, int to, int all) implements Serializable {
  /** Those of a whole tree. */
  static Leaves all(int leaves) {
    return new Leaves(0, leaves, leaves);
  }

  int count() {
    return to - from;
  }

  IntStream stream() {
    return IntStream.range(from, to);
  }

  /** Those of a task of so many, {@code [task count / tasks, (task + 1) count / tasks)}. */
  Leaves of(int task, int tasks) {
    return new Leaves(
        from + BlockPacker.firstSlice(task, count(), tasks),
        from + BlockPacker.firstSlice(task + 1, count(), tasks),
        all);
  }
}
