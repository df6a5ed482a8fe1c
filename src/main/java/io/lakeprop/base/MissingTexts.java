package io.lakeprop.base;

import java.io.Serializable;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
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

  private final HashSet<String> texts = new HashSet<>();
  private final HashSet<Double> numbers = new HashSet<>();

  /** Those of a list, which alone count then. */
  public MissingTexts(List<String> texts) {
    for (String text : texts) {
      this.texts.add(text.strip());
      number(text.strip()).ifPresent(numbers::add);
    }
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
      return Optional.of(0.0 + new BigDecimal(text).doubleValue());
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** The texts, in their order. */
  public List<String> texts() {
    return List.copyOf(new TreeSet<>(texts));
  }

  /** The numbers among the texts, in their order. */
  public List<Double> numbers() {
    return List.copyOf(new TreeSet<>(numbers));
  }

  /** Whether a text stands for a missing value. */
  public boolean hold(String text) {
    return texts.contains(text.strip());
  }

  /** Whether a number does: {@code -999.0} is the text {@code -999}, too. */
  public boolean hold(double number) {
    return numbers.contains(0.0 + number);
  }

  /** Whether a text is a number that does. */
  public boolean holdNumber(String text) {
    return hasNumbers() && number(text.strip()).filter(numbers::contains).isPresent();
  }

  /** Whether any number does. */
  public boolean hasNumbers() {
    return !numbers.isEmpty();
  }
}
