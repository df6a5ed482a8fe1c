package io.lakeprop.base;

/**
 * A seeded order of the numbers 0 .. size-1 that is computed, not stored.
 *
 * <p>{@link #at} walks a four-round Feistel network over the smallest even number of bits that
 * holds {@code size}, again and again until it lands inside (cycle walking, Black and Rogaway
 * 2002). It is a bijection for any key, costs nothing to set up and no memory, so a slice can read
 * rows 7,000 to 7,511 of a shard's order of epoch 12 without shuffling the shard first.
 */
public record Permutation(int size, long key) {
  private static final int ROUNDS = 4;

  public Permutation {
    Check.notNegative(size, "size");
  }

  /**
   * The number that stands at {@code position}.
   *
   * @param position in [0, size)
   */
  public int at(int position) {
    int half = halfBits(size);
    long value = position;
    do {
      value = feistel(value, half);
    } while (value >= size);
    return (int) value;
  }

  private long feistel(long value, int half) {
    long mask = (1L << half) - 1;
    long left = value >>> half;
    long right = value & mask;
    for (int round = 0; round < ROUNDS; round++) {
      long next = left ^ (Mix.mix(key + round, right) & mask);
      left = right;
      right = next;
    }
    return (left << half) | right;
  }

  /** Half the bits of the smallest even-width power of two that is at least {@code size}. */
  private static int halfBits(int size) {
    int bits = 32 - Integer.numberOfLeadingZeros(Math.max(1, size - 1));
    return (bits + 1) / 2;
  }
}
