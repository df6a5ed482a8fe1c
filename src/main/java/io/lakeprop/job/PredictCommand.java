package io.lakeprop.job;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.model.Storage;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
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

  @CommandLine.Option(names = "--overwrite", description = "replaces an earlier output")
  private boolean overwrite;

  @Override
  public Integer call() throws IOException {
    try (Scoring scoring = Scoring.open("predict", folder)) {
      checkOutput(scoring.storage());
      Scoring.Table rows = scoring.table(table, false);
      Dataset<Row> predicted = scoring.scorer().predict(rows.rows(), rows.name());
      write(outputFormat.equals("csv") ? flat(predicted) : predicted, scoring.storage());
      System.out.printf("predictions of %s in %s%n", rows.name(), output);
    }
    return 0;
  }

  /** Only what an earlier prediction left may be replaced. */
  private void checkOutput(Storage storage) throws IOException {
    if (!storage.exists(output)) {
      return;
    }
    List<String> names = storage.list(output);
    boolean table = names.isEmpty() || names.contains("_SUCCESS") || names.contains("_delta_log");
    if (!table) {
      throw new InvalidInput(
          "output %s must be a new folder or an earlier table, however: it holds %s"
              .formatted(output, names.subList(0, Math.min(3, names.size()))));
    }
    if (!overwrite) {
      throw new InvalidInput(
          "output %s must not exist, however: it does (--overwrite replaces it)".formatted(output));
    }
  }

  /** Writes aside and renames, so that a failure leaves nothing new and loses nothing old. */
  private void write(Dataset<Row> predicted, Storage storage) throws IOException {
    String aside = output.replaceAll("/+$", "") + ".writing";
    storage.delete(aside);
    try {
      predicted.write().format(outputFormat).option("header", "true").save(aside);
      storage.delete(output);
      storage.rename(aside, output);
    } finally {
      storage.delete(aside);
    }
  }

  /** CSV has no maps: probabilities become a JSON text. */
  private static Dataset<Row> flat(Dataset<Row> predicted) {
    Dataset<Row> flat = predicted;
    for (StructField field : predicted.schema().fields()) {
      if (field.name().startsWith("probabilities") && field.dataType() instanceof MapType) {
        String quoted = "`" + field.name().replace("`", "``") + "`";
        flat = flat.withColumn(field.name(), functions.to_json(functions.col(quoted)));
      }
    }
    return flat;
  }
}
