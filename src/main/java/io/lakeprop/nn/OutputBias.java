package io.lakeprop.nn;

import io.lakeprop.base.Check;
import io.lakeprop.base.InvalidInput;
import java.util.List;

/**
 * The bias of the last layer at the start of training. From the label's distribution, the first
 * rounds needn't learn what a single number per logit says; the first loss of a head without
 * weights is then the entropy of the labels (Lin 2017, section 3.3, and common practice).
 */
public final class OutputBias {
  private OutputBias() {}

  /**
   * Overwrites the bias of the network's last layer.
   *
   * @param logits that the network shall start from, one a logit
   */
  public static void set(Network network, float[] theta, float[] logits) {
    Check.require(
        logits.length == network.outputs(),
        "the output bias must have " + network.outputs() + " numbers",
        "length",
        logits.length);
    ParameterLayout.Placed bias = bias(network);
    System.arraycopy(logits, 0, theta, bias.offset(), logits.length);
  }

  private static ParameterLayout.Placed bias(Network network) {
    List<Network.Named> layers = network.layers();
    String last = layers.get(layers.size() - 1).name();
    return network.layout().slots().stream()
        .filter(placed -> placed.slot().role() == Slot.Role.BIAS)
        .filter(placed -> placed.name().equals(last + "." + placed.slot().name()))
        .findFirst()
        .orElseThrow(
            () ->
                new InvalidInput(
                    "the last layer must have a bias, however: layer \"%s\" has none"
                        .formatted(last)));
  }
}
