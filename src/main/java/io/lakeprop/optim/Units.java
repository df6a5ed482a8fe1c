package io.lakeprop.optim;

import io.lakeprop.base.Check;

/**
 * A matrix (rows, columns) in theta whose rows are the weights that come into one unit each.
 *
 * @param start index of its first number
 */
public record Units(int start, int rows, int columns) {
  public Units {
    Check.notNegative(start, "start");
    Check.positive(rows, "rows");
    Check.positive(columns, "columns");
  }
}
