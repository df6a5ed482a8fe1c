package io.lakeprop.optim;

import io.lakeprop.base.Check;
import java.util.List;

/**
 * One rewriting of the update, from mean gradient to the step that is added to theta.
 *
 * <p>Every rule is a pure function of its arguments: same update, theta, memory and step, same
 * result to the bit.
 */
public sealed interface UpdateRule
    permits UpdateRule.Chain,
        UpdateRule.ClipByGlobalNorm,
        UpdateRule.ClipByValue,
        UpdateRule.AddMomentum,
        UpdateRule.AddNesterovMomentum,
        UpdateRule.ScaleByRmsProp,
        UpdateRule.ScaleByAdam,
        UpdateRule.ScaleByLearningRate,
        AdaptiveRule,
        AdamVariant,
        RangeRule,
        NormRule,
        Lbfgs {
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
      update.mayClip();
      if (norm > largest) {
        update.clip();
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
      update.mayClip();
      update.rewrite(
          (u, from, to) -> {
            float before = 0;
            for (int i = from; i < to; i++) {
              before = Math.max(before, Math.abs(u[i]));
            }
            if (before <= bound) {
              return;
            }
            update.clip();
            for (int i = from; i < to; i++) {
              u[i] = Math.max(-bound, Math.min(bound, u[i]));
            }
          });
    }
  }

  /**
   * Heavy-ball momentum (Polyak 1964) with PyTorch's dampening: {@code m = decay m + (1 -
   * dampening) u}, but {@code m = u} in the first step; {@code u = m}.
   */
  record AddMomentum(float decay, float dampening) implements UpdateRule {
    public AddMomentum {
      Check.fraction(decay, "momentum");
      Check.fraction(dampening, "dampening");
    }

    @Override
    public void apply(Update update) {
      float keep = decay;
      float take = update.step() == 0 ? 1 : 1 - dampening;
      float[] m = update.memory().vector("momentum");
      update.rewrite(
          (u, from, to) -> {
            for (int i = from; i < to; i++) {
              m[i] = keep * m[i] + take * u[i];
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

  /** {@code u = -rate u}: from a direction of steepest ascent to the step itself. */
  record ScaleByLearningRate() implements UpdateRule {
    @Override
    public void apply(Update update) {
      update.scale((float) -update.learningRate());
    }
  }
}
