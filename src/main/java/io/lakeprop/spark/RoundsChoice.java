package io.lakeprop.spark;

import io.lakeprop.train.TreeSum;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Which of the two adapters runs the rounds, and in words why.
 *
 * @param words as the {@code rounds} line of a run says it
 */
public record RoundsChoice(boolean resident, String words) {
  /** What the job file asks for. */
  public enum Wish {
    /** Resident where it is possible and pays. */
    AUTO,
    /** Resident where it is possible. */
    RESIDENT,
    /** A Spark job a round. */
    JOB
  }

  /**
   * What the choice depends on.
   *
   * @param plugin whether the context was started with {@link LakepropPlugin}
   * @param processes whether executors are processes of their own
   * @param comeAndGo whether executors do, by dynamic allocation
   * @param slots tasks that can run at once
   * @param largestMessage in bytes
   */
  record Cluster(
      boolean plugin, boolean processes, boolean comeAndGo, int slots, long largestMessage) {
    private static final int MEGABYTES_A_MESSAGE = 128;

    static Cluster of(JavaSparkContext context) {
      SparkConf conf = context.getConf();
      boolean processes = !context.isLocal();
      return new Cluster(
          LakepropPlugin.onDriver(),
          processes,
          processes && conf.getBoolean("spark.dynamicAllocation.enabled", false),
          context
              .sc()
              .maxNumConcurrentTasks(
                  context.sc().resourceProfileManager().defaultResourceProfile()),
          (long) conf.getInt("spark.rpc.message.maxSize", MEGABYTES_A_MESSAGE) << 20);
    }
  }

  /**
   * The messages of a round.
   *
   * @param largest bytes of the largest one
   * @param all bytes that the driver takes in
   */
  record Messages(int tasks, long largest, long all) {
    /** Tasks send the nodes of the round's tree that they can sum, each as large as theta. */
    static Messages of(int slices, int tasks, long parameters) {
      long largest = 1;
      long all = 0;
      for (int task = 0; task < tasks; task++) {
        TreeSum<Object> tree = new TreeSum<>(slices, (left, right) -> left);
        int end = BlockPacker.firstSlice(task + 1, slices, tasks);
        for (int slice = BlockPacker.firstSlice(task, slices, tasks); slice < end; slice++) {
          tree.add(slice, null);
        }
        int nodes = tree.nodes().size();
        largest = Math.max(largest, nodes);
        all += nodes;
      }
      long bytes = Float.BYTES * parameters;
      return new Messages(tasks, largest * bytes, all * bytes);
    }
  }

  /** What a message carries besides its numbers, and then some. */
  private static final long ENVELOPE_BYTES = 1 << 20;

  static RoundsChoice of(Wish wish, Cluster cluster, Messages messages) {
    if (wish == Wish.JOB) {
      return new RoundsChoice(false, "job rounds");
    }
    Optional<String> no = impossible(cluster, messages);
    if (no.isEmpty() && wish == Wish.AUTO) {
      no = slower(cluster, messages);
    }
    return no.map(reason -> new RoundsChoice(false, "job rounds: " + reason))
        .orElseGet(() -> new RoundsChoice(true, "resident rounds"));
  }

  private static Optional<String> impossible(Cluster cluster, Messages messages) {
    if (!cluster.plugin()) {
      return Optional.of(
          "spark.plugins must name %s, however: it was not started"
              .formatted(LakepropPlugin.class.getName()));
    }
    if (cluster.slots() < messages.tasks()) {
      return Optional.of(
          "%d tasks must run at once, however: slots=%d"
              .formatted(messages.tasks(), cluster.slots()));
    }
    if (messages.largest() + ENVELOPE_BYTES > cluster.largestMessage()) {
      return Optional.of(
          "a task's sums must fit spark.rpc.message.maxSize=%dm, however: %s"
              .formatted(cluster.largestMessage() >> 20, megabytes(messages.largest())));
    }
    return Optional.empty();
  }

  private static Optional<String> slower(Cluster cluster, Messages messages) {
    if (cluster.comeAndGo()) {
      return Optional.of(
          "executors must stay, however: spark.dynamicAllocation.enabled=true"
              + " (compute.rounds: resident tries)");
    }
    if (cluster.processes() && messages.all() > TreeAggregation.MOST_BYTES_AT_DRIVER) {
      return Optional.of(
          "the driver must take in at most %s a round, however: %s (compute.rounds: resident tries)"
              .formatted(
                  megabytes(TreeAggregation.MOST_BYTES_AT_DRIVER), megabytes(messages.all())));
    }
    return Optional.empty();
  }

  private static String megabytes(long bytes) {
    return ((bytes + (1 << 20) - 1) >> 20) + " MB";
  }
}
