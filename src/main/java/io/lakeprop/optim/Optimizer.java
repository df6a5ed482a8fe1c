package io.lakeprop.optim;

import java.util.ArrayList;
import java.util.List;

/** What optimizers are called, and the rules that each is a chain of, from gradient to step. */
public sealed interface Optimizer {
  /** The rules, weight decay and learning rate included. */
  List<UpdateRule> rules(Parameters parameters);

  /** Vectors as long as theta that its rules remember. */
  default int vectors() {
    Memory memory = new Memory(1);
    Update update = new Update(new float[1], new float[1], memory, 0, 0);
    rules(new Parameters(List.of())).forEach(rule -> rule.apply(update));
    return memory.vectors().size();
  }

  /** The gradient itself. */
  record Sgd() implements Optimizer {
    @Override
    public List<UpdateRule> rules(Parameters parameters) {
      return withL2(parameters);
    }
  }

  /** Heavy-ball momentum. */
  record Momentum(float momentum, float dampening) implements Optimizer {
    @Override
    public List<UpdateRule> rules(Parameters parameters) {
      return withL2(parameters, new UpdateRule.AddMomentum(momentum, dampening));
    }
  }

  /** Nesterov's momentum. */
  record Nesterov(float momentum) implements Optimizer {
    @Override
    public List<UpdateRule> rules(Parameters parameters) {
      return withL2(parameters, new UpdateRule.AddNesterovMomentum(momentum));
    }
  }

  /** Adagrad. */
  record Adagrad(float epsilon) implements Optimizer {
    @Override
    public List<UpdateRule> rules(Parameters parameters) {
      return withL2(parameters, new AdaptiveRule.ScaleByAdagrad(epsilon));
    }
  }

  /** Adadelta. */
  record Adadelta(float decay, float epsilon) implements Optimizer {
    @Override
    public List<UpdateRule> rules(Parameters parameters) {
      return withL2(parameters, new AdaptiveRule.ScaleByAdadelta(decay, epsilon));
    }
  }

  /** RMSprop; a momentum of 0 is none. */
  record RmsProp(float decay, float epsilon, float momentum) implements Optimizer {
    @Override
    public List<UpdateRule> rules(Parameters parameters) {
      return withL2(
          parameters, withMomentum(new UpdateRule.ScaleByRmsProp(decay, epsilon), momentum));
    }
  }

  /** RMSprop of the gradient's deviation from its mean. */
  record CenteredRmsProp(float decay, float epsilon, float momentum) implements Optimizer {
    @Override
    public List<UpdateRule> rules(Parameters parameters) {
      return withL2(
          parameters,
          withMomentum(new AdaptiveRule.ScaleByCenteredRmsProp(decay, epsilon), momentum));
    }
  }

  /** Adam; weight decay is part of the gradient. */
  record Adam(float beta1, float beta2, float epsilon) implements Optimizer {
    @Override
    public List<UpdateRule> rules(Parameters parameters) {
      return withL2(parameters, new UpdateRule.ScaleByAdam(beta1, beta2, epsilon));
    }
  }

  /** AMSGrad. */
  record AmsGrad(float beta1, float beta2, float epsilon) implements Optimizer {
    @Override
    public List<UpdateRule> rules(Parameters parameters) {
      return withL2(parameters, new AdamVariant.ScaleByAmsGrad(beta1, beta2, epsilon));
    }
  }

  /** Adam with decoupled weight decay. */
  record AdamW(float beta1, float beta2, float epsilon) implements Optimizer {
    @Override
    public List<UpdateRule> rules(Parameters parameters) {
      return decoupled(parameters, new UpdateRule.ScaleByAdam(beta1, beta2, epsilon));
    }
  }

  /** Adamax. */
  record Adamax(float beta1, float beta2, float epsilon) implements Optimizer {
    @Override
    public List<UpdateRule> rules(Parameters parameters) {
      return withL2(parameters, new AdamVariant.ScaleByAdamax(beta1, beta2, epsilon));
    }
  }

  /** NAdam. */
  record NAdam(float beta1, float beta2, float epsilon, double momentumDecay) implements Optimizer {
    @Override
    public List<UpdateRule> rules(Parameters parameters) {
      return withL2(parameters, new AdamVariant.ScaleByNAdam(beta1, beta2, epsilon, momentumDecay));
    }
  }

  /** RAdam. */
  record RAdam(float beta1, float beta2, float epsilon) implements Optimizer {
    @Override
    public List<UpdateRule> rules(Parameters parameters) {
      return withL2(parameters, new AdamVariant.ScaleByRAdam(beta1, beta2, epsilon));
    }
  }

  /** Lion with decoupled weight decay. */
  record Lion(float beta1, float beta2) implements Optimizer {
    @Override
    public List<UpdateRule> rules(Parameters parameters) {
      return decoupled(parameters, new AdamVariant.TakeSigns(beta1, beta2));
    }
  }

  /** LAMB: AdamW's direction, as long in each slot as the slot's weights. */
  record Lamb(float beta1, float beta2, float epsilon) implements Optimizer {
    @Override
    public List<UpdateRule> rules(Parameters parameters) {
      List<UpdateRule> rules = new ArrayList<>();
      rules.add(new UpdateRule.ScaleByAdam(beta1, beta2, epsilon));
      rules.addAll(parameters.decay(part -> true));
      List<NormRule.Decayed> slots =
          parameters.weights().stream().map(range -> new NormRule.Decayed(range, 0)).toList();
      rules.add(new NormRule.ScaleByTrustRatio(1, slots));
      rules.addAll(parameters.rate());
      return rules;
    }
  }

  /** LARS: the gradient at a rate of each slot's own, then momentum. */
  record Lars(float momentum, double trustCoefficient) implements Optimizer {
    @Override
    public List<UpdateRule> rules(Parameters parameters) {
      List<UpdateRule> rules = new ArrayList<>(parameters.decay(part -> !part.multiplies()));
      rules.add(new NormRule.ScaleByTrustRatio(trustCoefficient, parameters.decayedWeights()));
      rules.addAll(parameters.rate());
      rules.add(new UpdateRule.AddMomentum(momentum, 0));
      return rules;
    }
  }

  /** L-BFGS with a line search; weight decay is part of the loss. */
  record LimitedMemoryBfgs(int history, double tolerance) implements Optimizer {
    @Override
    public List<UpdateRule> rules(Parameters parameters) {
      return List.of(new Lbfgs(history, tolerance, parameters.decay(part -> true)));
    }

    @Override
    public int vectors() {
      return Lbfgs.vectors(history);
    }

    /** The longest history that so many vectors are enough for. */
    public static int longestHistory(int vectors) {
      return Lbfgs.history(vectors);
    }
  }

  private static UpdateRule[] withMomentum(UpdateRule direction, float momentum) {
    return momentum == 0
        ? new UpdateRule[] {direction}
        : new UpdateRule[] {direction, new UpdateRule.AddMomentum(momentum, 0)};
  }

  private static List<UpdateRule> withL2(Parameters parameters, UpdateRule... direction) {
    List<UpdateRule> rules = new ArrayList<>(parameters.decay(part -> true));
    rules.addAll(List.of(direction));
    rules.addAll(parameters.rate());
    return rules;
  }

  private static List<UpdateRule> decoupled(Parameters parameters, UpdateRule direction) {
    List<UpdateRule> rules = new ArrayList<>();
    rules.add(direction);
    rules.addAll(parameters.decay(part -> true));
    rules.addAll(parameters.rate());
    return rules;
  }
}
