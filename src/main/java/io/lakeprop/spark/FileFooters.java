package io.lakeprop.spark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.orc.OrcFile;
import org.apache.orc.Reader;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/** What the footers of Parquet or ORC files promise, read on the executors. */
final class FileFooters {
  private static final int FILES_A_TASK = 16;

  private FileFooters() {}

  /**
   * What a file promises.
   *
   * @param rows empty when there is no footer that can be read
   * @param reason why there is none
   */
  record Footer(String file, OptionalLong rows, String reason) {}

  /**
   * Of every file, in their order.
   *
   * @param format parquet or orc
   * @param files as Spark names them
   */
  static List<Footer> read(
      SparkSession session, String format, Map<String, String> options, List<String> files) {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(session.sparkContext());
    Configuration hadoop = new Configuration(session.sparkContext().hadoopConfiguration());
    options.forEach(hadoop::set);
    Broadcast<SerializableConfiguration> conf =
        context.broadcast(new SerializableConfiguration(hadoop));
    try {
      int tasks = Math.max(1, (files.size() + FILES_A_TASK - 1) / FILES_A_TASK);
      return context
          .parallelize(files, tasks)
          .mapPartitions(new ReadFooters(format, conf))
          .collect()
          .stream()
          .map(FileFooters::footer)
          .toList();
    } finally {
      conf.destroy();
    }
  }

  private static Footer footer(String[] message) {
    return message[1] == null
        ? new Footer(message[0], OptionalLong.empty(), message[2])
        : new Footer(message[0], OptionalLong.of(Long.parseLong(message[1])), "");
  }

  /** The messages are file, rows or null, and reason: Kryo cannot write records. */
  private record ReadFooters(String format, Broadcast<SerializableConfiguration> conf)
      implements FlatMapFunction<Iterator<String>, String[]> {
    @Override
    public Iterator<String[]> call(Iterator<String> files) {
      List<String[]> footers = new ArrayList<>();
      while (files.hasNext()) {
        String file = files.next();
        try {
          long rows = rows(FilesOnDisk.path(file));
          footers.add(new String[] {file, Long.toString(rows), null});
        } catch (IOException | RuntimeException e) {
          footers.add(new String[] {file, null, Failures.firstLine(e)});
        }
      }
      return footers.iterator();
    }

    private long rows(Path file) throws IOException {
      Configuration hadoop = conf.value().value();
      if (format.equals("orc")) {
        try (Reader reader = OrcFile.createReader(file, OrcFile.readerOptions(hadoop))) {
          return reader.getNumberOfRows();
        }
      }
      try (ParquetFileReader reader =
          ParquetFileReader.open(HadoopInputFile.fromPath(file, hadoop))) {
        return reader.getRecordCount();
      }
    }
  }
}
