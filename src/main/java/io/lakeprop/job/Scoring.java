package io.lakeprop.job;

import io.lakeprop.data.Feature;
import io.lakeprop.data.TableSpec;
import io.lakeprop.model.Model;
import io.lakeprop.model.ModelFiles;
import io.lakeprop.model.Storage;
import io.lakeprop.spark.FeatureColumns;
import io.lakeprop.spark.HadoopStorage;
import io.lakeprop.spark.LakeTable;
import io.lakeprop.spark.SparkScorer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** A session with a saved model on its executors: what evaluate and predict start from. */
record Scoring(SparkSession session, Storage storage, Model model, SparkScorer scorer)
    implements AutoCloseable {
  static Scoring open(String command, String folder, Secrets secrets) throws IOException {
    HadoopStorage.path(folder); // Refused before a session starts.
    SparkSession session = Sessions.open(command + " " + folder, secrets);
    boolean open = false;
    try {
      Storage storage = new HadoopStorage(session.sparkContext().hadoopConfiguration());
      Model model = ModelFiles.read(storage, folder);
      JavaSparkContext context = JavaSparkContext.fromSparkContext(session.sparkContext());
      SparkScorer scorer = new SparkScorer(context, model);
      open = true;
      return new Scoring(session, storage, model, scorer);
    } finally {
      if (!open) {
        session.close();
      }
    }
  }

  /**
   * A table that is scored.
   *
   * @param absent columns of the rows that the table has not
   */
  record Table(TableSpec spec, Dataset<Row> rows, Set<String> absent) {
    /** What messages call it. */
    String name() {
      return spec.describe();
    }
  }

  /**
   * Opens a table as the training table was read, and tells what a person should know of it.
   *
   * @param needed columns, beside the features and their offset
   * @param texts whether what stands in the table goes with its rows
   * @param output where the command writes, which the table must be apart from
   */
  Table table(
      TableArguments arguments, List<String> needed, boolean texts, Optional<OutputPlace> output)
      throws IOException {
    TableSpec spec = arguments.spec(storage, model.table().timeZone());
    Configuration hadoop = session.sparkContext().hadoopConfiguration();
    if (output.isPresent()) {
      new TablesApart(output.get()).checkNamed(spec, hadoop);
    }
    Set<String> features =
        model.encoder().features().stream().map(Feature::name).collect(Collectors.toSet());
    List<String> all = new ArrayList<>(needed);
    all.addAll(features);
    all.add(model.offset().name());
    arguments.learnColumns(all);
    LakeTable.Opened opened =
        LakeTable.opened(
            session,
            spec,
            model.table().needing(all).knowing(model.encoder(), model.labels()),
            texts,
            FeatureColumns.of(model.encoder(), model.labels(), TableArguments::deriving));
    arguments.learnColumns(List.of(opened.rows().columns()));
    if (output.isPresent()) {
      new TablesApart(output.get()).checkFiles(spec, opened.rows().inputFiles(), hadoop);
    }
    opened
        .reading()
        .tell(spec.describe(), note -> Console.standard().note(CommandLineMends.of(note)));
    List<String> columns = List.of(opened.rows().columns());
    model
        .table()
        .checkDerived(
            columns, spec.derive().keySet(), all, spec.describe(), TableArguments::deriving);
    return new Table(spec, opened.rows(), opened.absent());
  }

  @Override
  public void close() throws IOException {
    try (session) {
      scorer.close();
    }
  }
}
