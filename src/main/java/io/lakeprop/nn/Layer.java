package io.lakeprop.nn;

import java.io.Serializable;
import java.util.List;

/**
 * A differentiable map of rows: sizes, slots, a forward and a backward, and no memory.
 *
 * <p>Shapes, n rows: x (n, inputs), y (n, outputs); dx and dy are the gradients of the summed loss
 * with respect to x and y.
 */
public sealed interface Layer extends Serializable permits Linear, Activation, Dropout {
  /** Numbers that a row has on the way in. */
  int inputs();

  /** Numbers that a row has on the way out. */
  int outputs();

  /** Parameters, in the order in which they lie in theta. */
  List<Slot> slots();

  /** Overwrites y. */
  void forward(Pass pass, float[] x, float[] y);

  /**
   * Adds the gradient of the slots to {@code pass.gradient}; overwrites dx, or leaves it alone when
   * it is null because nobody below wants it. x and y are as forward left them; they are one array
   * where y overwrote x, and then dx overwrites dy.
   */
  void backward(Pass pass, float[] x, float[] y, float[] dy, float[] dx);
}
