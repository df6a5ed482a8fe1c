package io.lakeprop.nn;

import io.lakeprop.base.AlsoCalled;
import io.lakeprop.base.Mix;
import java.util.Map;
import java.util.Optional;

/**
 * The named ways in which weights start: a variance from the number of inputs and outputs, and a
 * distribution. Every number is a function of (seed, slot name, position), so it does not depend on
 * the layers around it.
 */
public enum Initializer implements WeightStart {
  /** Variance 2 / inputs (He 2015); for the ReLU family. */
  @AlsoCalled({"kaiming_normal", "he", "kaiming"})
  HE_NORMAL(false),
  @AlsoCalled({"kaiming_uniform"})
  HE_UNIFORM(true),
  /** Variance 2 / (inputs + outputs) (Glorot and Bengio 2010); for tanh, sigmoid and heads. */
  @AlsoCalled({"xavier_normal"})
  GLOROT_NORMAL(false),
  @AlsoCalled({"xavier_uniform", "glorot", "xavier"})
  GLOROT_UNIFORM(true),
  /** Variance 1 / inputs (LeCun 1998); for SELU. */
  @AlsoCalled({"lecun"})
  LECUN_NORMAL(false),
  LECUN_UNIFORM(true),
  /**
   * Orthonormal rows, or columns where those are fewer (Saxe 2014): no direction is longer or
   * shorter after the layer, however many layers there are.
   */
  @AlsoCalled({"orthonormal", "ortho"})
  ORTHOGONAL(false),
  /** 0: for layers that shall begin as nothing, such as the last one of a residual block. */
  @AlsoCalled({"zero"})
  ZEROS(false);

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
    return new InitialTheta(Optional.empty(), Map.of()).of(network, seed);
  }

  /** Theta at the start, every weight but the head's by this initializer; the head by Glorot. */
  public float[] theta(Network network, long seed) {
    return new InitialTheta(Optional.of(this), Map.of()).of(network, seed);
  }

  @Override
  public void draw(float[] theta, ParameterLayout.Placed placed, long seed) {
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
}
