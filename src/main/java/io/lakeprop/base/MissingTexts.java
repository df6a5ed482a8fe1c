package io.lakeprop.base;

import java.io.Serializable;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The texts that mean "no value here" in any column, compared without blanks around them. */
public final class MissingTexts implements Serializable {
  private static final long serialVersionUID = 1L;

  /** What statistics programs, databases, spreadsheets and Python write; they count everywhere. */
  public static final List<String> USUAL =
      List.of(
          "",
          "NA",
          "N/A",
          "n/a",
          "na",
          "NaN",
          "nan",
          "NAN",
          "-nan",
          "NULL",
          "Null",
          "null",
          "?",
          "\\N",
          "<NA>",
          "NaT",
          "#N/A",
          "#N/A N/A",
          "#NA",
          "#NULL!",
          "#VALUE!",
          "#DIV/0!",
          "1.#QNAN",
          "-1.#IND");

  /**
   * Words and signs that may be values as well: they count among numbers, dates and truth values
   * only, where a job lists none.
   */
  public static final List<String> AMONG_NUMBERS =
      List.of("None", "none", "NONE", "nil", "-", "--", ".", "missing", "Missing", "unknown");

  /** No text means one. */
  public static final MissingTexts NONE = new MissingTexts(List.of());

  private final HashSet<String> texts = new HashSet<>();
  private final HashSet<Double> numbers = new HashSet<>();

  /** The numbers as columns of 32 bits have them. */
  private final HashSet<Double> singles = new HashSet<>();

  /** The days and moments among the texts. */
  private final MissingTimes times;

  /** Those of a list, which alone count then. */
  public MissingTexts(List<String> texts) {
    for (String text : texts) {
      this.texts.add(text.strip());
      number(text.strip())
          .ifPresent(
              number -> {
                numbers.add(number);
                single(number).ifPresent(singles::add);
              });
    }
    times = new MissingTimes(this.texts);
  }

  /**
   * Those of a job.
   *
   * @param own what the job lists; empty for the usual ones
   */
  public static MissingTexts of(Optional<List<String>> own) {
    return new MissingTexts(own.orElse(USUAL));
  }

  /** The number that a text is, if it is a finite one. */
  private static Optional<Double> number(String text) {
    try {
      return Optional.of(0.0 + new BigDecimal(text).doubleValue()).filter(Double::isFinite);
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** The nearest number of 32 bits; none where a number is too large or too small for them. */
  private static Optional<Double> single(double number) {
    float single = (float) number;
    boolean isHeld = Float.isFinite(single) && (single != 0 || number == 0);
    return isHeld ? Optional.of(0.0 + single) : Optional.empty();
  }

  /** These without some, which are values. */
  public MissingTexts without(Set<String> values) {
    return new MissingTexts(texts.stream().filter(text -> !values.contains(text)).toList());
  }

  /** The texts, in their order. */
  public List<String> texts() {
    return List.copyOf(new TreeSet<>(texts));
  }

  /**
   * The numbers among the texts, in their order, as values of a width have them.
   *
   * @param isSingle whether the values are of 32 bits
   */
  public List<Double> numbers(boolean isSingle) {
    return List.copyOf(new TreeSet<>(isSingle ? singles : numbers));
  }

  /** Whether a text stands for a missing value. */
  public boolean hold(String text) {
    return texts.contains(text.strip());
  }

  /**
   * Whether a number does: {@code -999.0} is the text {@code -999}, too, and the number of 32 bits
   * that is nearest to -99.9 is {@code -99.9}.
   *
   * @param isSingle whether the number is one of 32 bits, or is read as one
   */
  public boolean hold(double number, boolean isSingle) {
    if (!hasNumbers()) {
      return false; // Without marks, nothing is boxed.
    }
    return isSingle ? singles.contains(0.0 + (float) number) : numbers.contains(0.0 + number);
  }

  /** Whether a text is a number that does. */
  public boolean holdNumber(String text, boolean isSingle) {
    return hasNumbers()
        && number(text.strip()).filter(number -> hold(number, isSingle)).isPresent();
  }

  /** The days and moments among the texts, whatever they look like elsewhere. */
  public MissingTimes times() {
    return times;
  }

  /** Whether any number does. */
  public boolean hasNumbers() {
    return !numbers.isEmpty();
  }
}
