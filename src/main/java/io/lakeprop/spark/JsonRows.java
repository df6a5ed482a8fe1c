package io.lakeprop.spark;

import io.lakeprop.text.JsonValues;
import io.lakeprop.text.Utf8Stream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.util.TaskCompletionListener;

/** The values of some chunks of JSON files as texts, one chunk after the other. */
final class JsonRows implements Iterator<Row> {
  /** Bytes of a file that are looked at for the end of its first line. */
  private static final int LONGEST_FIRST_LINE = 1 << 20;

  private final Iterator<JsonChunk> chunks;
  private final Configuration hadoop;
  private final Charset charset;
  private final Optional<Boolean> overLines;
  private JsonChunk chunk;
  private JsonValues values;
  private boolean isNext;

  /**
   * @param charset of the files
   * @param overLines whether values go over several lines; empty where each file tells
   */
  JsonRows(
      Iterator<JsonChunk> chunks,
      Configuration hadoop,
      Charset charset,
      Optional<Boolean> overLines) {
    this.chunks = chunks;
    this.hadoop = hadoop;
    this.charset = charset;
    this.overLines = overLines;
    TaskContext task = TaskContext.get();
    if (task != null) {
      task.addTaskCompletionListener(
          (TaskCompletionListener) ended -> close()); // A limit may stop in the middle.
    }
  }

  @Override
  public boolean hasNext() {
    try {
      while (!isNext && (values != null || chunks.hasNext())) {
        advance();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + chunk.path + ": " + e.getMessage(), e);
    }
    return isNext;
  }

  /** Goes to the next value of the chunk, or opens the next chunk. */
  private void advance() throws IOException {
    if (values == null) {
      chunk = chunks.next();
      values = open();
    }
    isNext = values.next();
    if (!isNext) {
      close();
    }
  }

  private JsonValues open() throws IOException {
    if (chunk.start == 0) {
      InputStream in = stream(0);
      byte[] start = in.readNBytes(overLines.isEmpty() ? LONGEST_FIRST_LINE : 0);
      InputStream whole = new SequenceInputStream(new ByteArrayInputStream(start), in);
      boolean over = overLines.orElseGet(() -> JsonValues.isOverLines(start));
      return new JsonValues(whole, !over, 0, over ? Long.MAX_VALUE : chunk.end);
    }
    // The task of a file's first chunk reads all of it, if values go over lines.
    return isOverLines()
        ? new JsonValues(InputStream.nullInputStream(), true, chunk.start, chunk.end)
        : new JsonValues(stream(chunk.start - 1), true, chunk.start, chunk.end);
  }

  private boolean isOverLines() throws IOException {
    if (overLines.isPresent()) {
      return overLines.get();
    }
    try (InputStream in = stream(0)) {
      return JsonValues.isOverLines(in.readNBytes(LONGEST_FIRST_LINE));
    }
  }

  private InputStream stream(long from) throws IOException {
    return inUtf8(CsvFile.stream(chunk.path, chunk.length, chunk.modified, from, hadoop), charset);
  }

  /** Bytes of an encoding as those of UTF-8, which are left as they are. */
  static InputStream inUtf8(InputStream bytes, Charset charset) {
    return charset.equals(StandardCharsets.UTF_8) ? bytes : new Utf8Stream(bytes, charset);
  }

  @Override
  public Row next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    isNext = false;
    Object[] row = new Object[JsonFiles.OWN + chunk.partition.length];
    row[0] = values.text();
    row[1] = values.offset();
    row[2] = values.problem();
    row[3] = chunk.path;
    row[4] = chunk.length;
    row[5] = chunk.modified;
    System.arraycopy(chunk.partition, 0, row, JsonFiles.OWN, chunk.partition.length);
    return RowFactory.create(row);
  }

  private void close() {
    if (values != null) {
      try {
        values.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } finally {
        values = null;
      }
    }
  }
}
