package io.lakeprop.text;

import java.io.Serial;

/** A quote that is never closed: nothing behind it can be told apart, so no policy lets it pass. */
public final class UnclosedQuote extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private final long line;

  /**
   * @param line in which the record begins, from 1 at the chunk's first one
   * @param what happened
   */
  UnclosedQuote(long line, String what) {
    super(what);
    this.line = line;
  }

  /** The line in which the record begins, from 1 at the chunk's first one. */
  public long line() {
    return line;
  }
}
