package io.lakeprop.nn;

import io.lakeprop.base.Check;
import java.util.List;

/**
 * Layer normalisation (Ba 2016): every row for itself, {@code h = (x - mean) / √(variance +
 * epsilon)}, {@code y = g h + b}; backward, with {@code u = g dy}, {@code dx = (u - mean(u) - h
 * mean(u h)) / √(variance + epsilon)}, {@code dg += Σ dy h}, {@code db += Σ dy}.
 *
 * <p>Shapes, n rows: x and y (n, inputs), g and b (inputs).
 */
public record LayerNorm(float epsilon, int inputs) implements Layer {
  public LayerNorm {
    Check.positive(epsilon, "epsilon");
    Check.positive(inputs, "inputs");
  }

  @Override
  public int outputs() {
    return inputs;
  }

  @Override
  public List<Slot> slots() {
    return List.of(
        new Slot("scale", 1, inputs, Slot.Role.SCALE), new Slot("bias", 1, inputs, Slot.Role.BIAS));
  }

  @Override
  public String words() {
    return "layer norm";
  }

  /** Each row's mean and one over its deviation. */
  @Override
  public int[] scratch(int rows) {
    return new int[] {2 * rows};
  }

  @Override
  public void forward(Pass pass, float[] x, float[] y) {
    float[] theta = pass.theta;
    int scale = pass.offset;
    int bias = scale + inputs;
    for (int row = 0; row < pass.rows; row++) {
      int start = row * inputs;
      float mean = mean(x, start);
      float inverse = (float) (1 / Math.sqrt(variance(x, start, mean) + epsilon));
      pass.scratch[0][2 * row] = mean;
      pass.scratch[0][2 * row + 1] = inverse;
      for (int j = 0; j < inputs; j++) {
        y[start + j] = (x[start + j] - mean) * inverse * theta[scale + j] + theta[bias + j];
      }
    }
  }

  @Override
  public void backward(Pass pass, float[] x, float[] y, float[] dy, float[] dx) {
    for (int row = 0; row < pass.rows; row++) {
      float mean = pass.scratch[0][2 * row];
      float inverse = pass.scratch[0][2 * row + 1];
      parameters(pass, row * inputs, mean, inverse, x, dy);
      if (dx != null) {
        input(pass, row * inputs, mean, inverse, x, dy, dx);
      }
    }
  }

  private void parameters(Pass pass, int start, float mean, float inverse, float[] x, float[] dy) {
    float[] gradient = pass.gradient;
    int scale = pass.offset;
    int bias = scale + inputs;
    for (int j = 0; j < inputs; j++) {
      gradient[scale + j] += dy[start + j] * (x[start + j] - mean) * inverse;
      gradient[bias + j] += dy[start + j];
    }
  }

  private void input(
      Pass pass, int start, float mean, float inverse, float[] x, float[] dy, float[] dx) {
    float[] theta = pass.theta;
    int scale = pass.offset;
    double sum = 0;
    double along = 0;
    for (int j = 0; j < inputs; j++) {
      float u = dy[start + j] * theta[scale + j];
      sum += u;
      along += u * (x[start + j] - mean) * inverse;
    }
    float meanOfU = (float) (sum / inputs);
    float meanAlong = (float) (along / inputs);
    for (int j = 0; j < inputs; j++) {
      float h = (x[start + j] - mean) * inverse;
      dx[start + j] = (dy[start + j] * theta[scale + j] - meanOfU - h * meanAlong) * inverse;
    }
  }

  private float mean(float[] x, int start) {
    double sum = 0;
    for (int j = 0; j < inputs; j++) {
      sum += x[start + j];
    }
    return (float) (sum / inputs);
  }

  private double variance(float[] x, int start, float mean) {
    double sum = 0;
    for (int j = 0; j < inputs; j++) {
      double difference = x[start + j] - mean;
      sum += difference * difference;
    }
    return sum / inputs;
  }
}
