package io.lakeprop.base;

/**
 * Counter-based randomness: a well-mixed 64-bit value from the numbers that name a place.
 *
 * <p>There is no generator with a state that could be at the wrong position after a retry. The same
 * names give the same bits on every machine, in any order, any number of times.
 *
 * <p>Source: the finaliser of SplitMix64 (Steele, Lea, Flood 2014), David Stafford's variant 13.
 */
public final class Mix {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;
  private static final double TWO_TO_MINUS_53 = 0x1.0p-53;

  private Mix() {}

  /** A bijection of the 64-bit values in which every input bit moves about half the output bits. */
  public static long mix(long value) {
    long z = value + GOLDEN;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** The mixed value of a pair; the order matters. */
  public static long mix(long first, long second) {
    return mix(mix(first) ^ (second * GOLDEN));
  }

  /** The mixed value of a triple; the order matters. */
  public static long mix(long first, long second, long third) {
    return mix(mix(first, second), third);
  }

  /** The mixed value of a text: the same on every JVM. */
  public static long mix(long first, String text) {
    long hash = mix(first);
    for (int i = 0; i < text.length(); i++) {
      hash = mix(hash, text.charAt(i));
    }
    return mix(hash, text.length());
  }

  /** A number in [0, 1) from the upper 53 bits. */
  public static double unit(long mixed) {
    return (mixed >>> 11) * TWO_TO_MINUS_53;
  }
}
