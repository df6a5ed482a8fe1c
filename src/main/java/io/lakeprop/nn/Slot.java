package io.lakeprop.nn;

import io.lakeprop.base.Check;
import java.io.Serializable;

/**
 * A named matrix of parameters inside theta, (rows, columns), row-major.
 *
 * @param name the part of its name that the layer knows, such as {@code weight}
 */
public record Slot(String name, int rows, int columns, Role role) implements Serializable {
  /** What a slot is for; initialisation and weight decay ask. */
  public enum Role {
    /** A matrix that multiplies; decayed. */
    WEIGHT,
    /** A row that is added; starts at zero, never decayed. */
    BIAS,
    /** A row a category; decayed. */
    EMBEDDING
  }

  public Slot {
    Check.positive(rows, "rows");
    Check.positive(columns, "columns");
  }

  /** Number of parameters. */
  public long size() {
    return (long) rows * columns;
  }
}
