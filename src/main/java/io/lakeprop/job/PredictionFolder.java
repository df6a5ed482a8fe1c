package io.lakeprop.job;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.data.TableSpec;
import io.lakeprop.spark.CsvOutput;
import io.lakeprop.spark.ExactTimes;
import io.lakeprop.spark.Failures;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** A folder of files that {@code predict} writes. */
final class PredictionFolder implements PredictionTarget {
  private final String output;
  private final String format;
  private final List<String> partitionBy;
  private final boolean overwrite;
  private final Path path;
  private final FileSystem files;
  private final OutputTable target;
  private final OutputPlace place;

  /**
   * @param model the folder of the model, which must be apart
   * @param partitionBy columns whose values name folders
   */
  PredictionFolder(
      Scoring scoring,
      String model,
      String output,
      String format,
      List<String> partitionBy,
      boolean overwrite)
      throws IOException {
    Configuration hadoop = scoring.session().sparkContext().hadoopConfiguration();
    this.output = output;
    this.format = format;
    this.partitionBy = partitionBy;
    this.overwrite = overwrite;
    this.path = Places.behindLink(Places.absolute(output, hadoop));
    this.files = path.getFileSystem(hadoop);
    this.target = new OutputTable(scoring.storage(), files, path, overwrite);
    checkReplaceable();
    this.place = OutputPlace.ofTable(hadoop, output, format, partitionBy);
    place.checkModel(model);
    place.checkRuns();
  }

  /** Only what an earlier prediction left may be replaced. */
  private void checkReplaceable() throws IOException {
    if (path.getParent() == null) {
      throw new InvalidInput("output must be a folder below another, however: " + output);
    }
    if (files.exists(path)) {
      ReplaceableTable.check(files, path, path);
      if (!overwrite) {
        throw new InvalidInput(
            "output %s must not exist, however: it does (--overwrite replaces it)"
                .formatted(output));
      }
    }
  }

  @Override
  public void check(Dataset<Row> rows) throws IOException {
    target.leftovers().forEach(Console.standard()::note);
  }

  @Override
  public Optional<OutputPlace> place() {
    return Optional.of(place);
  }

  @Override
  public boolean isText() {
    return format.equalsIgnoreCase("csv");
  }

  @Override
  public String write(Dataset<Row> predicted, TableSpec table) throws IOException {
    DataFrameWriter<Row> writer =
        isText()
            ? CsvOutput.texts(predicted).write().options(CsvOutput.OPTIONS)
            : predicted.write().options(options());
    writer.partitionBy(partitionBy.toArray(new String[0]));
    target.write(aside -> save(writer, aside, table));
    return output;
  }

  private void save(DataFrameWriter<Row> writer, String aside, TableSpec table) {
    try {
      Failures.naming(
          table,
          () -> {
            writer.format(format).save(aside);
            return aside;
          });
    } catch (InvalidInput e) {
      throw Failures.isOfUnknownFormat(e) ? TableFormat.unknownOutput(format) : e;
    }
  }

  /** Of the writers of other formats, as far as they know them. */
  private Map<String, String> options() {
    return format.equalsIgnoreCase("json") ? ExactTimes.OPTIONS : Map.of();
  }
}
