package io.lakeprop.spark;

/** The first record of a CSV file; a result that Kryo writes, and so no record. */
final class CsvFirst {
  /** None where the file has no record. */
  final String[] fields;

  final long line;

  CsvFirst(String[] fields, long line) {
    this.fields = fields;
    this.line = line;
  }

  boolean isEmpty() {
    return fields.length == 0;
  }
}
