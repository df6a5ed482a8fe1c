package io.lakeprop.text;

import java.io.Serial;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/** The texts that mean "no value here", compared without blanks around them. */
public final class MissingMarks implements Serializable {
  @Serial private static final long serialVersionUID = 1L;

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
   * Words and signs that may be values as well: marks among numbers, dates and truth values only.
   */
  public static final List<String> AMONG_NUMBERS =
      List.of("None", "none", "NONE", "nil", "-", "--", ".", "missing", "Missing", "unknown");

  private final ArrayList<String> everywhere;
  private final HashSet<String> usual;
  private final HashSet<String> amongNumbers;
  private final HashSet<Double> numbers = new HashSet<>();

  private MissingMarks(List<String> everywhere, List<String> amongNumbers) {
    this.everywhere = new ArrayList<>(everywhere);
    this.usual = new HashSet<>();
    for (String mark : everywhere) {
      usual.add(mark.strip());
      if (NumberText.isFinite(mark.strip())) {
        numbers.add(0.0 + Double.parseDouble(mark.strip()));
      }
    }
    this.amongNumbers = new HashSet<>(amongNumbers);
  }

  /**
   * Those of a job.
   *
   * @param own what the job lists, which alone counts then; empty for the usual ones
   */
  public static MissingMarks of(Optional<List<String>> own) {
    return own.map(list -> new MissingMarks(list, List.of()))
        .orElseGet(() -> new MissingMarks(USUAL, AMONG_NUMBERS));
  }

  /** These and one more. */
  public MissingMarks and(String mark) {
    List<String> all = new ArrayList<>(everywhere);
    all.add(mark);
    return new MissingMarks(all, List.copyOf(amongNumbers));
  }

  /** The marks that count everywhere, as they were given. */
  public List<String> everywhere() {
    return List.copyOf(everywhere);
  }

  /** Whether a text means a missing value in any column. */
  public boolean hold(String text) {
    return usual.contains(text.strip());
  }

  /**
   * Whether a text means a missing value in a column of numbers, dates or truth values; there
   * {@code -999.0} is the mark {@code -999}, too.
   */
  public boolean holdAmongNumbers(String text) {
    return hold(text)
        || amongNumbers.contains(text.strip())
        || (!numbers.isEmpty() && isNumber(text.strip()));
  }

  private boolean isNumber(String text) {
    return NumberText.isFinite(text) && numbers.contains(0.0 + Double.parseDouble(text));
  }
}
