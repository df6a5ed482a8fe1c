package io.lakeprop.spark;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.data.FeatureEncoder;
import io.lakeprop.data.FeatureSpec;
import io.lakeprop.data.FeatureStats;
import io.lakeprop.data.LabelEncoder;
import io.lakeprop.data.LabelOffset;
import io.lakeprop.data.NumberStats;
import io.lakeprop.data.TableSpec;
import io.lakeprop.data.ValueCounts;
import io.lakeprop.spark.TrainingData.Split;
import io.lakeprop.train.Batching;
import io.lakeprop.train.ClassWeights;
import io.lakeprop.train.Objective;
import io.lakeprop.train.Prior;
import io.lakeprop.train.Scores;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * From the job's tables to {@link TrainingData} in two steps: label and encoder are fitted on the
 * training rows, which also tells how large the network will be; then every split is packed.
 */
public final class DataPreparation {
  private static final int MOST_CLASSES = 1000;
  private static final int MOST_CLASSES_OF_INTEGERS = 50;

  private final SparkSession session;
  private final JavaSparkContext context;
  private final TrainingData.Request request;
  private final TrainingData.Listener listener;
  private final String name;
  private Dataset<Row> table;
  private Fitted fitted;
  private List<FeatureSpec> specs;
  private boolean labelIsNumber;

  DataPreparation(
      SparkSession session, TrainingData.Request request, TrainingData.Listener listener) {
    this.session = session;
    this.context = JavaSparkContext.fromSparkContext(session.sparkContext());
    this.request = request;
    this.listener = listener;
    this.name = request.train().describe();
  }

  /** The first step; returns this. */
  DataPreparation fit() {
    table = LakeTable.open(session, request.train());
    fitted = Failures.naming(name, "", this::fitOnTrainingRows);
    return this;
  }

  /** Fitted on the training rows. */
  public FeatureEncoder encoder() {
    return fitted.encoder;
  }

  /** Fitted on the training rows. */
  public LabelEncoder label() {
    return fitted.label;
  }

  /** What is added to the logits. */
  public LabelOffset offset() {
    // An estimate is standardised, and what is added to it must be, too.
    boolean standardised =
        fitted.label instanceof LabelEncoder.Quantity number
            && number.range() == LabelEncoder.Range.ANY;
    double scale = standardised ? ((LabelEncoder.Quantity) fitted.label).scale() : 1;
    return request
        .label()
        .offset()
        .map(column -> new LabelOffset(column, scale))
        .orElse(LabelOffset.NONE);
  }

  /** Training rows of each class, in the order of the label's classes; empty for a number. */
  public List<Long> rowsOfClasses() {
    return fitted.rowsOfClasses;
  }

  /** What the labels of the training rows say before any feature does. */
  public Prior prior(ClassWeights classWeights) {
    return new Prior(fitted.label, fitted.stats.labels(), classWeights);
  }

  /**
   * How this Spark can run the rounds of an objective.
   *
   * @param vectors that the optimizer remembers, each as long as theta
   * @throws InvalidInput when it cannot, or cannot evaluate the model
   */
  public RoundsChoice choose(RoundsChoice.Wish wish, Objective objective, int vectors) {
    MetricTotal.of(new Scores(fitted.label, objective.loss()), context.getConf()).check();
    return RoundsChoice.of(
        wish,
        RoundsChoice.Cluster.of(context),
        new RoundLoad(
            fitted.batching.slices(),
            tasks(),
            objective.network().layout().size(),
            objective.network().counted(),
            vectors));
  }

  /**
   * The second step: encodes, places, sorts and caches every split.
   *
   * @throws InvalidInput when the data breaks a rule
   */
  public TrainingData pack() {
    Map<Split, PackedTable> tables = new LinkedHashMap<>();
    TrainingData data =
        new TrainingData(
            context,
            fitted.encoder,
            fitted.label,
            fitted.batching,
            request.seed(),
            fitted.stats.fingerprint(),
            tables);
    boolean packed = false;
    try {
      long rows = fitted.stats.rows();
      listener.step("reading %s: encoding and packing %,d rows".formatted(name, rows));
      tables.put(
          Split.TRAIN,
          Failures.naming(name, "", () -> pack(fitted.train, fitted.batching.groups())));
      packOther(Split.VALIDATION).ifPresent(t -> tables.put(Split.VALIDATION, t));
      packOther(Split.TEST).ifPresent(t -> tables.put(Split.TEST, t));
      packed = true;
      return data;
    } finally {
      if (!packed) {
        data.close();
      }
    }
  }

  /** What the training rows decide. */
  private record Fitted(
      Dataset<Row> train,
      FeatureStats stats,
      FeatureEncoder encoder,
      LabelEncoder label,
      List<Long> rowsOfClasses,
      Batching batching) {}

  private Fitted fitOnTrainingRows() {
    Columns.Resolved resolved =
        Columns.resolve(table.schema(), request.features(), request.label(), name);
    specs = resolved.specs();
    if (!resolved.skipped().isEmpty()) {
      listener.note("not used, no type for a feature: " + String.join(", ", resolved.skipped()));
    }
    labelIsNumber = isNumber();
    Dataset<Row> train = split(canonical(table, name), Split.TRAIN);
    listener.step("reading %s: statistics of the training rows".formatted(name));
    FeatureStats stats = TableStatistics.numbers(train, specs, labelIsNumber);
    checkRows(stats.rows(), Split.TRAIN);
    checkWeights(stats.weight());
    checkOffset(stats.labels().offset());
    String column = request.label().column();
    Map<String, ValueCounts> counts =
        TableStatistics.values(
            train, specs, labelIsNumber ? Optional.empty() : Optional.of(column));
    LabelEncoder label =
        labelIsNumber ? numberLabel(stats) : classLabel(counts.get(column), stats.rows());
    FeatureEncoder encoder = FeatureEncoder.bind(specs, stats, counts);
    Batching batching =
        Batching.of(request.batch(), request.slices(), stats.rows(), bytesARow(encoder));
    return new Fitted(train, stats, encoder, label, rows(label, counts.get(column)), batching);
  }

  private static List<Long> rows(LabelEncoder label, ValueCounts counts) {
    if (!(label instanceof LabelEncoder.Classes classes)) {
      return List.of();
    }
    Map<String, Long> rows = new LinkedHashMap<>();
    counts.values().forEach(count -> rows.put(count.value(), count.rows()));
    return classes.values().stream().map(rows::get).toList();
  }

  private Dataset<Row> canonical(Dataset<Row> rows, String tableName) {
    return Columns.canonical(rows, specs, request.label(), labelIsNumber, tableName);
  }

  /** Rows of the training table by a hash of their content: duplicates stay together. */
  private Dataset<Row> split(Dataset<Row> canonical, Split split) {
    double validation = request.validation().isPresent() ? 0 : request.validationFraction();
    double test = request.test().isPresent() ? 0 : request.testFraction();
    if (validation + test == 0) {
      return canonical;
    }
    Column place =
        functions
            .shiftrightunsigned(
                functions.xxhash64(functions.col("hash"), functions.lit(request.seed())), 11)
            .multiply(0x1.0p-53);
    return switch (split) {
      case TRAIN -> canonical.where(place.geq(validation + test));
      case VALIDATION -> canonical.where(place.lt(validation));
      case TEST -> canonical.where(place.geq(validation).and(place.lt(validation + test)));
    };
  }

  private Optional<PackedTable> packOther(Split split) {
    Optional<TableSpec> own = split == Split.VALIDATION ? request.validation() : request.test();
    double fraction =
        split == Split.VALIDATION ? request.validationFraction() : request.testFraction();
    if (own.isEmpty() && fraction == 0) {
      return Optional.empty();
    }
    listener.step("reading the %s rows".formatted(split.name().toLowerCase(Locale.ROOT)));
    String its = own.map(TableSpec::describe).orElse(name);
    return Optional.of(
        Failures.naming(
            its,
            "",
            () -> {
              Dataset<Row> rows =
                  own.isPresent()
                      ? canonical(LakeTable.open(session, own.get()), its)
                      : split(canonical(table, name), split);
              // Counting the rows of a fraction would read the whole table once more.
              long count = own.isPresent() ? rows.count() : expected(fraction, fitted.stats.rows());
              int slices = fitted.batching.slices();
              int groups = Batching.groups(count, bytesARow(fitted.encoder), slices);
              PackedTable packed = pack(rows, groups);
              checkRows(packed.rows(), split);
              return packed;
            }));
  }

  /** Rows of a fraction of the table whose training part has so many. */
  private long expected(double fraction, long trainingRows) {
    double held =
        (request.validation().isPresent() ? 0 : request.validationFraction())
            + (request.test().isPresent() ? 0 : request.testFraction());
    return (long) Math.ceil(trainingRows / (1 - held) * fraction);
  }

  /** Tasks of a round. */
  private int tasks() {
    return BlockPacker.tasks(fitted.batching.slices(), context);
  }

  private PackedTable pack(Dataset<Row> rows, int groups) {
    int slices = fitted.batching.slices();
    Labels labels = new Labels(fitted.label, offset(), request.label().weight().orElse(""));
    return BlockPacker.pack(rows, fitted.encoder, labels, request.seed(), slices, groups, tasks());
  }

  private static int bytesARow(FeatureEncoder encoder) {
    return Float.BYTES * (encoder.numbers() + encoder.categories().size() + 2);
  }

  private boolean isNumber() {
    String column = request.label().column();
    return switch (request.label().task()) {
      case CLASSIFICATION -> false;
      case REGRESSION -> true;
      case AUTO ->
          Columns.labelIsNumber(Columns.field(table.schema(), column, name).dataType())
              .orElseGet(() -> manyValues(column));
    };
  }

  /** Whether an integer label has more values than classes usually are. */
  private boolean manyValues(String column) {
    long distinct =
        table
            .select(Columns.label(table.schema(), column, false, name))
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

  private void checkRows(long rows, Split split) {
    if (rows == 0) {
      Optional<TableSpec> own =
          split == Split.TRAIN
              ? Optional.of(request.train())
              : split == Split.VALIDATION ? request.validation() : request.test();
      throw new InvalidInput(
          "the %s split must have rows, however: table %s gives none"
              .formatted(
                  split.name().toLowerCase(Locale.ROOT),
                  own.map(TableSpec::describe).orElse(name)));
    }
  }

  private void checkWeights(NumberStats weight) {
    String column = request.label().weight().orElse("weight");
    if (weight.missing() > 0 || weight.infinite() > 0 || weight.smallest() < 0) {
      throw new InvalidInput(
          "weight \"%s\" must be a finite number of at least 0, however: %d are missing, %d infinite, the smallest is %s"
              .formatted(column, weight.missing(), weight.infinite(), weight.smallest()));
    }
    if (!(weight.total() > 0)) {
      throw new InvalidInput(
          "weight \"%s\" must be positive in some training row, however: all are 0"
              .formatted(column));
    }
  }

  private void checkOffset(NumberStats offset) {
    if (offset.missing() > 0 || offset.infinite() > 0) {
      throw new InvalidInput(
          "offset \"%s\" must be a finite number, however: %d are missing, %d infinite"
              .formatted(
                  request.label().offset().orElse("offset"), offset.missing(), offset.infinite()));
    }
  }

  private LabelEncoder numberLabel(FeatureStats stats) {
    String column = request.label().column();
    NumberStats own = stats.label();
    checkMissing(own.missing(), stats.rows(), "null or NaN", "%s is not null and not isnan(%s)");
    if (own.infinite() > 0) {
      throw new InvalidInput(
          "label \"%s\" must be finite, however: %d of %d training rows are infinite"
              .formatted(column, own.infinite(), stats.rows()));
    }
    double largest = Math.max(Math.abs(own.smallest()), Math.abs(own.largest()));
    if (largest > Float.MAX_VALUE) {
      throw new InvalidInput(
          "label \"%s\" must lie within ±3.4e38, however: it runs from %s to %s"
              .formatted(column, own.smallest(), own.largest()));
    }
    LabelEncoder.Range range = request.label().range();
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

  private LabelEncoder classLabel(ValueCounts counts, long rows) {
    String column = request.label().column();
    checkMissing(counts.missing(), rows, "null", "%s is not null");
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

  private void checkMissing(long missing, long rows, String what, String condition) {
    if (missing > 0) {
      String column = request.label().column();
      throw new InvalidInput(
          "label \"%s\" must not be %s, however: %d of %d training rows are (leave them out with where: %s)"
              .formatted(column, what, missing, rows, condition.formatted(column, column)));
    }
  }
}
