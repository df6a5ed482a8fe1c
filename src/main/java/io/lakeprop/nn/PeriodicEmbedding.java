package io.lakeprop.nn;

import io.lakeprop.base.Check;
import java.util.List;

/**
 * Periodic features of each number, each column with a linear layer and a relu of its own
 * (Gorishniy 2022, "PLR"): for column c, {@code p = [cos 2π f_c x_c, sin 2π f_c x_c]}, {@code y_c =
 * max(w_c p + b_c, 0)}.
 *
 * <p>Shapes, n rows: x (n, inputs), f (inputs, frequencies), w (inputs, width, 2 frequencies), b
 * (inputs, width), y (n, inputs, width).
 */
public record PeriodicEmbedding(int inputs, int frequencies, int width) implements Layer {
  private static final float TWO_PI = 6.2831855f;

  public PeriodicEmbedding {
    Check.positive(inputs, "inputs");
    Check.positive(frequencies, "frequencies");
    Check.positive(width, "width");
    Check.width((long) inputs * width, "outputs");
    Check.width(2L * frequencies, "waves");
  }

  @Override
  public int outputs() {
    return inputs * width;
  }

  @Override
  public boolean readsOutput() {
    return true;
  }

  @Override
  public List<Slot> slots() {
    return List.of(
        new Slot("frequency", inputs, frequencies, Slot.Role.FREQUENCY),
        new Slot("weight", inputs * width, 2 * frequencies, Slot.Role.WEIGHT),
        new Slot("bias", inputs, width, Slot.Role.BIAS));
  }

  @Override
  public String words() {
    return "periodic embedding, " + frequencies + " frequencies";
  }

  @Override
  public long forwardFlops() {
    return 2L * inputs * 2 * frequencies * width;
  }

  /** The gradient of the frequencies needs that of the features in any case. */
  @Override
  public long backwardFlops(boolean below) {
    return 2 * forwardFlops();
  }

  /** p of all columns, (inputs, rows, 2 frequencies); then p and y of one column. */
  @Override
  public int[] scratch(int rows) {
    int column = Math.multiplyExact(rows, 2 * frequencies);
    return new int[] {Math.multiplyExact(inputs, column), column, Math.multiplyExact(rows, width)};
  }

  @Override
  public void forward(Pass pass, float[] x, float[] y) {
    float[] own = pass.scratch[2];
    for (int column = 0; column < inputs; column++) {
      features(pass, column, x);
      float[] p = column(pass, column);
      int bias = bias(pass, column);
      pass.gemm.forward(
          pass.rows,
          2 * frequencies,
          width,
          p,
          pass.theta,
          weight(pass, column),
          pass.theta,
          bias,
          own);
      for (int row = 0; row < pass.rows; row++) {
        int start = row * outputs() + column * width;
        for (int j = 0; j < width; j++) {
          y[start + j] = Math.max(own[row * width + j], 0);
        }
      }
    }
  }

  /** Cosines, then sines, of every row's number in one column. */
  private void features(Pass pass, int column, float[] x) {
    float[] all = pass.scratch[0];
    int frequency = pass.offset + column * frequencies;
    for (int row = 0; row < pass.rows; row++) {
      int start = start(pass, column, row);
      for (int k = 0; k < frequencies; k++) {
        float turns = pass.theta[frequency + k] * x[row * inputs + column];
        all[start + k] = Numerics.cosOfTurns(turns);
        all[start + frequencies + k] = Numerics.sinOfTurns(turns);
      }
    }
  }

  @Override
  public void backward(Pass pass, float[] x, float[] y, float[] dy, float[] dx) {
    for (int column = 0; column < inputs; column++) {
      float[] own = below(pass, column, y, dy);
      float[] p = column(pass, column);
      int weight = weight(pass, column);
      pass.gemm.weightGradient(pass.rows, 2 * frequencies, width, own, p, pass.gradient, weight);
      VectorApi.ELEMENTS.addRows(pass.rows, width, own, pass.gradient, bias(pass, column));
      pass.gemm.inputGradient(pass.rows, 2 * frequencies, width, own, pass.theta, weight, p);
      angles(pass, column, x, p, dx);
    }
  }

  /** The gradient of one column's linear layer: dy where relu let something through. */
  private float[] below(Pass pass, int column, float[] y, float[] dy) {
    float[] own = pass.scratch[2];
    for (int row = 0; row < pass.rows; row++) {
      int start = row * outputs() + column * width;
      for (int j = 0; j < width; j++) {
        own[row * width + j] = y[start + j] > 0 ? dy[start + j] : 0;
      }
    }
    return own;
  }

  /** From the gradient dp of one column's features to those of its frequencies and numbers. */
  private void angles(Pass pass, int column, float[] x, float[] dp, float[] dx) {
    float[] all = pass.scratch[0];
    int frequency = pass.offset + column * frequencies;
    for (int row = 0; row < pass.rows; row++) {
      int start = start(pass, column, row);
      int at = row * 2 * frequencies;
      float number = x[row * inputs + column];
      float sum = 0;
      for (int k = 0; k < frequencies; k++) {
        float cosine = all[start + k];
        float sine = all[start + frequencies + k];
        float turn = TWO_PI * (dp[at + frequencies + k] * cosine - dp[at + k] * sine);
        pass.gradient[frequency + k] += turn * number;
        sum += turn * pass.theta[frequency + k];
      }
      if (dx != null) {
        dx[row * inputs + column] = sum;
      }
    }
  }

  /** One column's features, copied to where products read. */
  private float[] column(Pass pass, int column) {
    int size = pass.rows * 2 * frequencies;
    System.arraycopy(pass.scratch[0], start(pass, column, 0), pass.scratch[1], 0, size);
    return pass.scratch[1];
  }

  private int start(Pass pass, int column, int row) {
    return (column * pass.rows + row) * 2 * frequencies;
  }

  private int weight(Pass pass, int column) {
    return pass.offset + inputs * frequencies + column * width * 2 * frequencies;
  }

  private int bias(Pass pass, int column) {
    return pass.offset + inputs * frequencies * (1 + 2 * width) + column * width;
  }
}
