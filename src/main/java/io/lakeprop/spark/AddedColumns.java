package io.lakeprop.spark;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.base.ShellWord;
import io.lakeprop.spark.ScoredColumns.Probabilities;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Whether the columns that scoring adds have names of their own, asked before a row is read. */
final class AddedColumns {
  private AddedColumns() {}

  /**
   * Refuses names that come twice, also where they differ in case alone and the session takes that
   * for the same, or in their Unicode normalisation form.
   */
  static void check(
      List<PredictedLabel> labels, ScoredColumns scored, Dataset<Row> table, String name) {
    UnaryOperator<String> key = ColumnNames.key(table.sparkSession());
    Set<String> added = new HashSet<>();
    for (PredictedLabel label : labels) {
      for (String column : label.added(scored.probabilities())) {
        if (!added.add(key.apply(ColumnNames.normal(column)))) {
          throw new InvalidInput(
              "table %s must get columns of different names, however: \"%s\" would be added twice%s"
                  .formatted(name, column, mend(scored)));
        }
      }
    }
    for (String own : table.columns()) {
      if (!scored.excluded().contains(own) && added.contains(key.apply(ColumnNames.normal(own)))) {
        throw new InvalidInput(
            "table %s must not have a column \"%s\", which is added, however: it has one (--exclude %s leaves it out)"
                .formatted(name, own, ShellWord.of(own)));
      }
    }
  }

  private static String mend(ScoredColumns scored) {
    return scored.probabilities() == Probabilities.COLUMNS
        ? " (--output-format parquet has a map of classes instead)"
        : "";
  }
}
