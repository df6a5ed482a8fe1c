package io.lakeprop.spark;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.data.TableSpec;
import io.lakeprop.text.CsvDialect;
import io.lakeprop.text.CsvRecords;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.util.TaskCompletionListener;

/** The rows of some chunks of CSV files, one chunk after the other. */
final class CsvRows implements Iterator<Row> {
  private final Iterator<CsvChunk> chunks;
  private final Configuration hadoop;
  private final CsvDialect dialect;
  private final CsvCells cells;
  private final TableSpec.Malformed malformed;
  private final boolean texts;
  private CsvChunk chunk;
  private CsvRecords records;
  private Row next;

  CsvRows(
      Iterator<CsvChunk> chunks,
      Configuration hadoop,
      CsvDialect dialect,
      CsvCells cells,
      TableSpec.Malformed malformed,
      boolean texts) {
    this.chunks = chunks;
    this.hadoop = hadoop;
    this.dialect = dialect;
    this.cells = cells;
    this.malformed = malformed;
    this.texts = texts;
    TaskContext task = TaskContext.get();
    if (task != null) {
      task.addTaskCompletionListener(
          (TaskCompletionListener) ended -> close()); // A limit may stop in the middle.
    }
  }

  @Override
  public boolean hasNext() {
    try {
      while (next == null && advance()) {
        next = row();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + chunk.path + ": " + e.getMessage(), e);
    }
    return next != null;
  }

  /** Goes to the next record; false at the end of the last chunk. */
  private boolean advance() throws IOException {
    while (records == null || !records.next()) {
      close();
      if (!chunks.hasNext()) {
        return false;
      }
      chunk = chunks.next();
      records = CsvFile.open(chunk, dialect, hadoop);
      if (chunk.start == 0 && dialect.header()) {
        records.next();
      }
    }
    return true;
  }

  /** The record as a row; null where it is left out. */
  private Row row() {
    String wrong = CsvCells.wrong(records, chunk);
    if (!wrong.isEmpty() && (!lets(wrong) || CsvCells.isTitle(records.fields(), chunk))) {
      return null;
    }
    List<String> fields = records.fields();
    int columns = cells.types().size();
    Object[] values = new Object[texts ? columns + 1 : columns];
    Object[] own = new Object[columns];
    for (int i = 0; i < columns; i++) {
      String text = CsvCells.text(fields, chunk, i);
      own[i] = text;
      values[i] = cells.value(text, i);
      if (values[i] == null && cells.isMisfit(text, i) && !lets("a cell fits no type")) {
        return null;
      }
    }
    if (texts) {
      values[columns] = RowFactory.create(own);
    }
    return RowFactory.create(values);
  }

  /** Whether a record that is wrong becomes a row all the same. */
  private boolean lets(String wrong) {
    return switch (malformed) {
      case SKIP -> false;
      case MISSING -> true;
      case REFUSE ->
          throw new InvalidInput(
              "%s: %s, and it was not so at first: the file changed while it was read"
                  .formatted(chunk.path, wrong));
    };
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
    if (records != null) {
      try {
        records.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } finally {
        records = null;
      }
    }
  }
}
