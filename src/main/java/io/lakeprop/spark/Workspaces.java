package io.lakeprop.spark;

import io.lakeprop.nn.Workspace;
import io.lakeprop.train.GradientPool;
import io.lakeprop.train.GradientSum;
import io.lakeprop.train.Objective;
import io.lakeprop.train.TreeSum;
import java.util.List;

/**
 * What a task thread computes with and keeps from one round to the next: buffers of the passes, and
 * sums.
 */
final class Workspaces {
  private static final ThreadLocal<Workspaces> OWN = new ThreadLocal<>();

  private final Objective objective;
  private final Workspace workspace;
  private final GradientPool pool;
  private List<TreeSum.Node<GradientSum>> lent = List.of();

  private Workspaces(Objective objective) {
    this.objective = objective;
    this.workspace = objective.workspace();
    this.pool = objective.pool();
  }

  /** This thread's own for an objective. */
  static Workspaces of(Objective objective) {
    Workspaces own = OWN.get();
    if (own == null || !own.objective.equals(objective)) {
      own = new Workspaces(objective);
      OWN.set(own);
    }
    return own;
  }

  Workspace workspace() {
    return workspace;
  }

  /** Sums of this thread; those that were lent last time are taken back. */
  GradientPool pool() {
    for (TreeSum.Node<GradientSum> node : lent) {
      if (node.sum() != null) {
        pool.give(node.sum());
      }
    }
    lent = List.of();
    return pool;
  }

  /**
   * Lends sums to whoever asked for them, until this thread computes again: by then a task's result
   * has been written to bytes, in local mode too.
   */
  List<TreeSum.Node<GradientSum>> lend(List<TreeSum.Node<GradientSum>> nodes) {
    lent = nodes;
    return nodes;
  }
}
