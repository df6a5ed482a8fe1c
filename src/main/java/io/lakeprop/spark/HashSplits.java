package io.lakeprop.spark;

import io.lakeprop.spark.TrainingData.Split;
import java.util.Arrays;
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
 * <p>A row's place is a number from 0 to 1. Validation has the places below its fraction, the test
 * rows those that follow. Where few rows differ in their features a fraction may hold no place at
 * all; {@link #filled} then moves its end.
 *
 * @param validation fraction of the rows; 0 where there is no such split, or a table of its own
 * @param test the same
 * @param endOfValidation the place from which on a row is no validation row
 * @param endOfTest the place from which on a row is a training row
 */
record HashSplits(
    long seed, double validation, double test, double endOfValidation, double endOfTest) {
  /** Kinds of rows, alike in their features, from which on no split is filled by hand. */
  private static final int MOST_KINDS = 100;

  static HashSplits of(TrainingData.Request request) {
    double validation = request.validation().isPresent() ? 0 : request.validationFraction();
    double test = request.test().isPresent() ? 0 : request.testFraction();
    return new HashSplits(request.seed(), validation, test, validation, validation + test);
  }

  /**
   * The same with ends that give each split at least one kind of rows, and take as few from the
   * others as that needs: the first places are validation rows, the next ones test rows. It is
   * itself where two kinds would not be left to train with, or where there are so many that a
   * fraction without any is meant.
   *
   * @param rows canonical, without those that are left out
   */
  HashSplits filled(Dataset<Row> rows) {
    double[] places =
        rows.select(place(rows)).distinct().limit(MOST_KINDS + 1).collectAsList().stream()
            .mapToDouble(row -> row.getDouble(0))
            .sorted()
            .toArray();
    int ofTest = test > 0 ? 1 : 0;
    int ofValidation = validation > 0 ? 1 : 0;
    int held = places.length - 2;
    if (held < ofTest + ofValidation || places.length > MOST_KINDS) {
      return this;
    }
    ofValidation *= between(1, below(places, endOfValidation), held - ofTest);
    ofTest *= between(1, below(places, endOfTest) - ofValidation, held - ofValidation);
    double end = ofValidation == 0 ? 0 : Math.nextUp(places[ofValidation - 1]);
    return new HashSplits(
        seed,
        validation,
        test,
        end,
        ofTest == 0 ? end : Math.nextUp(places[ofValidation + ofTest - 1]));
  }

  private static int between(int least, int number, int most) {
    return Math.max(least, Math.min(number, most));
  }

  private static int below(double[] places, double end) {
    return (int) Arrays.stream(places).filter(place -> place < end).count();
  }

  /** The code of the split of canonical rows. */
  Column split(Dataset<Row> canonical) {
    if (validation + test == 0) {
      return always(Split.TRAIN);
    }
    Column place = place(canonical);
    return functions
        .when(place.lt(endOfValidation), always(Split.VALIDATION))
        .when(place.lt(endOfTest), always(Split.TEST))
        .otherwise(always(Split.TRAIN));
  }

  private Column place(Dataset<Row> canonical) {
    return functions
        .shiftrightunsigned(functions.xxhash64(key(canonical), functions.lit(seed)), 11)
        .multiply(0x1.0p-53);
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
