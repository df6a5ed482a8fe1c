package io.lakeprop.nn;

/** Passes over the rows of a row-major matrix, in loops that the JVM vectorises. */
final class Rows {
  private Rows() {}

  /** Writes one row of {@code width} numbers {@code rows} times. */
  static void repeat(int rows, int width, float[] row, int offset, float[] result) {
    for (int r = 0; r < rows; r++) {
      System.arraycopy(row, offset, result, r * width, width);
    }
  }

  /** Adds one row to every row of a matrix. */
  static void add(int rows, int width, float[] row, int offset, float[] matrix) {
    for (int r = 0; r < rows; r++) {
      int start = r * width;
      for (int j = 0; j < width; j++) {
        matrix[start + j] += row[offset + j];
      }
    }
  }

  /** Adds every row of a matrix to {@code sum}, in order. */
  static void addTo(float[] sum, int offset, int rows, int width, float[] matrix) {
    for (int r = 0; r < rows; r++) {
      int start = r * width;
      for (int j = 0; j < width; j++) {
        sum[offset + j] += matrix[start + j];
      }
    }
  }
}
