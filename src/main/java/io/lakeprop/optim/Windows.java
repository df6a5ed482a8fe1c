package io.lakeprop.optim;

import io.lakeprop.nn.ParameterLayout.Range;
import java.util.Arrays;
import java.util.List;

/** Windows of theta that do not overlap, in ascending order: slots, layers, or rows of matrices. */
final class Windows {
  /** Does something with the elements [from, to) of a window. */
  @FunctionalInterface
  interface Visitor {
    void visit(int window, int from, int to);
  }

  private final int[] starts;
  private final int[] ends;

  private Windows(int[] starts, int[] ends) {
    this.starts = starts;
    this.ends = ends;
  }

  static Windows of(List<Range> ranges) {
    return new Windows(
        ranges.stream().mapToInt(Range::start).toArray(),
        ranges.stream().mapToInt(Range::end).toArray());
  }

  /** A window a row. */
  static Windows rows(List<Units> matrices) {
    int[] starts = new int[matrices.stream().mapToInt(Units::rows).sum()];
    int[] ends = new int[starts.length];
    int window = 0;
    for (Units matrix : matrices) {
      for (int row = 0; row < matrix.rows(); row++) {
        starts[window] = matrix.start() + row * matrix.columns();
        ends[window] = starts[window] + matrix.columns();
        window++;
      }
    }
    return new Windows(starts, ends);
  }

  int count() {
    return starts.length;
  }

  int start(int window) {
    return starts[window];
  }

  int end(int window) {
    return ends[window];
  }

  /** Visits what [from, to) has of each window. */
  void forEach(int from, int to, Visitor visitor) {
    int found = Arrays.binarySearch(ends, from + 1);
    int first = found >= 0 ? found : -found - 1;
    for (int window = first; window < starts.length && starts[window] < to; window++) {
      visitor.visit(window, Math.max(from, starts[window]), Math.min(to, ends[window]));
    }
  }
}
