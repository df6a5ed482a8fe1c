package io.lakeprop.nn;

import io.lakeprop.base.Mix;

/**
 * The passes over single numbers between matrix products.
 *
 * <p>Two implementations give the same bits: plain loops, and the JVM's Vector API where it is
 * there. They carry out the same operations number by number, so which one runs is a matter of
 * speed alone.
 */
interface Elements {
  /** Writes one row of {@code width} numbers {@code rows} times. */
  default void repeat(int rows, int width, float[] row, int offset, float[] result) {
    for (int r = 0; r < rows; r++) {
      System.arraycopy(row, offset, result, r * width, width);
    }
  }

  /** Adds every row of a matrix (rows, width) to {@code sum}, one after the other. */
  void addRows(int rows, int width, float[] matrix, float[] sum, int offset);

  /**
   * Writes a row with units dropped: unit j is 0 where {@link Mix#unit} draws a number below the
   * threshold, as unsigned integers, and else is multiplied by {@code scale}.
   *
   * @param key of the row
   * @param start of the row in both arrays
   */
  void drop(int width, long key, int threshold, float scale, float[] from, float[] to, int start);

  /** {@code y = e^x}, as {@link Numerics#exp} has it; x and y may be one array. */
  void exp(int size, float[] x, float[] y);

  /** {@code y = f(x)}. */
  void forward(Nonlinearity function, int size, float[] x, float[] y);

  /**
   * Counts flat rows: adds 1 to a column's counter for each row of the matrix (rows, width) whose
   * number is below {@code low} or above {@code high}; NaN is neither.
   *
   * @param counters whole numbers, exact up to 2^24
   */
  void countOutside(
      int rows, int width, float[] matrix, float low, float high, float[] counters, int offset);

  /** {@code dx = dy f'(x)}. */
  void backward(Nonlinearity function, int size, float[] x, float[] y, float[] dy, float[] dx);
}
