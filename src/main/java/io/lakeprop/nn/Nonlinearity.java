package io.lakeprop.nn;

import io.lakeprop.base.AlsoCalled;

/**
 * The scalar functions between linear layers, each with its derivative.
 *
 * <p>{@link #derivative} is given both the input and the output, and each function uses the one
 * that is cheaper.
 */
public enum Nonlinearity {
  /** max(x, 0). */
  @AlsoCalled({"rectifier", "rectified_linear"})
  RELU {
    @Override
    float value(float x) {
      return Math.max(x, 0);
    }

    @Override
    float derivative(float x, float y) {
      return x > 0 ? 1 : 0;
    }
  },

  /** x above 0, 0.01 x below. */
  @AlsoCalled({"lrelu"})
  LEAKY_RELU {
    @Override
    float value(float x) {
      return x > 0 ? x : LEAK * x;
    }

    @Override
    float derivative(float x, float y) {
      return x > 0 ? 1 : LEAK;
    }
  },

  /** x above 0, e^x - 1 below (Clevert 2015). */
  ELU {
    @Override
    float value(float x) {
      return x > 0 ? x : Numerics.exp(x) - 1;
    }

    @Override
    float derivative(float x, float y) {
      return x > 0 ? 1 : y + 1;
    }
  },

  /** The self-normalising scaled ELU (Klambauer 2017). */
  SELU {
    @Override
    float value(float x) {
      return SELU_SCALE * (x > 0 ? x : SELU_ALPHA * (Numerics.exp(x) - 1));
    }

    @Override
    float derivative(float x, float y) {
      return x > 0 ? SELU_SCALE : y + SELU_SCALE * SELU_ALPHA;
    }
  },

  /** x Φ(x), with the exact normal distribution function (Hendrycks 2016). */
  GELU {
    @Override
    float value(float x) {
      return x * Numerics.normalCdf(x);
    }

    @Override
    float derivative(float x, float y) {
      return Numerics.normalCdf(x) + x * Numerics.normalDensity(x);
    }
  },

  /** GELU by way of tanh: x (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2 (Hendrycks 2016). */
  @AlsoCalled({"gelu_new", "gelu_approximate", "gelu_fast"})
  GELU_TANH {
    @Override
    float value(float x) {
      return x * Numerics.sigmoid(TWICE_ROOT * (x + CUBE * x * x * x));
    }

    @Override
    float derivative(float x, float y) {
      float s = Numerics.sigmoid(TWICE_ROOT * (x + CUBE * x * x * x));
      return s + x * s * (1 - s) * (TWICE_ROOT * (1 + 3 * CUBE * x * x));
    }
  },

  /** x sigmoid(x), also called swish. */
  @AlsoCalled({"swish"})
  SILU {
    @Override
    float value(float x) {
      return x * Numerics.sigmoid(x);
    }

    @Override
    float derivative(float x, float y) {
      float s = Numerics.sigmoid(x);
      return s + y * (1 - s);
    }
  },

  /** x tanh(log(1 + e^x)) (Misra 2019). */
  MISH {
    @Override
    float value(float x) {
      return x * Numerics.tanhOfSoftplus(x);
    }

    @Override
    float derivative(float x, float y) {
      float t = Numerics.tanhOfSoftplus(x);
      return t + x * (1 - t * t) * Numerics.sigmoid(x);
    }
  },

  /** x (x + 3) / 6 between -3 and 3, 0 below, x above (Howard 2019). */
  @AlsoCalled("h_swish")
  HARD_SWISH {
    @Override
    float value(float x) {
      return x * Math.max(0, Math.min(6, x + 3)) / 6;
    }

    @Override
    float derivative(float x, float y) {
      return x <= -3 ? 0 : x >= 3 ? 1 : (2 * x + 3) / 6;
    }
  },

  /** x / (1 + |x|). */
  SOFTSIGN {
    @Override
    float value(float x) {
      return x / (1 + Math.abs(x));
    }

    @Override
    float derivative(float x, float y) {
      float rest = 1 - Math.abs(y);
      return rest * rest;
    }
  },

  /** x: a linear layer without a bend. */
  @AlsoCalled({"linear", "none"})
  IDENTITY {
    @Override
    float value(float x) {
      return x;
    }

    @Override
    float derivative(float x, float y) {
      return 1;
    }
  },

  @AlsoCalled({"hyperbolic_tangent"})
  TANH {
    @Override
    float value(float x) {
      return Numerics.tanh(x);
    }

    @Override
    float derivative(float x, float y) {
      return 1 - y * y;
    }
  },

  @AlsoCalled({"logistic"})
  SIGMOID {
    @Override
    float value(float x) {
      return Numerics.sigmoid(x);
    }

    @Override
    float derivative(float x, float y) {
      return y * (1 - y);
    }
  },

  /** log(1 + e^x). */
  SOFTPLUS {
    @Override
    float value(float x) {
      return Numerics.softplus(x);
    }

    @Override
    float derivative(float x, float y) {
      return Numerics.sigmoid(x);
    }
  };

  /** 2 √(2/π): a tanh is a sigmoid of twice its argument. */
  static final float TWICE_ROOT = 1.5957692f;

  static final float CUBE = 0.044715f;
  static final float LEAK = 0.01f;
  static final float SELU_ALPHA = 1.6732632f;
  static final float SELU_SCALE = 1.050701f;

  /**
   * Whether the output may overwrite the input: {@link #derivative} gives the same when it is given
   * the output for both, and the pass reads each number once (tanh and SELU read it twice).
   */
  boolean inPlace() {
    return switch (this) {
      case RELU, LEAKY_RELU, ELU, SIGMOID, SOFTSIGN, IDENTITY -> true;
      case GELU, GELU_TANH, SELU, SILU, MISH, HARD_SWISH, SOFTPLUS, TANH -> false;
    };
  }

  /**
   * Where it is flat. Bounds are of the output where it overwrites the input; those of the input
   * are roots of {@code f'(x) = max f' / 100}.
   */
  FlatRegion flat() {
    return switch (this) {
      case RELU -> FlatRegion.outputBelow(Float.MIN_VALUE);
      case ELU -> FlatRegion.outputBelow(-0.99f);
      case SELU -> FlatRegion.outputBelow(-0.99f * SELU_SCALE * SELU_ALPHA);
      case GELU -> FlatRegion.inputBelow(-3.02166f);
      case GELU_TANH -> FlatRegion.inputBelow(-3.00936f);
      case SILU -> FlatRegion.inputBelow(-6.14292f);
      case MISH -> FlatRegion.inputBelow(-6.15874f);
      case HARD_SWISH -> FlatRegion.inputBelow(Math.nextUp(-3f));
      case SOFTPLUS -> FlatRegion.inputBelow(-4.59512f);
      case SIGMOID -> FlatRegion.outputOutside(0.0025063f, 0.9974937f);
      case TANH -> FlatRegion.outputOutside(-0.9949874f, 0.9949874f);
      case SOFTSIGN -> FlatRegion.outputOutside(-0.9f, 0.9f);
      case LEAKY_RELU, IDENTITY -> FlatRegion.NOWHERE;
    };
  }

  abstract float value(float x);

  abstract float derivative(float x, float y);
}
