package io.lakeprop.spark;

import java.util.Optional;
import java.util.Properties;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * What a Spark job of ours is for. It travels as a property of the job, also to jobs that Spark SQL
 * starts on threads of its own, so that what is heard of a stage can be told in our words.
 */
enum Work {
  /** The passes that the encoder is bound to. */
  STATISTICS("the statistics"),
  /** Rows become cached blocks. */
  PACKING("packing"),
  /** A round, or the tasks that stay for many. */
  ROUND("a round"),
  /** Scores of a split. */
  EVALUATION("an evaluation"),
  /** Whatever nobody named. */
  OTHER("a job");

  /** The property's key; tasks have it, too. */
  static final String PROPERTY = "lakeprop.work";

  private final String words;

  Work(String words) {
    this.words = words;
  }

  /** Every job that this thread starts from now on is for this. */
  void begins(JavaSparkContext context) {
    context.setLocalProperty(PROPERTY, name());
    context.setJobDescription("lakeprop: " + words);
  }

  /** What a job or stage with these properties is for. */
  static Work of(Properties properties) {
    return Optional.ofNullable(properties)
        .map(all -> all.getProperty(PROPERTY))
        .map(Work::valueOf)
        .orElse(OTHER);
  }

  /** In a sentence. */
  String words() {
    return words;
  }
}
