package io.lakeprop.job;

import io.lakeprop.base.Check;
import io.lakeprop.eval.Metric;
import io.lakeprop.nn.Kernel;
import io.lakeprop.nn.ParameterLayout;
import io.lakeprop.optim.Memory;
import io.lakeprop.optim.Schedule;
import io.lakeprop.optim.Update;
import io.lakeprop.optim.UpdateRule;
import io.lakeprop.spark.RoundsChoice;
import io.lakeprop.spark.TrainingData;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
    LossSettings loss,
    Architecture architecture,
    Training training,
    Optimizer optimizer,
    Compute compute,
    Yaml.Mapping resolved) {

  /**
   * How long to train and how to judge.
   *
   * @param rounds at most so many, when the job says so
   * @param piece rows of one forward and backward pass
   * @param patience evaluations without a new best before training ends; 0 never ends it
   * @param monitor the metric that decides; empty for the one that suits the loss
   * @param evaluateEvery rounds between evaluations; empty for an epoch
   */
  record Training(
      int epochs,
      OptionalLong rounds,
      int piece,
      int patience,
      Optional<Metric> monitor,
      OptionalLong evaluateEvery) {
    long rounds(long roundsPerEpoch) {
      return Math.min(rounds.orElse(Long.MAX_VALUE), Math.multiplyExact(epochs, roundsPerEpoch));
    }
  }

  /**
   * How to compute.
   *
   * @param rounds of which speed follows, but not the bits
   * @param kernel empty for the fastest; bits follow from it, too
   */
  record Compute(RoundsChoice.Wish rounds, Optional<Kernel> kernel) {}

  /** The names of update rules. */
  enum Rule {
    SGD,
    MOMENTUM,
    NESTEROV,
    RMSPROP,
    ADAM,
    ADAMW
  }

  /** The names of schedules. */
  enum Rate {
    CONSTANT,
    COSINE,
    STEP
  }

  /** From the mean gradient to a step; lengths of schedules in epochs. */
  record Optimizer(
      Rule type,
      double learningRate,
      double momentum,
      double decay,
      double beta1,
      double beta2,
      double epsilon,
      double weightDecay,
      Optional<Double> clipNorm,
      Optional<Double> clipValue,
      Rate schedule,
      double warmupEpochs,
      double finalRate,
      double stepEpochs,
      double stepFactor) {
    Optimizer {
      Check.positive(learningRate, "learning_rate");
      Check.notNegative(weightDecay, "weight_decay");
      Check.notNegative(warmupEpochs, "warmup_epochs");
      Check.notNegative(finalRate, "final_rate");
      Check.positive(stepEpochs, "step_epochs");
      Check.positive(stepFactor, "step_factor");
      clipNorm.ifPresent(norm -> Check.positive(norm, "clip_norm"));
      clipValue.ifPresent(value -> Check.positive(value, "clip_value"));
      direction(type, momentum, decay, beta1, beta2, epsilon);
    }

    Schedule schedule(long rounds, long roundsPerEpoch) {
      long warmup = Math.min(rounds, Math.round(warmupEpochs * roundsPerEpoch));
      Schedule main =
          switch (schedule) {
            case CONSTANT -> new Schedule.Constant(learningRate);
            case COSINE ->
                new Schedule.Cosine(learningRate, finalRate, Math.max(1, rounds - warmup));
            case STEP ->
                new Schedule.Step(
                    learningRate, Math.max(1, Math.round(stepEpochs * roundsPerEpoch)), stepFactor);
          };
      return warmup == 0 ? main : new Schedule.WarmUp(warmup, main);
    }

    /** Clipping first, on the aggregated mean; then decay, direction and rate. */
    UpdateRule rule(Schedule rate, ParameterLayout layout) {
      List<UpdateRule> chain = new ArrayList<>();
      clipValue.ifPresent(largest -> chain.add(new UpdateRule.ClipByValue(largest)));
      clipNorm.ifPresent(largest -> chain.add(new UpdateRule.ClipByGlobalNorm(largest)));
      UpdateRule decayed = new UpdateRule.AddDecayedWeights(weightDecay, layout.decayed());
      boolean decoupled = type == Rule.ADAMW;
      if (weightDecay > 0 && !decoupled) {
        chain.add(decayed);
      }
      direction(type, momentum, decay, beta1, beta2, epsilon).ifPresent(chain::add);
      if (weightDecay > 0 && decoupled) {
        chain.add(decayed);
      }
      chain.add(new UpdateRule.ScaleByLearningRate(rate));
      return new UpdateRule.Chain(chain);
    }

    /** Vectors as long as theta that the rule remembers. */
    int vectors() {
      Memory memory = new Memory(1);
      direction(type, momentum, decay, beta1, beta2, epsilon)
          .ifPresent(rule -> rule.apply(new Update(new float[1], new float[1], memory, 0)));
      return memory.vectors().size();
    }

    private static Optional<UpdateRule> direction(
        Rule type, double momentum, double decay, double beta1, double beta2, double epsilon) {
      return switch (type) {
        case SGD -> Optional.empty();
        case MOMENTUM -> Optional.of(new UpdateRule.AddMomentum((float) momentum));
        case NESTEROV -> Optional.of(new UpdateRule.AddNesterovMomentum((float) momentum));
        case RMSPROP -> Optional.of(new UpdateRule.ScaleByRmsProp((float) decay, (float) epsilon));
        case ADAM, ADAMW ->
            Optional.of(new UpdateRule.ScaleByAdam((float) beta1, (float) beta2, (float) epsilon));
      };
    }
  }
}
