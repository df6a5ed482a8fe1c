package io.lakeprop.job;

import io.lakeprop.base.Check;
import io.lakeprop.eval.Monitor;
import io.lakeprop.nn.Kernel;
import io.lakeprop.nn.Recompute;
import io.lakeprop.nn.UnitCounters;
import io.lakeprop.optim.Recipe;
import io.lakeprop.spark.RoundsChoice;
import io.lakeprop.spark.TrainingData;
import io.lakeprop.train.Health;
import io.lakeprop.train.NonFinite;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A training job as read from its file.
 *
 * @param resolved the file's data with variables and overrides filled in
 */
record Job(
    String output,
    long seed,
    TrainingData.Request data,
    HeadSettings heads,
    Architecture architecture,
    Training training,
    Optimizer optimizer,
    Compute compute,
    Yaml.Mapping resolved) {

  /**
   * How long to train and how to judge.
   *
   * @param epochs empty until the training rows have told
   * @param rounds at most so many, when the job says so
   * @param piece rows of one forward and backward pass
   * @param recompute activations of a piece that are computed again on the way back
   * @param patience evaluations without a new best before training ends, 0 never ends it; empty
   *     until the training rows have told, and where nothing is judged
   * @param monitor the metric that decides; empty for the one that suits the loss
   * @param evaluateEvery rounds between evaluations; empty for an epoch
   * @param average of theta
   * @param nonFinite what to do with a round that is not finite
   * @param layerFiguresEvery rounds from one with figures of layers to the next; 0 never
   * @param checkpoints how often to keep what has been reached
   */
  record Training(
      OptionalInt epochs,
      OptionalLong rounds,
      int piece,
      Recompute recompute,
      OptionalInt patience,
      Optional<Monitor> monitor,
      OptionalLong evaluateEvery,
      Average average,
      NonFinite nonFinite,
      int layerFiguresEvery,
      CheckpointSettings checkpoints) {
    Health health(List<UnitCounters> counters) {
      return new Health(nonFinite, layerFiguresEvery, counters);
    }

    long rounds(long roundsPerEpoch) {
      return Math.min(
          rounds.orElse(Long.MAX_VALUE), Math.multiplyExact(epochs.orElseThrow(), roundsPerEpoch));
    }
  }

  /**
   * How to compute.
   *
   * @param rounds of which speed follows, but not the bits
   * @param kernel empty for the fastest; bits follow from it, too
   */
  record Compute(RoundsChoice.Wish rounds, Optional<Kernel> kernel) {}

  /**
   * From the mean gradient to a step.
   *
   * @param weightDecay of weights and embeddings, but for groups that have their own
   */
  record Optimizer(Recipe recipe, Rate rate, double weightDecay, List<ParameterGroup> groups) {
    Optimizer {
      Check.notNegative(weightDecay, "weight_decay");
      groups = List.copyOf(groups);
    }

    /** Whether a round is one evaluation of a line search, over all rows. */
    boolean searches() {
      return recipe.optimizer() instanceof io.lakeprop.optim.Optimizer.LimitedMemoryBfgs;
    }
  }
}
