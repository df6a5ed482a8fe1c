package io.lakeprop.nn;

/**
 * The counters of an activation layer, one a unit: in how many rows of a round its slope was flat.
 *
 * <p>A unit of a function that is flat on one side only, such as relu, is <b>dead</b> in a round
 * when it was flat in every row: no gradient came through, and none will while inputs stay alike. A
 * unit of a function that is flat on both sides, such as sigmoid, is <b>saturated</b> when it was
 * flat in at least nine rows of ten.
 *
 * @param layer its name
 * @param start of the counters among those of the whole network
 */
public record UnitCounters(String layer, Nonlinearity function, int start, int units) {
  /** One past the last counter. */
  public int end() {
    return start + units;
  }

  /** Whether flat units are saturated ones; dead ones otherwise. */
  public boolean saturates() {
    return function.flat().twoSided();
  }

  /** Whether a unit that was flat in so many of the round's rows is dead, or saturated. */
  public boolean flat(float flatRows, long rows) {
    return saturates() ? 10.0 * flatRows >= 9.0 * rows : flatRows >= rows;
  }
}
