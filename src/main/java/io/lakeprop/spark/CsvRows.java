package io.lakeprop.spark;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.data.TableSpec;
import io.lakeprop.text.CsvDialect;
import io.lakeprop.text.CsvRecords;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * Makes rows of the records of CSV files.
 *
 * @param texts whether a row has its cells' own texts, too
 */
record CsvRows(
    Configuration hadoop,
    CsvDialect dialect,
    CsvCells cells,
    TableSpec.Malformed malformed,
    boolean texts)
    implements ChunkRows.Opener<CsvChunk> {

  @Override
  public ChunkRows.Rows open(CsvChunk chunk) throws IOException {
    CsvRecords records = CsvFile.open(chunk, dialect, hadoop);
    if (chunk.start == 0 && dialect.header()) {
      records.next();
    }
    return new Records(this, chunk, records);
  }

  /** The records of an open chunk. */
  private record Records(CsvRows how, CsvChunk chunk, CsvRecords records)
      implements ChunkRows.Rows {
    @Override
    public Row next() throws IOException {
      Row row = null;
      while (row == null && records.next()) {
        row = how.row(records, chunk);
      }
      return row;
    }

    @Override
    public void close() throws IOException {
      records.close();
    }
  }

  /** The record as a row; null where it is left out. */
  private Row row(CsvRecords record, CsvChunk chunk) {
    String wrong = CsvCells.wrong(record, chunk);
    List<String> fields = record.fields();
    if (!wrong.isEmpty() && (!lets(wrong, chunk) || CsvCells.isTitle(fields, chunk))) {
      return null;
    }
    int columns = cells.types().size();
    Object[] values = new Object[texts ? columns + 1 : columns];
    Object[] own = new Object[columns];
    for (int i = 0; i < columns; i++) {
      String text = CsvCells.text(fields, chunk, i);
      own[i] = text;
      values[i] = cells.value(text, i);
      if (values[i] == null && cells.isMisfit(text, i) && !lets("a cell fits no type", chunk)) {
        return null;
      }
    }
    if (texts) {
      values[columns] = RowFactory.create(own);
    }
    return RowFactory.create(values);
  }

  /** Whether a record that is wrong becomes a row all the same. */
  private boolean lets(String wrong, CsvChunk chunk) {
    return switch (malformed) {
      case SKIP -> false;
      case MISSING -> true;
      case REFUSE ->
          throw new InvalidInput(
              "%s: %s, and it was not so at first: the file changed while it was read"
                  .formatted(chunk.path, wrong));
    };
  }
}
