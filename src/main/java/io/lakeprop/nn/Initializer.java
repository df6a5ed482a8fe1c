package io.lakeprop.nn;

import io.lakeprop.base.Mix;
import java.util.Arrays;
import java.util.List;

/**
 * How weights start: a variance from the number of inputs and outputs, and a distribution.
 *
 * <p>Biases start at 0, scales at 1, slopes at 1/4; embeddings at N(0, 1/width), the row of id 0 at
 * zero. Every number is a function of (seed, slot name, position), so it does not depend on the
 * layers around it.
 */
public enum Initializer {
  /** Variance 2 / inputs (He 2015); for the ReLU family. */
  HE_NORMAL(false),
  HE_UNIFORM(true),
  /** Variance 2 / (inputs + outputs) (Glorot and Bengio 2010); for tanh, sigmoid and heads. */
  GLOROT_NORMAL(false),
  GLOROT_UNIFORM(true),
  /** Variance 1 / inputs (LeCun 1998); for SELU. */
  LECUN_NORMAL(false),
  LECUN_UNIFORM(true),
  /**
   * Orthonormal rows, or columns where those are fewer (Saxe 2014): no direction is longer or
   * shorter after the layer, however many layers there are.
   */
  ORTHOGONAL(false),
  /** 0: for layers that shall begin as nothing, such as the last one of a residual block. */
  ZEROS(false);

  /** Where PReLU starts (He 2015). */
  private static final float SLOPE = 0.25f;

  /**
   * Of periodic features; Gorishniy (2022) found the best ones between 0.01 and 1 for most tables.
   */
  private static final double FREQUENCY_DEVIATION = 0.1;

  private final boolean uniform;

  Initializer(boolean uniform) {
    this.uniform = uniform;
  }

  /** The variance of a weight (outputs, inputs). */
  double variance(int inputs, int outputs) {
    return switch (this) {
      case HE_NORMAL, HE_UNIFORM -> 2.0 / inputs;
      case GLOROT_NORMAL, GLOROT_UNIFORM -> 2.0 / (inputs + outputs);
      case LECUN_NORMAL, LECUN_UNIFORM -> 1.0 / inputs;
      case ORTHOGONAL -> 1.0 / Math.max(inputs, outputs);
      case ZEROS -> 0;
    };
  }

  /** The initializer that suits what follows a linear layer. */
  public static Initializer suitedTo(Nonlinearity function) {
    return switch (function) {
      case RELU, LEAKY_RELU, ELU, GELU, GELU_TANH, SILU, MISH, HARD_SWISH, SOFTPLUS -> HE_UNIFORM;
      case SELU -> LECUN_NORMAL;
      case TANH, SIGMOID, SOFTSIGN, IDENTITY -> GLOROT_UNIFORM;
    };
  }

  /** Theta at the start, each hidden weight by the activation that follows, the head by Glorot. */
  public static float[] suited(Network network, long seed) {
    return theta(network, seed, null);
  }

  /** Theta at the start, every weight but the head's by this initializer; the head by Glorot. */
  public float[] theta(Network network, long seed) {
    return theta(network, seed, this);
  }

  private static float[] theta(Network network, long seed, Initializer fixed) {
    ParameterLayout layout = network.layout();
    float[] theta = new float[layout.size()];
    for (ParameterLayout.Placed placed : layout.slots()) {
      switch (placed.slot().role()) {
        case BIAS, MEAN -> {}
        case SCALE, VARIANCE -> fill(theta, placed, 1);
        case SLOPE -> fill(theta, placed, SLOPE);
        case FREQUENCY -> frequencies(theta, placed, seed);
        case EMBEDDING -> embedding(theta, placed, seed);
        case WEIGHT -> {
          Nonlinearity next = activationAfter(network, placed);
          Initializer own = next == null ? GLOROT_UNIFORM : fixed == null ? suitedTo(next) : fixed;
          own.draw(theta, placed, seed);
        }
      }
    }
    return theta;
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

  private void draw(float[] theta, ParameterLayout.Placed placed, long seed) {
    if (this == ZEROS) {
      return;
    }
    if (this == ORTHOGONAL) {
      orthogonal(theta, placed, Mix.mix(seed, placed.name()));
      return;
    }
    double deviation = Math.sqrt(variance(placed.slot().columns(), placed.slot().rows()));
    long key = Mix.mix(seed, placed.name());
    for (int i = 0; i < placed.slot().size(); i++) {
      double standard =
          uniform ? Math.sqrt(3) * (2 * Mix.unit(Mix.mix(key, i)) - 1) : Randomness.normal(key, i);
      theta[placed.offset() + i] = (float) (deviation * standard);
    }
  }

  /**
   * Normal numbers, made orthonormal along the shorter side (Gram and Schmidt, twice for digits).
   */
  private static void orthogonal(float[] theta, ParameterLayout.Placed placed, long key) {
    int rows = placed.slot().rows();
    int columns = placed.slot().columns();
    boolean wide = rows <= columns;
    double[][] vectors = new double[Math.min(rows, columns)][Math.max(rows, columns)];
    for (int v = 0; v < vectors.length; v++) {
      double[] own = vectors[v];
      for (int i = 0; i < own.length; i++) {
        own[i] = Randomness.normal(key, v * own.length + i);
      }
      for (int pass = 0; pass < 2; pass++) {
        for (int other = 0; other < v; other++) {
          subtract(own, vectors[other], dot(own, vectors[other]));
        }
        double length = Math.sqrt(dot(own, own));
        for (int i = 0; i < own.length; i++) {
          own[i] /= length;
        }
      }
      for (int i = 0; i < own.length; i++) {
        int at = wide ? v * columns + i : i * columns + v;
        theta[placed.offset() + at] = (float) own[i];
      }
    }
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static void subtract(double[] from, double[] vector, double times) {
    for (int i = 0; i < from.length; i++) {
      from[i] -= times * vector[i];
    }
  }

  private static void embedding(float[] theta, ParameterLayout.Placed placed, long seed) {
    int width = placed.slot().columns();
    long key = Mix.mix(seed, placed.name());
    for (int i = width; i < placed.slot().size(); i++) {
      theta[placed.offset() + i] = (float) (Randomness.normal(key, i) / Math.sqrt(width));
    }
  }

  /** The activation between this weight's layer and the next linear one; null for the head. */
  private static Nonlinearity activationAfter(Network network, ParameterLayout.Placed placed) {
    List<Network.Named> layers = network.layers();
    boolean found = false;
    for (Network.Named named : layers) {
      if (found && named.layer() instanceof Activation activation) {
        return activation.function();
      }
      if (found && named.layer() instanceof PRelu) {
        return Nonlinearity.LEAKY_RELU;
      }
      if (found && named.layer() instanceof Linear) {
        return null;
      }
      found |= placed.name().equals(named.name() + "." + placed.slot().name());
      if (found && named.layer() instanceof PeriodicEmbedding) {
        return Nonlinearity.RELU;
      }
    }
    return null;
  }
}
