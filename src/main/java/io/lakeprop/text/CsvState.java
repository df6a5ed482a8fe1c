package io.lakeprop.text;

/** Where in a record a byte of a CSV file stands. */
public enum CsvState {
  /** The byte begins a record. */
  RECORD_START,
  /** The byte begins a field behind a separator. */
  FIELD_START,
  /** Inside a field without quotes. */
  PLAIN,
  /** Inside quotes. */
  QUOTED,
  /** Inside quotes, behind an escape that is not the quote itself. */
  ESCAPED,
  /** Behind a quote inside quotes: it was the last one, or the first of two. */
  QUOTE,
  /** Behind the last quote of a field. */
  CLOSED,
  /** Inside a comment line. */
  COMMENT;

  /**
   * Whether a reader that takes {@link #PLAIN} for granted goes wrong.
   *
   * @param opens whether the byte may open more than a plain field, where a field begins
   */
  public boolean misleads(boolean opens) {
    return switch (this) {
      case QUOTED, ESCAPED, QUOTE, COMMENT -> true;
      case RECORD_START, FIELD_START -> opens;
      case PLAIN, CLOSED -> false;
    };
  }
}
