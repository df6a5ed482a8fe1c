package io.lakeprop.spark;

import io.lakeprop.data.Feature;
import io.lakeprop.data.FeatureEncoder;
import io.lakeprop.data.FeatureSpec;
import io.lakeprop.data.LabelEncoder;
import io.lakeprop.data.LabelOffset;
import io.lakeprop.data.LabelSettings;
import io.lakeprop.data.LeftOut;
import io.lakeprop.data.WeightScale;
import io.lakeprop.eval.MetricSum;
import io.lakeprop.model.Batch;
import io.lakeprop.model.Model;
import io.lakeprop.nn.Kernel;
import io.lakeprop.nn.Loss;
import io.lakeprop.nn.Network;
import io.lakeprop.text.TimeFormat;
import io.lakeprop.train.Scores;
import java.io.Serializable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.api.java.function.PairFlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.Tuple2;

/** Applies a saved model to tables: predictions for each row, or metrics over all. */
public final class SparkScorer implements AutoCloseable {
  private static final int BATCH = 256;
  private static final String NEWER_TIMES = "spark.sql.datetime.java8API.enabled";

  /** Behind the row and the offset. */
  private static final int FIRST_FEATURE = 2;

  private final JavaSparkContext context;
  private final Model model;
  private final Broadcast<float[]> theta;
  private UnseenValues unseen;

  /** Hands the parameters to the executors; {@link #close} takes them back. */
  public SparkScorer(JavaSparkContext context, Model model) {
    this.context = context;
    this.model = model;
    this.theta = context.broadcast(model.theta());
    this.unseen = UnseenValues.of(context, model.encoder());
  }

  /** What a person should know of the rows that were scored last, once they are. */
  public List<String> notes(String table) {
    return unseen.notes(table, model.encoder());
  }

  /** The model without its parameters, which are a broadcast. */
  private record Scoring(
      FeatureEncoder encoder,
      List<LabelEncoder> labels,
      LabelOffset offset,
      Network network,
      Loss loss,
      SentMeaning table,
      Broadcast<float[]> theta)
      implements Serializable {
    Batch batch(Kernel kernel) {
      return new Model(encoder, labels, offset, network, loss, theta.value(), null, table.told())
          .batch(BATCH, kernel);
    }
  }

  private Scoring scoring() {
    return new Scoring(
        model.encoder(),
        model.labels(),
        model.offset(),
        model.network(),
        model.loss(),
        SentMeaning.of(model.table()),
        theta);
  }

  /**
   * The table with a column {@code prediction}, and for classes {@code probabilities}, a map from
   * class to probability, or a column {@code probability_CLASS} each; for quantiles instead a
   * column a level, {@code prediction_0.9}. Where there are several labels, their names follow:
   * {@code prediction_LABEL}, {@code probabilities_LABEL}, {@code probability_LABEL_CLASS}, {@code
   * prediction_LABEL_0.9}. Lazy: rows are scored when the result is written.
   *
   * @param name of the table, for messages
   */
  public Dataset<Row> predict(Dataset<Row> table, ScoredColumns scored, String name) {
    unseen = UnseenValues.of(context, model.encoder());
    checkTypes(table.schema(), name);
    ScoredColumns spelled = scored.spelledAs(table.schema(), name);
    List<PredictedLabel> labels = PredictedLabel.of(model);
    AddedColumns.check(labels, spelled, table, name);
    return newerTimes(table.sparkSession(), () -> predict(table, spelled, labels, name));
  }

  /** Rows of the tasks that have ended, of the table that was scored last. */
  public long predicted() {
    return unseen.rows().value();
  }

  private Dataset<Row> predict(
      Dataset<Row> table, ScoredColumns scored, List<PredictedLabel> labels, String name) {
    StructType schema = table.schema();
    Column[] own = own(schema, scored);
    StructType ownTypes = table.select(own).schema();
    Column[] carried = asBytes(own, ownTypes);
    List<Column> columns = new ArrayList<>();
    columns.add(functions.struct(carried).as("row"));
    columns.add(
        model.offset().isNone()
            ? functions.lit(0.0).as("offset")
            : offset(schema, name).as("offset"));
    columns.addAll(Columns.features(schema, specs(), model.table()::missingIn, name));
    StructType predicted = new StructType().add("row", table.select(carried).schema());
    for (PredictedLabel label : labels) {
      predicted = label.addTo(predicted);
    }
    Dataset<Row> rows =
        table
            .select(columns.toArray(Column[]::new))
            .mapPartitions(
                new PredictRows(scoring(), unseen, new ArrayList<>(labels)),
                Encoders.row(predicted));
    List<Column> result = new ArrayList<>();
    for (StructField field : ownTypes.fields()) {
      Column value = functions.col("row").getField(field.name());
      boolean isText = field.dataType() instanceof StringType;
      result.add(
          (isText ? value.cast(field.dataType()) : value).as(field.name(), field.metadata()));
    }
    labels.forEach(label -> result.addAll(label.columns(scored.probabilities())));
    return rows.select(result.toArray(Column[]::new));
  }

  /** Columns as they travel with rows: Java's texts do not hold bytes that are no text. */
  private static Column[] asBytes(Column[] columns, StructType types) {
    Column[] bytes = columns.clone();
    for (int i = 0; i < bytes.length; i++) {
      StructField field = types.fields()[i];
      if (field.dataType() instanceof StringType) {
        bytes[i] = columns[i].cast(DataTypes.BinaryType).as(field.name());
      }
    }
    return bytes;
  }

  private Column offset(StructType schema, String table) {
    String column = model.offset().name();
    return Columns.plainNumber(
        Columns.field(schema, column, table), model.table().missingIn(column));
  }

  /**
   * Has rows travel with dates and timestamps of {@code java.time}. Those of {@code java.sql},
   * which Spark takes otherwise, lose what the Julian calendar or the machine's time zone does not
   * have, such as 1582-10-10. The choice is made where a table's plan is, not where its rows are
   * read.
   */
  private static Dataset<Row> newerTimes(SparkSession session, Supplier<Dataset<Row>> plan) {
    return SessionSwitch.on(session, NEWER_TIMES, plan);
  }

  private void checkTypes(StructType schema, String name) {
    CategoryTypes.check(model.encoder(), model.table(), schema, name);
    NumberUnits.check(model.encoder(), model.table(), schema, name);
  }

  /**
   * The metrics of a model on a table, and what was left out as in training.
   *
   * @param withoutLabel rows without a label
   * @param ofRareClasses rows of classes that the model does not know
   */
  public record Evaluation(MetricSum sum, long withoutLabel, long ofRareClasses) {}

  /**
   * The metrics of the model on a table that has the labels' columns: the same digits however the
   * table's rows lie in files.
   */
  public Evaluation evaluate(Dataset<Row> table, Optional<String> weight, String name) {
    unseen = UnseenValues.of(context, model.encoder());
    checkTypes(table.schema(), name);
    LabelSettings settings =
        new LabelSettings(model.labels().stream().map(this::settings).toList(), weight);
    List<Boolean> numbers =
        model.labels().stream().map(LabelEncoder.Quantity.class::isInstance).toList();
    Labels labels =
        new Labels(
            model.labels(),
            model.offset(),
            weight.orElse(""),
            WeightScale.ONE,
            Labels.Mends.OF_A_MODEL);
    KnownLabels known = new KnownLabels(model.labels(), model.table());
    known.check(table.schema(), name);
    Dataset<Row> canonical =
        Columns.canonical(
            known.in(table, name), specs(), settings, numbers, model.table()::missingIn, name);
    Scores scores = new Scores(model.labels(), model.loss());
    MetricTotal total = MetricTotal.of(scores, context.getConf());
    total.check();
    return new TableEvaluation(scores, total, weight.orElse("weight"), name)
        .of(
            canonical
                .toJavaRDD()
                .mapPartitionsToPair(new ScoreRows(scoring(), unseen, labels), false));
  }

  @Override
  public void close() {
    // Not destroyed, which goes on in the background: a session that is closed next would print its
    // stack. The driver's copy goes with this object.
    theta.unpersist(true);
  }

  /** To read its column; which labels have the offset matters to statistics alone. */
  private LabelSettings.Label settings(LabelEncoder label) {
    return new LabelSettings.Label(
        label.name(),
        LabelSettings.Task.AUTO,
        LabelEncoder.Range.ANY,
        Optional.of(model.offset().name()).filter(offset -> !offset.isEmpty()),
        LabelSettings.Missing.REFUSE,
        LabelSettings.RareClasses.REFUSED,
        Optional.empty());
  }

  /** The columns of the table that the scored one has, as they stand in the table. */
  private Column[] own(StructType schema, ScoredColumns scored) {
    Map<String, String> options =
        LakeTable.inSmallLetters(model.table().optionsWith(scored.options()));
    TimeFormat times = LakeTable.times(options, model.table().timeZone());
    Map<String, DataType> texts = TypedColumns.texts(schema);
    return Arrays.stream(schema.fields())
        .filter(field -> !scored.excluded().contains(field.name()))
        .filter(field -> !field.name().equals(TypedColumns.TEXTS))
        .map(
            field ->
                TypedColumns.asItStands(field, texts, scored.areTexts(), times).as(field.name()))
        .toArray(Column[]::new);
  }

  /** What the encoder needs of each column. */
  private List<FeatureSpec> specs() {
    List<FeatureSpec> specs = new ArrayList<>();
    for (Feature feature : model.encoder().features()) {
      String name = feature.name();
      if (feature instanceof Feature.Numeric) {
        specs.add(new FeatureSpec.Numeric(name, FeatureSpec.Scaling.NONE, false));
      } else if (feature instanceof Feature.Vector) {
        specs.add(new FeatureSpec.Vector(name, FeatureSpec.Scaling.NONE, false, true));
      } else {
        specs.add(new FeatureSpec.Categorical(name, 1, 1, 0, 0));
      }
    }
    return specs;
  }

  /** Rows with their predictions, a batch at a time. */
  private record PredictRows(Scoring scoring, UnseenValues unseen, ArrayList<PredictedLabel> labels)
      implements MapPartitionsFunction<Row, Row> {
    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
      return new PredictedRows(this, rows);
    }
  }

  private static final class PredictedRows implements Iterator<Row> {
    private final List<PredictedLabel> labels;
    private final int predictionsARow;
    private final Iterator<Row> rows;
    private final Batch batch;
    private final FeatureEncoder encoder;
    private final UnseenValues unseen;
    private final CanonicalRow canonical = new CanonicalRow(FIRST_FEATURE);
    private final List<Row> filled = new ArrayList<>();
    private float[] predictions;
    private int next;

    PredictedRows(PredictRows how, Iterator<Row> rows) {
      this.labels = how.labels;
      this.predictionsARow = how.scoring.loss().predictions();
      this.rows = rows;
      this.unseen = how.unseen;
      this.encoder = how.scoring.encoder();
      // The prediction of a row must not depend on how the rows lie in files.
      this.batch = how.scoring.batch(Kernel.rowByRow());
    }

    @Override
    public boolean hasNext() {
      return next < filled.size() || rows.hasNext();
    }

    @Override
    public Row next() {
      if (next == filled.size()) {
        fill();
      }
      Object[] columns = new Object[1 + 2 * labels.size()];
      columns[0] = filled.get(next).getStruct(0);
      int start = next++ * predictionsARow;
      int column = 1;
      boolean isNoNumber = false;
      for (PredictedLabel label : labels) {
        Double[] values = label.values(predictions, start);
        columns[column++] = label.likeliest(values);
        columns[column++] = values;
        isNoNumber |= PredictedLabel.isNoNumber(values);
      }
      if (isNoNumber) {
        unseen.addWithoutNumber();
      }
      return RowFactory.create(columns);
    }

    private void fill() {
      filled.clear();
      next = 0;
      while (filled.size() < batch.rows() && rows.hasNext()) {
        Row row = rows.next();
        batch.put(filled.size(), canonical.of(row), CanonicalRow.numberAt(row, 1));
        unseen.add(encoder, batch.read(), batch.ids());
        filled.add(row);
      }
      predictions = batch.predict(filled.size());
    }
  }

  /** Canonical rows as judged ones; the value of the pair says nothing. */
  private record ScoreRows(Scoring scoring, UnseenValues unseen, Labels labels)
      implements PairFlatMapFunction<Iterator<Row>, ScoredRow, Boolean> {
    @Override
    public Iterator<Tuple2<ScoredRow, Boolean>> call(Iterator<Row> rows) {
      return new ScoredRows(this, rows);
    }
  }

  private static final class ScoredRows implements Iterator<Tuple2<ScoredRow, Boolean>> {
    private final Labels labels;
    private final FeatureEncoder encoder;
    private final UnseenValues unseen;
    private final Iterator<Row> rows;
    private final Batch filled;
    private final CanonicalRow canonical;
    private final int width;
    private final int predictionsARow;
    private final ArrayDeque<ScoredRow> scored = new ArrayDeque<>();
    private final List<Row> batch = new ArrayList<>();
    private final float[] values;
    private final long[] contents;

    ScoredRows(ScoreRows how, Iterator<Row> rows) {
      this.labels = how.labels;
      this.encoder = how.scoring.encoder();
      this.unseen = how.unseen;
      this.rows = rows;
      this.filled = how.scoring.batch(Kernel.rowByRow());
      this.canonical = new CanonicalRow(labels.firstFeature());
      this.width = labels.labels().size();
      this.predictionsARow = how.scoring.loss().predictions();
      this.values = new float[filled.rows() * width];
      this.contents = new long[filled.rows()];
    }

    @Override
    public boolean hasNext() {
      return !scored.isEmpty() || rows.hasNext();
    }

    @Override
    public Tuple2<ScoredRow, Boolean> next() {
      if (scored.isEmpty()) {
        fill();
      }
      return new Tuple2<>(scored.remove(), true);
    }

    private void fill() {
      batch.clear();
      while (batch.size() < filled.rows() && rows.hasNext()) {
        Row row = rows.next();
        LeftOut reason = labels.leftOut(row);
        if (reason != LeftOut.NONE) {
          scored.add(ScoredRow.without(row.getLong(Columns.HASH), reason));
          continue;
        }
        int place = batch.size();
        filled.put(place, canonical.of(row), CanonicalRow.numberAt(row, Columns.OFFSET));
        unseen.add(encoder, filled.read(), filled.ids());
        contents[place] = filled.content();
        System.arraycopy(labels.labels(row), 0, values, place * width, width);
        batch.add(row);
      }
      if (!batch.isEmpty()) {
        score();
      }
    }

    private void score() {
      // All places, filled or not: a product of fewer rows may be rounded in another way.
      float[] predictions = filled.predict(filled.rows());
      float[] losses = filled.losses(batch.size(), values);
      for (int i = 0; i < batch.size(); i++) {
        int first = i * predictionsARow;
        scored.add(
            new ScoredRow(
                contents[i],
                Arrays.copyOfRange(values, i * width, (i + 1) * width),
                CanonicalRow.numberAt(batch.get(i), Columns.WEIGHT),
                Arrays.copyOfRange(predictions, first, first + predictionsARow),
                Arrays.copyOfRange(losses, i * width, (i + 1) * width)));
      }
    }
  }
}
