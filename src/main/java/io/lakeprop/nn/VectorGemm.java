package io.lakeprop.nn;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The products on the JVM's Vector API: pure Java at native speed.
 *
 * <p>One routine does all three: {@code c += a b} with a (m, k) read in place by two strides, and b
 * (k, n) copied panel by panel, {@value #DEPTH} of its rows by two vectors of its columns, so that
 * the inner loop reads it from the nearest cache in one sweep. The inner loop keeps a tile of c, 6
 * rows by two vectors, in registers (Goto and van de Geijn 2008).
 *
 * <p>Each number of c is a sum over k in order, one fused multiply-add a term, in parts of {@value
 * #DEPTH} terms: how many lanes a vector has does not matter to it, and the bits are the same on
 * every processor.
 */
final class VectorGemm implements Gemm {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = SPECIES.length();
  private static final int WIDTH = 2 * LANES;
  private static final int HEIGHT = 6;
  private static final int DEPTH = 256;

  private final float[] panel = new float[DEPTH * WIDTH];
  private final float[] tile = new float[HEIGHT * WIDTH];

  VectorGemm() {}

  @Override
  public void forward(
      int rows,
      int inputs,
      int outputs,
      float[] x,
      float[] w,
      int wOffset,
      float[] bias,
      int biasOffset,
      float[] y) {
    VectorApi.ELEMENTS.repeat(rows, outputs, bias, biasOffset, y);
    for (int k0 = 0; k0 < inputs; k0 += DEPTH) {
      int depth = Math.min(DEPTH, inputs - k0);
      for (int column = 0; column < outputs; column += WIDTH) {
        int columns = Math.min(WIDTH, outputs - column);
        packTransposed(depth, columns, w, wOffset + column * inputs + k0, inputs);
        panelProduct(rows, depth, columns, x, k0, inputs, 1, y, column, outputs);
      }
    }
  }

  @Override
  public void inputGradient(
      int rows, int inputs, int outputs, float[] dy, float[] w, int wOffset, float[] dx) {
    Arrays.fill(dx, 0, rows * inputs, 0);
    for (int k0 = 0; k0 < outputs; k0 += DEPTH) {
      int depth = Math.min(DEPTH, outputs - k0);
      for (int column = 0; column < inputs; column += WIDTH) {
        int columns = Math.min(WIDTH, inputs - column);
        pack(depth, columns, w, wOffset + k0 * inputs + column, inputs);
        panelProduct(rows, depth, columns, dy, k0, outputs, 1, dx, column, inputs);
      }
    }
  }

  @Override
  public void weightGradient(
      int rows, int inputs, int outputs, float[] dy, float[] x, float[] dw, int dwOffset) {
    for (int k0 = 0; k0 < rows; k0 += DEPTH) {
      int depth = Math.min(DEPTH, rows - k0);
      for (int column = 0; column < inputs; column += WIDTH) {
        int columns = Math.min(WIDTH, inputs - column);
        pack(depth, columns, x, k0 * inputs + column, inputs);
        panelProduct(
            outputs, depth, columns, dy, k0 * outputs, 1, outputs, dw, dwOffset + column, inputs);
      }
    }
  }

  /** Copies a panel whose rows lie in b one after the other; what is missing in width is 0. */
  private void pack(int depth, int columns, float[] b, int at, int stride) {
    int width = width(columns);
    for (int k = 0; k < depth; k++) {
      System.arraycopy(b, at + k * stride, panel, k * width, columns);
      Arrays.fill(panel, k * width + columns, (k + 1) * width, 0);
    }
  }

  /** Copies a panel whose columns lie in b one after the other. */
  private void packTransposed(int depth, int columns, float[] b, int at, int stride) {
    float[] to = panel;
    int width = width(columns);
    if (columns < width) {
      Arrays.fill(to, 0, depth * width, 0);
    }
    int column = 0;
    for (; column + 4 <= columns; column += 4) {
      int b0 = at + column * stride;
      int b1 = b0 + stride;
      int b2 = b1 + stride;
      int b3 = b2 + stride;
      int t = column;
      for (int k = 0; k < depth; k++, t += width) {
        to[t] = b[b0 + k];
        to[t + 1] = b[b1 + k];
        to[t + 2] = b[b2 + k];
        to[t + 3] = b[b3 + k];
      }
    }
    for (; column < columns; column++) {
      int from = at + column * stride;
      for (int k = 0; k < depth; k++) {
        to[k * width + column] = b[from + k];
      }
    }
  }

  /** A panel is two vectors wide, or one when its columns fit. */
  private static int width(int columns) {
    return columns <= LANES ? LANES : WIDTH;
  }

  /**
   * Adds a (m, depth) times the panel to the panel's columns of c. A tile that would stick out of c
   * is computed beside it; rows that a has not are its last row again.
   *
   * @param row distance of two rows of a
   * @param step distance of two columns of a
   */
  private void panelProduct(
      int m,
      int depth,
      int columns,
      float[] a,
      int at,
      int row,
      int step,
      float[] c,
      int to,
      int stride) {
    int width = width(columns);
    for (int i = 0; i < m; i += HEIGHT) {
      int height = Math.min(HEIGHT, m - i);
      int first = at + i * row;
      int last = at + (m - 1) * row;
      int target = to + i * stride;
      boolean fits = height == HEIGHT && columns == width;
      if (!fits) {
        move(c, target, stride, tile, 0, width, height, columns);
      }
      float[] result = fits ? c : tile;
      int start = fits ? target : 0;
      int distance = fits ? stride : width;
      if (width == WIDTH) {
        twoVectors(depth, a, first, last, row, step, panel, result, start, distance);
      } else {
        oneVector(depth, a, first, last, row, step, panel, result, start, distance);
      }
      if (!fits) {
        move(tile, 0, width, c, target, stride, height, columns);
      }
    }
  }

  private static void move(
      float[] from,
      int at,
      int stride,
      float[] to,
      int target,
      int distance,
      int height,
      int columns) {
    for (int r = 0; r < height; r++) {
      for (int j = 0; j < columns; j++) {
        to[target + r * distance + j] = from[at + r * stride + j];
      }
    }
  }

  /** Adds 6 rows of a times a panel of two vectors to a tile of c. */
  private static void twoVectors(
      int depth,
      float[] a,
      int first,
      int last,
      int row,
      int step,
      float[] panel,
      float[] c,
      int to,
      int stride) {
    int a0 = first;
    int a1 = Math.min(last, a0 + row);
    int a2 = Math.min(last, a1 + row);
    int a3 = Math.min(last, a2 + row);
    int a4 = Math.min(last, a3 + row);
    int a5 = Math.min(last, a4 + row);
    FloatVector c0x = FloatVector.zero(SPECIES);
    FloatVector c0y = FloatVector.zero(SPECIES);
    FloatVector c1x = FloatVector.zero(SPECIES);
    FloatVector c1y = FloatVector.zero(SPECIES);
    FloatVector c2x = FloatVector.zero(SPECIES);
    FloatVector c2y = FloatVector.zero(SPECIES);
    FloatVector c3x = FloatVector.zero(SPECIES);
    FloatVector c3y = FloatVector.zero(SPECIES);
    FloatVector c4x = FloatVector.zero(SPECIES);
    FloatVector c4y = FloatVector.zero(SPECIES);
    FloatVector c5x = FloatVector.zero(SPECIES);
    FloatVector c5y = FloatVector.zero(SPECIES);
    int ak = 0;
    int bk = 0;
    for (int k = 0; k < depth; k++) {
      FloatVector bx = FloatVector.fromArray(SPECIES, panel, bk);
      FloatVector by = FloatVector.fromArray(SPECIES, panel, bk + LANES);
      FloatVector value = FloatVector.broadcast(SPECIES, a[a0 + ak]);
      c0x = value.fma(bx, c0x);
      c0y = value.fma(by, c0y);
      value = FloatVector.broadcast(SPECIES, a[a1 + ak]);
      c1x = value.fma(bx, c1x);
      c1y = value.fma(by, c1y);
      value = FloatVector.broadcast(SPECIES, a[a2 + ak]);
      c2x = value.fma(bx, c2x);
      c2y = value.fma(by, c2y);
      value = FloatVector.broadcast(SPECIES, a[a3 + ak]);
      c3x = value.fma(bx, c3x);
      c3y = value.fma(by, c3y);
      value = FloatVector.broadcast(SPECIES, a[a4 + ak]);
      c4x = value.fma(bx, c4x);
      c4y = value.fma(by, c4y);
      value = FloatVector.broadcast(SPECIES, a[a5 + ak]);
      c5x = value.fma(bx, c5x);
      c5y = value.fma(by, c5y);
      ak += step;
      bk += WIDTH;
    }
    add(c0x, c, to + 0 * stride);
    add(c0y, c, to + 0 * stride + LANES);
    add(c1x, c, to + 1 * stride);
    add(c1y, c, to + 1 * stride + LANES);
    add(c2x, c, to + 2 * stride);
    add(c2y, c, to + 2 * stride + LANES);
    add(c3x, c, to + 3 * stride);
    add(c3y, c, to + 3 * stride + LANES);
    add(c4x, c, to + 4 * stride);
    add(c4y, c, to + 4 * stride + LANES);
    add(c5x, c, to + 5 * stride);
    add(c5y, c, to + 5 * stride + LANES);
  }

  /** Adds 6 rows of a times a panel of one vector to a tile of c. */
  private static void oneVector(
      int depth,
      float[] a,
      int first,
      int last,
      int row,
      int step,
      float[] panel,
      float[] c,
      int to,
      int stride) {
    int a0 = first;
    int a1 = Math.min(last, a0 + row);
    int a2 = Math.min(last, a1 + row);
    int a3 = Math.min(last, a2 + row);
    int a4 = Math.min(last, a3 + row);
    int a5 = Math.min(last, a4 + row);
    FloatVector c0 = FloatVector.zero(SPECIES);
    FloatVector c1 = FloatVector.zero(SPECIES);
    FloatVector c2 = FloatVector.zero(SPECIES);
    FloatVector c3 = FloatVector.zero(SPECIES);
    FloatVector c4 = FloatVector.zero(SPECIES);
    FloatVector c5 = FloatVector.zero(SPECIES);
    int ak = 0;
    int bk = 0;
    for (int k = 0; k < depth; k++) {
      FloatVector b = FloatVector.fromArray(SPECIES, panel, bk);
      FloatVector value = FloatVector.broadcast(SPECIES, a[a0 + ak]);
      c0 = value.fma(b, c0);
      value = FloatVector.broadcast(SPECIES, a[a1 + ak]);
      c1 = value.fma(b, c1);
      value = FloatVector.broadcast(SPECIES, a[a2 + ak]);
      c2 = value.fma(b, c2);
      value = FloatVector.broadcast(SPECIES, a[a3 + ak]);
      c3 = value.fma(b, c3);
      value = FloatVector.broadcast(SPECIES, a[a4 + ak]);
      c4 = value.fma(b, c4);
      value = FloatVector.broadcast(SPECIES, a[a5 + ak]);
      c5 = value.fma(b, c5);
      ak += step;
      bk += LANES;
    }
    add(c0, c, to + 0 * stride);
    add(c1, c, to + 1 * stride);
    add(c2, c, to + 2 * stride);
    add(c3, c, to + 3 * stride);
    add(c4, c, to + 4 * stride);
    add(c5, c, to + 5 * stride);
  }

  private static void add(FloatVector sum, float[] c, int at) {
    FloatVector.fromArray(SPECIES, c, at).add(sum).intoArray(c, at);
  }
}
