package io.lakeprop.nn;

/** Products as another kernel makes them, and two operations counted for each multiply-add. */
final class CountingGemm implements Gemm {
  private final Gemm gemm = new EjmlGemm();
  private long flops;

  /** Operations since the last call. */
  long take() {
    long taken = flops;
    flops = 0;
    return taken;
  }

  private void count(int rows, int inputs, int outputs) {
    flops += 2L * rows * inputs * outputs;
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
    count(rows, inputs, outputs);
    gemm.forward(rows, inputs, outputs, x, w, wOffset, bias, biasOffset, y);
  }

  @Override
  public void inputGradient(
      int rows, int inputs, int outputs, float[] dy, float[] w, int wOffset, float[] dx) {
    count(rows, inputs, outputs);
    gemm.inputGradient(rows, inputs, outputs, dy, w, wOffset, dx);
  }

  @Override
  public void weightGradient(
      int rows, int inputs, int outputs, float[] dy, float[] x, float[] dw, int dwOffset) {
    count(rows, inputs, outputs);
    gemm.weightGradient(rows, inputs, outputs, dy, x, dw, dwOffset);
  }
}
