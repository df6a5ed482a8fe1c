package io.lakeprop.spark;

import java.util.List;

/**
 * Which columns a scored table has besides the predictions themselves.
 *
 * @param excluded columns of the table that the scored one does without; the model still reads them
 */
public record ScoredColumns(Probabilities probabilities, List<String> excluded) {
  public ScoredColumns {
    excluded = List.copyOf(excluded);
  }

  /** How the probabilities of classes are laid out. */
  public enum Probabilities {
    /** A map from class to probability, {@code probabilities}. */
    MAP,
    /** A column a class, {@code probability_CLASS}, for formats that know no maps. */
    COLUMNS
  }
}
