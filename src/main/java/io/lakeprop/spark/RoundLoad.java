package io.lakeprop.spark;

import java.util.List;

/**
 * What a round brings to the driver, and what the driver holds at once.
 *
 * @param slices leaves of the round's tree
 * @param tasks that share them
 * @param parameters numbers in theta
 * @param counters of units' flat rows, which a sum has besides
 * @param vectors that the optimizer remembers, each as long as theta
 */
record RoundLoad(int slices, int tasks, long parameters, int counters, int vectors) {
  /** Indices, weight, loss and Kryo's marks of a node, rounded up. */
  private static final long NODE_BYTES = 128;

  /** A task's metrics, which travel with its result, rounded up. */
  private static final long RESULT_BYTES = 4 << 10;

  /** Theta, its copy on the way to the executors, and the best theta so far. */
  private static final int THETAS = 3;

  /** Sums that count nothing. */
  RoundLoad(int slices, int tasks, long parameters, int vectors) {
    this(slices, tasks, parameters, 0, vectors);
  }

  /** Bytes of theta. */
  long theta() {
    return Float.BYTES * parameters;
  }

  /** Bytes of a sum. */
  private long sum() {
    return Float.BYTES * (parameters + counters);
  }

  /** Bytes of a resident round's largest message: the nodes that one task can sum. */
  long largestMessage() {
    return largest(FanIn.DIRECT.arrivals(slices, tasks)) * sum();
  }

  /** Bytes of all results of a job round, as {@code spark.driver.maxResultSize} counts them. */
  long results(FanIn way) {
    List<Integer> arrivals = way.arrivals(slices, tasks);
    return nodes(arrivals) * (sum() + NODE_BYTES) + arrivals.size() * RESULT_BYTES;
  }

  /**
   * Vectors as long as theta that the driver holds when the last result arrives: three thetas, the
   * optimizer's, every node, and the last result once more in the form in which it came. A lower
   * bound: in local mode the tasks' own vectors and the cached table share the heap.
   */
  long vectorsAtOnce(FanIn way) {
    List<Integer> arrivals = way.arrivals(slices, tasks);
    return THETAS + vectors + nodes(arrivals) + largest(arrivals);
  }

  private static long nodes(List<Integer> arrivals) {
    return arrivals.stream().mapToLong(n -> n).sum();
  }

  private static long largest(List<Integer> arrivals) {
    return arrivals.stream().mapToLong(n -> n).max().orElse(0);
  }
}
