package io.lakeprop.spark;

import io.lakeprop.data.PackedBlock;
import io.lakeprop.train.GradientSum;
import io.lakeprop.train.Objective;
import io.lakeprop.train.RoundPlan;
import io.lakeprop.train.RoundRunner;
import io.lakeprop.train.TreeSum;
import java.util.Iterator;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function2;

/**
 * A Spark job a part of a round: theta goes to the tasks as a {@link SentTheta}, each task sums its
 * slices' gradients as far as the tree allows, and the rest comes together by a {@link FanIn}.
 *
 * <p>Works with retries, speculation, lost executors and dynamic allocation: a task reads nothing
 * but (theta, part of the round, its blocks).
 */
final class JobRounds implements RoundRunner {
  private final JavaSparkContext context;
  private final Objective objective;
  private final RoundPlan plan;
  private final PackedTable table;
  private final Slots slots;
  private final FanIn way;
  private long broadcastNanos;

  JobRounds(
      JavaSparkContext context,
      Objective objective,
      RoundPlan plan,
      PackedTable table,
      Slots slots,
      FanIn way) {
    this.context = context;
    this.objective = objective;
    this.plan = plan;
    this.table = table;
    this.slots = slots;
    this.way = way;
  }

  @Override
  public GradientSum gradient(float[] theta, long round) {
    slots.free();
    Work.ROUND.begins(context);
    int group = plan.group(round);
    long started = System.nanoTime();
    Placement placement = table.placement();
    SliceGradients gradients = new SliceGradients(objective, plan, placement);
    RoundSum sum = new RoundSum(plan.slices());
    try (SentTheta sent = SentTheta.to(context, theta)) {
      broadcastNanos = System.nanoTime() - started;
      for (int part = 0; part < placement.parts(); part++) {
        sum.add(
            TreeAggregation.nodes(
                table.blocks(),
                new Part(gradients, new RoundPart(round, part), sent),
                group * table.tasks(),
                table.tasks(),
                placement.part(part),
                way,
                new Merge()));
        sum.endPart();
      }
    }
    return sum.total(objective);
  }

  @Override
  public long broadcastNanos() {
    return broadcastNanos;
  }

  /** Adds two sums of neighbouring slices: a task on its one core, the driver on all of its own. */
  record Merge() implements Function2<GradientSum, GradientSum, GradientSum> {
    @Override
    public GradientSum call(GradientSum left, GradientSum right) {
      return TaskContext.get() == null ? left.mergeOnAllCores(right) : left.merge(right);
    }
  }

  /** One task of the job. */
  private record Part(SliceGradients gradients, RoundPart part, SentTheta theta)
      implements Function2<Integer, Iterator<PackedBlock>, Iterator<TreeSum.Node<GradientSum>>> {
    @Override
    public Iterator<TreeSum.Node<GradientSum>> call(
        Integer partition, Iterator<PackedBlock> blocks) {
      int task = partition % gradients.placement().tasks();
      return gradients.of(task, blocks, theta.values(), part).iterator();
    }
  }
}
