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

  /** Of {@link #unit}. */
  public static final int FIRST_FACTOR = 0x7FEB352D;

  /** Of {@link #unit}. */
  public static final int SECOND_FACTOR = 0x846CA68B;

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
    return under(mix(first), second);
  }

  /** {@code mix(first, second)}, given {@code mix(first)}. */
  static long under(long mixedFirst, long second) {
    return mix(mixedFirst ^ (second * GOLDEN));
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

  /**
   * 32 bits for unit {@code j} of the row that {@code key} names: cheaper than {@link #mix(long)},
   * and in the operations that every processor has for vectors.
   */
  public static int unit(long key, int j) {
    return mix32(mix32((int) key + j) ^ (int) (key >>> 32));
  }

  /** A bijection of the 32-bit values (Wellons 2018, "lowbias32"). */
  private static int mix32(int value) {
    int x = value;
    x = (x ^ (x >>> 16)) * FIRST_FACTOR;
    x = (x ^ (x >>> 15)) * SECOND_FACTOR;
    return x ^ (x >>> 16);
  }
}
