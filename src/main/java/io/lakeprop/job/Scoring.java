package io.lakeprop.job;

import io.lakeprop.model.Model;
import io.lakeprop.model.ModelFiles;
import io.lakeprop.model.Storage;
import io.lakeprop.spark.HadoopStorage;
import io.lakeprop.spark.SparkScorer;
import java.io.IOException;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/** A session with a saved model on its executors: what evaluate and predict start from. */
record Scoring(SparkSession session, Storage storage, SparkScorer scorer) implements AutoCloseable {
  static Scoring open(String command, String folder) throws IOException {
    SparkSession session = Sessions.open(command + " " + folder);
    boolean open = false;
    try {
      Storage storage = new HadoopStorage(session.sparkContext().hadoopConfiguration());
      Model model = ModelFiles.read(storage, folder);
      JavaSparkContext context = JavaSparkContext.fromSparkContext(session.sparkContext());
      SparkScorer scorer = new SparkScorer(context, model);
      open = true;
      return new Scoring(session, storage, scorer);
    } finally {
      if (!open) {
        session.close();
      }
    }
  }

  @Override
  public void close() throws IOException {
    try (session) {
      scorer.close();
    }
  }
}
