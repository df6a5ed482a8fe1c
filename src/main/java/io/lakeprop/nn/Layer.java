package io.lakeprop.nn;

import java.io.Serializable;
import java.util.List;

/**
 * A differentiable map of rows: sizes, slots, a forward and a backward, and no memory.
 *
 * <p>Shapes, n rows: x (n, inputs), y (n, outputs); dx and dy are the gradients of the summed loss
 * with respect to x and y.
 */
public sealed interface Layer extends Serializable
    permits Linear,
        Activation,
        PRelu,
        Dropout,
        AlphaDropout,
        GaussianNoise,
        BatchNorm,
        LayerNorm,
        PeriodicEmbedding,
        BatchEnsembleLinear,
        Skip {
  /** Numbers that a row has on the way in. */
  int inputs();

  /** Numbers that a row has on the way out. */
  int outputs();

  /** Parameters, in the order in which they lie in theta. */
  List<Slot> slots();

  /** Whether backward looks at y; where it does not, the next layer may overwrite it. */
  default boolean readsOutput() {
    return false;
  }

  /** What it is, in a word or two with its settings, such as {@code dropout 0.1}. */
  String words();

  /**
   * Arithmetic of a row's matrix products on the way forward, a multiplication and its addition
   * counted as two. Passes over single numbers count as none: they wait for memory.
   */
  default long forwardFlops() {
    return 0;
  }

  /**
   * The same on the way back.
   *
   * @param below whether the gradient of the input is wanted
   */
  default long backwardFlops(boolean below) {
    return 0;
  }

  /**
   * Lengths of the arrays that a pass over so many rows needs in {@link Pass#scratch}. Forward
   * finds them longer than that at times, and full of somebody else's numbers.
   */
  default int[] scratch(int rows) {
    return new int[0];
  }

  /** Overwrites y. */
  void forward(Pass pass, float[] x, float[] y);

  /**
   * Adds the gradient of the slots to {@code pass.gradient}; overwrites dx, or leaves it alone when
   * it is null because nobody below wants it. x, y and the scratch are as forward left them, and
   * the scratch may be overwritten; x and y are one array where y overwrote x, and then dx
   * overwrites dy.
   */
  void backward(Pass pass, float[] x, float[] y, float[] dy, float[] dx);
}
