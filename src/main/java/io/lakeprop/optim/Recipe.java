package io.lakeprop.optim;

import io.lakeprop.base.Check;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** All that happens to the mean gradient of a round: clipping, penalties, optimizer, projection. */
public record Recipe(Clipping clipping, Penalties penalties, Optimizer optimizer) {
  /**
   * Bounds on the mean gradient, in the order in which they are kept; each may be absent.
   *
   * @param value of each number
   * @param adaptive ratio of a unit's gradient to its weights
   * @param layerNorm norm of a layer's gradient
   * @param norm of the whole gradient
   */
  public record Clipping(
      Optional<Double> value,
      Optional<Double> adaptive,
      Optional<Double> layerNorm,
      Optional<Double> norm) {
    /** No bounds. */
    public static final Clipping NONE =
        new Clipping(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    public Clipping {
      value.ifPresent(bound -> Check.positive(bound, "clip_value"));
      adaptive.ifPresent(bound -> Check.positive(bound, "clip_adaptive"));
      layerNorm.ifPresent(bound -> Check.positive(bound, "clip_layer_norm"));
      norm.ifPresent(bound -> Check.positive(bound, "clip_norm"));
    }

    private List<UpdateRule> rules(Parameters parameters) {
      List<UpdateRule> rules = new ArrayList<>();
      value.map(UpdateRule.ClipByValue::new).ifPresent(rules::add);
      adaptive
          .map(ratio -> new NormRule.ClipByParameterNorm(ratio, parameters.units()))
          .ifPresent(rules::add);
      layerNorm
          .map(bound -> new NormRule.ClipByLayerNorm(bound, parameters.layers()))
          .ifPresent(rules::add);
      norm.map(UpdateRule.ClipByGlobalNorm::new).ifPresent(rules::add);
      return rules;
    }
  }

  /**
   * What pulls weights to 0, biases excepted.
   *
   * @param l1 strength of {@code |theta|} in the loss
   * @param l2 strength of {@code theta² / 2} in the loss
   * @param maxNorm norm of the weights into a unit after each step
   */
  public record Penalties(double l1, double l2, Optional<Double> maxNorm) {
    /** None. */
    public static final Penalties NONE = new Penalties(0, 0, Optional.empty());

    public Penalties {
      Check.notNegative(l1, "l1");
      Check.notNegative(l2, "l2");
      maxNorm.ifPresent(bound -> Check.positive(bound, "max_norm"));
    }

    private List<UpdateRule> gradients(Parameters parameters) {
      List<UpdateRule> rules = new ArrayList<>();
      if (l1 > 0) {
        rules.add(new RangeRule.AddSigns(l1, parameters.weights()));
      }
      if (l2 > 0) {
        rules.add(new RangeRule.AddDecayedWeights(l2, parameters.weights()));
      }
      return rules;
    }
  }

  /** The rules in their order; frozen parts are kept out of everything. */
  public UpdateRule rule(Parameters parameters) {
    List<UpdateRule> rules = new ArrayList<>(parameters.freeze());
    rules.addAll(clipping.rules(parameters));
    rules.addAll(penalties.gradients(parameters));
    rules.addAll(optimizer.rules(parameters));
    penalties
        .maxNorm()
        .ifPresent(bound -> rules.add(new NormRule.ProjectOntoNorm(bound, parameters.units())));
    rules.addAll(parameters.freeze());
    return new UpdateRule.Chain(rules);
  }
}
