package io.lakeprop.spark;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.data.TableMeaning;
import io.lakeprop.data.TableSpec;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * A table of JSON files: an object a line, or an array of objects or an object over several lines.
 * Lines that are no JSON, and values that are not of the schema's type, never pass in silence.
 */
final class JsonTable {
  private static final String CORRUPT = "_corrupt_record";
  private static final String MULTI_LINE = "multiLine";

  /** Characters of a file's first line that are looked at. */
  private static final int LONGEST_FIRST_LINE = 1 << 20;

  private final SparkSession session;
  private final TableSpec.Files spec;
  private final String name;
  private final TableFiles files;
  private final SparkFiles reader;
  private final TableMeaning meaning;
  private final CsvOptions texts;
  private final boolean multiLine;

  JsonTable(
      SparkSession session,
      TableSpec.Files spec,
      TableFiles files,
      SparkFiles reader,
      TableMeaning meaning,
      CsvOptions texts) {
    this.session = session;
    this.spec = spec;
    this.name = String.join(", ", spec.paths());
    this.files = files;
    this.reader = reader;
    this.meaning = meaning;
    this.texts = texts;
    this.multiLine = isOverLines();
  }

  /**
   * Reads types and checks every record.
   *
   * @throws InvalidInput when a record is malformed and the spec does not let it pass
   */
  LakeTable.Opened open() {
    Dataset<Row> inferred = spec.schema().isPresent() ? null : load(UnaryOperator.identity());
    if (inferred != null && List.of(inferred.columns()).equals(List.of(CORRUPT))) {
      // Spark does not read a column of broken records alone.
      Dataset<Row> all = load(own -> own.schema(CORRUPT + " STRING, any STRING"));
      throw refusal(corrupt(all), "no record is a JSON object").orElseThrow();
    }
    StructType schema =
        spec.schema().map(StructType::fromDDL).orElseGet(() -> asInTraining(inferred.schema()));
    boolean given = inferred == null || !schema.equals(inferred.schema());
    StructType whole =
        List.of(schema.fieldNames()).contains(CORRUPT)
            ? schema
            : schema.add(CORRUPT, DataTypes.StringType);
    Dataset<Row> rows = given ? load(own -> own.schema(whole)) : inferred;
    long malformed = 0;
    if (List.of(rows.columns()).contains(CORRUPT)) {
      malformed = malformed(rows);
      rows =
          spec.malformed() == TableSpec.Malformed.SKIP
              ? rows.where(functions.col(CORRUPT).isNull())
              : rows;
      rows = rows.drop(CORRUPT);
    }
    TextColumns columns = new TextColumns(name, textColumns(rows.schema()), meaning, texts);
    CsvFindings found = columns.scan(rows);
    columns.check(found, spec.malformed());
    return new LakeTable.Opened(
        withAbsent(columns.typed(rows, spec.malformed())),
        List.of(),
        columns.reading(malformed).and(types(rows.schema())));
  }

  private Dataset<Row> load(UnaryOperator<DataFrameReader> more) {
    return reader.load(
        own ->
            more.apply(
                own.option(MULTI_LINE, Boolean.toString(multiLine))
                    .option("columnNameOfCorruptRecord", CORRUPT)));
  }

  /** What was a text in training is read as one: 1.50 without quotes must not become 1.5. */
  private StructType asInTraining(StructType inferred) {
    StructType schema = new StructType();
    for (StructField field : inferred.fields()) {
      boolean text =
          "STRING".equals(meaning.types().get(field.name()))
              && !(field.dataType() instanceof StructType);
      schema = schema.add(field.name(), text ? DataTypes.StringType : field.dataType());
    }
    return schema;
  }

  /** Columns of texts whose types nobody said. */
  private List<String> textColumns(StructType schema) {
    List<String> columns = new ArrayList<>();
    for (StructField field : schema.fields()) {
      if (field.dataType().equals(DataTypes.StringType)
          && spec.schema().isEmpty()
          && !files.partitionColumns().contains(field.name())) {
        columns.add(field.name());
      }
    }
    return columns;
  }

  /** A column that no object of this table has, and that training knew: all of it is missing. */
  private Dataset<Row> withAbsent(Dataset<Row> rows) {
    Dataset<Row> all = rows;
    List<String> there = List.of(rows.columns());
    for (Map.Entry<String, String> known : meaning.types().entrySet()) {
      if (!there.contains(known.getKey()) && !files.partitionColumns().contains(known.getKey())) {
        all =
            all.withColumn(
                known.getKey(), functions.lit(null).cast(DataType.fromDDL(known.getValue())));
      }
    }
    return all;
  }

  private static Reading types(StructType schema) {
    return Reading.of(LakeTable.types(schema));
  }

  /** Counts malformed records, or refuses the first one. */
  private long malformed(Dataset<Row> rows) {
    Dataset<Row> corrupt = corrupt(rows);
    if (spec.malformed() != TableSpec.Malformed.REFUSE) {
      return corrupt
          .select(functions.col("file"), functions.col("record"), functions.col("all"))
          .toJavaRDD()
          .count();
    }
    refusal(corrupt, "table.malformed: skip leaves them out, missing what cannot be read of them")
        .ifPresent(
            refusal -> {
              throw refusal;
            });
    return 0;
  }

  private static Dataset<Row> corrupt(Dataset<Row> rows) {
    List<Column> all = new ArrayList<>();
    for (String column : rows.columns()) {
      all.add(functions.col(TypedColumns.quoted(column)));
    }
    // Spark looks at a record as a whole only where all of its columns are asked for.
    return rows.select(
            rows.metadataColumn("_metadata").getField("file_path").as("file"),
            functions.col(CORRUPT).as("record"),
            functions.struct(all.toArray(Column[]::new)).as("all"))
        .where("record is not null");
  }

  /** What is said of the first malformed record; empty where there is none. */
  private Optional<InvalidInput> refusal(Dataset<Row> corrupt, String mend) {
    List<Row> first =
        corrupt.orderBy("file", "record").select("file", "record", "all").takeAsList(1);
    if (first.isEmpty()) {
      return Optional.empty();
    }
    String file = FilesOnDisk.path(first.get(0).getString(0)).toString();
    String record = first.get(0).getString(1);
    return Optional.of(
        new InvalidInput(
            "table %s: %s%s must be JSON%s, however: %s (%,d such records; %s)"
                .formatted(
                    name,
                    file,
                    line(file, record).map(line -> " line " + line).orElse(""),
                    spec.schema().isPresent() ? " of the schema's types" : "",
                    shortened(record),
                    corrupt.toJavaRDD().count(),
                    mend)));
  }

  private static String shortened(String record) {
    String line = record.strip();
    return line.length() > 80 ? line.substring(0, 80) + "..." : line;
  }

  /** The line of a record in a file of a record a line. */
  private Optional<Long> line(String file, String record) {
    if (multiLine) {
      return Optional.empty();
    }
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(opened(file), StandardCharsets.UTF_8))) {
      long number = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        if (line.equals(record)) {
          return Optional.of(number);
        }
      }
      return Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // The message has the record itself.
    }
  }

  private InputStream opened(String file) throws IOException {
    Configuration hadoop = session.sparkContext().hadoopConfiguration();
    Path path = new Path(file);
    FSDataInputStream in = path.getFileSystem(hadoop).open(path);
    CompressionCodec codec = new CompressionCodecFactory(hadoop).getCodec(path);
    return codec == null ? in : codec.createInputStream(in);
  }

  /**
   * Whether a value goes over several lines: an array, or an object that its first line leaves
   * open.
   */
  private boolean isOverLines() {
    for (Map.Entry<String, String> option : spec.options().entrySet()) {
      if (option.getKey().equalsIgnoreCase(MULTI_LINE)) {
        return Boolean.parseBoolean(option.getValue().toLowerCase(Locale.ROOT));
      }
    }
    for (TableFile file : files.files()) {
      if (file.length() > 0) {
        return isOverLines(file.path());
      }
    }
    return false;
  }

  private boolean isOverLines(String file) {
    char[] start = new char[LONGEST_FIRST_LINE];
    int length = 0;
    try (Reader reader = new InputStreamReader(opened(file), StandardCharsets.UTF_8)) {
      for (int count = 0; count >= 0 && length < start.length; length += Math.max(0, count)) {
        count = reader.read(start, length, start.length - length);
      }
    } catch (IOException e) {
      throw new InvalidInput("table %s: %s".formatted(name, Failures.firstLine(e)), e);
    }
    String text = new String(start, 0, length).replace("\uFEFF", "").stripLeading();
    int end = text.indexOf('\n');
    return text.startsWith("[")
        || (text.startsWith("{") && end >= 0 && depth(text.substring(0, end)) > 0);
  }

  /** Braces that a text opens and does not close, those in its strings apart. */
  private static int depth(String json) {
    int depth = 0;
    boolean inText = false;
    for (int i = 0; i < json.length(); i++) {
      char c = json.charAt(i);
      if (inText && c == '\\') {
        i++;
      } else if (c == '"') {
        inText = !inText;
      } else if (!inText) {
        depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
      }
    }
    return inText ? Math.max(depth, 1) : depth;
  }
}
