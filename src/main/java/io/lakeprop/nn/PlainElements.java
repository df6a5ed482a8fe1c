package io.lakeprop.nn;

import io.lakeprop.base.Mix;

/** The passes as loops: works on every JVM, and is the oracle of {@code VectorElements}. */
final class PlainElements implements Elements {
  @Override
  public void addRows(int rows, int width, float[] matrix, float[] sum, int offset) {
    for (int r = 0; r < rows; r++) {
      int start = r * width;
      for (int j = 0; j < width; j++) {
        sum[offset + j] += matrix[start + j];
      }
    }
  }

  @Override
  public void exp(int size, float[] x, float[] y) {
    exp(0, size, x, y);
  }

  static void exp(int from, int to, float[] x, float[] y) {
    for (int i = from; i < to; i++) {
      y[i] = Numerics.exp(x[i]);
    }
  }

  @Override
  public void forward(Nonlinearity function, int size, float[] x, float[] y) {
    forward(function, 0, size, x, y);
  }

  @Override
  public void backward(
      Nonlinearity function, int size, float[] x, float[] y, float[] dy, float[] dx) {
    backward(function, 0, size, x, y, dy, dx);
  }

  @Override
  public void countOutside(
      int rows, int width, float[] matrix, float low, float high, float[] counters, int offset) {
    countOutside(0, rows, width, matrix, low, high, counters, offset);
  }

  /** The columns from {@code first} on. */
  static void countOutside(
      int first,
      int rows,
      int width,
      float[] matrix,
      float low,
      float high,
      float[] counters,
      int offset) {
    for (int r = 0; r < rows; r++) {
      int start = r * width;
      for (int j = first; j < width; j++) {
        float v = matrix[start + j];
        counters[offset + j] += v < low || v > high ? 1 : 0;
      }
    }
  }

  @Override
  public void drop(
      int width, long key, int threshold, float scale, float[] from, float[] to, int start) {
    drop(0, width, key, threshold, scale, from, to, start);
  }

  static void drop(
      int first,
      int width,
      long key,
      int threshold,
      float scale,
      float[] from,
      float[] to,
      int start) {
    for (int j = first; j < width; j++) {
      boolean kept = Integer.compareUnsigned(Mix.unit(key, j), threshold) >= 0;
      to[start + j] = kept ? from[start + j] * scale : 0;
    }
  }

  static void forward(Nonlinearity function, int from, int to, float[] x, float[] y) {
    for (int i = from; i < to; i++) {
      y[i] = function.value(x[i]);
    }
  }

  static void backward(
      Nonlinearity function, int from, int to, float[] x, float[] y, float[] dy, float[] dx) {
    for (int i = from; i < to; i++) {
      dx[i] = dy[i] * function.derivative(x[i], y[i]);
    }
  }
}
