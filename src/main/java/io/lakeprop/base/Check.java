package io.lakeprop.base;

/** Refusals at the door, all in one form: the rule, then the value. */
public final class Check {
  private Check() {}

  /** Refuses a whole number below 1. */
  public static int positive(int value, String name) {
    return atLeast(1, value, name, "positive");
  }

  /** Refuses a whole number below 0. */
  public static int notNegative(int value, String name) {
    return atLeast(0, value, name, "at least 0");
  }

  /** Refuses a number that is not finite and above 0. */
  public static double positive(double value, String name) {
    require(
        value > 0 && Double.isFinite(value), name + " must be positive and finite", name, value);
    return value;
  }

  /** Refuses a number that is not finite and at least 0. */
  public static double notNegative(double value, String name) {
    require(
        value >= 0 && Double.isFinite(value), name + " must be at least 0 and finite", name, value);
    return value;
  }

  /** Refuses a number outside [0, 1). */
  public static double fraction(double value, String name) {
    require(value >= 0 && value < 1, name + " must be in [0, 1)", name, value);
    return value;
  }

  /** Refuses a number of columns that is not positive and no {@code int}. */
  public static int width(long width, String name) {
    require(
        width > 0 && width <= Integer.MAX_VALUE,
        name + " must be positive and below 2^31",
        name,
        width);
    return (int) width;
  }

  /** Refuses when {@code holds} is false: {@code rule, however: name=value}. */
  public static void require(boolean holds, String rule, String name, Object value) {
    if (!holds) {
      throw new InvalidInput(rule + ", however: " + name + "=" + value);
    }
  }

  private static int atLeast(int least, int value, String name, String words) {
    if (value < least) {
      throw new InvalidInput(name + " must be " + words + ", however: " + name + "=" + value);
    }
    return value;
  }
}
