package io.lakeprop.spark;

import io.lakeprop.text.CsvState;

/**
 * A range of a CSV file's bytes, as a message to the task that reads it: an element of an RDD,
 * which Kryo writes and so is no record.
 */
final class CsvChunk implements FileChunk {
  final String path;
  final long length;
  final long modified;

  /** Offset of the first byte. */
  final long start;

  /** Offset behind the last byte, or {@link Long#MAX_VALUE} at the end of the file. */
  final long end;

  /** Where the byte before the first one stands. */
  final CsvState before;

  /** The field of each column of the table; -1 where a folder's name is its value. */
  final int[] fields;

  /** Fields of a record. */
  final int width;

  /** The names of the fields, which no row has in all of its fields; none where they are one. */
  final String[] title;

  /** The value of each column that a folder's name says. */
  final String[] partition;

  CsvChunk(
      TableFile file,
      long start,
      long end,
      CsvState before,
      int[] fields,
      int width,
      String[] title,
      String[] partition) {
    this.path = file.path();
    this.length = file.length();
    this.modified = file.modified();
    this.start = start;
    this.end = end;
    this.before = before;
    this.fields = fields;
    this.width = width;
    this.title = title;
    this.partition = partition;
  }

  private CsvChunk(CsvChunk chunk, CsvState before) {
    this.path = chunk.path;
    this.length = chunk.length;
    this.modified = chunk.modified;
    this.start = chunk.start;
    this.end = chunk.end;
    this.before = before;
    this.fields = chunk.fields;
    this.width = chunk.width;
    this.title = chunk.title;
    this.partition = chunk.partition;
  }

  /** The same bytes, once more is known of what stands before them. */
  CsvChunk behind(CsvState state) {
    return new CsvChunk(this, state);
  }

  /** Whether it is a file from its first byte to its last. */
  boolean isWhole() {
    return start == 0 && end == Long.MAX_VALUE;
  }

  @Override
  public String path() {
    return path;
  }

  /** Bytes to read. */
  long bytes() {
    return Math.min(end, length) - start;
  }
}
