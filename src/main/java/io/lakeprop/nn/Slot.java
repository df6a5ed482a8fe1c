package io.lakeprop.nn;

import io.lakeprop.base.Check;
import java.io.Serializable;

/**
 * A named matrix of parameters inside theta, (rows, columns), row-major.
 *
 * @param name the part of its name that the layer knows, such as {@code weight}
 */
public record Slot(String name, int rows, int columns, Role role) implements Serializable {
  /** What a slot is for: initialisation, weight decay and the optimizer ask. */
  public enum Role {
    /** A matrix that multiplies; decayed. */
    WEIGHT,
    /** A row that is added; starts at 0. */
    BIAS,
    /** A row a category; decayed. */
    EMBEDDING,
    /** A row that multiplies number by number; starts at 1. */
    SCALE,
    /** Slopes of an activation below 0; start at 1/4. */
    SLOPE,
    /** Frequencies of periodic features, normally distributed. */
    FREQUENCY,
    /** A running mean, which rounds move and no optimizer does; starts at 0. */
    MEAN,
    /** The running variance that belongs to the mean before it; starts at 1. */
    VARIANCE;

    /** Whether weight decay touches it. */
    public boolean decayed() {
      return this == WEIGHT || this == EMBEDDING;
    }

    /** Whether the optimizer moves it. */
    public boolean learnt() {
      return this != MEAN && this != VARIANCE;
    }
  }

  public Slot {
    Check.positive(rows, "rows");
    Check.positive(columns, "columns");
  }

  /** Whether it is written with one dimension: one row of what is not a matrix by nature. */
  public boolean isVector() {
    return rows == 1
        && switch (role) {
          case BIAS, SCALE, SLOPE, MEAN, VARIANCE -> true;
          case WEIGHT, EMBEDDING, FREQUENCY -> false;
        };
  }

  /** Number of parameters. */
  public long size() {
    return (long) rows * columns;
  }
}
