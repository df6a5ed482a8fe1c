package io.lakeprop.data;

/** What 1 of a column of numbers stands for, where its type says so. */
public enum NumberUnit {
  /** A number, of whatever the table's owner means. */
  PLAIN,
  /** A date, as days since 1970-01-01. */
  DAYS,
  /** A timestamp, as seconds since 1970-01-01T00:00:00Z. */
  SECONDS
}
