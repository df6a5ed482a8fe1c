package io.lakeprop.spark;

import java.io.Serial;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.util.AccumulatorV2;

/**
 * How many values of a column training never saw, and the first of their texts in the order of
 * texts: the same ones whatever task saw them.
 */
final class UnseenTexts extends AccumulatorV2<String, UnseenTexts> {
  @Serial private static final long serialVersionUID = 1L;

  /** Texts that are kept. */
  private static final int MOST = 100;

  /** Characters of each that are. */
  private static final int LONGEST = 200;

  private final TreeSet<String> texts = new TreeSet<>();
  private long count;

  /** Takes in a value that counts as unknown; null where there is none. */
  @Override
  public void add(String text) {
    count++;
    see(text);
  }

  /** Takes in a text alone, of a value that may be one of those that were too rare to be listed. */
  void see(String text) {
    if (text != null && text.length() <= LONGEST) {
      texts.add(text);
      if (texts.size() > MOST) {
        texts.pollLast();
      }
    }
  }

  /** Values that count as unknown. */
  long count() {
    return count;
  }

  /** The first of their texts. */
  Set<String> texts() {
    return texts;
  }

  @Override
  public boolean isZero() {
    return count == 0 && texts.isEmpty();
  }

  @Override
  public UnseenTexts copy() {
    UnseenTexts copy = new UnseenTexts();
    copy.merge(this);
    return copy;
  }

  @Override
  public void reset() {
    texts.clear();
    count = 0;
  }

  @Override
  public void merge(AccumulatorV2<String, UnseenTexts> other) {
    count += other.value().count;
    other.value().texts.forEach(this::see);
  }

  @Override
  public UnseenTexts value() {
    return this;
  }
}
