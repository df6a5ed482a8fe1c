package io.lakeprop.train;

/** Watches a training; must not change anything. */
public interface TrainingListener {
  /** A round is done. */
  void round(RoundReport report);

  /** The validation rows were scored. */
  void evaluation(EvaluationReport report);

  /** Something is not well with the rounds so far, the last that was reported included. */
  default void warning(Warning warning) {}
}
