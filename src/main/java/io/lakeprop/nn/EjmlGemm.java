package io.lakeprop.nn;

import org.ejml.data.FMatrixRMaj;
import org.ejml.dense.row.mult.MatrixMatrixMult_FDRM;

/**
 * The products on EJML's float matrices: pure Java, works everywhere, the fallback of any faster
 * kernel.
 *
 * <p>An EJML matrix has no offset, so a window that does not start at 0 is copied first; against a
 * product over a few hundred rows the copy is small. The reordered product (row of the left times
 * rows of the right) is the one whose inner loop the JVM vectorises, so wᵀ is written out once
 * instead of multiplying by a transpose. Never the concurrent product: one task is one thread.
 */
public final class EjmlGemm implements Gemm {
  private final FMatrixRMaj left = new FMatrixRMaj();
  private final FMatrixRMaj right = new FMatrixRMaj();
  private final FMatrixRMaj product = new FMatrixRMaj();
  private float[] copyOfW = {};
  private float[] sum = {};

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
    view(left, rows, inputs, x);
    copyOfW = atLeast(copyOfW, inputs * outputs);
    transpose(w, wOffset, outputs, inputs, copyOfW);
    view(right, inputs, outputs, copyOfW);
    view(product, rows, outputs, y);
    MatrixMatrixMult_FDRM.mult_reorder(left, right, product);
    for (int row = 0; row < rows; row++) {
      for (int j = 0; j < outputs; j++) {
        y[row * outputs + j] += bias[biasOffset + j];
      }
    }
  }

  @Override
  public void inputGradient(
      int rows, int inputs, int outputs, float[] dy, float[] w, int wOffset, float[] dx) {
    copyOfW = atLeast(copyOfW, inputs * outputs);
    System.arraycopy(w, wOffset, copyOfW, 0, inputs * outputs);
    view(left, rows, outputs, dy);
    view(right, outputs, inputs, copyOfW);
    view(product, rows, inputs, dx);
    MatrixMatrixMult_FDRM.mult_reorder(left, right, product);
  }

  @Override
  public void weightGradient(
      int rows, int inputs, int outputs, float[] dy, float[] x, float[] dw, int dwOffset) {
    sum = atLeast(sum, inputs * outputs);
    view(left, rows, outputs, dy);
    view(right, rows, inputs, x);
    view(product, outputs, inputs, sum);
    MatrixMatrixMult_FDRM.multTransA_reorder(left, right, product);
    for (int i = 0; i < inputs * outputs; i++) {
      dw[dwOffset + i] += sum[i];
    }
  }

  /** Points a matrix at an array that may be longer than rows x columns. */
  private static void view(FMatrixRMaj matrix, int rows, int columns, float[] data) {
    matrix.data = data;
    matrix.numRows = rows;
    matrix.numCols = columns;
  }

  private static float[] atLeast(float[] array, int size) {
    return array.length >= size ? array : new float[size];
  }

  /** Writes the transpose of w (rows, columns) in tiles that stay in the nearest cache. */
  private static void transpose(float[] w, int offset, int rows, int columns, float[] result) {
    int tile = 16;
    for (int r0 = 0; r0 < rows; r0 += tile) {
      int r1 = Math.min(rows, r0 + tile);
      for (int c0 = 0; c0 < columns; c0 += tile) {
        int c1 = Math.min(columns, c0 + tile);
        for (int r = r0; r < r1; r++) {
          for (int c = c0; c < c1; c++) {
            result[c * rows + r] = w[offset + r * columns + c];
          }
        }
      }
    }
  }
}
