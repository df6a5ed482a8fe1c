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
 * One task's share of a part of a round: the gradients of its slices, summed as far as the tree
 * goes. Every adapter on Spark computes it here.
 */
record SliceGradients(Objective objective, RoundPlan plan, Placement placement)
    implements Serializable {
  /**
   * The nodes of the round's tree that the task can sum.
   *
   * @param task from 0
   * @param blocks of the task's shards, in order; an empty shard has none, and those of other parts
   *     are left out
   * @return sums that stand until this thread computes again
   */
  List<TreeSum.Node<GradientSum>> of(
      int task, Iterator<PackedBlock> blocks, float[] theta, RoundPart part) {
    long started = System.nanoTime();
    Leaves slices = placement.part(part.part()).of(task, placement.tasks());
    int slice = slices.from();
    Workspaces own = Workspaces.of(objective);
    GradientPool pool = own.pool();
    TreeSum<GradientSum> tree = new TreeSum<>(plan.slices(), pool::merge);
    while (blocks.hasNext()) {
      PackedBlock block = blocks.next();
      int its = block.shard() % plan.slices();
      if (its < slices.from() || its >= slices.to()) {
        continue;
      }
      while (slice < its) {
        tree.add(slice++, null);
      }
      RoundPlan.Share share = plan.share(part.round(), slice);
      tree.add(slice++, objective.gradient(theta, block, share, own.workspace(), pool));
    }
    while (slice < slices.to()) {
      tree.add(slice++, null);
    }
    List<TreeSum.Node<GradientSum>> nodes = tree.nodes();
    long took = System.nanoTime() - started;
    nodes.stream().map(TreeSum.Node::sum).filter(Objects::nonNull).forEach(s -> s.computed(took));
    return own.lend(nodes);
  }
}
