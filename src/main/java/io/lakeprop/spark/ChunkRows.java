package io.lakeprop.spark;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.Row;
import org.apache.spark.util.TaskCompletionListener;

/** The rows of a task's chunks of files, one chunk after the other. */
final class ChunkRows<C extends FileChunk> implements Iterator<Row> {
  /** What opens a chunk. */
  interface Opener<C> {
    /** The rows of a chunk. */
    Rows open(C chunk) throws IOException;
  }

  /** The rows of an open chunk. */
  interface Rows extends Closeable {
    /** The next row; null behind the last one. */
    Row next() throws IOException;
  }

  private final Iterator<C> chunks;
  private final Opener<C> opener;
  private String path = "";
  private Rows rows;
  private Row next;

  ChunkRows(Iterator<C> chunks, Opener<C> opener) {
    this.chunks = chunks;
    this.opener = opener;
    TaskContext task = TaskContext.get();
    if (task != null) {
      task.addTaskCompletionListener(
          (TaskCompletionListener) ended -> close()); // A limit may stop in the middle.
    }
  }

  @Override
  public boolean hasNext() {
    try {
      while (next == null && (rows != null || chunks.hasNext())) {
        advance();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + path + ": " + e.getMessage(), e);
    }
    return next != null;
  }

  /** Goes to the next row of the chunk, or opens the next chunk. */
  private void advance() throws IOException {
    if (rows == null) {
      C chunk = chunks.next();
      path = chunk.path();
      rows = opener.open(chunk);
    }
    next = rows.next();
    if (next == null) {
      close();
    }
  }

  @Override
  public Row next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    Row row = next;
    next = null;
    return row;
  }

  private void close() {
    if (rows != null) {
      try {
        rows.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } finally {
        rows = null;
      }
    }
  }
}
