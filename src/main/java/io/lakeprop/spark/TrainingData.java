package io.lakeprop.spark;

import io.lakeprop.base.Check;
import io.lakeprop.base.InvalidInput;
import io.lakeprop.data.FeatureEncoder;
import io.lakeprop.data.FeatureSettings;
import io.lakeprop.data.LabelEncoder;
import io.lakeprop.data.LabelSettings;
import io.lakeprop.data.TableSpec;
import io.lakeprop.eval.ClassificationSum;
import io.lakeprop.eval.LabelMetric;
import io.lakeprop.eval.Metric;
import io.lakeprop.eval.Monitor;
import io.lakeprop.train.Batching;
import io.lakeprop.train.Evaluator;
import io.lakeprop.train.Objective;
import io.lakeprop.train.RoundPlan;
import io.lakeprop.train.RoundRunner;
import io.lakeprop.train.Scores;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/** The job's tables, encoded, packed and cached: all that training reads. */
public final class TrainingData implements AutoCloseable {
  /** A part of the data by what it is for. */
  public enum Split {
    TRAIN(0),
    VALIDATION(1),
    TEST(2);

    private final int code;

    Split(int code) {
      this.code = code;
    }

    /** What a column of a table has for it. */
    int code() {
      return code;
    }

    /** The split that a column of a table has. */
    static Split of(int code) {
      return switch (code) {
        case 0 -> TRAIN;
        case 1 -> VALIDATION;
        case 2 -> TEST;
        default ->
            throw new IllegalArgumentException("a split must be 0, 1 or 2, however: " + code);
      };
    }
  }

  /**
   * What the job says of its data.
   *
   * @param validation own table; otherwise the fraction is taken from the training table
   * @param test own table; otherwise the fraction is taken from the training table
   * @param accumulate batches of a round
   * @param timeZone of the session
   */
  public record Request(
      TableSpec train,
      Optional<TableSpec> validation,
      Optional<TableSpec> test,
      double validationFraction,
      double testFraction,
      FeatureSettings features,
      LabelSettings labels,
      long seed,
      OptionalInt batch,
      OptionalInt slices,
      int accumulate,
      String timeZone) {
    public Request {
      Batching.check(batch, accumulate, slices);
      Check.fraction(validationFraction, "validation");
      Check.fraction(testFraction, "test");
      Check.require(
          validationFraction + testFraction < 1,
          "validation and test must leave rows to train on",
          "validation + test",
          validationFraction + testFraction);
    }
  }

  /** Watches the preparation, which may take long. */
  public interface Listener {
    /** Something that a person may want to know. */
    void note(String text);

    /** What is being done now. */
    default void step(String text) {}

    /**
     * How far it is.
     *
     * @param share of the tasks of a pass over a table that are done, from 0 to 1; may come from
     *     any thread
     */
    default void progress(double share) {}
  }

  private final JavaSparkContext context;
  private final FeatureEncoder encoder;
  private final List<LabelEncoder> labels;
  private final Batching batching;
  private final long seed;
  private final long fingerprint;
  private final DataFindings findings;
  private final Map<Split, PackedTable> tables;
  private final Slots slots = new Slots();

  TrainingData(
      JavaSparkContext context,
      FeatureEncoder encoder,
      List<LabelEncoder> labels,
      Batching batching,
      long seed,
      long fingerprint,
      DataFindings findings,
      Map<Split, PackedTable> tables) {
    this.context = context;
    this.encoder = encoder;
    this.labels = List.copyOf(labels);
    this.batching = batching;
    this.seed = seed;
    this.fingerprint = fingerprint;
    this.findings = findings;
    this.tables = tables;
  }

  /**
   * Reads the training table and fits label and encoder on its training rows; {@link
   * DataPreparation#pack} does the rest.
   *
   * @throws InvalidInput when the data breaks a rule
   */
  public static DataPreparation fit(SparkSession session, Request request, Listener listener) {
    return new DataPreparation(session, request, listener).fit();
  }

  /** Fitted on the training rows. */
  public FeatureEncoder encoder() {
    return encoder;
  }

  /** Fitted on the training rows. */
  public List<LabelEncoder> labels() {
    return labels;
  }

  /** How the training rows are cut. */
  public Batching batching() {
    return batching;
  }

  /** A sum over the content hashes of the training rows. */
  public long fingerprint() {
    return fingerprint;
  }

  /**
   * A sum over the content of the rows of a split, whatever their order; 0 when the job has none.
   */
  public long content(Split split) {
    return tables.containsKey(split) ? tables.get(split).content() : 0;
  }

  /**
   * Whether rows of a split have different labels, as a monitor needs them: those of its label, or
   * of any that has the metric where it is of no single one. So do the rows of a split that the job
   * does not have.
   */
  public boolean varies(Split split, Monitor monitor) {
    PackedTable table = tables.get(split);
    return table == null
        || IntStream.range(0, labels.size())
            .filter(i -> has(labels.get(i), monitor))
            .anyMatch(i -> table.varied().get(i));
  }

  private static boolean has(LabelEncoder label, Monitor monitor) {
    if (monitor instanceof LabelMetric own) {
      return own.label().equals(label.name());
    }
    return monitor != Metric.AUC
        || (label instanceof LabelEncoder.Classes classes
            && ClassificationSum.hasAuc(classes.values().size()));
  }

  /** What was wrong with the tables and let pass. */
  public DataFindings findings() {
    return findings;
  }

  /** Rows of a split; 0 when the job has none. */
  public long rows(Split split) {
    return tables.containsKey(split) ? tables.get(split).rows() : 0;
  }

  /** Which rows each round reads. */
  public RoundPlan plan() {
    return new RoundPlan(
        seed, batching.rowsOfRound(), batching.slices(), tables.get(Split.TRAIN).shardRows());
  }

  /**
   * Rounds over the training rows.
   *
   * @param listener told when another way than the first of the choice goes on
   */
  public RoundRunner rounds(RoundsChoice choice, Objective objective, Listener listener) {
    return RoundRunners.of(
        context, choice, objective, plan(), tables.get(Split.TRAIN), slots, listener::note);
  }

  /** Scores of a split; empty when the job has none. */
  public Optional<Evaluator> evaluator(Objective objective, Split split) {
    return Optional.ofNullable(tables.get(split))
        .map(
            table ->
                new JobEvaluator(
                    context, objective, new Scores(labels, objective.loss()), table, slots));
  }

  /** The packed rows of a split. */
  PackedTable table(Split split) {
    return tables.get(split);
  }

  @Override
  public void close() {
    slots.free();
    tables.values().forEach(PackedTable::close);
  }
}
