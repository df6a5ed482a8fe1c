package io.lakeprop.nn;

import io.lakeprop.base.Check;
import java.io.Serializable;
import java.util.List;

/**
 * How the ids of one categorical column become numbers.
 *
 * <p>Ids run from 0 to {@code cardinality - 1}. Id 0 is the value that training never saw: it is
 * the zero row in either encoding, says nothing, and has no parameter that could be left at its
 * random start.
 *
 * <p>Shapes, n rows: ids (n), y a window of {@code width} columns in a row of x.
 */
public sealed interface CategoryEncoding extends Serializable {
  /** Number of ids, id 0 included. */
  int cardinality();

  /** Columns that a row gets. */
  int width();

  /** Parameters; none for one-hot. */
  List<Slot> slots();

  /** Writes the row of {@code id} at {@code y[at]}. */
  void forward(int id, float[] theta, int offset, float[] y, int at);

  /** Adds the gradient of one row to the parameters. */
  void backward(int id, float[] dy, int at, float[] gradient, int offset);

  /** One column an id from 1 on: 1 for its own id, else 0. */
  record OneHot(int cardinality) implements CategoryEncoding {
    public OneHot {
      Check.require(cardinality >= 2, "cardinality must be at least 2", "cardinality", cardinality);
    }

    @Override
    public int width() {
      return cardinality - 1;
    }

    @Override
    public List<Slot> slots() {
      return List.of();
    }

    @Override
    public void forward(int id, float[] theta, int offset, float[] y, int at) {
      java.util.Arrays.fill(y, at, at + width(), 0);
      if (id > 0) {
        y[at + id - 1] = 1;
      }
    }

    @Override
    public void backward(int id, float[] dy, int at, float[] gradient, int offset) {
      // No parameter, no gradient.
    }
  }

  /**
   * A learned row an id (Guo and Berkhahn 2016): {@code y = table[id]}, {@code dtable[id] += dy}.
   */
  record Embedding(int cardinality, int width) implements CategoryEncoding {
    public Embedding {
      Check.require(cardinality >= 2, "cardinality must be at least 2", "cardinality", cardinality);
      Check.positive(width, "width");
    }

    @Override
    public List<Slot> slots() {
      return List.of(new Slot("weight", cardinality, width, Slot.Role.EMBEDDING));
    }

    @Override
    public void forward(int id, float[] theta, int offset, float[] y, int at) {
      System.arraycopy(theta, offset + id * width, y, at, width);
    }

    @Override
    public void backward(int id, float[] dy, int at, float[] gradient, int offset) {
      int row = offset + id * width;
      for (int j = 0; j < width; j++) {
        gradient[row + j] += dy[at + j];
      }
    }
  }
}
