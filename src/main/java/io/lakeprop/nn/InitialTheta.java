package io.lakeprop.nn;

import io.lakeprop.base.Mix;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How all parameters of a network start.
 *
 * <p>Biases start at 0, scales at 1, slopes at 1/4; embeddings at N(0, 1/width), the row of id 0 at
 * zero. Weights start as their layer is told to, else as all are told to (but for the head), else
 * as suits the activation that follows, and by Glorot where none does before the next linear layer.
 *
 * @param all of every weight but the head's
 * @param layers of the weights of single layers, by the layer's name
 */
public record InitialTheta(Optional<WeightStart> all, Map<String, WeightStart> layers) {
  /** Where PReLU starts (He 2015). */
  private static final float SLOPE = 0.25f;

  /**
   * Of periodic features; Gorishniy (2022) found the best ones between 0.01 and 1 for most tables.
   */
  private static final double FREQUENCY_DEVIATION = 0.1;

  public InitialTheta {
    layers = Map.copyOf(layers);
  }

  /** Theta at the start. */
  public float[] of(Network network, long seed) {
    ParameterLayout layout = network.layout();
    float[] theta = new float[layout.size()];
    for (ParameterLayout.Placed placed : layout.slots()) {
      switch (placed.slot().role()) {
        case BIAS, MEAN -> {}
        case SCALE, VARIANCE -> fill(theta, placed, 1);
        case SLOPE -> fill(theta, placed, SLOPE);
        case FREQUENCY -> frequencies(theta, placed, seed);
        case EMBEDDING -> embedding(theta, placed, seed);
        case WEIGHT -> weight(network, placed).draw(theta, placed, seed);
      }
    }
    return theta;
  }

  private WeightStart weight(Network network, ParameterLayout.Placed placed) {
    WeightStart own = layers.get(placed.owner());
    if (own != null) {
      return own;
    }
    List<Network.Named> named = network.layers();
    if (all.isPresent() && !placed.owner().equals(named.get(named.size() - 1).name())) {
      return all.get();
    }
    return activationAfter(named, placed.owner())
        .map(Initializer::suitedTo)
        .orElse(Initializer.GLOROT_UNIFORM);
  }

  private static void fill(float[] theta, ParameterLayout.Placed placed, float value) {
    Arrays.fill(theta, placed.offset(), placed.end(), value);
  }

  private static void frequencies(float[] theta, ParameterLayout.Placed placed, long seed) {
    long key = Mix.mix(seed, placed.name());
    for (int i = 0; i < placed.slot().size(); i++) {
      theta[placed.offset() + i] = (float) (FREQUENCY_DEVIATION * Randomness.normal(key, i));
    }
  }

  private static void embedding(float[] theta, ParameterLayout.Placed placed, long seed) {
    int width = placed.slot().columns();
    long key = Mix.mix(seed, placed.name());
    for (int i = width; i < placed.slot().size(); i++) {
      theta[placed.offset() + i] = (float) (Randomness.normal(key, i) / Math.sqrt(width));
    }
  }

  /** The activation between this layer's weight and the next linear one; none for the head. */
  private static Optional<Nonlinearity> activationAfter(List<Network.Named> layers, String owner) {
    boolean found = false;
    for (Network.Named named : layers) {
      if (found && named.layer() instanceof Activation activation) {
        return Optional.of(activation.function());
      }
      if (found && named.layer() instanceof PRelu) {
        return Optional.of(Nonlinearity.LEAKY_RELU);
      }
      if (found && named.layer() instanceof Linear) {
        return Optional.empty();
      }
      found |= named.name().equals(owner);
      if (found && named.layer() instanceof PeriodicEmbedding) {
        return Optional.of(Nonlinearity.RELU);
      }
    }
    return Optional.empty();
  }
}
