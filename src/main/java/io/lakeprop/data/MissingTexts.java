package io.lakeprop.data;

import java.io.Serializable;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What stood for a missing value where the training table was read from texts. A value that comes
 * from elsewhere and is such a text, or the number that one is, is missing, too.
 */
public final class MissingTexts implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Of a table none of whose texts stands for a missing value. */
  public static final MissingTexts NONE = new MissingTexts(Set.of(), List.of());

  private final TreeSet<String> columns;
  private final HashSet<String> texts = new HashSet<>();
  private final HashSet<Double> numbers = new HashSet<>();

  /**
   * @param columns in which texts stood for a missing value
   * @param texts compared without blanks around them
   */
  public MissingTexts(Set<String> columns, List<String> texts) {
    this.columns = new TreeSet<>(columns);
    for (String text : texts) {
      this.texts.add(text.strip());
      number(text).ifPresent(number -> numbers.add(number.doubleValue()));
    }
  }

  /** The number that a text is, if it is a finite one. */
  public static Optional<BigDecimal> number(String text) {
    try {
      return Optional.of(new BigDecimal(text.strip()));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** The columns, in the order of their names. */
  public List<String> columns() {
    return List.copyOf(columns);
  }

  /** The texts, in their order. */
  public List<String> texts() {
    return List.copyOf(new TreeSet<>(texts));
  }

  /** Of the columns of both. */
  public MissingTexts and(MissingTexts other) {
    Set<String> both = new TreeSet<>(columns);
    both.addAll(other.columns);
    Set<String> all = new TreeSet<>(texts);
    all.addAll(other.texts);
    return new MissingTexts(both, List.copyOf(all));
  }

  /** Of those columns that were not made anew by expressions. */
  public MissingTexts without(Set<String> derived) {
    Set<String> kept = new TreeSet<>(columns);
    kept.removeAll(derived);
    return kept.isEmpty() ? NONE : new MissingTexts(kept, List.copyOf(texts));
  }

  /** Whether texts of a column may stand for a missing value. */
  public boolean concern(String column) {
    return columns.contains(column);
  }

  /** Whether a text stands for a missing value. */
  public boolean hold(String text) {
    return texts.contains(text.strip());
  }

  /** Whether a number does. */
  public boolean hold(double number) {
    return numbers.contains(0.0 + number);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MissingTexts its
        && columns.equals(its.columns)
        && texts.equals(its.texts);
  }

  @Override
  public int hashCode() {
    return Objects.hash(columns, texts);
  }

  @Override
  public String toString() {
    return "MissingTexts[columns=%s, texts=%s]".formatted(columns, texts());
  }
}
