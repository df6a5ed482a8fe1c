package io.lakeprop.job;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.data.TableSpec;
import io.lakeprop.spark.ScoredColumns;
import io.lakeprop.spark.ScoredColumns.Probabilities;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.AtomicType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
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

  @CommandLine.ArgGroup(multiplicity = "1")
  private Target target;

  /** Where predictions go. */
  private static final class Target {
    @CommandLine.Option(names = "--output", description = "folder to write to")
    private Optional<String> folder = Optional.empty();

    @CommandLine.Option(
        names = "--output-table",
        paramLabel = "NAME",
        description = "table of a catalog to write to, such as lake.db.scores")
    private Optional<String> table = Optional.empty();
  }

  @CommandLine.Option(
      names = "--output-format",
      description = "parquet (default), orc, json, csv, delta, ...; of a table its catalog's")
  private Optional<String> outputFormat = Optional.empty();

  @CommandLine.Option(
      names = "--partition-by",
      paramLabel = "COLUMN",
      split = ",",
      description = "a column by whose values the output is laid out; may come several times")
  private List<String> partitionBy = List.of();

  @CommandLine.Option(
      names = "--exclude",
      paramLabel = "COLUMN",
      description = "a column of the table that is not written; may come several times")
  private List<String> excluded = List.of();

  @CommandLine.Option(names = "--overwrite", description = "replaces an earlier output")
  private boolean overwrite;

  @Override
  public Integer call() throws IOException {
    outputFormat.ifPresent(TableFormat::checkOutput);
    try (Scoring scoring = Scoring.open("predict", folder, table.secrets())) {
      PredictionTarget to = target(scoring);
      Scoring.Table rows = scoring.table(table, List.of(), true, to.place());
      to.check(rows.rows());
      List<String> notWritten = new ArrayList<>(excluded);
      notWritten.addAll(rows.absent());
      ScoredColumns scored =
          new ScoredColumns(
              to.isText() ? Probabilities.COLUMNS : Probabilities.MAP,
              notWritten,
              rows.spec().options());
      Dataset<Row> predicted = scoring.scorer().predict(rows.rows(), scored, rows.name());
      checkPartitions(predicted.schema());
      long began = System.nanoTime();
      String name =
          ScoringProgress.over(scoring, "predicting", () -> to.write(predicted, rows.spec()));
      scoring.scorer().notes(rows.name()).forEach(Console.standard()::note);
      tell(scoring.scorer().predicted(), rows.spec(), name, (System.nanoTime() - began) * 1e-9);
    }
    return 0;
  }

  private PredictionTarget target(Scoring scoring) throws IOException {
    return target.table.isPresent()
        ? new PredictionCatalogTable(
            scoring.session(), target.table.get(), outputFormat, partitionBy, overwrite)
        : new PredictionFolder(
            scoring,
            folder,
            target.folder.orElseThrow(),
            outputFormat.orElse("parquet"),
            partitionBy,
            overwrite);
  }

  /** Columns that name folders must be there, be something that a name can say, and not be all. */
  private void checkPartitions(StructType predicted) {
    for (String column : partitionBy) {
      List<StructField> fields =
          Stream.of(predicted.fields()).filter(f -> f.name().equalsIgnoreCase(column)).toList();
      if (fields.isEmpty()) {
        throw new InvalidInput(
            "--partition-by must be a column that is written, however: %s is not among %s"
                .formatted(column, List.of(predicted.fieldNames())));
      }
      DataType type = fields.get(0).dataType();
      if (!(type instanceof AtomicType) || type instanceof BinaryType) {
        throw new InvalidInput(
            "--partition-by must be a column of texts, numbers, dates or times, however: %s is %s"
                .formatted(column, type.sql()));
      }
    }
    if (partitionBy.size() == predicted.length()) {
      throw new InvalidInput(
          "--partition-by must leave a column to write, however: it names all of " + partitionBy);
    }
  }

  private static void tell(long rows, TableSpec spec, String output, double seconds) {
    if (rows == 0) {
      Console.standard()
          .note(
              "no row is predicted: table %s has none%s"
                  .formatted(spec.describe(), spec.where().isEmpty() ? "" : " that meets --where"));
    }
    System.out.printf(
        "predictions of %,d rows of %s in %s (%s, %s)%n",
        rows, spec.describe(), output, Console.duration(seconds), Console.rate(rows, seconds));
  }
}
