package io.lakeprop.data;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * The most frequent values of a categorical column, out of values that are counted already: a value
 * comes once, with all its rows. Two of these that share no value merge; the result is the same in
 * any order, and as if one had seen all values.
 *
 * <p>Frequent values stand before rare ones, and equally frequent ones in the order of their code
 * points. At most a given number of them is kept.
 */
public final class FrequentValues {
  private static final Comparator<ValueCounts.Count> ORDER =
      Comparator.comparingLong(ValueCounts.Count::rows)
          .reversed()
          .thenComparing(ValueCounts.Count::value, FrequentValues::byCodePoints);

  private final int most;

  /** The values kept, in order, and the rows of each: apart, since Kryo cannot write records. */
  private final String[] values;

  private final long[] rows;
  private final long distinct;
  private final long missing;
  private final long allRows;

  private FrequentValues(
      int most, List<ValueCounts.Count> kept, long distinct, long missing, long allRows) {
    this.most = most;
    this.values = kept.stream().map(ValueCounts.Count::value).toArray(String[]::new);
    this.rows = kept.stream().mapToLong(ValueCounts.Count::rows).toArray();
    this.distinct = distinct;
    this.missing = missing;
    this.allRows = allRows;
  }

  /** Takes in values in any order, in the memory of those that are kept. */
  public static final class Counting {
    private final int most;
    private final PriorityQueue<ValueCounts.Count> kept = new PriorityQueue<>(ORDER.reversed());
    private long distinct;
    private long missing;
    private long allRows;

    /**
     * @param most how many values are kept, 0 or more
     */
    public Counting(int most) {
      this.most = most;
    }

    /**
     * Takes in a value that did not come before.
     *
     * @param value null for rows without a value
     * @param rows of this value, all of them
     */
    public void add(String value, long rows) {
      allRows += rows;
      if (value == null) {
        missing += rows;
        return;
      }
      distinct++;
      kept.add(new ValueCounts.Count(value, rows));
      if (kept.size() > most) {
        kept.remove();
      }
    }

    /** What was taken in until now. */
    public FrequentValues result() {
      return new FrequentValues(
          most, kept.stream().sorted(ORDER).toList(), distinct, missing, allRows);
    }
  }

  /** Both together; neither changes. */
  public FrequentValues merge(FrequentValues other) {
    List<ValueCounts.Count> both = new ArrayList<>(list());
    both.addAll(other.list());
    both.sort(ORDER);
    return new FrequentValues(
        most,
        both.subList(0, Math.min(most, both.size())),
        distinct + other.distinct,
        missing + other.missing,
        allRows + other.allRows);
  }

  /** The values kept, and how many there are in all. */
  public ValueCounts counts() {
    return new ValueCounts(list(), distinct, missing);
  }

  /** Rows with a value or without. */
  public long rows() {
    return allRows;
  }

  private List<ValueCounts.Count> list() {
    List<ValueCounts.Count> list = new ArrayList<>(values.length);
    for (int i = 0; i < values.length; i++) {
      list.add(new ValueCounts.Count(values[i], rows[i]));
    }
    return list;
  }

  /** As the bytes of UTF-8 compare: a letter beyond 16 bits stands behind all others. */
  private static int byCodePoints(String left, String right) {
    int length = Math.min(left.length(), right.length());
    for (int i = 0; i < length; i++) {
      char a = left.charAt(i);
      char b = right.charAt(i);
      if (a != b) {
        int beyond = Boolean.compare(Character.isSurrogate(a), Character.isSurrogate(b));
        return beyond != 0 ? beyond : Character.compare(a, b);
      }
    }
    return Integer.compare(left.length(), right.length());
  }
}
