package io.lakeprop.spark;

import io.lakeprop.text.JsonSyntax;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.compress.CompressionCodecFactory;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;

/** The values of JSON files as rows of their texts, and where each of them stands. */
final class JsonFiles {
  static final String TEXT = "__text_of_the_value__";
  static final String OFFSET = "__offset_of_the_value__";
  static final String PROBLEM = "__problem_of_the_value__";
  static final String FILE = "__file_of_the_value__";
  static final String LENGTH = "__length_of_the_file__";
  static final String MODIFIED = "__time_of_the_file__";

  /** Columns of a value before those that folders spell. */
  static final int OWN = 6;

  private final SparkSession session;
  private final TableFiles files;
  private final Charset charset;
  private final JsonOptions options;

  /**
   * @param charset of the files
   */
  JsonFiles(SparkSession session, TableFiles files, Charset charset, JsonOptions options) {
    this.session = session;
    this.files = files;
    this.charset = charset;
    this.options = options;
  }

  /** A row a value: the columns that are named here, and those that folders spell. */
  Dataset<Row> values() {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(session.sparkContext());
    Configuration conf = session.sparkContext().hadoopConfiguration();
    Broadcast<SerializableConfiguration> hadoop =
        context.broadcast(new SerializableConfiguration(new Configuration(conf)));
    List<TableFile> filled = files.files().stream().filter(file -> file.length() > 0).toList();
    long most = FileTasks.largest(filled, context.defaultParallelism());
    List<JsonChunk> chunks = new ArrayList<>();
    filled.forEach(file -> addChunks(chunks, file, most, conf));
    List<JsonChunk[]> tasks =
        FileTasks.shared(chunks, JsonChunk::bytes, most).stream()
            .map(task -> task.toArray(JsonChunk[]::new))
            .toList();
    JavaRDD<Row> rows =
        context
            .parallelize(tasks, Math.max(1, tasks.size()))
            .flatMap(
                new ReadChunks(
                    hadoop,
                    charset.name(),
                    options.overLines().map(String::valueOf).orElse(""),
                    options.syntax()));
    return session.createDataFrame(rows, schema());
  }

  private void addChunks(List<JsonChunk> chunks, TableFile file, long most, Configuration conf) {
    String[] partition =
        files.partitionColumns().stream().map(file.partition()::get).toArray(String[]::new);
    boolean splits =
        file.length() > most
            && !options.overLines().orElse(false)
            && charset.equals(StandardCharsets.UTF_8)
            && !isPacked(file.path(), conf);
    long start = 0;
    while (splits && file.length() - start > most) {
      chunks.add(new JsonChunk(file, start, start + most, partition));
      start += most;
    }
    chunks.add(new JsonChunk(file, start, Long.MAX_VALUE, partition));
  }

  private StructType schema() {
    StructType schema =
        new StructType()
            .add(TEXT, DataTypes.StringType)
            .add(OFFSET, DataTypes.LongType)
            .add(PROBLEM, DataTypes.StringType)
            .add(FILE, DataTypes.StringType)
            .add(LENGTH, DataTypes.LongType)
            .add(MODIFIED, DataTypes.LongType);
    for (String folder : files.partitionColumns()) {
      schema = schema.add(folder, DataTypes.StringType);
    }
    return schema;
  }

  /** The line of a value; 0 where the file cannot be read again. */
  long line(String file, long offset) {
    Configuration hadoop = session.sparkContext().hadoopConfiguration();
    for (TableFile own : files.files()) {
      if (own.path().equals(file)) {
        try (InputStream in = CsvFile.stream(file, own.length(), own.modified(), 0, hadoop)) {
          return lines(JsonRows.inUtf8(in, charset, file), offset);
        } catch (IOException e) {
          return 0; // The message has the value itself.
        }
      }
    }
    return 0;
  }

  private static long lines(InputStream in, long offset) throws IOException {
    byte[] bytes = new byte[1 << 16];
    long lines = 1;
    long at = 0;
    for (int count = in.read(bytes); count > 0 && at < offset; count = in.read(bytes)) {
      for (int i = 0; i < count && at + i < offset; i++) {
        lines += bytes[i] == '\n' ? 1 : 0;
      }
      at += count;
    }
    return lines;
  }

  /** What a file is by its first bytes, where it is no JSON text and its name does not tell. */
  Optional<FileSignature> signature(String file) {
    Configuration hadoop = session.sparkContext().hadoopConfiguration();
    if (isPacked(file, hadoop)) {
      return Optional.empty();
    }
    try {
      return FileSignature.of(CsvFile.start(file, FileSignature.BYTES, hadoop));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static boolean isPacked(String file, Configuration hadoop) {
    return new CompressionCodecFactory(hadoop).getCodec(new Path(file)) != null;
  }

  /** Reads the chunks of a task. */
  private record ReadChunks(
      Broadcast<SerializableConfiguration> hadoop,
      String charset,
      String overLines,
      JsonSyntax syntax)
      implements FlatMapFunction<JsonChunk[], Row> {
    @Override
    public Iterator<Row> call(JsonChunk[] chunks) {
      Optional<Boolean> over =
          overLines.isEmpty() ? Optional.empty() : Optional.of(overLines.equals("true"));
      return new ChunkRows<>(
          List.of(chunks).iterator(),
          new JsonRows(hadoop.value().value(), Charset.forName(charset), over, syntax));
    }
  }
}
