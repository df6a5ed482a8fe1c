package io.lakeprop.spark;

import io.lakeprop.text.ColumnProfile;
import io.lakeprop.text.CsvState;
import java.util.Optional;
import java.util.function.ToLongBiFunction;

/**
 * What a scan found in chunks of CSV files; of a chunk that is a whole file, or of several such
 * files together. A result that Kryo writes, and so no record.
 */
final class CsvFindings {
  /** The chunk's place in the list of chunks; -1 for whole files together. */
  final int chunk;

  final ColumnProfile[] profiles;
  long records;

  /** Records that are wrong as a whole. */
  long malformed;

  /** Those of them with more or fewer fields than the header. */
  long uneven;

  /** Cells of each column that do not fit its type. */
  final long[] misfits;

  /** Cells of each column that its type in training does not hold, and a wider one may. */
  final long[] strays;

  /** Cells that begin with blanks and a quote. */
  long blankQuoted;

  private String file;
  private long line = Long.MAX_VALUE;
  private String reason = "";

  /** Whether the trouble is a quote that is never closed, which no policy lets pass. */
  private boolean unclosed;

  private CsvState stateAtEnd = CsvState.RECORD_START;
  private long linesAtEnd;
  private CsvState readFrom = CsvState.RECORD_START;
  private boolean opensMore;

  CsvFindings(int chunk, int columns) {
    this.chunk = chunk;
    this.profiles = new ColumnProfile[columns];
    this.misfits = new long[columns];
    this.strays = new long[columns];
    for (int i = 0; i < columns; i++) {
      profiles[i] = new ColumnProfile();
    }
  }

  /** Takes in a trouble; the first one in the order of files and lines is kept. */
  void trouble(String inFile, long atLine, String what) {
    trouble(inFile, atLine, what, false);
  }

  /** Takes in a quote that is never closed; the first of these comes before any other trouble. */
  void unclosed(String inFile, long atLine, String what) {
    trouble(inFile, atLine, what, true);
  }

  private void trouble(String inFile, long atLine, String what, boolean ofQuote) {
    if (file == null || (ofQuote == unclosed ? isBefore(inFile, atLine) : ofQuote)) {
      file = inFile;
      line = atLine;
      reason = what;
      unclosed = ofQuote;
    }
  }

  private boolean isBefore(String inFile, long atLine) {
    int order = inFile.compareTo(file);
    return order < 0 || (order == 0 && atLine < line);
  }

  /**
   * Takes in how the chunk was read.
   *
   * @param from what it was taken for that the byte before the chunk is
   * @param opens whether that byte may open more than a plain field
   */
  void began(CsvState from, boolean opens) {
    readFrom = from;
    opensMore = opens;
  }

  /** Takes in how the chunk ends. */
  void ends(CsvState state, long lines) {
    stateAtEnd = state;
    linesAtEnd = lines;
  }

  /** Whether the chunk was read wrongly, since the byte before it is another than was thought. */
  boolean isMisled(CsvState before) {
    return before != readFrom && before.misleads(opensMore);
  }

  CsvState stateAtEnd() {
    return stateAtEnd;
  }

  long linesAtEnd() {
    return linesAtEnd;
  }

  /** Whether a quote is never closed. */
  boolean isUnclosed() {
    return unclosed;
  }

  /** Where the first trouble is and what it is, in words; empty where there is none. */
  Optional<String> trouble() {
    return file == null
        ? Optional.empty()
        : Optional.of(file + (line > 0 ? " line " + line : "") + ": " + reason);
  }

  /** Takes the place of the first trouble for an offset in its file, and says the line. */
  void countLines(ToLongBiFunction<String, Long> lines) {
    if (file != null) {
      line = lines.applyAsLong(file, line);
    }
  }

  /** Takes in the other findings, whose lines are counted from their files' first one. */
  void merge(CsvFindings other) {
    records += other.records;
    malformed += other.malformed;
    uneven += other.uneven;
    blankQuoted += other.blankQuoted;
    for (int i = 0; i < profiles.length; i++) {
      profiles[i].merge(other.profiles[i]);
      misfits[i] += other.misfits[i];
      strays[i] += other.strays[i];
    }
    if (other.file != null) {
      trouble(other.file, other.line, other.reason, other.unclosed);
    }
  }

  /** Counts the lines of a part of a file from the file's first one. */
  void shift(long lines) {
    line += file == null ? 0 : lines;
  }
}
