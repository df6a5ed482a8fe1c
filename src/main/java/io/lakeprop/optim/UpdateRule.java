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
   * Rewrites {@code update} in place and changes its own vectors in {@code memory}.
   *
   * @param theta read only
   * @param step number of steps taken before this one
   */
  void apply(float[] update, float[] theta, Memory memory, long step);

  /** Each rule after the other. */
  record Chain(List<UpdateRule> rules) implements UpdateRule {
    public Chain {
      rules = List.copyOf(rules);
    }

    @Override
    public void apply(float[] update, float[] theta, Memory memory, long step) {
      rules.forEach(rule -> rule.apply(update, theta, memory, step));
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
    public void apply(float[] update, float[] theta, Memory memory, long step) {
      double norm = Norms.euclidean(update);
      if (norm > largest) {
        float scale = (float) (largest / norm);
        for (int i = 0; i < update.length; i++) {
          update[i] *= scale;
        }
      }
    }
  }

  /** Moves every number into [-largest, largest]. */
  record ClipByValue(double largest) implements UpdateRule {
    public ClipByValue {
      Check.positive(largest, "clip_value");
    }

    @Override
    public void apply(float[] update, float[] theta, Memory memory, long step) {
      float bound = (float) largest;
      for (int i = 0; i < update.length; i++) {
        update[i] = Math.max(-bound, Math.min(bound, update[i]));
      }
    }
  }

  /** Heavy-ball momentum (Polyak 1964): {@code m = decay m + u}, {@code u = m}. */
  record AddMomentum(float decay) implements UpdateRule {
    public AddMomentum {
      Check.fraction(decay, "momentum");
    }

    @Override
    public void apply(float[] update, float[] theta, Memory memory, long step) {
      float[] m = memory.vector("momentum");
      for (int i = 0; i < update.length; i++) {
        m[i] = decay * m[i] + update[i];
        update[i] = m[i];
      }
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
    public void apply(float[] update, float[] theta, Memory memory, long step) {
      float[] m = memory.vector("momentum");
      for (int i = 0; i < update.length; i++) {
        m[i] = decay * m[i] + update[i];
        update[i] += decay * m[i];
      }
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
    public void apply(float[] update, float[] theta, Memory memory, long step) {
      float[] v = memory.vector("square");
      for (int i = 0; i < update.length; i++) {
        v[i] = decay * v[i] + (1 - decay) * update[i] * update[i];
        update[i] /= (float) Math.sqrt(v[i]) + epsilon;
      }
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
    public void apply(float[] update, float[] theta, Memory memory, long step) {
      float[] m = memory.vector("mean");
      float[] v = memory.vector("square");
      float first = (float) (1 / (1 - StrictMath.pow(beta1, (double) (step + 1))));
      float second = (float) (1 / (1 - StrictMath.pow(beta2, (double) (step + 1))));
      for (int i = 0; i < update.length; i++) {
        float u = update[i];
        m[i] = beta1 * m[i] + (1 - beta1) * u;
        v[i] = beta2 * v[i] + (1 - beta2) * u * u;
        update[i] = m[i] * first / ((float) Math.sqrt(v[i] * second) + epsilon);
      }
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
    public void apply(float[] update, float[] theta, Memory memory, long step) {
      float rate = (float) decay;
      for (ParameterLayout.Range range : ranges) {
        for (int i = range.start(); i < range.end(); i++) {
          update[i] += rate * theta[i];
        }
      }
    }
  }

  /** {@code u = -rate(step) u}: from a direction of steepest ascent to the step itself. */
  record ScaleByLearningRate(Schedule schedule) implements UpdateRule {
    @Override
    public void apply(float[] update, float[] theta, Memory memory, long step) {
      float rate = (float) -schedule.rate(step);
      for (int i = 0; i < update.length; i++) {
        update[i] *= rate;
      }
    }
  }
}
