package io.lakeprop.data;

/**
 * Values of a column's training rows that are no finite numbers.
 *
 * @param infinite of either sign
 */
public record NotFiniteCounts(long nan, long infinite) {
  /** For a person. */
  public String words() {
    return nan == 0
        ? "%,d infinite".formatted(infinite)
        : infinite == 0
            ? "%,d NaN".formatted(nan)
            : "%,d NaN, %,d infinite".formatted(nan, infinite);
  }
}
