package io.lakeprop.spark;

import io.lakeprop.train.TreeSum;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a round moves, part by part, and what the driver holds at once.
 *
 * @param placement of the slices, which are the leaves of the round's tree
 * @param parameters numbers in theta
 * @param counters of units' flat rows, which a sum has besides
 * @param vectors that the optimizer remembers, each as long as theta
 */
public record RoundLoad(Placement placement, long parameters, int counters, int vectors) {
  /** Indices, weight, loss and Kryo's marks of a node, rounded up. */
  private static final long NODE_BYTES = 128;

  /** A task's metrics, which travel with its result, rounded up. */
  private static final long RESULT_BYTES = 4 << 10;

  /** Theta, its copy on the way to the executors, and the best theta so far. */
  private static final int THETAS = 3;

  /** Of rounds in one part. */
  public RoundLoad(int slices, int tasks, long parameters, int counters, int vectors) {
    this(new Placement(slices, tasks), parameters, counters, vectors);
  }

  /** Tasks that share the slices of a part. */
  public int tasks() {
    return placement.tasks();
  }

  /** Leaves of the round's tree. */
  public int slices() {
    return placement.slices();
  }

  /** Nodes of the round's tree that each task sums and sends. */
  public List<Integer> nodes() {
    List<List<Integer>> parts = arrivals(FanIn.DIRECT);
    return IntStream.range(0, tasks())
        .mapToObj(task -> parts.stream().mapToInt(part -> part.get(task)).sum())
        .toList();
  }

  /** Bytes of a node: a sum as long as theta, and a bit. */
  public long node() {
    return sum() + NODE_BYTES;
  }

  /** Bytes of theta on its way out, once to each task; a broadcast goes once to an executor. */
  public long thetaOut() {
    return (long) placement.parts() * tasks() * theta();
  }

  /** Bytes of the sums that the tasks send. */
  public long sumsIn() {
    return nodes(nodes()) * node();
  }

  /** Bytes of theta. */
  public long theta() {
    return Float.BYTES * parameters;
  }

  /** Bytes of a sum. */
  private long sum() {
    return Float.BYTES * (parameters + counters);
  }

  /** Bytes of a resident round's largest message: the nodes that one task can sum. */
  long largestMessage() {
    return arrivals(FanIn.DIRECT).stream().mapToLong(RoundLoad::largest).max().orElse(0) * sum();
  }

  /**
   * Bytes of all results of the largest job of a round, as {@code spark.driver.maxResultSize}
   * counts them.
   */
  long results(FanIn way) {
    return arrivals(way).stream().mapToLong(arrivals -> results(arrivals, sum())).max().orElse(0);
  }

  /**
   * The same for results of any nodes.
   *
   * @param arrivals nodes of each result
   * @param sum bytes of a sum
   */
  static long results(List<Integer> arrivals, long sum) {
    return nodes(arrivals) * (sum + NODE_BYTES) + arrivals.size() * RESULT_BYTES;
  }

  /** The nodes of each result, part by part. */
  private List<List<Integer>> arrivals(FanIn way) {
    return IntStream.range(0, placement.parts())
        .mapToObj(part -> way.arrivals(placement.part(part), tasks()))
        .toList();
  }

  /**
   * Vectors as long as theta that the driver holds when the last result of a part arrives: three
   * thetas, the optimizer's, what the parts before have left in the tree, every node, and the last
   * result once more in the form in which it came. A lower bound: in local mode the tasks' own
   * vectors and the cached table share the heap.
   */
  long vectorsAtOnce(FanIn way) {
    long most = 0;
    TreeSum<Object> before = FanIn.tree(placement.slices());
    for (int part = 0; part < placement.parts(); part++) {
      Leaves leaves = placement.part(part);
      List<Integer> arrivals = way.arrivals(leaves, tasks());
      most = Math.max(most, before.nodes().size() + nodes(arrivals) + largest(arrivals));
      leaves.stream().forEach(slice -> before.add(slice, null));
    }
    return THETAS + vectors + most;
  }

  private static long nodes(List<Integer> arrivals) {
    return arrivals.stream().mapToLong(n -> n).sum();
  }

  private static long largest(List<Integer> arrivals) {
    return arrivals.stream().mapToLong(n -> n).max().orElse(0);
  }
}
