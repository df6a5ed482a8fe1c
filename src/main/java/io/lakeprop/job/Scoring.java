package io.lakeprop.job;

import io.lakeprop.data.TableSpec;
import io.lakeprop.model.Model;
import io.lakeprop.model.ModelFiles;
import io.lakeprop.model.Storage;
import io.lakeprop.spark.HadoopStorage;
import io.lakeprop.spark.LakeTable;
import io.lakeprop.spark.SparkScorer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** A session with a saved model on its executors: what evaluate and predict start from. */
record Scoring(SparkSession session, Storage storage, Model model, SparkScorer scorer)
    implements AutoCloseable {
  static Scoring open(String command, String folder) throws IOException {
    SparkSession session = Sessions.open(command + " " + folder);
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

  /** A table that is scored. */
  record Table(TableSpec spec, Dataset<Row> rows) {
    /** What messages call it. */
    String name() {
      return spec.describe();
    }
  }

  /**
   * Opens a table as the training table was read, and tells what a person should know of it.
   *
   * @param needed columns, beside the features and their offset
   * @param texts whether the cells' own texts go with the rows of CSV files
   */
  Table table(TableArguments arguments, List<String> needed, boolean texts) throws IOException {
    TableSpec spec = arguments.spec(storage, model.table().timeZone());
    List<String> all = new ArrayList<>(needed);
    model.encoder().features().forEach(feature -> all.add(feature.name()));
    all.add(model.offset().name());
    LakeTable.Opened opened = LakeTable.opened(session, spec, model.table().needing(all), texts);
    opened.reading().tell(spec.describe(), Console.standard()::note);
    List<String> columns = List.of(opened.rows().columns());
    model.table().checkDerived(columns, all, spec.describe(), "--derive \"%s=%s\""::formatted);
    return new Table(spec, opened.rows());
  }

  @Override
  public void close() throws IOException {
    try (session) {
      scorer.close();
    }
  }
}
