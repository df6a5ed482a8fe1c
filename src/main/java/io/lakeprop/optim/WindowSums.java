package io.lakeprop.optim;

import io.lakeprop.base.Chunks;

/**
 * Figures of windows, summed from what each chunk of the vector has of each window, from the first
 * chunk to the last: many threads may put, each for its own chunk, and the bits are those of one.
 */
final class WindowSums {
  private final Windows windows;
  private final int[] firstPart;
  private final double[][] parts;

  WindowSums(Windows windows, int figures) {
    this.windows = windows;
    this.firstPart = new int[windows.count() + 1];
    for (int w = 0; w < windows.count(); w++) {
      firstPart[w + 1] =
          firstPart[w] + 1 + Chunks.of(windows.end(w) - 1) - Chunks.of(windows.start(w));
    }
    this.parts = new double[figures][firstPart[windows.count()]];
  }

  /** Puts the figure of that part of a window that begins at {@code from}. */
  void put(int figure, int window, int from, double sum) {
    int chunk = Chunks.of(from) - Chunks.of(windows.start(window));
    parts[figure][firstPart[window] + chunk] = sum;
  }

  /**
   * Puts the squares, to six digits, of what [from, to) has of each window.
   *
   * @param all those of [from, to), for a window that has it all
   */
  void putSquares(int figure, float[] values, int from, int to, double all) {
    windows.forEach(
        from,
        to,
        (window, first, end) -> {
          boolean whole = first == from && end == to;
          put(figure, window, first, whole ? all : Squares.rough(values, first, end));
        });
  }

  /** The square root of each sum: a row a figure, a number a window. */
  double[][] roots() {
    double[][] roots = new double[parts.length][windows.count()];
    for (int f = 0; f < parts.length; f++) {
      for (int w = 0; w < windows.count(); w++) {
        double sum = 0;
        for (int part = firstPart[w]; part < firstPart[w + 1]; part++) {
          sum += parts[f][part];
        }
        roots[f][w] = Math.sqrt(sum);
      }
    }
    return roots;
  }
}
