package io.lakeprop.nn;

import io.lakeprop.base.Check;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A layer before its input's width is known: what a job file or a recipe says of it. {@link
 * #network} binds a list of them to an input.
 */
public sealed interface LayerSpec {
  /** The layer on so many inputs. */
  Layer on(int inputs);

  /** A spec and the name that the layer will carry. */
  record Named(String name, LayerSpec spec) {}

  /** {@link io.lakeprop.nn.Linear}. */
  record Linear(int units) implements LayerSpec {
    @Override
    public Layer on(int inputs) {
      return new io.lakeprop.nn.Linear(inputs, units);
    }
  }

  /** {@link io.lakeprop.nn.Activation}. */
  record Activation(Nonlinearity function) implements LayerSpec {
    @Override
    public Layer on(int inputs) {
      return new io.lakeprop.nn.Activation(function, inputs);
    }
  }

  /** {@link io.lakeprop.nn.PRelu}. */
  record PRelu() implements LayerSpec {
    @Override
    public Layer on(int inputs) {
      return new io.lakeprop.nn.PRelu(inputs);
    }
  }

  /** {@link io.lakeprop.nn.Dropout}. */
  record Dropout(float rate) implements LayerSpec {
    public Dropout {
      Check.fraction(rate, "dropout");
    }

    @Override
    public Layer on(int inputs) {
      return new io.lakeprop.nn.Dropout(rate, inputs);
    }
  }

  /** {@link io.lakeprop.nn.AlphaDropout}. */
  record AlphaDropout(float rate) implements LayerSpec {
    public AlphaDropout {
      Check.fraction(rate, "alpha_dropout");
    }

    @Override
    public Layer on(int inputs) {
      return new io.lakeprop.nn.AlphaDropout(rate, inputs);
    }
  }

  /** {@link io.lakeprop.nn.GaussianNoise}. */
  record GaussianNoise(float deviation) implements LayerSpec {
    public GaussianNoise {
      Check.positive(deviation, "deviation");
    }

    @Override
    public Layer on(int inputs) {
      return new io.lakeprop.nn.GaussianNoise(deviation, inputs);
    }
  }

  /** {@link io.lakeprop.nn.BatchNorm}. */
  record BatchNorm(float momentum, float epsilon) implements LayerSpec {
    public BatchNorm {
      Check.fraction(momentum, "momentum");
      Check.positive(epsilon, "epsilon");
    }

    @Override
    public Layer on(int inputs) {
      return new io.lakeprop.nn.BatchNorm(momentum, epsilon, inputs);
    }
  }

  /** {@link io.lakeprop.nn.LayerNorm}. */
  record LayerNorm(float epsilon) implements LayerSpec {
    public LayerNorm {
      Check.positive(epsilon, "epsilon");
    }

    @Override
    public Layer on(int inputs) {
      return new io.lakeprop.nn.LayerNorm(epsilon, inputs);
    }
  }

  /** {@link io.lakeprop.nn.PeriodicEmbedding}. */
  record PeriodicEmbedding(int frequencies, int width) implements LayerSpec {
    @Override
    public Layer on(int inputs) {
      return new io.lakeprop.nn.PeriodicEmbedding(inputs, frequencies, width);
    }
  }

  /** {@link io.lakeprop.nn.BatchEnsembleLinear}, on inputs that are members side by side. */
  record BatchEnsembleLinear(int members, int units) implements LayerSpec {
    @Override
    public Layer on(int inputs) {
      Check.positive(members, "members");
      Check.require(
          inputs % members == 0,
          "batch_ensemble_linear with members=%d must have a multiple of it as inputs"
              .formatted(members),
          "inputs",
          inputs);
      return new io.lakeprop.nn.BatchEnsembleLinear(members, inputs / members, units);
    }
  }

  /** {@link io.lakeprop.nn.Add}. */
  record Add(String from) implements LayerSpec {
    @Override
    public Layer on(int inputs) {
      return new io.lakeprop.nn.Add(from, inputs);
    }
  }

  /** {@link io.lakeprop.nn.Concat}; the width of what it skips from is filled in by the network. */
  record Concat(String from) implements LayerSpec {
    @Override
    public Layer on(int inputs) {
      return new io.lakeprop.nn.Concat(from, inputs, 1);
    }
  }

  /** The network of these layers and a linear head on top. */
  static Network network(TableInput input, List<Named> specs, int logits) {
    List<Network.Named> layers = new ArrayList<>();
    Map<String, Integer> widths = new HashMap<>(Map.of(Network.INPUT, input.outputs()));
    int width = input.outputs();
    for (Named named : specs) {
      Layer layer = named.spec().on(width);
      if (named.spec() instanceof Concat concat) {
        // A name that is not there is refused by the network.
        int skipped = widths.getOrDefault(concat.from(), 1);
        layer = new io.lakeprop.nn.Concat(concat.from(), width, skipped);
      }
      layers.add(new Network.Named(named.name(), layer));
      width = layer.outputs();
      widths.put(named.name(), width);
    }
    layers.add(new Network.Named(Network.HEAD, new io.lakeprop.nn.Linear(width, logits)));
    return new Network(input, layers);
  }
}
