package io.lakeprop.spark;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.data.FeatureStats;
import io.lakeprop.data.LabelEncoder;
import io.lakeprop.data.LabelOffset;
import io.lakeprop.data.LabelSettings;
import io.lakeprop.data.NumberStats;
import io.lakeprop.data.ValueCounts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** The labels of a job: which of them are numbers, and what the training rows make of each. */
final class LabelPreparation {
  private static final int MOST_CLASSES = 1000;
  private static final int MOST_CLASSES_OF_INTEGERS = 50;

  private final Dataset<Row> table;
  private final String name;
  private final LabelSettings settings;
  private final List<Boolean> numbers;

  /**
   * Tells numbers from classes, which may need a look at the table.
   *
   * @param name of the table, for messages
   */
  LabelPreparation(
      Dataset<Row> table, String name, LabelSettings settings, TrainingData.Listener listener) {
    this.table = table;
    this.name = name;
    this.settings = settings;
    this.numbers = settings.labels().stream().map(label -> isNumber(label, listener)).toList();
  }

  /** Whether each label is a number. */
  List<Boolean> numbers() {
    return numbers;
  }

  /** The canonical rows without a label that the job wants to have skipped; empty where none is. */
  Optional<Column> skipped() {
    List<Column> missing = new ArrayList<>();
    for (int i = 0; i < numbers.size(); i++) {
      if (settings.labels().get(i).missing() == LabelSettings.Missing.SKIP) {
        Column label = functions.col(Columns.labelName(i));
        missing.add(numbers.get(i) ? label.isNull().or(label.isNaN()) : label.isNull());
      }
    }
    return missing.stream().reduce(Column::or);
  }

  private boolean isNumber(LabelSettings.Label label, TrainingData.Listener listener) {
    String column = label.column();
    return switch (label.task()) {
      case CLASSIFICATION -> false;
      case REGRESSION -> true;
      case AUTO ->
          Columns.labelIsNumber(Columns.field(table.schema(), column, name).dataType())
              .orElseGet(() -> manyValues(column, listener));
    };
  }

  /** Whether an integer label has more values than classes usually are. */
  private boolean manyValues(String column, TrainingData.Listener listener) {
    long distinct =
        table
            .select(Columns.label(table.schema(), column, false, name).as("label"))
            .where("label is not null")
            .distinct()
            .limit(MOST_CLASSES_OF_INTEGERS + 1)
            .count();
    boolean number = distinct > MOST_CLASSES_OF_INTEGERS;
    listener.note(
        number
            ? "label %s has more than %d values: regression (label.task says otherwise)"
                .formatted(column, MOST_CLASSES_OF_INTEGERS)
            : "label %s has %d values: classification (label.task says otherwise)"
                .formatted(column, distinct));
    return number;
  }

  /** The columns of labels that are classes, and what they are called in the canonical table. */
  Map<String, String> classColumns() {
    Map<String, String> columns = new LinkedHashMap<>();
    for (int i = 0; i < numbers.size(); i++) {
      if (!numbers.get(i)) {
        columns.put(settings.labels().get(i).column(), Columns.labelName(i));
      }
    }
    return columns;
  }

  /**
   * An encoder a label.
   *
   * @param counts of the labels that are classes, by their columns
   */
  List<LabelEncoder> encoders(FeatureStats stats, Map<String, ValueCounts> counts) {
    List<LabelEncoder> encoders = new ArrayList<>();
    for (LabelSettings.Label label : settings.labels()) {
      int place = encoders.size();
      encoders.add(
          numbers.get(place)
              ? number(label, stats.label(place).number(), stats.rows())
              : classes(label.column(), counts.get(label.column()), stats.rows()));
    }
    return encoders;
  }

  /** Training rows of each class of each label, in the order of its classes; none of a number. */
  static List<List<Long>> rows(List<LabelEncoder> encoders, Map<String, ValueCounts> counts) {
    return encoders.stream().map(label -> rows(label, counts.get(label.name()))).toList();
  }

  private static List<Long> rows(LabelEncoder label, ValueCounts counts) {
    if (!(label instanceof LabelEncoder.Classes classes)) {
      return List.of();
    }
    Map<String, Long> rows = new LinkedHashMap<>();
    counts.values().forEach(count -> rows.put(count.value(), count.rows()));
    return classes.values().stream().map(rows::get).toList();
  }

  /** What is added to the logits: in the unit of an only label, as it is for several. */
  LabelOffset offset(List<LabelEncoder> encoders) {
    double unit = encoders.size() == 1 ? encoders.get(0).logitUnit() : 1;
    return settings.offset().map(column -> new LabelOffset(column, unit)).orElse(LabelOffset.NONE);
  }

  /** Whether each label has an offset. */
  List<Boolean> shifted() {
    return settings.labels().stream().map(label -> label.offset().isPresent()).toList();
  }

  private static LabelEncoder number(LabelSettings.Label label, NumberStats own, long rows) {
    String column = label.column();
    checkMissing(column, own.missing(), rows, "null or NaN");
    if (own.infinite() > 0) {
      throw new InvalidInput(
          "label \"%s\" must be finite, however: %d of %d training rows are infinite"
              .formatted(column, own.infinite(), rows));
    }
    if (own.magnitude() > Float.MAX_VALUE) {
      throw new InvalidInput(
          "label \"%s\" must lie within ±3.4e38, however: it runs from %s to %s"
              .formatted(column, own.smallest(), own.largest()));
    }
    LabelEncoder.Range range = label.range();
    if (!range.holds(own.smallest())) {
      throw new InvalidInput(
          "label \"%s\" must be %s for this loss, however: the smallest of the training rows is %s"
              .formatted(column, range.rule(), own.smallest()));
    }
    boolean standardised = range == LabelEncoder.Range.ANY || own.deviation() == 0;
    return standardised
        ? new LabelEncoder.Quantity(column, own.mean(), own.deviation(), range)
        : new LabelEncoder.Quantity(column, 0, own.mean(), range);
  }

  private LabelEncoder classes(String column, ValueCounts counts, long rows) {
    checkMissing(column, counts.missing(), rows, "null");
    if (counts.distinct() > MOST_CLASSES) {
      throw new InvalidInput(
          "label \"%s\" must have at most %d classes, however: it has %d (label.task: regression for a number)"
              .formatted(column, MOST_CLASSES, counts.distinct()));
    }
    if (counts.distinct() == 1) {
      throw new InvalidInput(
          "label \"%s\" must have at least two classes in the training rows, however: all are \"%s\""
              .formatted(column, counts.values().get(0).value()));
    }
    List<String> values = new ArrayList<>();
    counts.values().forEach(count -> values.add(count.value()));
    values.sort(new ByNumberThenText());
    String type = Columns.field(table.schema(), column, name).dataType().sql();
    return new LabelEncoder.Classes(column, type, values);
  }

  private static void checkMissing(String column, long missing, long rows, String what) {
    if (missing > 0) {
      throw new InvalidInput(
          "label \"%s\" must not be %s, however: %d of %d training rows are (label.missing: skip leaves them out)"
              .formatted(column, what, missing, rows));
    }
  }
}
