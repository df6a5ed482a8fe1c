package io.lakeprop.nn;

/**
 * The products through a native sgemm.
 *
 * <p>BLAS is column-major, so it sees each of our row-major matrices as its transpose, and yᵀ = w
 * xᵀ is computed where y = x wᵀ is meant. What is added (a bias, the gradient so far) is in the
 * result before, with beta = 1.
 */
final class BlasGemm implements Gemm {
  private final NativeBlas blas;

  BlasGemm(NativeBlas blas) {
    this.blas = blas;
  }

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
    blas.sgemm("T", "N", outputs, rows, inputs, w, wOffset, inputs, x, 0, inputs, 1, y, 0, outputs);
  }

  @Override
  public void inputGradient(
      int rows, int inputs, int outputs, float[] dy, float[] w, int wOffset, float[] dx) {
    blas.sgemm(
        "N", "N", inputs, rows, outputs, w, wOffset, inputs, dy, 0, outputs, 0, dx, 0, inputs);
  }

  @Override
  public void weightGradient(
      int rows, int inputs, int outputs, float[] dy, float[] x, float[] dw, int dwOffset) {
    blas.sgemm(
        "N", "T", inputs, outputs, rows, x, 0, inputs, dy, 0, outputs, 1, dw, dwOffset, inputs);
  }
}
