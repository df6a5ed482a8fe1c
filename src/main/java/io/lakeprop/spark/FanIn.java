package io.lakeprop.spark;

import io.lakeprop.train.TreeSum;
import java.util.ArrayList;
import java.util.List;

/**
 * How the partial sums of a job round's tasks come together. The order of additions is the tree's
 * and not the way's, so every way gives the same bits.
 *
 * <p>Of t tasks with n nodes in all, each node as large as theta, the driver takes in
 *
 * <pre>
 *   DIRECT       n             no shuffle
 *   TWO_LEVELS   about √t      one shuffle
 *   ONE_SUM      1             two shuffles; one below four tasks
 * </pre>
 *
 * <p>A shuffle costs another stage of tasks, and saves bytes and additions at the driver.
 */
enum FanIn {
  /** Every task's nodes go to the driver. */
  DIRECT(1, ""),
  /** √t tasks, rounded up to a power of two, add the nodes below one node of the tree each. */
  TWO_LEVELS(FanIn.FEWEST_TASKS_OF_A_LEVEL, "sums meet in √tasks tasks first"),
  /** One task adds the sums of the second level; the driver takes in the total. */
  ONE_SUM(2, "sums meet in one task");

  private static final int FEWEST_TASKS_OF_A_LEVEL = 4;
  private static final String JOB_ROUNDS = "job rounds";

  private final int fewestTasks;
  private final String words;

  FanIn(int fewestTasks, String words) {
    this.fewestTasks = fewestTasks;
    this.words = words;
  }

  /** The ways that differ for so many tasks, the plainest first. */
  static List<FanIn> of(int tasks) {
    List<FanIn> ways = new ArrayList<>(List.of(values()));
    ways.removeIf(way -> tasks < way.fewestTasks);
    return ways;
  }

  /** What a run's output says of job rounds in this way. */
  String words() {
    return words.isEmpty() ? JOB_ROUNDS : JOB_ROUNDS + ": " + words;
  }

  /** Those of {@link #of} that may be fastest: below four tasks there is no load to share. */
  static List<FanIn> worthTrying(int tasks) {
    return tasks < FEWEST_TASKS_OF_A_LEVEL ? List.of(DIRECT) : List.of(values());
  }

  /** Adding tasks of each level between the round's tasks and the driver. */
  List<Integer> levels(int tasks) {
    int root = 1;
    while (root * root < tasks) {
      root *= 2;
    }
    return switch (this) {
      case DIRECT -> List.of();
      case TWO_LEVELS -> List.of(root);
      case ONE_SUM -> tasks < FEWEST_TASKS_OF_A_LEVEL ? List.of(1) : List.of(root, 1);
    };
  }

  /**
   * The adding task that takes a node, so that each of them ends with one whole node: the way to
   * the leaf from the root of the tree, which halves its ranges as {@link TreeSum} does. Where all
   * leaves that are added lie in one half, there is no choice, and none is counted.
   *
   * @param adders a power of two
   * @param leaves that are added, {@code firstLeaf} among them
   */
  static int adder(int firstLeaf, int adders, Leaves leaves) {
    int from = 0;
    int to = leaves.all();
    int adder = 0;
    int left = adders;
    while (left > 1) {
      int middle = (from + to) >>> 1;
      boolean right = firstLeaf >= middle;
      boolean choice = leaves.from() < middle && leaves.to() > middle;
      if (choice || to - from == 1) {
        adder = 2 * adder + (right ? 1 : 0);
        left /= 2;
      }
      from = right ? middle : from;
      to = right ? to : middle;
    }
    return adder;
  }

  /** Nodes of each result that the driver takes in when so many tasks share all leaves. */
  List<Integer> arrivals(int leaves, int tasks) {
    return arrivals(Leaves.all(leaves), tasks);
  }

  /** The same when they share neighbouring leaves. */
  List<Integer> arrivals(Leaves leaves, int tasks) {
    List<int[]> shares = new ArrayList<>();
    for (int task = 0; task < tasks; task++) {
      shares.add(leaves.of(task, tasks).stream().toArray());
    }
    return arrivals(leaves, shares);
  }

  /**
   * The same in any shares.
   *
   * @param shares the leaves of each task, ascending
   */
  List<Integer> arrivals(Leaves leaves, List<int[]> shares) {
    List<TreeSum<Object>> senders = new ArrayList<>();
    for (int[] share : shares) {
      TreeSum<Object> sender = tree(leaves.all());
      for (int leaf : share) {
        sender.add(leaf, null);
      }
      senders.add(sender);
    }
    for (int adders : levels(shares.size())) {
      senders = met(senders, adders, leaves);
    }
    return senders.stream().map(sender -> sender.nodes().size()).toList();
  }

  private static List<TreeSum<Object>> met(
      List<TreeSum<Object>> senders, int adders, Leaves leaves) {
    List<TreeSum<Object>> next = new ArrayList<>();
    for (int adder = 0; adder < adders; adder++) {
      next.add(tree(leaves.all()));
    }
    for (TreeSum<Object> sender : senders) {
      sender.nodes().forEach(node -> next.get(adder(node.from(), adders, leaves)).add(node));
    }
    return next;
  }

  /** A tree whose sums do not matter. */
  static TreeSum<Object> tree(int leaves) {
    return new TreeSum<>(leaves, (left, right) -> left);
  }
}
