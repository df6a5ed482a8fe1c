package io.lakeprop.spark;

import io.lakeprop.spark.TrainingData.Split;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * Splits of the training table by a hash of its rows' features and the seed: rows alike in their
 * features stay together, wherever they lie, with their labels as they are.
 *
 * <p>A hash of the label, too, would send the rows of one and the same customer to both sides by
 * what became of them: what is held out then has, given its features, the label that training did
 * not see, and validation is worse than a guess on tables of few different rows.
 *
 * @param validation fraction of the rows; 0 where there is no such split, or a table of its own
 * @param test the same
 */
record HashSplits(long seed, double validation, double test) {
  static HashSplits of(TrainingData.Request request) {
    return new HashSplits(
        request.seed(),
        request.validation().isPresent() ? 0 : request.validationFraction(),
        request.test().isPresent() ? 0 : request.testFraction());
  }

  /** The code of the split of canonical rows. */
  Column split(Dataset<Row> canonical) {
    if (validation + test == 0) {
      return always(Split.TRAIN);
    }
    Column place =
        functions
            .shiftrightunsigned(functions.xxhash64(key(canonical), functions.lit(seed)), 11)
            .multiply(0x1.0p-53);
    return functions
        .when(place.lt(validation), always(Split.VALIDATION))
        .when(place.lt(validation + test), always(Split.TEST))
        .otherwise(always(Split.TRAIN));
  }

  /**
   * By which columns a row's side is decided: all features, not the labels, the weight or the
   * offset. A split by groups would name its column here.
   */
  private static Column key(Dataset<Row> canonical) {
    return functions.xxhash64(Columns.hashedFeatures(canonical));
  }

  /** The same for a table of which all rows are in one split. */
  static Column always(Split split) {
    return functions.lit(split.code());
  }

  /** The fraction of a split that is not the training rows'. */
  double fraction(Split split) {
    return split == Split.VALIDATION ? validation : test;
  }
}
