package io.lakeprop.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What a layer costs, or the input of a network: memory of one task thread, and arithmetic.
 *
 * @param words its kind and settings
 * @param parameters numbers in theta
 * @param values bytes of its output. An array counts once, where the forward pass first uses it: 0
 *     for an output that overwrites the input, or lies where another segment's lay
 * @param scratch bytes of its scratch, counted likewise
 * @param skipped bytes of the gradient that skip connections bring to its output, counted likewise,
 *     but where the backward pass first uses it
 * @param forwardFlops arithmetic of the matrix products of a row in prediction
 * @param trainingFlops the same in training, forward (twice where it is run again) and backward
 */
public record LayerCost(
    String name,
    String words,
    int inputs,
    int outputs,
    long parameters,
    long values,
    long scratch,
    long skipped,
    long forwardFlops,
    long trainingFlops) {
  /** The costs of the input, then of each layer. */
  static List<LayerCost> of(WorkspacePlan plan) {
    Network network = plan.network();
    long[] bytes = plan.arrayBytes();
    long[] skips = new long[plan.values.length];
    for (int value = skips.length - 1; value >= 0; value--) {
      skips[value] = plan.skipped[value] < 0 ? 0 : taken(bytes, plan.skipped[value]);
    }
    Set<Integer> twice = new HashSet<>();
    Arrays.stream(plan.again).flatMapToInt(IntStream::of).forEach(twice::add);
    List<LayerCost> costs = new ArrayList<>();
    costs.add(ofInput(network.input(), plan.idBytes() + taken(bytes, plan.values[0]), skips[0]));
    for (int i = 0; i < network.layers().size(); i++) {
      Layer layer = network.layers().get(i).layer();
      long forward = layer.forwardFlops();
      long backward = layer.backwardFlops(i > 0 || network.input().learns());
      costs.add(
          new LayerCost(
              network.layers().get(i).name(),
              layer.words(),
              layer.inputs(),
              layer.outputs(),
              parameters(layer.slots()),
              taken(bytes, plan.values[i + 1]),
              IntStream.of(plan.scratch[i]).mapToLong(array -> taken(bytes, array)).sum(),
              skips[i + 1],
              forward,
              (twice.contains(i) ? 2 : 1) * forward + backward));
    }
    return costs;
  }

  private static LayerCost ofInput(TableInput input, long values, long skips) {
    int categories = input.categories().size();
    return new LayerCost(
        Network.INPUT,
        "%d numbers, %d categories".formatted(input.numeric(), categories),
        input.numeric() + categories,
        input.outputs(),
        input.categories().stream().mapToLong(c -> parameters(c.encoding().slots())).sum(),
        values,
        0,
        skips,
        0,
        0);
  }

  private static long parameters(List<Slot> slots) {
    return slots.stream().mapToLong(Slot::size).sum();
  }

  /** The bytes of an array, once. */
  private static long taken(long[] bytes, int array) {
    long own = bytes[array];
    bytes[array] = 0;
    return own;
  }
}
