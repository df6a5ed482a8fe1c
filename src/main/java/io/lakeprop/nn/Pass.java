package io.lakeprop.nn;

/**
 * What a forward and backward pass over one piece works with besides the layer's own buffers.
 *
 * <p>One object a workspace, refilled for each piece: nothing is allocated.
 */
final class Pass {
  final Gemm gemm;

  /** Rows of this piece; buffers may hold more. */
  int rows;

  float[] theta;

  /** Gradient of the summed loss with respect to theta; layers add to it. */
  float[] gradient;

  /** Rows in which a unit is flat, one counter a unit; null where nobody counts. */
  float[] flatRows;

  /** Where the current layer's first counter is. */
  int counter;

  /** Where the current layer's first slot starts in theta and gradient. */
  int offset;

  /** Position of the current layer; names its random stream. */
  int layer;

  /** Null when the network predicts: no dropout then, no noise, running moments. */
  Randomness randomness;

  /** Weights of the piece's rows, (rows); read in training only. */
  float[] weights;

  /** The current layer's {@link Layer#scratch}. */
  float[][] scratch;

  /** The output that the current layer reads besides its input. */
  float[] skipped;

  /** Gradient of {@link #skipped}, to be added to. */
  float[] skippedGradient;

  Pass(Gemm gemm) {
    this.gemm = gemm;
  }
}
