package io.lakeprop.nn;

import io.lakeprop.base.Mix;

/**
 * The random numbers of a piece: a pure function of a seed and of the row's number, so that a task
 * that runs again drops the same units.
 *
 * @param seed names the round and the slice
 * @param firstRow number of the piece's first row in its slice
 */
public record Randomness(long seed, long firstRow) {
  /** The key of one row in one layer. */
  long row(int layer, int row) {
    return Mix.mix(seed, layer, firstRow + row);
  }

  /** The standard normal number of a key and a position (Box and Muller 1958). */
  static double normal(long key, int i) {
    double radius = Math.sqrt(-2 * StrictMath.log(1 - Mix.unit(Mix.mix(key, i, 0))));
    return radius * StrictMath.cos(2 * Math.PI * Mix.unit(Mix.mix(key, i, 1)));
  }
}
