package io.lakeprop.job;

import io.lakeprop.base.Check;
import io.lakeprop.nn.InitialTheta;
import io.lakeprop.nn.LayerSpec;
import io.lakeprop.nn.Network;
import io.lakeprop.nn.OutputBias;
import io.lakeprop.nn.TableInput;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The network that a job asks for, and how it starts.
 *
 * @param words what it is, for the network line
 * @param layers between input and head
 * @param start of its parameters
 */
record Architecture(String words, List<LayerSpec.Named> layers, Start start) {
  /** Where training starts from. */
  record Start(InitialTheta initial, Bias outputBias) {
    /** Theta at the start; the output bias comes last, from what the labels say. */
    float[] theta(Network network, long seed, float[] prior) {
      float[] theta = initial.of(network, seed);
      if (outputBias == Bias.PRIOR) {
        OutputBias.set(network, theta, prior);
      }
      return theta;
    }
  }

  /** Where the bias of the last layer starts: at the label's distribution, or nowhere. */
  enum Bias {
    PRIOR,
    ZERO
  }

  Architecture {
    layers = List.copyOf(layers);
  }

  Network network(TableInput input, int logits) {
    return LayerSpec.network(input, layers, logits);
  }

  /**
   * What stands around the linear layers of a recipe.
   *
   * @param norm before the activation
   * @param dropouts behind it; none, one or both kinds
   * @param noise on the network's input
   */
  record Unit(
      LayerSpec activation,
      Optional<LayerSpec> norm,
      List<LayerSpec> dropouts,
      Optional<LayerSpec> noise) {
    Unit {
      dropouts = List.copyOf(dropouts);
    }
  }

  /** Linear, norm, activation and dropout a hidden layer. */
  static List<LayerSpec.Named> perceptron(List<Integer> hidden, Unit unit) {
    Stack stack = new Stack(unit);
    for (int i = 0; i < hidden.size(); i++) {
      String name = "hidden" + (i + 1);
      stack.add(name, new LayerSpec.Linear(hidden.get(i)));
      stack.norm(name);
      stack.activation(name);
      stack.dropouts(name + ".dropout");
    }
    return stack.layers;
  }

  /**
   * Residual blocks for tables (Gorishniy 2021, "ResNet"): a stem, then blocks of norm, linear,
   * activation, dropout, linear, dropout around which the block's input is added, then norm and
   * activation.
   *
   * @param width of what runs through all blocks
   * @param inner width inside a block
   */
  static List<LayerSpec.Named> residual(int blocks, int width, int inner, Unit unit) {
    Check.positive(blocks, "blocks");
    Stack stack = new Stack(unit);
    stack.add("stem", new LayerSpec.Linear(width));
    String before = "stem";
    for (int i = 1; i <= blocks; i++) {
      String name = "block" + i;
      stack.norm(name);
      stack.add(name + ".inner", new LayerSpec.Linear(inner));
      stack.activation(name);
      stack.dropouts(name + ".inner.dropout");
      stack.add(name + ".outer", new LayerSpec.Linear(width));
      stack.dropouts(name + ".outer.dropout");
      stack.add(name, new LayerSpec.Add(before));
      before = name;
    }
    stack.norm("last");
    stack.activation("last");
    return stack.layers;
  }

  /** Layers under construction. */
  private static final class Stack {
    private final List<LayerSpec.Named> layers = new ArrayList<>();
    private final Unit unit;

    Stack(Unit unit) {
      this.unit = unit;
      unit.noise().ifPresent(noise -> add("noise", noise));
    }

    void add(String name, LayerSpec spec) {
      layers.add(new LayerSpec.Named(name, spec));
    }

    void norm(String owner) {
      unit.norm().ifPresent(norm -> add(owner + ".norm", norm));
    }

    void activation(String owner) {
      add(owner + ".activation", unit.activation());
    }

    void dropouts(String name) {
      for (int i = 0; i < unit.dropouts().size(); i++) {
        add(i == 0 ? name : name + (i + 1), unit.dropouts().get(i));
      }
    }
  }
}
