package io.lakeprop.spark;

import io.lakeprop.data.PackedBlock;
import io.lakeprop.train.GradientPool;
import io.lakeprop.train.GradientSum;
import io.lakeprop.train.Objective;
import io.lakeprop.train.RoundPlan;
import io.lakeprop.train.TreeSum;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;

/**
 * One task's part of a round: the gradients of its slices, summed as far as the tree goes. Every
 * adapter on Spark computes it here.
 *
 * @param tasks that share the slices of a round
 */
record SliceGradients(Objective objective, RoundPlan plan, int tasks) implements Serializable {
  /**
   * The nodes of the round's tree that the task can sum.
   *
   * @param task from 0
   * @param blocks of the task's shards, in order; an empty shard has none
   * @return sums that stand until this thread computes again
   */
  List<TreeSum.Node<GradientSum>> of(
      int task, Iterator<PackedBlock> blocks, float[] theta, long round) {
    long started = System.nanoTime();
    int slice = BlockPacker.firstSlice(task, plan.slices(), tasks);
    int end = BlockPacker.firstSlice(task + 1, plan.slices(), tasks);
    Workspaces own = Workspaces.of(objective);
    GradientPool pool = own.pool();
    TreeSum<GradientSum> tree = new TreeSum<>(plan.slices(), pool::merge);
    while (blocks.hasNext()) {
      PackedBlock block = blocks.next();
      while (slice < block.shard() % plan.slices()) {
        tree.add(slice++, null);
      }
      RoundPlan.Share share = plan.share(round, slice);
      tree.add(slice++, objective.gradient(theta, block, share, own.workspace(), pool));
    }
    while (slice < end) {
      tree.add(slice++, null);
    }
    List<TreeSum.Node<GradientSum>> nodes = tree.nodes();
    long took = System.nanoTime() - started;
    nodes.stream().map(TreeSum.Node::sum).filter(Objects::nonNull).forEach(s -> s.computed(took));
    return own.lend(nodes);
  }
}
