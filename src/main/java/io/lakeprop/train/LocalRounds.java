package io.lakeprop.train;

import io.lakeprop.data.PackedBlock;
import io.lakeprop.nn.Workspace;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Rounds in this thread, without an engine: the oracle of all other adapters. */
public final class LocalRounds implements RoundRunner {
  private final Objective objective;
  private final RoundPlan plan;
  private final Map<Integer, PackedBlock> blocks = new HashMap<>();
  private final Workspace workspace;
  private final GradientPool pool;

  public LocalRounds(Objective objective, RoundPlan plan, List<PackedBlock> blocks) {
    this.objective = objective;
    this.plan = plan;
    this.workspace = objective.workspace();
    this.pool = objective.pool();
    blocks.forEach(block -> this.blocks.put(block.shard(), block));
  }

  @Override
  public GradientSum gradient(float[] theta, long round) {
    long started = System.nanoTime();
    TreeSum<GradientSum> tree = new TreeSum<>(plan.slices(), pool::merge);
    for (int slice = 0; slice < plan.slices(); slice++) {
      RoundPlan.Share share = plan.share(round, slice);
      PackedBlock block = blocks.get(share.shard());
      tree.add(
          slice, block == null ? null : objective.gradient(theta, block, share, workspace, pool));
    }
    GradientSum total = tree.total();
    return (total == null ? objective.emptySum() : total).computed(System.nanoTime() - started);
  }
}
