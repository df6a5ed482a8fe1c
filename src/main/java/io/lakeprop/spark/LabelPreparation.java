package io.lakeprop.spark;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.base.YamlText;
import io.lakeprop.data.FeatureStats;
import io.lakeprop.data.LabelBounds;
import io.lakeprop.data.LabelEncoder;
import io.lakeprop.data.LabelOffset;
import io.lakeprop.data.LabelSettings;
import io.lakeprop.data.LabelStats;
import io.lakeprop.data.LeftOut;
import io.lakeprop.data.NumberStats;
import io.lakeprop.data.TableMeaning;
import io.lakeprop.data.ValueCounts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;

/** The labels of a job: which of them are numbers, and what the training rows make of each. */
final class LabelPreparation {
  private static final int MOST_CLASSES = 1000;
  private static final int MOST_CLASSES_OF_INTEGERS = 50;

  /** More whole values of a type for fractions are rather amounts that happen to be whole. */
  private static final int MOST_CLASSES_OF_FRACTIONS = 10;

  /** Of classes in a note. */
  private static final int MOST_NAMED = 3;

  private final Dataset<Row> table;
  private final String name;
  private final LabelSettings settings;
  private final TrainingData.Listener listener;
  private final List<Boolean> numbers;
  private final RareClasses rare;

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
    this.listener = listener;
    this.numbers = settings.labels().stream().map(this::isNumber).toList();
    this.rare = new RareClasses(settings, numbers);
  }

  /** Whether each label is a number. */
  List<Boolean> numbers() {
    return numbers;
  }

  /** Whether rows without a label are skipped. */
  boolean skips() {
    return skipped().isPresent();
  }

  /** Which classes are rare. */
  RareClasses rare() {
    return rare;
  }

  /** Canonical rows with rare classes joined, where they are, and whether each row is left out. */
  Dataset<Row> prepared(Dataset<Row> canonical) {
    Column leftOut = rare.leftOut();
    if (skips()) {
      leftOut =
          functions.when(skipped().orElseThrow(), LeftOut.WITHOUT_LABEL.code()).otherwise(leftOut);
    }
    return rare.joined(canonical).withColumn(TableStatistics.LEFT_OUT, leftOut);
  }

  private Optional<Column> skipped() {
    List<Column> missing = new ArrayList<>();
    for (int i = 0; i < numbers.size(); i++) {
      if (settings.labels().get(i).missing() == LabelSettings.Missing.SKIP) {
        Column label = functions.col(Columns.labelName(i));
        missing.add(numbers.get(i) ? label.isNull().or(label.isNaN()) : label.isNull());
      }
    }
    return missing.stream().reduce(Column::or);
  }

  private boolean isNumber(LabelSettings.Label label) {
    String column = label.column();
    return switch (label.task()) {
      case CLASSIFICATION -> false;
      case REGRESSION -> true;
      case AUTO -> {
        DataType type = Columns.field(table.schema(), column, name).dataType();
        yield Columns.labelIsNumber(type)
            .orElseGet(
                () ->
                    Columns.hasFractions(type)
                        ? hasFraction(column) || manyValues(column, MOST_CLASSES_OF_FRACTIONS)
                        : manyValues(column, MOST_CLASSES_OF_INTEGERS));
      }
    };
  }

  /** Whether any value is no whole number; ends at the first that is none. */
  private boolean hasFraction(String column) {
    Column label = functions.col("label");
    return !values(column)
        .where(functions.floor(label).notEqual(label).or(functions.abs(label).gt(0x1.0p53)))
        .limit(1)
        .isEmpty();
  }

  /** The numbers of a label; -0 is 0. */
  private Dataset<Row> values(String column) {
    return table
        .select(
            // Its type is one of numbers, whose marks are gone.
            Columns.label(table.schema(), column, true, TableMeaning.UNKNOWN::missingIn, name)
                .plus(0.0)
                .as("label"))
        .where("label is not null and not isnan(label)");
  }

  /** Whether a label of whole numbers has more values than classes usually are. */
  private boolean manyValues(String column, int most) {
    long distinct = values(column).distinct().limit(most + 1).count();
    boolean number = distinct > most;
    listener.note(
        number
            ? "label %s has more than %d values: regression (label.task says otherwise)"
                .formatted(column, most)
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
              ? number(label, stats.label(place), stats.rows())
              : classes(label, counts.get(label.column()), stats.rows()));
      if (encoders.get(place) instanceof LabelEncoder.Classes classes) {
        checkWeights(classes, stats.label(place), stats.rows());
      }
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

  private static LabelEncoder number(LabelSettings.Label label, LabelStats stats, long rows) {
    String column = label.column();
    NumberStats own = stats.number();
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
    NumberStats learned = stats.learned();
    if (own.smallest() < own.largest() && learned.smallest() >= learned.largest()) {
      throw new InvalidInput(
          "label \"%s\" must vary in the training rows of positive weight, however: it does not"
              .formatted(column));
    }
    LabelBounds bounds =
        predictions(label) == LabelSettings.PredictionRange.ANY
            ? LabelBounds.NONE
            : new LabelBounds(learned.smallest(), learned.largest());
    boolean standardised = range == LabelEncoder.Range.ANY || learned.deviation() == 0;
    return standardised
        ? new LabelEncoder.Quantity(
            column, learned.mean(), learned.deviation(), range, label.missing(), bounds)
        : new LabelEncoder.Quantity(column, 0, learned.mean(), range, label.missing(), bounds);
  }

  /** Of twice the exposure twice as many are to be expected, more than training ever saw. */
  private static LabelSettings.PredictionRange predictions(LabelSettings.Label label) {
    return label
        .predictions()
        .orElse(
            label.offset().isPresent()
                ? LabelSettings.PredictionRange.ANY
                : LabelSettings.PredictionRange.TRAINING);
  }

  private LabelEncoder classes(LabelSettings.Label label, ValueCounts counts, long rows) {
    String column = label.column();
    DataType own = Columns.field(table.schema(), column, name).dataType();
    checkMissing(
        column, counts.missing(), rows, Columns.hasFractions(own) ? "null or NaN" : "null");
    if (counts.distinct() > MOST_CLASSES) {
      throw new InvalidInput(
          "label \"%s\" must have at most %d classes, however: it has %d (label.task: regression for a number, label.rare: other or drop for rare classes)"
              .formatted(column, MOST_CLASSES, counts.distinct()));
    }
    if (counts.distinct() == 1) {
      throw new InvalidInput(
          "label \"%s\" must have at least two classes in the training rows, however: all are \"%s\" (if held-out rows have others: another seed, or smaller fractions)"
              .formatted(column, counts.values().get(0).value()));
    }
    List<String> values = new ArrayList<>();
    counts.values().forEach(count -> values.add(count.value()));
    values.sort(new ByNumberThenText());
    noteTwins(column, values);
    return new LabelEncoder.Classes(
        column, own.sql(), values, label.missing(), label.rare().rare());
  }

  /** What weighs nothing in all of its rows is not there for training. */
  private void checkWeights(LabelEncoder.Classes label, LabelStats stats, long rows) {
    List<String> learned =
        label.values().stream().filter(value -> stats.isLearned(value, rows)).toList();
    if (learned.size() < 2) {
      throw new InvalidInput(
          "label \"%s\" must have at least two classes of positive weight in the training rows, however: only \"%s\" has some"
              .formatted(label.name(), learned.get(0)));
    }
    List<String> others = new ArrayList<>(label.values());
    others.removeAll(learned);
    if (!others.isEmpty()) {
      listener.note(
          "label %s: nothing is learned of classes whose training rows all weigh 0, or less than 1e-45 of the mean: %s%s"
              .formatted(
                  label.name(),
                  others.stream().limit(MOST_NAMED).collect(Collectors.joining(", ")),
                  others.size() > MOST_NAMED ? ", ..." : ""));
    }
  }

  /** Two classes that look alike are hardly meant. */
  private void noteTwins(String column, List<String> classes) {
    Map<String, String> seen = new LinkedHashMap<>();
    for (String value : classes) {
      String other = seen.put(bare(value).toLowerCase(Locale.ROOT), value);
      if (other != null) {
        boolean capitals = !bare(other).equals(bare(value));
        String one = "btrim(`%s`, ' \\u0009\\u00a0')".formatted(column.replace("`", "``"));
        listener.note(
            "label %s has classes that differ in %s alone: \"%s\" and \"%s\" (derive: {%s: %s} makes them one)"
                .formatted(
                    column,
                    capitals ? "capitals or blanks" : "blanks",
                    other,
                    value,
                    YamlText.key(column),
                    YamlText.quoted(capitals ? "lower(%s)".formatted(one) : one)));
        return;
      }
    }
  }

  /** A text without blanks around it. */
  private static String bare(String text) {
    return text.replaceAll("^[ \\t\\x{a0}]+|[ \\t\\x{a0}]+$", "");
  }

  private static void checkMissing(String column, long missing, long rows, String what) {
    if (missing > 0) {
      throw new InvalidInput(
          "label \"%s\" must not be %s, however: %d of %d training rows are (label.missing: skip leaves them out)"
              .formatted(column, what, missing, rows));
    }
  }
}
