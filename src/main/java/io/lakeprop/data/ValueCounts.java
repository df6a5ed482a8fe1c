package io.lakeprop.data;

import java.util.List;

/**
 * How often each value of a categorical column stands in the training rows.
 *
 * @param values the most frequent values, by falling count, then by the text
 * @param distinct how many different values there were, listed or not
 * @param missing rows without a value
 */
public record ValueCounts(List<Count> values, long distinct, long missing) {
  /** A value and its rows. */
  public record Count(String value, long rows) {}

  public ValueCounts {
    values = List.copyOf(values);
  }

  /** Whether every value is listed. */
  boolean complete() {
    return distinct == values.size();
  }
}
