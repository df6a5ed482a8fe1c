package io.lakeprop.spark;

import io.lakeprop.train.GradientSum;
import io.lakeprop.train.Objective;
import io.lakeprop.train.TreeSum;
import java.util.List;

/**
 * The sum of a round whose parts come one after the other. The tree is that of all slices, so that
 * it does not show in the bits how many parts there were.
 */
final class RoundSum {
  private final TreeSum<GradientSum> tree;
  private long computeNanos;
  private long slowestOfPart;

  RoundSum(int slices) {
    this.tree = new TreeSum<>(slices, GradientSum::mergeOnAllCores);
  }

  /** Adds nodes of the present part. */
  void add(List<TreeSum.Node<GradientSum>> nodes) {
    for (TreeSum.Node<GradientSum> node : nodes) {
      if (node.sum() != null) {
        slowestOfPart = Math.max(slowestOfPart, node.sum().computeNanos());
      }
      tree.add(node);
    }
  }

  /** All nodes of a part are there. */
  void endPart() {
    computeNanos += slowestOfPart;
    slowestOfPart = 0;
  }

  /** The sum of all parts. */
  GradientSum total(Objective objective) {
    GradientSum total = tree.total();
    return total == null ? objective.emptySum() : total.computed(computeNanos);
  }
}
