package io.lakeprop.spark;

/**
 * A range of a JSON file's bytes, as a message to the task that reads it: an element of an RDD,
 * which Kryo writes and so is no record.
 */
final class JsonChunk implements FileChunk {
  final String path;
  final long length;
  final long modified;

  /** Offset of the first byte. */
  final long start;

  /** Offset behind the last byte, or {@link Long#MAX_VALUE} at the end of the file. */
  final long end;

  /** What the names of the folders above the file say, a text a column. */
  final String[] partition;

  JsonChunk(TableFile file, long start, long end, String[] partition) {
    this.path = file.path();
    this.length = file.length();
    this.modified = file.modified();
    this.start = start;
    this.end = end;
    this.partition = partition;
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
