package io.lakeprop.optim;

import io.lakeprop.base.Check;
import io.lakeprop.nn.ParameterLayout;
import java.util.List;

/**
 * One rewriting of the update, from mean gradient to the step that is added to theta.
 *
 * <p>Every rule is a pure function of its arguments: same update, theta, memory and step, same
 * result to the bit.
 */
public sealed interface UpdateRule {
  /**
   * Hands in what this rule does to the update's elements and, with them, to its own vectors in
   * memory. What holds for all elements alike is computed here, once.
   */
  void apply(Update update);

  /** Each rule after the other. */
  record Chain(List<UpdateRule> rules) implements UpdateRule {
    public Chain {
      rules = List.copyOf(rules);
    }

    @Override
    public void apply(Update update) {
      rules.forEach(rule -> rule.apply(update));
    }
  }

  /**
   * Scales the whole update so that its Euclidean norm is at most {@code largest} (Pascanu 2013).
   */
  record ClipByGlobalNorm(double largest) implements UpdateRule {
    public ClipByGlobalNorm {
      Check.positive(largest, "clip_norm");
    }

    @Override
    public void apply(Update update) {
      double norm = update.norm();
      if (norm > largest) {
        update.scale((float) (largest / norm));
      }
    }
  }

  /** Moves every number into [-largest, largest]. */
  record ClipByValue(double largest) implements UpdateRule {
    public ClipByValue {
      Check.positive(largest, "clip_value");
    }

    @Override
    public void apply(Update update) {
      float bound = (float) largest;
      update.rewrite(
          (u, from, to) -> {
            for (int i = from; i < to; i++) {
              u[i] = Math.max(-bound, Math.min(bound, u[i]));
            }
          });
    }
  }

  /** Heavy-ball momentum (Polyak 1964): {@code m = decay m + u}, {@code u = m}. */
  record AddMomentum(float decay) implements UpdateRule {
    public AddMomentum {
      Check.fraction(decay, "momentum");
    }

    @Override
    public void apply(Update update) {
      float keep = decay;
      float[] m = update.memory().vector("momentum");
      update.rewrite(
          (u, from, to) -> {
            for (int i = from; i < to; i++) {
              m[i] = keep * m[i] + u[i];
              u[i] = m[i];
            }
          });
    }
  }

  /**
   * Nesterov's momentum as Sutskever (2013) rewrote it: {@code m = decay m + u}, {@code u = u +
   * decay m}.
   */
  record AddNesterovMomentum(float decay) implements UpdateRule {
    public AddNesterovMomentum {
      Check.fraction(decay, "momentum");
    }

    @Override
    public void apply(Update update) {
      float keep = decay;
      float[] m = update.memory().vector("momentum");
      update.rewrite(
          (u, from, to) -> {
            for (int i = from; i < to; i++) {
              m[i] = keep * m[i] + u[i];
              u[i] += keep * m[i];
            }
          });
    }
  }

  /**
   * RMSprop (Hinton 2012): {@code v = decay v + (1 - decay) u²}, {@code u = u / (√v + epsilon)}.
   */
  record ScaleByRmsProp(float decay, float epsilon) implements UpdateRule {
    public ScaleByRmsProp {
      Check.fraction(decay, "decay");
      Check.positive(epsilon, "epsilon");
    }

    @Override
    public void apply(Update update) {
      float keep = decay;
      float little = epsilon;
      float[] v = update.memory().vector("square");
      update.rewrite(
          (u, from, to) -> {
            for (int i = from; i < to; i++) {
              v[i] = keep * v[i] + (1 - keep) * u[i] * u[i];
              u[i] /= (float) Math.sqrt(v[i]) + little;
            }
          });
    }
  }

  /**
   * Adam (Kingma and Ba 2015, algorithm 1): {@code m = β1 m + (1 - β1) u}, {@code v = β2 v + (1 -
   * β2) u²}, {@code u = (m / (1 - β1^t)) / (√(v / (1 - β2^t)) + epsilon)}, t from 1.
   */
  record ScaleByAdam(float beta1, float beta2, float epsilon) implements UpdateRule {
    public ScaleByAdam {
      Check.fraction(beta1, "beta1");
      Check.fraction(beta2, "beta2");
      Check.positive(epsilon, "epsilon");
    }

    @Override
    public void apply(Update update) {
      float b1 = beta1;
      float b2 = beta2;
      float little = epsilon;
      float[] m = update.memory().vector("mean");
      float[] v = update.memory().vector("square");
      float first = (float) (1 / (1 - StrictMath.pow(beta1, (double) (update.step() + 1))));
      float second = (float) (1 / (1 - StrictMath.pow(beta2, (double) (update.step() + 1))));
      update.rewrite(
          (u, from, to) -> {
            for (int i = from; i < to; i++) {
              float g = u[i];
              m[i] = b1 * m[i] + (1 - b1) * g;
              v[i] = b2 * v[i] + (1 - b2) * g * g;
              u[i] = m[i] * first / ((float) Math.sqrt(v[i] * second) + little);
            }
          });
    }
  }

  /**
   * {@code u = u + decay theta} on the given ranges.
   *
   * <p>Before an adaptive rule this is L2 regularisation; after it, decoupled weight decay
   * (Loshchilov and Hutter 2019).
   */
  record AddDecayedWeights(double decay, List<ParameterLayout.Range> ranges) implements UpdateRule {
    public AddDecayedWeights {
      Check.notNegative(decay, "weight_decay");
      ranges = List.copyOf(ranges);
    }

    @Override
    public void apply(Update update) {
      float rate = (float) decay;
      float[] theta = update.theta();
      update.rewrite(
          ranges,
          (u, from, to) -> {
            for (int i = from; i < to; i++) {
              u[i] += rate * theta[i];
            }
          });
    }
  }

  /** {@code u = -rate(step) u}: from a direction of steepest ascent to the step itself. */
  record ScaleByLearningRate(Schedule schedule) implements UpdateRule {
    @Override
    public void apply(Update update) {
      update.scale((float) -schedule.rate(update.step()));
    }
  }
}
