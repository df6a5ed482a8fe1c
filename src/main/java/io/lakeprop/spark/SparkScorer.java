package io.lakeprop.spark;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.data.Feature;
import io.lakeprop.data.FeatureEncoder;
import io.lakeprop.data.FeatureSettings;
import io.lakeprop.data.FeatureSpec;
import io.lakeprop.data.LabelEncoder;
import io.lakeprop.data.LabelOffset;
import io.lakeprop.eval.MetricSum;
import io.lakeprop.model.Model;
import io.lakeprop.model.Predictor;
import io.lakeprop.nn.Kernel;
import io.lakeprop.nn.Loss;
import io.lakeprop.nn.Network;
import io.lakeprop.nn.QuantileLoss;
import io.lakeprop.train.Scores;
import io.lakeprop.train.TreeSum;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
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
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Applies a saved model to tables: predictions for each row, or metrics over all. */
public final class SparkScorer implements AutoCloseable {
  private static final int BATCH = 256;

  /** Behind the row and the offset. */
  private static final int FIRST_FEATURE = 2;

  private static final String PREDICTION = "prediction";
  private static final String PROBABILITIES = "probabilities";

  /** Probabilities or estimates, before they have their names. */
  private static final String VALUES = "values";

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
      LabelEncoder label,
      LabelOffset offset,
      Network network,
      Loss loss,
      Broadcast<float[]> theta)
      implements Serializable {
    Predictor predictor() {
      return new Model(encoder, label, offset, network, loss, theta.value(), null)
          .predictor(BATCH, Kernel.choose(Optional.empty()).kernel());
    }
  }

  private Scoring scoring() {
    return new Scoring(
        model.encoder(), model.label(), model.offset(), model.network(), model.loss(), theta);
  }

  /**
   * The table with a column {@code prediction}, and for classes {@code probabilities}, a map from
   * class to probability; for quantiles instead a column a level, {@code prediction_0.9}. Lazy:
   * rows are scored when the result is written.
   *
   * @param name of the table, for messages
   */
  public Dataset<Row> predict(Dataset<Row> table, String name) {
    StructType schema = table.schema();
    for (String added : added()) {
      if (Arrays.asList(schema.names()).contains(added)) {
        throw new InvalidInput(
            "table %s must not have a column \"%s\", which is added, however: it has one"
                .formatted(name, added));
      }
    }
    List<Column> columns = new ArrayList<>();
    columns.add(functions.struct(own(table)).as("row"));
    columns.add(
        model.offset().isNone()
            ? functions.lit(0.0).as("offset")
            : Columns.label(schema, model.offset().name(), true, name).as("offset"));
    columns.addAll(Columns.features(schema, specs(), name));
    StructType scored =
        new StructType()
            .add("row", schema)
            .add(PREDICTION, isClass() ? DataTypes.StringType : DataTypes.DoubleType)
            .add(VALUES, DataTypes.createArrayType(DataTypes.DoubleType));
    Dataset<Row> rows =
        table
            .select(columns.toArray(Column[]::new))
            .mapPartitions(new PredictRows(scoring()), Encoders.row(scored));
    List<Column> result = new ArrayList<>();
    result.add(functions.col("row.*"));
    if (model.label() instanceof LabelEncoder.Classes classes) {
      result.add(functions.col(PREDICTION).cast(classes.type()).as(PREDICTION));
      Column[] names = classes.values().stream().map(functions::lit).toArray(Column[]::new);
      result.add(
          functions
              .map_from_arrays(functions.array(names), functions.col(VALUES))
              .as(PROBABILITIES));
    } else if (model.loss() instanceof QuantileLoss several) {
      for (int j = 0; j < several.quantiles().size(); j++) {
        result.add(functions.col(VALUES).getItem(j).as(column(several.quantiles().get(j))));
      }
    } else {
      result.add(functions.col(PREDICTION));
    }
    return rows.select(result.toArray(Column[]::new));
  }

  /** The columns that {@link #predict} may add. */
  private List<String> added() {
    return model.loss() instanceof QuantileLoss several
        ? several.quantiles().stream().map(SparkScorer::column).toList()
        : List.of(PREDICTION, PROBABILITIES);
  }

  private static String column(float level) {
    return PREDICTION + "_" + level;
  }

  /** The metrics of the model on a table that has the label's column. */
  public MetricSum evaluate(Dataset<Row> table, Optional<String> weight, String name) {
    FeatureSettings.Label label =
        new FeatureSettings.Label(
            model.label().name(),
            FeatureSettings.Task.AUTO,
            weight,
            LabelEncoder.Range.ANY,
            Optional.of(model.offset().name()).filter(offset -> !offset.isEmpty()));
    Labels labels = new Labels(model.label(), model.offset(), weight.orElse(""));
    ScoreRows scoreRows = new ScoreRows(scoring(), labels);
    Dataset<Row> canonical = Columns.canonical(table, specs(), label, !isClass(), name);
    MetricTotal total = MetricTotal.of(new Scores(model.label(), model.loss()), context.getConf());
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
    theta.unpersist(true);
    theta.destroy();
  }

  private boolean isClass() {
    return model.label() instanceof LabelEncoder.Classes;
  }

  private static Column[] own(Dataset<Row> table) {
    return Arrays.stream(table.columns())
        .map(column -> functions.col("`" + column.replace("`", "``") + "`"))
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
  private record PredictRows(Scoring scoring) implements MapPartitionsFunction<Row, Row> {
    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
      return new PredictedRows(scoring, rows);
    }
  }

  private static final class PredictedRows implements Iterator<Row> {
    private final Scoring scoring;
    private final Iterator<Row> rows;
    private final Predictor predictor;
    private final CanonicalRow canonical = new CanonicalRow(FIRST_FEATURE);
    private final List<Row> batch = new ArrayList<>();
    private float[] predictions;
    private int next;

    PredictedRows(Scoring scoring, Iterator<Row> rows) {
      this.scoring = scoring;
      this.rows = rows;
      this.predictor = scoring.predictor();
    }

    @Override
    public boolean hasNext() {
      return next < batch.size() || rows.hasNext();
    }

    @Override
    public Row next() {
      if (next == batch.size()) {
        fill();
      }
      Row row = batch.get(next).getStruct(0);
      int width = scoring.loss().predictions();
      int start = next++ * width;
      if (scoring.label() instanceof LabelEncoder.Quantity number) {
        return RowFactory.create(row, number.decode(predictions[start]), decoded(number, start));
      }
      Double[] probabilities = new Double[width];
      int best = 0;
      for (int j = 0; j < width; j++) {
        probabilities[j] = (double) predictions[start + j];
        best = predictions[start + j] > predictions[start + best] ? j : best;
      }
      LabelEncoder.Classes classes = (LabelEncoder.Classes) scoring.label();
      return RowFactory.create(row, classes.values().get(best), probabilities);
    }

    /** All estimates of a row. */
    private Double[] decoded(LabelEncoder.Quantity number, int start) {
      Double[] estimates = new Double[scoring.loss().predictions()];
      for (int j = 0; j < estimates.length; j++) {
        estimates[j] = number.decode(predictions[start + j]);
      }
      return estimates;
    }

    private void fill() {
      batch.clear();
      next = 0;
      while (batch.size() < predictor.rows() && rows.hasNext()) {
        Row row = rows.next();
        predictor.put(batch.size(), canonical.of(row), CanonicalRow.numberAt(row, 1));
        batch.add(row);
      }
      predictions = predictor.predict(batch.size());
    }
  }

  /** The metric sum of a partition of canonical rows: a leaf of the tree. */
  private record ScoreRows(Scoring scoring, Labels labels)
      implements Function2<Integer, Iterator<Row>, Iterator<TreeSum.Node<MetricSum>>> {
    @Override
    public Iterator<TreeSum.Node<MetricSum>> call(Integer partition, Iterator<Row> rows) {
      MetricSum sum = new Scores(scoring.label(), scoring.loss()).empty();
      Predictor predictor = scoring.predictor();
      CanonicalRow canonical = new CanonicalRow(Columns.FIRST_FEATURE);
      float[] values = new float[predictor.rows()];
      float[] weights = new float[predictor.rows()];
      while (rows.hasNext()) {
        int count = 0;
        while (count < predictor.rows() && rows.hasNext()) {
          Row row = rows.next();
          double offset = CanonicalRow.numberAt(row, Columns.OFFSET);
          predictor.put(count, canonical.of(row), offset);
          values[count] = labels.label(row);
          weights[count++] = labels.weight(row);
        }
        float[] predictions = predictor.predict(count);
        sum.add(count, predictions, values, weights, predictor.losses(count, values));
      }
      return List.of(new TreeSum.Node<>(partition, partition + 1, sum)).iterator();
    }
  }
}
