package io.lakeprop.spark;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.base.YamlText;
import io.lakeprop.data.FeatureEncoder;
import io.lakeprop.data.FeatureSpec;
import io.lakeprop.data.FeatureStats;
import io.lakeprop.data.LabelEncoder;
import io.lakeprop.data.LabelOffset;
import io.lakeprop.data.LabelSettings;
import io.lakeprop.data.LabelStats;
import io.lakeprop.data.NumberStats;
import io.lakeprop.data.RowStats;
import io.lakeprop.data.TableMeaning;
import io.lakeprop.data.TableSpec;
import io.lakeprop.data.UselessColumns;
import io.lakeprop.data.ValueCounts;
import io.lakeprop.model.AsInTraining;
import io.lakeprop.spark.TrainingData.Split;
import io.lakeprop.text.MissingMarks;
import io.lakeprop.text.TimeFormat;
import io.lakeprop.train.Batching;
import io.lakeprop.train.ClassWeights;
import io.lakeprop.train.Objective;
import io.lakeprop.train.Prior;
import io.lakeprop.train.Scores;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.util.DateTimeUtils;
import org.apache.spark.sql.types.StructType;

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
  private final SplitRules rules;
  private HashSplits splits;
  private Dataset<Row> table;
  private TableMeaning meaning;
  private Set<String> looked = Set.of();
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
    this.rules = new SplitRules(request);
  }

  /** The first step; returns this. */
  DataPreparation fit() {
    Work.STATISTICS.begins(context);
    table = open(request.train(), Split.TRAIN, FeatureColumns.ofCategories(categories()));
    fitted = Failures.naming(request.train(), this::fitOnTrainingRows);
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

  /** Rounds that read all training rows, or one fewer or more: how they lie is not known yet. */
  public long roundsPerEpoch() {
    long round = fitted.batching.rowsOfRound();
    return (rows() + round - 1) / round;
  }

  /** Whether there are rows of a split. */
  public boolean has(Split split) {
    return split == Split.TRAIN || rules.own(split).isPresent() || splits.fraction(split) > 0;
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
            fitted.splits.of(Split.TRAIN).fingerprint(),
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
              request.train(),
              () ->
                  pack(
                      Split.TRAIN,
                      fitted.marked,
                      fitted.splits.of(Split.TRAIN),
                      fitted.batching.groups(),
                      fitted.batching.accumulate())));
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
      Dataset<Row> marked,
      TableStats splits,
      FeatureStats stats,
      FeatureEncoder encoder,
      List<LabelEncoder> labels,
      List<List<Long>> rowsOfClasses,
      Batching batching) {}

  /** What two passes over the training rows say. */
  private record Counted(Dataset<Row> marked, TableStats all, Map<String, ValueCounts> values) {}

  private Fitted fitOnTrainingRows() {
    Columns.Resolved resolved =
        Columns.resolve(table.schema(), request.features(), request.labels(), name);
    specs = resolved.specs();
    if (!resolved.skipped().isEmpty()) {
      listener.note("not used, no type for a feature: " + String.join(", ", resolved.skipped()));
    }
    labels = new LabelPreparation(table, name, request.labels(), listener);
    Counted counted = useful(resolved.wanted());
    TableStats all = counted.all();
    Map<String, ValueCounts> counts = counted.values();
    FeatureStats stats = all.training();
    checkSplits(all);
    if (!splits.equals(HashSplits.of(request))) {
      notes.fewKinds();
    }
    labels.rare().tell(notes);
    for (int label = 0; label < labels.numbers().size(); label++) {
      checkOffset(stats.label(label).offset());
    }
    List<LabelEncoder> encoders = labels.encoders(stats, counts);
    FeatureEncoder encoder =
        FeatureEncoder.bind(specs, stats, counts, DateTimeUtils.getZoneId(request.timeZone()));
    Batching batching =
        Batching.of(
            request.batch(),
            request.accumulate(),
            request.slices(),
            stats.rows(),
            bytesARow(encoder));
    notes.notFinite(stats.notFinite(specs));
    Set<String> meant = categories();
    meant.addAll(request.train().derive().keySet());
    notes.texts(specs, counts, looked, meant);
    notes.large(
        LargeNumbers.features(stats, specs, table.schema(), name),
        LargeNumbers.labels(
            stats, request.labels().columns(), labels.numbers(), table.schema(), name));
    LargeNumbers.vectors(stats, specs, table.schema(), name).forEach(listener::note);
    return new Fitted(
        counted.marked(),
        all,
        stats,
        encoder,
        encoders,
        LabelPreparation.rows(encoders, counts),
        batching);
  }

  /**
   * Leaves out the columns from which nothing can be learnt. Rows that differ in nothing else are
   * alike then, and stand on the same side of a split: the training rows are others, and are looked
   * at anew.
   *
   * @param wanted columns of which the job says something by name
   */
  private Counted useful(Set<String> wanted) {
    List<FeatureSpec> all = specs;
    Set<String> kept = new HashSet<>(wanted);
    SortedMap<String, String> reasons = new TreeMap<>();
    while (true) {
      splits = HashSplits.of(request);
      labels.rare().forget();
      Counted counted = counted();
      FeatureStats stats = counted.all().training();
      long rows = Arrays.stream(Split.values()).mapToLong(counted.all()::everyRow).sum();
      UselessColumns useless = UselessColumns.of(specs, stats, counted.values(), rows, kept);
      reasons.putAll(useless.reasons());
      if (useless.reasons().isEmpty()) {
        notes.useless(reasons);
        notes.ids(useless.ids());
        return counted;
      }
      if (isNothingLeft(reasons) && reasons.containsValue(UselessColumns.ROW_NUMBERS)) {
        // Too few kinds of rows are left to split: they tell the rows apart.
        reasons.forEach(
            (column, reason) -> {
              if (reason.equals(UselessColumns.ROW_NUMBERS)) {
                kept.add(column);
              }
            });
        reasons.clear();
        specs = all;
      } else {
        checkUseless(reasons);
        specs = specs.stream().filter(spec -> !useless.reasons().containsKey(spec.name())).toList();
      }
    }
  }

  private boolean isNothingLeft(SortedMap<String, String> reasons) {
    return specs.stream().allMatch(spec -> reasons.containsKey(spec.name()));
  }

  private void checkUseless(SortedMap<String, String> reasons) {
    if (request.features().useless() == UselessColumns.Treatment.REFUSE) {
      throw new InvalidInput(
          "a feature must tell rows apart and not each from all others, however: %s (features.useless: drop, or features.exclude)"
              .formatted(DataNotes.words(reasons)));
    }
    if (isNothingLeft(reasons)) {
      throw new InvalidInput(
          "table %s must have a feature from which something can be learnt, however: %s"
              .formatted(name, DataNotes.words(reasons)));
    }
  }

  private Counted counted() {
    TableStats all = statistics("statistics of the training rows");
    if (needsFilling(all) && fillSplits()) {
      all = statistics("statistics again, of splits that have rows");
    }
    Dataset<Row> marked = marked(table, name, splits::split);
    SameRows same = new SameRows(name, Split.TRAIN);
    long rows = all.training().rows();
    listener.step("reading %s: counting values".formatted(name));
    return new Counted(
        marked,
        all,
        TableStatistics.values(
            TableStatistics.rows(marked, Split.TRAIN),
            specs,
            labels.classColumns(),
            counted -> same.check("counting values", rows, counted)));
  }

  private TableStats statistics(String what) {
    learnRareClasses();
    listener.step("reading %s: %s".formatted(name, what));
    return TableStatistics.numbers(
        marked(table, name, splits::split),
        specs,
        labels.numbers(),
        labels.shifted(),
        request.seed());
  }

  /** Whether a split has no rows whose fraction of the table's is one or more. */
  private boolean needsFilling(TableStats all) {
    long rows = Arrays.stream(Split.values()).mapToLong(split -> all.of(split).rows()).sum();
    List<Split> empty =
        Arrays.stream(Split.values())
            .filter(split -> split == Split.TRAIN || splits.fraction(split) > 0)
            .filter(split -> all.of(split).rows() == 0)
            .toList();
    return !empty.isEmpty()
        && rows > 0
        && empty.stream()
            .allMatch(split -> split == Split.TRAIN || splits.fraction(split) * rows >= 1);
  }

  /** Whether rows now lie in other splits. */
  private boolean fillSplits() {
    HashSplits filled =
        splits.filled(TableStatistics.notLeftOut(marked(table, name, splits::split)));
    boolean others = !filled.equals(splits);
    if (others) {
      splits = filled;
      labels.rare().forget();
    }
    return others;
  }

  /** Which classes have too few training rows; a pass of its own, where the job asks for it. */
  private void learnRareClasses() {
    Map<String, String> columns = labels.rare().columns();
    boolean again = !columns.isEmpty();
    while (again) {
      listener.step("reading %s: classes of the training rows".formatted(name));
      Dataset<Row> train = TableStatistics.rows(marked(table, name, splits::split), Split.TRAIN);
      again = labels.rare().keep(TableStatistics.values(train, List.of(), columns, rows -> {}));
    }
  }

  /** The splits of the training table. */
  private void checkSplits(TableStats all) {
    long rows = 0;
    for (Split split : Split.values()) {
      rows += all.of(split).rows();
    }
    for (Split split : Split.values()) {
      if (split == Split.TRAIN || splits.fraction(split) > 0) {
        checkSplit(split, all.of(split), rows);
      }
    }
  }

  /**
   * @param all rows of the table that are not left out
   */
  private void checkSplit(Split split, RowStats stats, long all) {
    if (labels.skips()) {
      notes.withoutLabel(split, stats.withoutLabel());
    }
    if (labels.rare().drops()) {
      notes.ofRareClasses(split, stats.ofRareClasses());
    }
    rules.checkRows(split, stats, all, this::differentRows);
    rules.checkWeights(split, stats);
  }

  /** Rows of the training table that differ in a feature. */
  private long differentRows() {
    return table
        .select(
            Columns.features(table.schema(), specs, meaning::missingIn, name)
                .toArray(Column[]::new))
        .distinct()
        .count();
  }

  /** How the training table was read. */
  public TableMeaning meaning() {
    return meaning;
  }

  /** The columns that the job says are categories or classes. */
  private Set<String> categories() {
    Set<String> categories = new HashSet<>();
    request
        .features()
        .columns()
        .forEach(
            (column, spec) -> {
              if (spec instanceof FeatureSpec.Categorical) {
                categories.add(column);
              }
            });
    for (LabelSettings.Label label : request.labels().labels()) {
      if (label.task() == LabelSettings.Task.CLASSIFICATION) {
        categories.add(label.column());
      }
    }
    return categories;
  }

  /** The columns that every split must have. */
  private List<String> needed() {
    List<String> needed = new ArrayList<>(request.labels().reserved());
    specs.forEach(feature -> needed.add(feature.name()));
    return needed;
  }

  private Dataset<Row> open(TableSpec spec, Split split, FeatureColumns features) {
    TableMeaning own =
        split == Split.TRAIN
            ? meaning
            : meaning.needing(needed()).knowing(fitted.encoder, fitted.labels);
    LakeTable.Opened opened = LakeTable.opened(session, spec, own, false, features);
    notes.unreadable(spec, split, opened.unreadable());
    notes.reading(spec, split, opened.reading());
    if (split == Split.TRAIN) {
      looked = new HashSet<>(opened.reading().looked());
      looked.removeIf(column -> spec.derive().keySet().stream().anyMatch(column::equalsIgnoreCase));
      meaning =
          new TableMeaning(
              opened.reading().types(),
              marks(spec),
              opened.derived(),
              request.timeZone(),
              spec.options(),
              request.labels().weight(),
              Optional.empty(),
              Map.of(),
              made(opened));
    }
    return opened.rows();
  }

  /** The types of what the job's expressions gave. */
  private static Map<String, String> made(LakeTable.Opened opened) {
    StructType schema = opened.rows().schema();
    List<String> there = List.of(schema.fieldNames());
    return opened.derived().keySet().stream()
        .filter(there::contains) // One in other capitals may have taken another's place.
        .collect(Collectors.toMap(name -> name, name -> schema.apply(name).dataType().sql()));
  }

  /** The marks that the job lists, as other tables have them, too. */
  private Optional<List<String>> marks(TableSpec spec) {
    TimeFormat times =
        LakeTable.times(LakeTable.inSmallLetters(spec.options()), request.timeZone());
    return spec.missing().map(own -> MissingMarks.alsoInIso(own, times));
  }

  /** Canonical rows, which of them are left out, and the split of each. */
  private Dataset<Row> marked(
      Dataset<Row> rows, String tableName, Function<Dataset<Row>, Column> split) {
    Dataset<Row> prepared =
        labels.prepared(
            Columns.canonical(
                rows, specs, request.labels(), labels.numbers(), meaning::missingIn, tableName));
    return prepared.withColumn(TableStatistics.SPLIT, split.apply(prepared));
  }

  /** A table of its own, whose columns must mean what those of the training table do. */
  private Dataset<Row> other(TableSpec spec, Split split, String its) {
    Function<Map<String, String>, String> derive =
        columns -> deriving(SplitRules.name(split), columns);
    Dataset<Row> rows = open(spec, split, FeatureColumns.of(fitted.encoder, fitted.labels, derive));
    meaning.checkDerived(List.of(rows.columns()), spec.derive().keySet(), needed(), its, derive);
    CategoryTypes.check(fitted.encoder, meaning, rows.schema(), its);
    for (FeatureSpec feature : specs) {
      if (feature instanceof FeatureSpec.Numeric) {
        NumberUnits.check(table.schema(), rows.schema(), feature.name(), its);
      }
    }
    KnownLabels known = new KnownLabels(fitted.labels, meaning);
    known.check(rows.schema(), its);
    return marked(known.in(rows, its), its, all -> HashSplits.always(split));
  }

  /** The key that derives columns. */
  private static String deriving(String table, Map<String, String> columns) {
    return columns.entrySet().stream()
        .map(column -> YamlText.key(column.getKey()) + ": " + YamlText.quoted(column.getValue()))
        .collect(Collectors.joining(", ", table + ".derive: {", "}"));
  }

  private Optional<PackedTable> packOther(Split split) {
    Optional<TableSpec> own = rules.own(split);
    if (!has(split)) {
      return Optional.empty();
    }
    listener.step("reading the %s rows".formatted(SplitRules.name(split)));
    String its = rules.table(split);
    return Optional.of(
        Failures.naming(
            own.orElse(request.train()),
            () -> {
              Dataset<Row> marked = own.isPresent() ? other(own.get(), split, its) : fitted.marked;
              RowStats stats = own.isPresent() ? ownRows(marked, split) : fitted.splits.of(split);
              int slices = fitted.batching.slices();
              int groups = Batching.groups(stats.rows(), bytesARow(fitted.encoder), slices);
              return pack(split, marked, stats, groups, 1);
            }));
  }

  /** A table of its own is counted before it is packed: its groups and weights follow from it. */
  private RowStats ownRows(Dataset<Row> marked, Split split) {
    RowStats stats = TableStatistics.rows(marked, split, request.seed());
    checkSplit(split, stats, stats.rows());
    return stats;
  }

  /** Slices, parts of a round, and the tasks that can be busy in each. */
  private Placement placement(int parts) {
    int slices = fitted.batching.slices();
    int tasks = BlockPacker.tasks(Placement.mostOfAPart(slices, parts), context);
    return new Placement(slices, parts, tasks);
  }

  private PackedTable pack(
      Split split, Dataset<Row> marked, RowStats stats, int groups, int parts) {
    Labels own =
        new Labels(
            fitted.labels,
            offset(),
            request.labels().weight().orElse(""),
            stats.scale(),
            Labels.Mends.OF_A_JOB);
    Dataset<Row> rows = TableStatistics.rows(marked, split);
    UnseenValues unseen = UnseenValues.of(context, fitted.encoder);
    PackedTable packed =
        BlockPacker.pack(
            "packed " + SplitRules.name(split) + " rows",
            rows,
            fitted.encoder,
            new AsInTraining(fitted.encoder, meaning),
            unseen,
            own,
            request.seed(),
            groups,
            placement(parts));
    boolean same = false;
    try {
      new SameRows(rules.table(split), split).check(stats, packed);
      same = true;
      unseen.notes(SplitRules.name(split) + " rows", fitted.encoder).forEach(listener::note);
      return packed;
    } finally {
      if (!same) {
        packed.close();
      }
    }
  }

  /** With the labels and the weight. */
  private int bytesARow(FeatureEncoder encoder) {
    int labelled = request.labels().labels().size() + 1;
    return Float.BYTES * (encoder.numbers() + encoder.categories().size() + labelled);
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
