package io.lakeprop.optim;

import io.lakeprop.base.Check;
import io.lakeprop.nn.ParameterLayout.Range;

/**
 * A slot of theta as an optimizer sees it: a matrix (rows, columns) from an index on.
 *
 * @param layer its owner; slots of one owner follow one another
 * @param rate factor of the learning rate; 0 freezes it
 * @param decay weight decay
 */
public record Part(
    int start, int rows, int columns, String layer, Kind kind, double rate, double decay) {
  /** What penalties, trust ratios and norms of units ask. */
  public enum Kind {
    /** A row is what comes into a unit. */
    WEIGHT,
    /** A row is a category's own. */
    EMBEDDING,
    /** Biases, scales and all else that does not multiply a layer's inputs. */
    OTHER
  }

  public Part {
    Check.notNegative(rate, "rate");
    Check.notNegative(decay, "weight_decay");
  }

  boolean frozen() {
    return rate == 0;
  }

  /** Whether penalties on weights and trust ratios are for it. */
  boolean multiplies() {
    return kind != Kind.OTHER && !frozen();
  }

  Range range() {
    return new Range(start, start + rows * columns);
  }
}
