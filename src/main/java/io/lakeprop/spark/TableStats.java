package io.lakeprop.spark;

import io.lakeprop.data.FeatureSpec;
import io.lakeprop.data.FeatureStats;
import io.lakeprop.data.RowStats;
import io.lakeprop.spark.TrainingData.Split;
import java.util.Arrays;
import java.util.List;

/** What one pass over all rows of a table finds. Merging is associative and commutative. */
final class TableStats {
  private final FeatureStats training;
  private final RowStats[] splits = new RowStats[Split.values().length];

  /**
   * The empty statistic.
   *
   * @param labels a row
   */
  TableStats(List<FeatureSpec> specs, int labels) {
    training = new FeatureStats(specs, labels);
    Arrays.setAll(splits, split -> new RowStats());
  }

  TableStats merge(TableStats other) {
    training.merge(other.training);
    for (int split = 0; split < splits.length; split++) {
      splits[split].merge(other.splits[split]);
    }
    return this;
  }

  /** All that the encoder is bound to; of the training rows. */
  FeatureStats training() {
    return training;
  }

  /** All rows of a split, those that are left out, too. */
  long everyRow(Split split) {
    RowStats rows = of(split);
    return rows.rows() + rows.withoutLabel() + rows.ofRareClasses();
  }

  /** The rows of a split. */
  RowStats of(Split split) {
    return splits[split.code()];
  }
}
