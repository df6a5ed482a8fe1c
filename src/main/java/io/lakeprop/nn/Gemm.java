package io.lakeprop.nn;

/**
 * The three matrix products of a linear layer, on row-major matrices in flat arrays; parameters are
 * windows of theta, the rest starts at 0.
 *
 * <p>An instance may keep scratch memory and belongs to one thread. For given sizes and numbers the
 * result is always the same bits.
 */
public interface Gemm {
  /**
   * Forward: {@code y = x wᵀ + bias}.
   *
   * @param x (rows, inputs)
   * @param w (outputs, inputs) at {@code wOffset}
   * @param bias (outputs) at {@code biasOffset}
   * @param y (rows, outputs), overwritten
   */
  void forward(
      int rows,
      int inputs,
      int outputs,
      float[] x,
      float[] w,
      int wOffset,
      float[] bias,
      int biasOffset,
      float[] y);

  /**
   * Gradient of the input: {@code dx = dy w}.
   *
   * @param dy (rows, outputs)
   * @param w (outputs, inputs) at {@code wOffset}
   * @param dx (rows, inputs), overwritten
   */
  void inputGradient(
      int rows, int inputs, int outputs, float[] dy, float[] w, int wOffset, float[] dx);

  /**
   * Gradient of the weight: {@code dw += dyᵀ x}.
   *
   * @param dy (rows, outputs)
   * @param x (rows, inputs)
   * @param dw (outputs, inputs) at {@code dwOffset}, added to
   */
  void weightGradient(
      int rows, int inputs, int outputs, float[] dy, float[] x, float[] dw, int dwOffset);
}
