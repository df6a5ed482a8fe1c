package io.lakeprop.spark;

import io.lakeprop.spark.FileColumns.FileColumn;
import io.lakeprop.spark.FileColumns.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.orc.OrcFile;
import org.apache.orc.Reader;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.schema.Type;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/** What the footers of Parquet or ORC files say, read once, on the executors. */
final class FileFooters {
  private static final int FILES_A_TASK = 16;

  private FileFooters() {}

  /**
   * What a file says of itself.
   *
   * @param rows empty when there is no footer that can be read
   * @param reason why there is none
   * @param columns none without a footer
   */
  record Footer(Path file, OptionalLong rows, String reason, List<FileColumn> columns) {}

  /**
   * Of every file, in their order.
   *
   * @param format parquet or orc
   * @param options of the reader
   */
  static List<Footer> read(
      SparkSession session, String format, Map<String, String> options, List<String> paths) {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(session.sparkContext());
    Configuration hadoop = new Configuration(session.sparkContext().hadoopConfiguration());
    options.forEach(hadoop::set);
    Broadcast<SerializableConfiguration> conf =
        context.broadcast(new SerializableConfiguration(hadoop));
    try {
      int tasks = Math.max(1, (paths.size() + FILES_A_TASK - 1) / FILES_A_TASK);
      Map<Path, Footer> all = new LinkedHashMap<>();
      paths.forEach(path -> all.put(new Path(path), null));
      context
          .parallelize(paths, tasks)
          .mapPartitions(new ReadFooters(format, conf))
          .collect()
          .forEach(message -> footers(message).forEach(footer -> all.put(footer.file(), footer)));
      return List.copyOf(all.values());
    } finally {
      conf.destroy();
    }
  }

  /** Of files that have the same columns. */
  private static List<Footer> footers(String[] message) {
    List<FileColumn> columns = new ArrayList<>();
    int behind = 1 + 3 * Integer.parseInt(message[0]);
    for (int i = 1; i < behind; i += 3) {
      columns.add(new FileColumn(message[i], Kind.valueOf(message[i + 1]), message[i + 2]));
    }
    List<Footer> footers = new ArrayList<>();
    for (int i = behind; i < message.length; i += 3) {
      OptionalLong rows =
          message[i + 1] == null
              ? OptionalLong.empty()
              : OptionalLong.of(Long.parseLong(message[i + 1]));
      footers.add(new Footer(new Path(message[i]), rows, message[i + 2], columns));
    }
    return footers;
  }

  /**
   * Reads the footers of a task's files. A message has a number of columns, name, kind and type of
   * each, and then path, rows or null, and reason of each file that has them: Kryo cannot write
   * records, and the columns of files are mostly the same.
   */
  private record ReadFooters(String format, Broadcast<SerializableConfiguration> conf)
      implements FlatMapFunction<Iterator<String>, String[]> {
    @Override
    public Iterator<String[]> call(Iterator<String> files) {
      Map<List<String>, List<String>> byColumns = new LinkedHashMap<>();
      while (files.hasNext()) {
        String file = files.next();
        List<String> columns = new ArrayList<>();
        String rows = null;
        String reason = "";
        try {
          rows = Long.toString(read(new Path(file), columns));
        } catch (IOException | RuntimeException e) {
          columns.clear();
          reason = Failures.firstLine(e);
        }
        List<String> own = byColumns.computeIfAbsent(columns, key -> new ArrayList<>());
        own.add(file);
        own.add(rows);
        own.add(reason);
      }
      return byColumns.entrySet().stream()
          .map(same -> message(same.getKey(), same.getValue()))
          .iterator();
    }

    private static String[] message(List<String> columns, List<String> files) {
      List<String> message = new ArrayList<>();
      message.add(Integer.toString(columns.size() / 3));
      message.addAll(columns);
      message.addAll(files);
      return message.toArray(String[]::new);
    }

    /** Adds the columns, and returns the rows. */
    private long read(Path file, List<String> columns) throws IOException {
      Configuration hadoop = conf.value().value();
      if (format.equals("orc")) {
        try (Reader reader = OrcFile.createReader(file, OrcFile.readerOptions(hadoop))) {
          List<String> names = reader.getSchema().getFieldNames();
          for (int i = 0; i < names.size(); i++) {
            add(columns, FileTypes.column(names.get(i), reader.getSchema().getChildren().get(i)));
          }
          return reader.getNumberOfRows();
        }
      }
      try (ParquetFileReader reader =
          ParquetFileReader.open(HadoopInputFile.fromPath(file, hadoop))) {
        for (Type field : reader.getFileMetaData().getSchema().getFields()) {
          add(columns, FileTypes.column(field));
        }
        return reader.getRecordCount();
      }
    }

    private static void add(List<String> columns, FileColumn column) {
      columns.addAll(List.of(column.name(), column.kind().name(), column.type()));
    }
  }
}
