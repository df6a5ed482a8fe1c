package io.lakeprop.job;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.data.TableSpec;
import io.lakeprop.spark.CsvOutput;
import io.lakeprop.spark.ExactTimes;
import io.lakeprop.spark.Failures;
import io.lakeprop.spark.ScoredColumns;
import io.lakeprop.spark.ScoredColumns.Probabilities;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import picocli.CommandLine;

/** {@code predict}: a table in, the same table with predictions out. */
@CommandLine.Command(
    name = "predict",
    description = "Writes a table with the predictions of a saved model added to its columns.",
    mixinStandardHelpOptions = true)
final class PredictCommand implements Callable<Integer> {
  @CommandLine.Option(
      names = "--model",
      required = true,
      description = "a run's folder or its model folder")
  private String folder;

  @CommandLine.Mixin private TableArguments table;

  @CommandLine.Option(names = "--output", required = true, description = "folder to write to")
  private String output;

  @CommandLine.Option(
      names = "--output-format",
      defaultValue = "parquet",
      description = "parquet (default), orc, json, csv, delta, ...")
  private String outputFormat;

  @CommandLine.Option(
      names = "--exclude",
      paramLabel = "COLUMN",
      description = "a column of the table that is not written; may come several times")
  private List<String> excluded = List.of();

  @CommandLine.Option(names = "--overwrite", description = "replaces an earlier output")
  private boolean overwrite;

  @Override
  public Integer call() throws IOException {
    TableFormat.checkOutput(outputFormat);
    boolean csv = outputFormat.equalsIgnoreCase("csv");
    try (Scoring scoring = Scoring.open("predict", folder, table.secrets())) {
      Configuration hadoop = scoring.session().sparkContext().hadoopConfiguration();
      Path path = Places.behindLink(Places.absolute(output, hadoop));
      FileSystem files = path.getFileSystem(hadoop);
      OutputTable target = new OutputTable(scoring.storage(), files, path, overwrite);
      checkOutput(path, files);
      OutputPlace place = OutputPlace.ofTable(hadoop, output, outputFormat);
      place.checkModel(folder);
      place.checkRuns();
      Scoring.Table rows = scoring.table(table, List.of(), true, Optional.of(place));
      for (String line : target.leftovers()) {
        Console.standard().note(line);
      }
      List<String> notWritten = new ArrayList<>(excluded);
      notWritten.addAll(rows.absent());
      ScoredColumns scored =
          new ScoredColumns(
              csv ? Probabilities.COLUMNS : Probabilities.MAP, notWritten, rows.spec().options());
      Dataset<Row> predicted = scoring.scorer().predict(rows.rows(), scored, rows.name());
      DataFrameWriter<Row> writer =
          csv
              ? CsvOutput.texts(predicted).write().options(CsvOutput.OPTIONS)
              : predicted.write().options(options());
      target.write(aside -> save(writer, aside, rows.spec()));
      scoring.scorer().notes(rows.name()).forEach(Console.standard()::note);
      tell(scoring.scorer().predicted(), rows.spec());
    }
    return 0;
  }

  private void save(DataFrameWriter<Row> writer, String aside, TableSpec table) {
    try {
      Failures.naming(
          table,
          () -> {
            writer.format(outputFormat).save(aside);
            return aside;
          });
    } catch (InvalidInput e) {
      throw Failures.isOfUnknownFormat(e) ? TableFormat.unknownOutput(outputFormat) : e;
    }
  }

  private void tell(long rows, TableSpec spec) {
    if (rows == 0) {
      Console.standard()
          .note(
              "no row is predicted: table %s has none%s"
                  .formatted(spec.describe(), spec.where().isEmpty() ? "" : " that meets --where"));
    }
    System.out.printf("predictions of %,d rows of %s in %s%n", rows, spec.describe(), output);
  }

  /** Of the writers of other formats, as far as they know them. */
  private Map<String, String> options() {
    return outputFormat.equalsIgnoreCase("json") ? ExactTimes.OPTIONS : Map.of();
  }

  /** Only what an earlier prediction left may be replaced. */
  private void checkOutput(Path path, FileSystem files) throws IOException {
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
}
