package io.lakeprop.nn;

/**
 * The three matrix products of a linear layer, on windows of flat row-major arrays.
 *
 * <p>An instance may keep scratch memory and belongs to one thread. For given sizes and numbers the
 * result is always the same bits.
 */
public interface Gemm {
  /**
   * Forward: {@code y = x wᵀ}.
   *
   * @param x (rows, inputs) at {@code xOffset}
   * @param w (outputs, inputs) at {@code wOffset}
   * @param y (rows, outputs) at 0, overwritten
   */
  void forward(
      int rows, int inputs, int outputs, float[] x, int xOffset, float[] w, int wOffset, float[] y);

  /**
   * Gradient of the input: {@code dx = dy w}.
   *
   * @param dy (rows, outputs) at 0
   * @param w (outputs, inputs) at {@code wOffset}
   * @param dx (rows, inputs) at 0, overwritten
   */
  void inputGradient(
      int rows, int inputs, int outputs, float[] dy, float[] w, int wOffset, float[] dx);

  /**
   * Gradient of the weight: {@code dw += dyᵀ x}.
   *
   * @param dy (rows, outputs) at 0
   * @param x (rows, inputs) at {@code xOffset}
   * @param dw (outputs, inputs) at {@code dwOffset}, added to
   */
  void weightGradient(
      int rows,
      int inputs,
      int outputs,
      float[] dy,
      float[] x,
      int xOffset,
      float[] dw,
      int dwOffset);

  /** The kernel's name, as provenance has it. */
  String name();
}
