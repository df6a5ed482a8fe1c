package io.lakeprop.spark;

import io.lakeprop.text.CsvDialect;
import io.lakeprop.text.CsvRecords;
import io.lakeprop.text.CsvState;
import io.lakeprop.text.TimeFormat;
import io.lakeprop.text.UnclosedQuote;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;

/**
 * One look at every byte of a CSV table before it is trusted: what the cells of each column are,
 * which records and cells are wrong and where, and where in a record each chunk begins.
 *
 * @param columns their names
 * @param cells with a type for each column that has one already
 */
record CsvScan(
    JavaSparkContext context,
    Broadcast<SerializableConfiguration> hadoop,
    CsvDialect dialect,
    ArrayList<String> columns,
    CsvCells cells,
    TimeFormat times) {

  /**
   * What was found.
   *
   * @param findings over all files
   * @param chunks with what stands before each
   */
  record Result(CsvFindings findings, List<CsvChunk> chunks) {}

  Result of(List<List<CsvChunk>> tasks) {
    List<CsvChunk> chunks = tasks.stream().flatMap(List::stream).toList();
    CsvFindings all = new CsvFindings(-1, cells.types().size());
    CsvFindings[] parts = new CsvFindings[chunks.size()];
    for (CsvFindings found : run(tasks)) {
      if (found.chunk < 0) {
        all.merge(found);
      } else {
        parts[found.chunk] = found;
      }
    }
    List<CsvChunk> known = new ArrayList<>(chunks);
    CsvState state = CsvState.RECORD_START;
    long lines = 0;
    for (int i = 0; i < parts.length; i++) {
      if (parts[i] == null) {
        continue;
      }
      boolean isFirst = chunks.get(i).start == 0;
      state = isFirst ? CsvState.RECORD_START : state;
      lines = isFirst ? 0 : lines;
      if (!isFirst) {
        known.set(i, chunks.get(i).behind(state));
        if (parts[i].isMisled(state)) {
          parts[i] = again(known.get(i));
        }
      }
      parts[i].shift(lines);
      state = parts[i].stateAtEnd();
      lines += parts[i].linesAtEnd();
      all.merge(parts[i]);
    }
    return new Result(all, known);
  }

  private List<CsvFindings> run(List<List<CsvChunk>> tasks) {
    List<Object[]> numbered = new ArrayList<>();
    int number = 0;
    for (List<CsvChunk> task : tasks) {
      numbered.add(new Object[] {number, task.toArray(CsvChunk[]::new)});
      number += task.size();
    }
    return numbered.isEmpty()
        ? List.of()
        : context
            .parallelize(numbered, numbered.size())
            .flatMap(new ScanChunks(hadoop, dialect, columns, cells, times))
            .collect();
  }

  /** Reads a chunk whose beginning was guessed wrongly. */
  private CsvFindings again(CsvChunk chunk) {
    return run(List.of(List.of(chunk))).stream()
        .filter(found -> found.chunk >= 0)
        .findFirst()
        .orElseThrow();
  }

  /** Scans the chunks of a task: an array of the first one's number and all of them. */
  private record ScanChunks(
      Broadcast<SerializableConfiguration> hadoop,
      CsvDialect dialect,
      ArrayList<String> columns,
      CsvCells cells,
      TimeFormat times)
      implements FlatMapFunction<Object[], CsvFindings> {
    @Override
    public Iterator<CsvFindings> call(Object[] task) throws IOException {
      List<CsvFindings> results = new ArrayList<>();
      CsvFindings whole = new CsvFindings(-1, cells.types().size());
      results.add(whole);
      int number = (int) task[0];
      for (CsvChunk chunk : (CsvChunk[]) task[1]) {
        CsvFindings own = chunk.isWhole() ? whole : new CsvFindings(number, cells.types().size());
        scan(chunk, own);
        if (own != whole) {
          results.add(own);
        }
        number++;
      }
      return results.iterator();
    }

    private void scan(CsvChunk chunk, CsvFindings found) throws IOException {
      try (CsvRecords records = CsvFile.open(chunk, dialect, hadoop.value().value())) {
        found.began(chunk.before, records.beginsBehindOpening());
        if (chunk.start == 0 && dialect.header()) {
          records.next();
          found.blankQuoted += records.blankQuoted();
        }
        while (records.next()) {
          found.records++;
          found.blankQuoted += records.blankQuoted();
          add(records, chunk, found);
        }
        found.ends(records.stateAtEnd(), records.linesAtEnd());
      } catch (UnclosedQuote e) {
        found.unclosed(chunk.path, e.line(), e.getMessage());
      }
    }

    private void add(CsvRecords record, CsvChunk chunk, CsvFindings found) {
      String wrong = CsvCells.wrong(record, chunk);
      if (!wrong.isEmpty()) {
        found.malformed++;
        found.uneven += CsvCells.isUneven(record, chunk) ? 1 : 0;
        found.trouble(chunk.path, record.line(), wrong);
        return;
      }
      for (int i = 0; i < found.profiles.length; i++) {
        String text = CsvCells.text(record.fields(), chunk, i);
        String odd = cells.look(found, i, text, columns.get(i), times);
        if (!odd.isEmpty()) {
          found.trouble(chunk.path, record.line(), odd);
        }
      }
    }
  }
}
