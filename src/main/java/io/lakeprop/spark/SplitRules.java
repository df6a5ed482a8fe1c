package io.lakeprop.spark;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.data.RowStats;
import io.lakeprop.data.TableSpec;
import io.lakeprop.spark.TrainingData.Split;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongSupplier;

/** What the rows of a split must be before they are packed. */
record SplitRules(TrainingData.Request request) {
  /** The table that a split has of its own. */
  Optional<TableSpec> own(Split split) {
    return switch (split) {
      case TRAIN -> Optional.empty();
      case VALIDATION -> request.validation();
      case TEST -> request.test();
    };
  }

  /** What messages call the table that a split is taken from. */
  String table(Split split) {
    return own(split).orElse(request.train()).describe();
  }

  static String name(Split split) {
    return split.name().toLowerCase(Locale.ROOT);
  }

  /**
   * There must be some.
   *
   * @param all rows of the table, whatever their split
   * @param different counts those that differ in a feature; only asked for a refusal
   */
  void checkRows(Split split, RowStats stats, long all, LongSupplier different) {
    if (stats.rows() > 0) {
      return;
    }
    String rule =
        "the %s split must have rows, however: table %s ".formatted(name(split), table(split));
    long out = stats.withoutLabel() + stats.ofRareClasses();
    if (all > 0) {
      throw new InvalidInput(
          "%shas %,d rows, %,d of them different in their features, and rows that are alike stay together (%s: another fraction, none or a table of its own; or another seed)"
              .formatted(
                  rule,
                  all,
                  different.getAsLong(),
                  split == Split.TRAIN ? "validation, test" : name(split)));
    }
    throw new InvalidInput(
        rule
            + (out == 0
                ? "gives none"
                : "gives none but %,d that are left out, %,d of them without a label"
                    .formatted(out, stats.withoutLabel())));
  }

  /** Weights must be numbers of at least 0, and not all 0. */
  void checkWeights(Split split, RowStats stats) {
    checkWeights(
        request.labels().weight().orElse("weight"),
        split == Split.TRAIN ? "training" : name(split),
        stats);
  }

  /**
   * The same for any rows.
   *
   * @param rows what messages call them
   */
  static void checkWeights(String column, String rows, RowStats stats) {
    if (stats.weight().missing() > 0
        || stats.weight().infinite() > 0
        || stats.weight().smallest() < 0) {
      throw new InvalidInput(
          "weight \"%s\" must be a finite number of at least 0, however: %d are missing, %d infinite, the smallest is %s"
              .formatted(
                  column,
                  stats.weight().missing(),
                  stats.weight().infinite(),
                  stats.weight().smallest()));
    }
    if (!(stats.weight().largest() > 0)) {
      throw new InvalidInput(
          "weight \"%s\" must be positive in some %s row, however: all are 0"
              .formatted(column, rows));
    }
  }
}
