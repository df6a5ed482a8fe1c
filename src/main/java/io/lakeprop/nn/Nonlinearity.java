package io.lakeprop.nn;

/**
 * The scalar functions between linear layers, each with its derivative.
 *
 * <p>{@link #derivative} is given both the input and the output, and each function uses the one
 * that is cheaper.
 */
public enum Nonlinearity {
  /** max(x, 0). */
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
  LEAKY_RELU {
    @Override
    float value(float x) {
      return x > 0 ? x : 0.01f * x;
    }

    @Override
    float derivative(float x, float y) {
      return x > 0 ? 1 : 0.01f;
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

  /** x sigmoid(x), also called swish. */
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

  private static final float SELU_ALPHA = 1.6732632f;
  private static final float SELU_SCALE = 1.050701f;

  abstract float value(float x);

  abstract float derivative(float x, float y);

  /** Each element of x through the function into y. */
  void forward(int size, float[] x, float[] y) {
    if (this == RELU) {
      for (int i = 0; i < size; i++) {
        y[i] = Math.max(x[i], 0);
      }
      return;
    }
    for (int i = 0; i < size; i++) {
      y[i] = value(x[i]);
    }
  }

  /** {@code dx = dy f'(x)}. */
  void backward(int size, float[] x, float[] y, float[] dy, float[] dx) {
    if (this == RELU) {
      for (int i = 0; i < size; i++) {
        dx[i] = x[i] > 0 ? dy[i] : 0;
      }
      return;
    }
    for (int i = 0; i < size; i++) {
      dx[i] = dy[i] * derivative(x[i], y[i]);
    }
  }
}
