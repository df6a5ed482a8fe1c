package io.lakeprop.spark;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.data.TableMeaning;
import io.lakeprop.data.TableSpec;
import io.lakeprop.text.CsvDialect;
import io.lakeprop.text.CsvRecords;
import io.lakeprop.text.CsvState;
import io.lakeprop.text.UnclosedQuote;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/**
 * A table of CSV files. Columns are found by the names in each file's header, types are told from
 * all cells or given, and records that are not what the header promises never pass in silence.
 */
final class CsvTable {
  private static final String MENDS_OF_QUOTES =
      "options: {quote: ''} reads files without quotes, options: {escape: '\\'} those of MySQL";

  private final JavaSparkContext context;
  private final SparkSession session;
  private final TableSpec.Files spec;
  private final String name;
  private final TableFiles files;
  private final CsvOptions options;
  private final TableMeaning meaning;

  CsvTable(
      SparkSession session,
      TableSpec.Files spec,
      TableFiles files,
      CsvOptions options,
      TableMeaning meaning) {
    this.session = session;
    this.context = JavaSparkContext.fromSparkContext(session.sparkContext());
    this.spec = spec;
    this.name = String.join(", ", spec.paths());
    this.files = files;
    this.options = options;
    this.meaning = meaning;
  }

  /**
   * Scans the files and makes a table of them.
   *
   * @param texts whether the cells' own texts go with the rows, as {@link TypedColumns#TEXTS}
   * @throws InvalidInput when the files do not agree, or hold what the spec does not let pass
   */
  LakeTable.Opened open(boolean texts) {
    Configuration conf = session.sparkContext().hadoopConfiguration();
    Broadcast<SerializableConfiguration> hadoop =
        context.broadcast(new SerializableConfiguration(new Configuration(conf)));
    List<TableFile> filled = files.files().stream().filter(file -> file.length() > 0).toList();
    List<CsvFirst> firsts = firstRecords(filled, hadoop);
    CsvHeaders headers =
        CsvHeaders.of(name, spec.schema(), filled, firsts, files, options, isHeaderTold());
    ColumnNames.checkDifferent(name, headers.columns());
    if (!ColumnNames.caseMatters(session)) {
      ColumnNames.checkCase(name, headers.columns());
    }
    TypedColumns columns =
        new TypedColumns(headers.columns(), headers.declared(), meaning, options);
    headers.notes().forEach(columns::note);
    List<List<CsvChunk>> tasks = tasks(filled, headers, conf);
    CsvScan scan =
        new CsvScan(
            context,
            hadoop,
            options.dialect(),
            new ArrayList<>(headers.columns()),
            columns.atFirst(),
            options.times());
    CsvScan.Result found = scan.of(tasks);
    check(found.findings());
    columns.settle(found.findings());
    columns.noteFormats(found.findings());
    if (found.findings().blankQuoted > 0) {
      columns.note(
          String.format(
              Locale.ROOT,
              "%,d cells have a blank before their quotes, which are a part of them then"
                  + " (options: {ignoreLeadingWhiteSpace: true} reads them without)",
              found.findings().blankQuoted));
    }
    JavaRDD<Row> rows =
        context
            .parallelize(likewise(tasks, found.chunks()), Math.max(1, tasks.size()))
            .flatMap(
                new ReadChunks(
                    hadoop, options.dialect(), columns.settled(), spec.malformed(), texts));
    return new LakeTable.Opened(
        columns.typed(session.createDataFrame(rows, columns.raw(texts))),
        List.of(),
        columns.reading(lost(found.findings())));
  }

  /** Records that are left out, or lose cells. */
  private long lost(CsvFindings findings) {
    return findings.malformed + Arrays.stream(findings.misfits).sum();
  }

  private void check(CsvFindings findings) {
    if (findings.isUnclosed()) {
      throw new InvalidInput(
          "table %s: %s (%s)".formatted(name, findings.trouble().orElseThrow(), MENDS_OF_QUOTES));
    }
    if (spec.malformed() == TableSpec.Malformed.REFUSE && lost(findings) > 0) {
      throw new InvalidInput(
          "table %s: %s (%,d such records and %,d such cells of %,d records; %s)"
              .formatted(
                  name,
                  findings.trouble().orElseThrow(),
                  findings.malformed,
                  Arrays.stream(findings.misfits).sum(),
                  findings.records,
                  findings.uneven == findings.records
                      ? "the header and the rows must have as many fields: write.table of R leaves"
                          + " out the name of the rows' names, a separator at the end of a line"
                          + " is a field more, and so is a decimal comma without quotes"
                      : "table.malformed: skip leaves the records out, missing the cells"));
    }
  }

  private List<CsvFirst> firstRecords(
      List<TableFile> filled, Broadcast<SerializableConfiguration> hadoop) {
    List<CsvChunk> whole = new ArrayList<>();
    for (TableFile file : filled) {
      whole.add(
          new CsvChunk(
              file,
              0,
              Long.MAX_VALUE,
              CsvState.RECORD_START,
              new int[0],
              0,
              new String[0],
              new String[0]));
    }
    int tasks = Math.max(1, Math.min(whole.size(), 4 * context.defaultParallelism()));
    return Failures.naming(
        name,
        "",
        () ->
            context
                .parallelize(whole, tasks)
                .mapPartitions(new FirstRecords(hadoop, options.dialect()))
                .collect());
  }

  /** Whether the job says if files have a header. */
  private boolean isHeaderTold() {
    return spec.options().keySet().stream().anyMatch("header"::equalsIgnoreCase);
  }

  /** The first record of each file. */
  private record FirstRecords(Broadcast<SerializableConfiguration> hadoop, CsvDialect dialect)
      implements FlatMapFunction<Iterator<CsvChunk>, CsvFirst> {
    @Override
    public Iterator<CsvFirst> call(Iterator<CsvChunk> chunks) throws IOException {
      List<CsvFirst> records = new ArrayList<>();
      while (chunks.hasNext()) {
        CsvChunk chunk = chunks.next();
        try (CsvRecords file = CsvFile.open(chunk, dialect, hadoop.value().value())) {
          boolean any = file.next();
          if (any) {
            check(chunk, file);
          }
          records.add(
              any
                  ? new CsvFirst(file.fields().toArray(String[]::new), file.line())
                  : new CsvFirst(new String[0], 0));
        } catch (UnclosedQuote e) {
          throw refused(chunk, e.line(), "%s (%s)".formatted(e.getMessage(), MENDS_OF_QUOTES));
        }
      }
      return records.iterator();
    }

    private void check(CsvChunk chunk, CsvRecords file) throws IOException {
      boolean text = file.fields().stream().noneMatch(own -> own != null && own.indexOf(0) >= 0);
      if (file.problem().isEmpty() && text) {
        return;
      }
      throw refused(
          chunk,
          file.line(),
          text
              ? CsvCells.problem(file)
              : "it has characters U+0000, as UTF-16 has that is read as UTF-8"
                  + " (options: {encoding: %s})"
                      .formatted(startsWithZero(file) ? "UTF-16BE" : "UTF-16LE"));
    }

    /** Whether the high byte of the first character comes first. */
    private static boolean startsWithZero(CsvRecords file) {
      String first = file.fields().get(0);
      return first != null && first.indexOf(0) == 0;
    }

    /**
     * @param wrong where the file's first bytes are not those of another kind of files
     */
    private InvalidInput refused(CsvChunk chunk, long line, String wrong) throws IOException {
      Optional<FileSignature> kind =
          FileSignature.of(CsvFile.start(chunk.path, FileSignature.BYTES, hadoop.value().value()));
      return new InvalidInput(
          "%s line %d: %s"
              .formatted(
                  chunk.path,
                  line,
                  kind.map(own -> "the file must be a CSV text, however: it is " + own.words())
                      .orElse(wrong)));
    }
  }

  /** Shares files out: large ones in chunks, small ones together. */
  private List<List<CsvChunk>> tasks(
      List<TableFile> filled, CsvHeaders headers, Configuration conf) {
    long most = FileTasks.largest(filled, context.defaultParallelism());
    List<CsvChunk> chunks = new ArrayList<>();
    for (int i = 0; i < filled.size(); i++) {
      if (!headers.isEmpty(i)) {
        chunks.addAll(chunks(filled.get(i), headers, i, most, conf));
      }
    }
    return FileTasks.shared(chunks, CsvChunk::bytes, most);
  }

  private List<CsvChunk> chunks(
      TableFile file, CsvHeaders headers, int place, long most, Configuration conf) {
    List<CsvChunk> chunks = new ArrayList<>();
    boolean splits = file.length() > most && CsvFile.splits(file.path(), options.dialect(), conf);
    long size = splits ? most : Long.MAX_VALUE;
    for (long start = 0; start < file.length(); start += size) {
      boolean last = size >= file.length() - start;
      chunks.add(
          new CsvChunk(
              file,
              start,
              last ? Long.MAX_VALUE : start + size,
              start == 0 ? CsvState.RECORD_START : CsvState.PLAIN,
              headers.fields(place),
              headers.width(place),
              headers.title(place),
              headers.partition(place)));
      if (last) {
        break;
      }
    }
    return chunks;
  }

  /** The chunks that are known now, shared out as before. */
  private static List<CsvChunk[]> likewise(List<List<CsvChunk>> tasks, List<CsvChunk> known) {
    List<CsvChunk[]> shared = new ArrayList<>();
    int next = 0;
    for (List<CsvChunk> task : tasks) {
      shared.add(known.subList(next, next + task.size()).toArray(CsvChunk[]::new));
      next += task.size();
    }
    return shared;
  }

  /** Reads the chunks of a task. */
  private record ReadChunks(
      Broadcast<SerializableConfiguration> hadoop,
      CsvDialect dialect,
      CsvCells cells,
      TableSpec.Malformed malformed,
      boolean texts)
      implements FlatMapFunction<CsvChunk[], Row> {
    @Override
    public Iterator<Row> call(CsvChunk[] chunks) {
      return new ChunkRows<>(
          List.of(chunks).iterator(),
          new CsvRows(hadoop.value().value(), dialect, cells, malformed, texts));
    }
  }
}
