package io.lakeprop.spark;

import java.io.Serial;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.spark.util.AccumulatorV2;

/**
 * How many values of a column training never saw, and the first of their texts in the order of
 * texts: the same ones whatever task saw them.
 *
 * <p>An executor's heartbeat reads it while a task adds to it: what it holds is never changed, only
 * replaced.
 */
final class UnseenTexts extends AccumulatorV2<String, UnseenTexts.Seen> {
  @Serial private static final long serialVersionUID = 1L;

  /** Texts that are kept. */
  private static final int MOST = 3;

  /** Characters of each that are. */
  private static final int LONGEST = 200;

  /**
   * What was seen.
   *
   * @param count values that count as unknown
   * @param texts the first of their texts
   * @param alike the first text that was hardly meant to be another than one of training's
   */
  record Seen(long count, List<String> texts, Optional<String> alike) {}

  private long count;
  private volatile ArrayList<String> texts = new ArrayList<>();

  /** Null where there is none. */
  private volatile String alike;

  /** Takes in a value that counts as unknown; null where there is none. */
  @Override
  public void add(String text) {
    count++;
    if (text != null && text.length() <= LONGEST) {
      keep(text);
    }
  }

  /** Takes in a text that differs from one of training's in its writing alone. */
  void addAlike(String text) {
    if (alike == null || text.compareTo(alike) < 0) {
      alike = text;
    }
  }

  private void keep(String text) {
    ArrayList<String> now = texts;
    boolean isLate = now.size() == MOST && text.compareTo(now.get(MOST - 1)) > 0;
    if (!isLate && !now.contains(text)) {
      TreeSet<String> more = new TreeSet<>(now);
      more.add(text);
      if (more.size() > MOST) {
        more.pollLast();
      }
      texts = new ArrayList<>(more);
    }
  }

  @Override
  public boolean isZero() {
    return count == 0 && texts.isEmpty() && alike == null;
  }

  @Override
  public UnseenTexts copy() {
    UnseenTexts copy = new UnseenTexts();
    copy.merge(this);
    return copy;
  }

  @Override
  public void reset() {
    count = 0;
    texts = new ArrayList<>();
    alike = null;
  }

  @Override
  public void merge(AccumulatorV2<String, Seen> other) {
    Seen seen = other.value();
    count += seen.count();
    seen.texts().forEach(this::keep);
    seen.alike().ifPresent(this::addAlike);
  }

  @Override
  public Seen value() {
    return new Seen(count, Collections.unmodifiableList(texts), Optional.ofNullable(alike));
  }
}
