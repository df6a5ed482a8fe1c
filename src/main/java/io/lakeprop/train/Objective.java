package io.lakeprop.train;

import io.lakeprop.base.Check;
import io.lakeprop.data.PackedBlock;
import io.lakeprop.data.PredictionBounds;
import io.lakeprop.eval.MetricSum;
import io.lakeprop.nn.Kernel;
import io.lakeprop.nn.Loss;
import io.lakeprop.nn.Network;
import io.lakeprop.nn.Randomness;
import io.lakeprop.nn.Recompute;
import io.lakeprop.nn.Workspace;
import io.lakeprop.nn.WorkspacePlan;
import java.io.Serializable;

/**
 * What training makes smaller: a network and its loss over packed rows. Every adapter of a round
 * calls these two methods, so they cannot disagree.
 *
 * @param classWeights that training multiplies the weights of rows with; evaluations do not
 * @param piece rows of one forward and backward pass
 * @param kernel that every adapter multiplies matrices with
 * @param recompute what the way back computes again; memory and speed, but no bits
 * @param bounds within which evaluated predictions stay
 */
public record Objective(
    Network network,
    Loss loss,
    ClassWeights classWeights,
    int piece,
    Kernel kernel,
    Recompute recompute,
    PredictionBounds bounds)
    implements Serializable {
  public Objective {
    Check.positive(piece, "piece");
    Check.require(
        network.outputs() == loss.logits(),
        "the network must give " + loss.logits() + " logits a row",
        "outputs",
        network.outputs());
    classWeights.check(loss);
  }

  /** Of predictions anywhere. */
  public Objective(
      Network network,
      Loss loss,
      ClassWeights classWeights,
      int piece,
      Kernel kernel,
      Recompute recompute) {
    this(network, loss, classWeights, piece, kernel, recompute, PredictionBounds.NONE);
  }

  /** All classes alike, and all activations kept. */
  public Objective(Network network, Loss loss, int piece, Kernel kernel) {
    this(network, loss, ClassWeights.NONE, piece, kernel, new Recompute.None());
  }

  /** What the buffers of one thread are. */
  public WorkspacePlan plan() {
    return new WorkspacePlan(network, piece, loss.labels(), recompute);
  }

  /** The buffers that one thread needs. */
  public Workspace workspace() {
    return new Workspace(plan(), kernel.gemm());
  }

  /** Sums for one thread. */
  public GradientPool pool() {
    return new GradientPool(network.layout().size(), network.counted());
  }

  /** The sum of no rows. */
  public GradientSum emptySum() {
    return new GradientSum(network.layout().size(), network.counted());
  }

  /**
   * The gradient sum of one slice: forward and backward over its share, piece by piece.
   *
   * @param pool that the sum is taken from
   */
  public GradientSum gradient(
      float[] theta,
      PackedBlock block,
      RoundPlan.Share share,
      Workspace workspace,
      GradientPool pool) {
    GradientSum sum = pool.take();
    for (int from = share.from(); from < share.to(); from += piece) {
      int rows = Math.min(piece, share.to() - from);
      for (int row = 0; row < rows; row++) {
        put(block, share.order().at(from + row), row, workspace);
      }
      int first = from - share.from();
      classWeights.apply(rows, workspace.labels(), workspace.weights());
      network.forward(workspace, theta, rows, new Randomness(share.randomSeed(), first));
      shift(block, rows, workspace);
      loss.gradient(
          rows,
          workspace.logits(),
          workspace.labels(),
          workspace.weights(),
          workspace.losses(),
          workspace.logitsGradient());
      network.backward(workspace, sum.gradient(), sum.flatRows());
      sum.count(rows, workspace.weights(), workspace.losses());
    }
    return sum;
  }

  /** Adds the scores of all rows of a block to {@code sum}, which is returned. */
  public <M extends MetricSum> M evaluate(
      float[] theta, PackedBlock block, M sum, Workspace workspace) {
    float[] predictions = new float[piece * loss.predictions()];
    for (int from = 0; from < block.rows(); from += piece) {
      int rows = Math.min(piece, block.rows() - from);
      for (int row = 0; row < rows; row++) {
        put(block, from + row, row, workspace);
      }
      network.forward(workspace, theta, rows, null);
      shift(block, rows, workspace);
      loss.labelLosses(rows, workspace.logits(), workspace.labels(), workspace.losses());
      loss.predict(rows, workspace.logits(), predictions);
      bounds.keep(rows, predictions);
      sum.add(rows, predictions, workspace.labels(), workspace.weights(), workspace.losses());
    }
    return sum;
  }

  private static void put(PackedBlock block, int source, int row, Workspace workspace) {
    workspace.put(
        row, block.numbers(), source * block.numbersARow(), block.ids(), source * block.idsARow());
    int labels = block.labelsARow();
    System.arraycopy(block.labels(), source * labels, workspace.labels(), row * labels, labels);
    workspace.weights()[row] = block.weight(source);
    workspace.logitOffsets()[row] = block.offset(source);
  }

  private void shift(PackedBlock block, int rows, Workspace workspace) {
    if (block.shifted()) {
      workspace.shiftLogits(rows, loss.offsetFactors());
    }
  }
}
