package io.lakeprop.nn;

/**
 * Where a nonlinearity is flat: on the sides where its slope stays below a hundredth of its
 * steepest, so that next to nothing of a gradient comes through.
 *
 * <p>A slope that passes through 0 at a minimum, as gelu's does, is no side: a unit leaves it by
 * itself.
 *
 * @param ofOutput whether the bounds are of the function's output; of its input otherwise
 * @param low flat below it
 * @param high flat above it; infinite for a function that is flat below only
 */
record FlatRegion(boolean ofOutput, float low, float high) {
  private static final float INFINITE = Float.POSITIVE_INFINITY;

  /** Nowhere. */
  static final FlatRegion NOWHERE = new FlatRegion(true, -INFINITE, INFINITE);

  static FlatRegion inputBelow(float low) {
    return new FlatRegion(false, low, INFINITE);
  }

  static FlatRegion outputBelow(float low) {
    return new FlatRegion(true, low, INFINITE);
  }

  static FlatRegion outputOutside(float low, float high) {
    return new FlatRegion(true, low, high);
  }

  boolean nowhere() {
    return low == -INFINITE && high == INFINITE;
  }

  boolean twoSided() {
    return low > -INFINITE && high < INFINITE;
  }
}
