package io.lakeprop.spark;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.data.Feature;
import io.lakeprop.data.FeatureEncoder;
import io.lakeprop.data.FeatureSpec;
import io.lakeprop.data.LabelEncoder;
import io.lakeprop.data.LabelOffset;
import io.lakeprop.data.LabelSettings;
import io.lakeprop.eval.MetricSum;
import io.lakeprop.model.Batch;
import io.lakeprop.model.Model;
import io.lakeprop.nn.Kernel;
import io.lakeprop.nn.Loss;
import io.lakeprop.nn.Network;
import io.lakeprop.train.Scores;
import io.lakeprop.train.TreeSum;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;

/** Applies a saved model to tables: predictions for each row, or metrics over all. */
public final class SparkScorer implements AutoCloseable {
  private static final int BATCH = 256;
  private static final String NEWER_TIMES = "spark.sql.datetime.java8API.enabled";

  /** Behind the row and the offset. */
  private static final int FIRST_FEATURE = 2;

  private final JavaSparkContext context;
  private final Model model;
  private final Broadcast<float[]> theta;

  /** Hands the parameters to the executors; {@link #close} takes them back. */
  public SparkScorer(JavaSparkContext context, Model model) {
    this.context = context;
    this.model = model;
    this.theta = context.broadcast(model.theta());
  }

  /** The model without its parameters, which are a broadcast. */
  private record Scoring(
      FeatureEncoder encoder,
      List<LabelEncoder> labels,
      LabelOffset offset,
      Network network,
      Loss loss,
      Broadcast<float[]> theta)
      implements Serializable {
    Batch batch() {
      return new Model(encoder, labels, offset, network, loss, theta.value(), null)
          .batch(BATCH, Kernel.choose(Optional.empty()).kernel());
    }
  }

  private Scoring scoring() {
    return new Scoring(
        model.encoder(), model.labels(), model.offset(), model.network(), model.loss(), theta);
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
    checkTypes(table.schema(), name);
    scored.excluded().forEach(column -> Columns.field(table.schema(), column, name));
    List<PredictedLabel> labels = PredictedLabel.of(model);
    AddedColumns.check(labels, scored, table, name);
    return newerTimes(table.sparkSession(), () -> predict(table, scored, labels, name));
  }

  private Dataset<Row> predict(
      Dataset<Row> table, ScoredColumns scored, List<PredictedLabel> labels, String name) {
    StructType schema = table.schema();
    Column[] own = own(schema, scored.excluded());
    List<Column> columns = new ArrayList<>();
    columns.add(functions.struct(own).as("row"));
    columns.add(
        model.offset().isNone()
            ? functions.lit(0.0).as("offset")
            : Columns.label(schema, model.offset().name(), true, name).as("offset"));
    columns.addAll(Columns.features(schema, specs(), name));
    StructType predicted = new StructType().add("row", table.select(own).schema());
    for (PredictedLabel label : labels) {
      predicted = label.addTo(predicted);
    }
    Dataset<Row> rows =
        table
            .select(columns.toArray(Column[]::new))
            .mapPartitions(
                new PredictRows(scoring(), new ArrayList<>(labels)), Encoders.row(predicted));
    List<Column> result = new ArrayList<>();
    result.add(functions.col("row.*"));
    labels.forEach(label -> result.addAll(label.columns(scored.probabilities())));
    return rows.select(result.toArray(Column[]::new));
  }

  /**
   * Has rows travel with dates and timestamps of {@code java.time}. Those of {@code java.sql},
   * which Spark takes otherwise, lose what the Julian calendar or the machine's time zone does not
   * have, such as 1582-10-10. The choice is made where a table's plan is, not where its rows are
   * read.
   */
  private static Dataset<Row> newerTimes(SparkSession session, Supplier<Dataset<Row>> plan) {
    String before = session.conf().get(NEWER_TIMES);
    session.conf().set(NEWER_TIMES, "true");
    try {
      return plan.get();
    } finally {
      session.conf().set(NEWER_TIMES, before);
    }
  }

  private void checkTypes(StructType schema, String name) {
    CategoryTypes.check(model.encoder(), schema, name);
    NumberUnits.check(model.encoder(), schema, name);
  }

  /** The metrics of the model on a table that has the labels' columns. */
  public MetricSum evaluate(Dataset<Row> table, Optional<String> weight, String name) {
    checkTypes(table.schema(), name);
    LabelSettings settings =
        new LabelSettings(model.labels().stream().map(this::settings).toList(), weight);
    List<Boolean> numbers =
        model.labels().stream().map(LabelEncoder.Quantity.class::isInstance).toList();
    Labels labels = new Labels(model.labels(), model.offset(), weight.orElse(""));
    ScoreRows scoreRows = new ScoreRows(scoring(), labels);
    Dataset<Row> canonical = Columns.canonical(table, specs(), settings, numbers, name);
    MetricTotal total = MetricTotal.of(new Scores(model.labels(), model.loss()), context.getConf());
    total.check();
    MetricSum sum =
        Failures.naming(
            name,
            "",
            () -> {
              JavaRDD<TreeSum.Node<MetricSum>> partial =
                  canonical.toJavaRDD().mapPartitionsWithIndex(scoreRows, false);
              int partitions = partial.getNumPartitions();
              return total.of(partial, partitions, oneEach(partitions));
            });
    if (sum.rows() == 0) {
      throw new InvalidInput("table %s must have rows, however: rows=0".formatted(name));
    }
    return sum;
  }

  private static List<int[]> oneEach(int partitions) {
    return IntStream.range(0, partitions).mapToObj(leaf -> new int[] {leaf}).toList();
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
        LabelSettings.Missing.REFUSE);
  }

  /** The columns of the table that the scored one has, by the texts of their cells where those are there. */
  private static Column[] own(StructType schema, List<String> excluded) {
    Set<String> texts = TypedColumns.texts(schema);
    return Arrays.stream(schema.names())
        .filter(column -> !excluded.contains(column) && !column.equals(TypedColumns.TEXTS))
        .map(
            column ->
                texts.contains(column)
                    ? Columns.quoted(TypedColumns.TEXTS).getField(column).as(column)
                    : Columns.quoted(column))
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
  private record PredictRows(Scoring scoring, ArrayList<PredictedLabel> labels)
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
    private final CanonicalRow canonical = new CanonicalRow(FIRST_FEATURE);
    private final List<Row> filled = new ArrayList<>();
    private float[] predictions;
    private int next;

    PredictedRows(PredictRows how, Iterator<Row> rows) {
      this.labels = how.labels;
      this.predictionsARow = how.scoring.loss().predictions();
      this.rows = rows;
      this.batch = how.scoring.batch();
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
      for (PredictedLabel label : labels) {
        Double[] values = label.values(predictions, start);
        columns[column++] = label.likeliest(values);
        columns[column++] = values;
      }
      return RowFactory.create(columns);
    }

    private void fill() {
      filled.clear();
      next = 0;
      while (filled.size() < batch.rows() && rows.hasNext()) {
        Row row = rows.next();
        batch.put(filled.size(), canonical.of(row), CanonicalRow.numberAt(row, 1));
        filled.add(row);
      }
      // All places, filled or not: a product of fewer rows may be rounded in another way, and how
      // many rows come last is a matter of files.
      predictions = batch.predict(batch.rows());
    }
  }

  /** The metric sum of a partition of canonical rows: a leaf of the tree. */
  private record ScoreRows(Scoring scoring, Labels labels)
      implements Function2<Integer, Iterator<Row>, Iterator<TreeSum.Node<MetricSum>>> {
    @Override
    public Iterator<TreeSum.Node<MetricSum>> call(Integer partition, Iterator<Row> rows) {
      MetricSum sum = new Scores(scoring.labels(), scoring.loss()).empty();
      Batch batch = scoring.batch();
      CanonicalRow canonical = new CanonicalRow(labels.firstFeature());
      int width = scoring.labels().size();
      float[] values = new float[batch.rows() * width];
      float[] weights = new float[batch.rows()];
      while (rows.hasNext()) {
        int count = 0;
        while (count < batch.rows() && rows.hasNext()) {
          Row row = rows.next();
          double offset = CanonicalRow.numberAt(row, Columns.OFFSET);
          batch.put(count, canonical.of(row), offset);
          System.arraycopy(labels.labels(row), 0, values, count * width, width);
          weights[count++] = labels.weight(row);
        }
        float[] predictions = batch.predict(count);
        sum.add(count, predictions, values, weights, batch.losses(count, values));
      }
      return List.of(new TreeSum.Node<>(partition, partition + 1, sum)).iterator();
    }
  }
}
