package io.lakeprop.train;

import io.lakeprop.base.Check;
import io.lakeprop.nn.Loss;
import io.lakeprop.nn.OneLabelLoss;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * Weights of classes: a row's weight in training is its own times that of its class, in the sum of
 * losses and in the sum of weights alike (PyTorch's weighted mean). This is for jobs with one
 * label; among several, each head of {@link io.lakeprop.nn.Heads} has its own.
 *
 * @param weights by class number; empty when all classes are alike
 */
public record ClassWeights(List<Float> weights) implements Serializable {
  /** All classes alike. */
  public static final ClassWeights NONE = new ClassWeights(List.of());

  public ClassWeights {
    weights = List.copyOf(weights);
    weights.forEach(weight -> Check.positive(weight, "weight of a class"));
  }

  /** {@code rows / (classes · rows of the class)}: every class weighs the same in all. */
  public static ClassWeights balanced(List<Long> rowsOfClasses) {
    long rows = rowsOfClasses.stream().mapToLong(Long::longValue).sum();
    List<Float> weights = new ArrayList<>();
    for (long own : rowsOfClasses) {
      weights.add((float) ((double) rows / ((double) rowsOfClasses.size() * own)));
    }
    return new ClassWeights(weights);
  }

  /** The weight of a class. */
  public float of(int ofClass) {
    return weights.isEmpty() ? 1 : weights.get(ofClass);
  }

  void check(Loss loss) {
    Check.require(
        weights.isEmpty()
            || (loss instanceof OneLabelLoss one
                && one.target().classes()
                && weights.size() == loss.predictions()),
        "class weights must be one a class",
        "weights",
        weights.size());
  }

  /** Multiplies the weights of rows with those of their labels. */
  void apply(int rows, float[] labels, float[] rowWeights) {
    if (weights.isEmpty()) {
      return;
    }
    for (int row = 0; row < rows; row++) {
      rowWeights[row] *= weights.get((int) labels[row]);
    }
  }
}
