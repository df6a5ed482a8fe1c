package io.lakeprop.spark;

import java.util.List;
import java.util.Map;
import org.apache.spark.sql.types.StructType;

/**
 * Which columns a scored table has besides the predictions themselves.
 *
 * @param excluded columns of the table that the scored one does without; the model still reads them
 * @param options of the table's reader, by which its own texts are read
 */
public record ScoredColumns(
    Probabilities probabilities, List<String> excluded, Map<String, String> options) {
  public ScoredColumns {
    excluded = List.copyOf(excluded);
    options = Map.copyOf(options);
  }

  /** Of a table whose reader is told what training's was. */
  public ScoredColumns(Probabilities probabilities, List<String> excluded) {
    this(probabilities, excluded, Map.of());
  }

  /** The same, with the names as a table spells them; a refusal names one that it has not. */
  ScoredColumns spelledAs(StructType schema, String table) {
    return new ScoredColumns(
        probabilities,
        excluded.stream().map(column -> Columns.field(schema, column, table).name()).toList(),
        options);
  }

  /** Whether the table is for a format that knows texts alone. */
  boolean areTexts() {
    return probabilities == Probabilities.COLUMNS;
  }

  /** How the probabilities of classes are laid out. */
  public enum Probabilities {
    /** A map from class to probability, {@code probabilities}. */
    MAP,
    /** A column a class, {@code probability_CLASS}, for formats that know no maps. */
    COLUMNS
  }
}
