package io.lakeprop.spark;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.data.FeatureEncoder;
import io.lakeprop.data.FeatureSpec;
import io.lakeprop.data.FeatureStats;
import io.lakeprop.data.LabelEncoder;
import io.lakeprop.data.LabelOffset;
import io.lakeprop.data.LabelStats;
import io.lakeprop.data.NumberStats;
import io.lakeprop.data.TableMeaning;
import io.lakeprop.data.TableSpec;
import io.lakeprop.data.ValueCounts;
import io.lakeprop.spark.TrainingData.Split;
import io.lakeprop.train.Batching;
import io.lakeprop.train.ClassWeights;
import io.lakeprop.train.Objective;
import io.lakeprop.train.Prior;
import io.lakeprop.train.Scores;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * From the job's tables to {@link TrainingData} in two steps: label and encoder are fitted on the
 * training rows, which also tells how large the network will be; then every split is packed.
 */
public final class DataPreparation {
  private final SparkSession session;
  private final JavaSparkContext context;
  private final TrainingData.Request request;
  private final TrainingData.Listener listener;
  private final String name;
  private final DataNotes notes;
  private final HashSplits splits;
  private Dataset<Row> table;
  private TableMeaning meaning;
  private Fitted fitted;
  private List<FeatureSpec> specs;
  private LabelPreparation labels;

  DataPreparation(
      SparkSession session, TrainingData.Request request, TrainingData.Listener listener) {
    this.session = session;
    this.context = JavaSparkContext.fromSparkContext(session.sparkContext());
    this.request = request;
    this.listener = listener;
    this.name = request.train().describe();
    this.notes = new DataNotes(listener);
    this.splits = HashSplits.of(request);
    this.meaning = TableMeaning.in(request.timeZone());
  }

  /** The first step; returns this. */
  DataPreparation fit() {
    Work.STATISTICS.begins(context);
    table = open(request.train(), Split.TRAIN);
    fitted = Failures.naming(name, "", this::fitOnTrainingRows);
    return this;
  }

  /** Fitted on the training rows. */
  public FeatureEncoder encoder() {
    return fitted.encoder;
  }

  /** Fitted on the training rows. */
  public List<LabelEncoder> labels() {
    return fitted.labels;
  }

  /** What is added to the logits. */
  public LabelOffset offset() {
    return labels.offset(fitted.labels);
  }

  /** How the training rows will be cut. */
  public Batching batching() {
    return fitted.batching;
  }

  /** Training rows. */
  public long rows() {
    return fitted.stats.rows();
  }

  /** Training rows of each class of each label, in the order of its classes; none of a number. */
  public List<List<Long>> rowsOfClasses() {
    return fitted.rowsOfClasses;
  }

  /** What the labels of the training rows say before any feature does. */
  public Prior prior(ClassWeights classWeights) {
    List<LabelStats> stats =
        IntStream.range(0, fitted.labels.size()).mapToObj(fitted.stats::label).toList();
    return new Prior(fitted.labels, stats, classWeights);
  }

  /**
   * How this Spark can run the rounds of an objective.
   *
   * @param vectors that the optimizer remembers, each as long as theta
   * @throws InvalidInput when it cannot, or cannot evaluate the model
   */
  public RoundsChoice choose(RoundsChoice.Wish wish, Objective objective, int vectors) {
    MetricTotal.of(new Scores(fitted.labels, objective.loss()), context.getConf()).check();
    return RoundsChoice.of(
        wish,
        RoundsChoice.Cluster.of(context),
        new RoundLoad(
            placement(fitted.batching.accumulate()),
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
            fitted.labels,
            fitted.batching,
            request.seed(),
            fitted.stats.fingerprint(),
            notes.findings(),
            tables);
    boolean packed = false;
    try {
      long rows = fitted.stats.rows();
      Work.PACKING.begins(context);
      listener.step("reading %s: encoding and packing %,d rows".formatted(name, rows));
      tables.put(
          Split.TRAIN,
          Failures.naming(
              name,
              "",
              () -> pack(fitted.train, fitted.batching.groups(), fitted.batching.accumulate())));
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
      List<LabelEncoder> labels,
      List<List<Long>> rowsOfClasses,
      Batching batching) {}

  private Fitted fitOnTrainingRows() {
    Columns.Resolved resolved =
        Columns.resolve(table.schema(), request.features(), request.labels(), name);
    specs = resolved.specs();
    if (!resolved.skipped().isEmpty()) {
      listener.note("not used, no type for a feature: " + String.join(", ", resolved.skipped()));
    }
    labels = new LabelPreparation(table, name, request.labels(), listener);
    listener.step("reading %s: statistics of the training rows".formatted(name));
    Dataset<Row> train = labelled(splits.rows(canonical(table, name), Split.TRAIN), Split.TRAIN);
    FeatureStats stats = TableStatistics.numbers(train, specs, labels.numbers(), labels.shifted());
    checkRows(stats.rows(), Split.TRAIN);
    checkWeights(stats.weight());
    for (int label = 0; label < labels.numbers().size(); label++) {
      checkOffset(stats.label(label).offset());
    }
    Map<String, ValueCounts> counts = TableStatistics.values(train, specs, labels.classColumns());
    List<LabelEncoder> encoders = labels.encoders(stats, counts);
    FeatureEncoder encoder = FeatureEncoder.bind(specs, stats, counts);
    Batching batching =
        Batching.of(
            request.batch(),
            request.accumulate(),
            request.slices(),
            stats.rows(),
            bytesARow(encoder));
    notes.notFinite(stats.notFinite(specs));
    notes.large(
        LargeNumbers.features(stats, specs, table.schema(), name),
        LargeNumbers.labels(
            stats, request.labels().columns(), labels.numbers(), table.schema(), name));
    return new Fitted(
        train, stats, encoder, encoders, LabelPreparation.rows(encoders, counts), batching);
  }

  /** How the training table was read. */
  public TableMeaning meaning() {
    return meaning;
  }

  private Dataset<Row> open(TableSpec spec, Split split) {
    LakeTable.Opened opened = LakeTable.opened(session, spec, meaning, false);
    notes.unreadable(spec, split, opened.unreadable());
    notes.reading(spec, split, opened.reading());
    if (split == Split.TRAIN) {
      meaning =
          new TableMeaning(
              opened.reading().types(), spec.missing(), spec.derive(), request.timeZone());
    }
    return opened.rows();
  }

  /** Without the rows that lack a label, where the job says so; they are counted. */
  private Dataset<Row> labelled(Dataset<Row> canonical, Split split) {
    return labels
        .skipped()
        .map(
            skipped -> {
              notes.withoutLabel(split, canonical.where(skipped).count());
              return canonical.where(functions.not(skipped));
            })
        .orElse(canonical);
  }

  /** A table of its own, whose columns must mean what those of the training table do. */
  private Dataset<Row> other(TableSpec spec, Split split, String its) {
    Dataset<Row> rows = open(spec, split);
    CategoryTypes.check(fitted.encoder, rows.schema(), its);
    for (FeatureSpec feature : specs) {
      NumberUnits.check(table.schema(), rows.schema(), feature.name(), its);
    }
    return canonical(rows, its);
  }

  private Dataset<Row> canonical(Dataset<Row> rows, String tableName) {
    return Columns.canonical(rows, specs, request.labels(), labels.numbers(), tableName);
  }

  private Optional<PackedTable> packOther(Split split) {
    Optional<TableSpec> own = split == Split.VALIDATION ? request.validation() : request.test();
    if (own.isEmpty() && splits.fraction(split) == 0) {
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
                      ? labelled(other(own.get(), split, its), split)
                      : labelled(splits.rows(canonical(table, name), split), split);
              // Counting the rows of a fraction would read the whole table once more.
              long count =
                  own.isPresent() ? rows.count() : splits.expected(split, fitted.stats.rows());
              int slices = fitted.batching.slices();
              int groups = Batching.groups(count, bytesARow(fitted.encoder), slices);
              PackedTable packed = pack(rows, groups, 1);
              checkRows(packed.rows(), split);
              return packed;
            }));
  }

  /** Slices, parts of a round, and the tasks that can be busy in each. */
  private Placement placement(int parts) {
    int slices = fitted.batching.slices();
    int tasks = BlockPacker.tasks(Placement.mostOfAPart(slices, parts), context);
    return new Placement(slices, parts, tasks);
  }

  private PackedTable pack(Dataset<Row> rows, int groups, int parts) {
    Labels own = new Labels(fitted.labels, offset(), request.labels().weight().orElse(""));
    return BlockPacker.pack(rows, fitted.encoder, own, request.seed(), groups, placement(parts));
  }

  /** With the labels and the weight. */
  private int bytesARow(FeatureEncoder encoder) {
    int labelled = request.labels().labels().size() + 1;
    return Float.BYTES * (encoder.numbers() + encoder.categories().size() + labelled);
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
    String column = request.labels().weight().orElse("weight");
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
                  request.labels().offset().orElse("offset"), offset.missing(), offset.infinite()));
    }
  }
}
