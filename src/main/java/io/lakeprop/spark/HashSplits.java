package io.lakeprop.spark;

import io.lakeprop.spark.TrainingData.Split;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;

/**
 * Splits of the training table by a hash of its rows' content and the seed: duplicates stay
 * together, wherever they lie.
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

  /** The code of the split of a canonical row. */
  Column split() {
    if (validation + test == 0) {
      return always(Split.TRAIN);
    }
    Column place =
        functions
            .shiftrightunsigned(functions.xxhash64(functions.col("hash"), functions.lit(seed)), 11)
            .multiply(0x1.0p-53);
    return functions
        .when(place.lt(validation), always(Split.VALIDATION))
        .when(place.lt(validation + test), always(Split.TEST))
        .otherwise(always(Split.TRAIN));
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
