package io.lakeprop.job;

import io.lakeprop.spark.ClusterWatch;
import io.lakeprop.spark.SparkScorer;
import io.lakeprop.spark.TrainingData;
import java.io.IOException;

/** Tells how far a table is scored, and what happens to the cluster meanwhile. */
final class ScoringProgress implements TrainingData.Listener {
  private final SparkScorer scorer;
  private final Console console = Console.standard();
  private final long began = System.nanoTime();

  private ScoringProgress(SparkScorer scorer) {
    this.scorer = scorer;
  }

  /** Work on a cluster. */
  @FunctionalInterface
  interface Work<T> {
    T done() throws IOException;
  }

  /**
   * Does the work and tells of it.
   *
   * @param doing what, such as {@code predicting}
   */
  static <T> T over(Scoring scoring, String doing, Work<T> work) throws IOException {
    ScoringProgress progress = new ScoringProgress(scoring.scorer());
    progress.console.starting(doing);
    ClusterWatch watch = ClusterWatch.over(scoring.session(), progress);
    try {
      return work.done();
    } finally {
      watch.close();
      progress.console.done();
    }
  }

  @Override
  public void note(String text) {
    console.note(text);
  }

  @Override
  public void progress(double share) {
    console.progress(share, scorer.predicted(), (System.nanoTime() - began) * 1e-9);
  }
}
