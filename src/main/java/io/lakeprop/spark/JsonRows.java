package io.lakeprop.spark;

import io.lakeprop.text.JsonSyntax;
import io.lakeprop.text.JsonValues;
import io.lakeprop.text.Utf8Stream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * Makes rows of the values of JSON files: the text of each, and where it stands.
 *
 * @param charset of the files
 * @param overLines whether values go over several lines; empty where each file tells
 * @param syntax of the values
 */
record JsonRows(
    Configuration hadoop, Charset charset, Optional<Boolean> overLines, JsonSyntax syntax)
    implements ChunkRows.Opener<JsonChunk> {
  /** Bytes of a file that are looked at for the end of its first line. */
  private static final int LONGEST_FIRST_LINE = 1 << 20;

  @Override
  public ChunkRows.Rows open(JsonChunk chunk) throws IOException {
    return new Values(chunk, chunk.start == 0 ? first(chunk) : later(chunk));
  }

  private JsonValues first(JsonChunk chunk) throws IOException {
    InputStream in = stream(chunk, 0);
    byte[] start = in.readNBytes(overLines.isEmpty() ? LONGEST_FIRST_LINE : 0);
    InputStream whole = new SequenceInputStream(new ByteArrayInputStream(start), in);
    boolean over = overLines.orElseGet(() -> JsonValues.isOverLines(start, syntax));
    return new JsonValues(whole, !over, 0, over ? Long.MAX_VALUE : chunk.end, syntax);
  }

  /** The task of a file's first chunk reads all of it, if values go over lines. */
  private JsonValues later(JsonChunk chunk) throws IOException {
    InputStream in =
        isOverLines(chunk) ? InputStream.nullInputStream() : stream(chunk, chunk.start - 1);
    return new JsonValues(in, true, chunk.start, chunk.end, syntax);
  }

  private boolean isOverLines(JsonChunk chunk) throws IOException {
    if (overLines.isPresent()) {
      return overLines.get();
    }
    try (InputStream in = stream(chunk, 0)) {
      return JsonValues.isOverLines(in.readNBytes(LONGEST_FIRST_LINE), syntax);
    }
  }

  private InputStream stream(JsonChunk chunk, long from) throws IOException {
    return inUtf8(
        CsvFile.stream(chunk.path, chunk.length, chunk.modified, from, hadoop),
        charset,
        chunk.path);
  }

  /** Bytes of an encoding as those of UTF-8, which are left as they are. */
  static InputStream inUtf8(InputStream bytes, Charset charset, String file) {
    return charset.equals(StandardCharsets.UTF_8) ? bytes : new Utf8Stream(bytes, charset, file);
  }

  /** The values of an open chunk. */
  private record Values(JsonChunk chunk, JsonValues values) implements ChunkRows.Rows {
    @Override
    public Row next() throws IOException {
      return values.next() ? row() : null;
    }

    private Row row() {
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

    @Override
    public void close() throws IOException {
      values.close();
    }
  }
}
