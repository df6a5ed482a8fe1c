package io.lakeprop.job;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.data.Feature;
import io.lakeprop.data.LabelEncoder;
import io.lakeprop.data.LabelOffset;
import io.lakeprop.data.LabelSettings;
import io.lakeprop.data.TableMeaning;
import io.lakeprop.eval.Monitor;
import io.lakeprop.model.Model;
import io.lakeprop.model.ModelFiles;
import io.lakeprop.model.Provenance;
import io.lakeprop.nn.Kernel;
import io.lakeprop.nn.Loss;
import io.lakeprop.nn.Network;
import io.lakeprop.nn.OneLabelLoss;
import io.lakeprop.optim.Parameters;
import io.lakeprop.optim.Schedule;
import io.lakeprop.spark.DataPreparation;
import io.lakeprop.spark.RoundsChoice;
import io.lakeprop.spark.TrainingData;
import io.lakeprop.spark.TrainingData.Split;
import io.lakeprop.train.Averaging;
import io.lakeprop.train.ClassWeights;
import io.lakeprop.train.Keeper;
import io.lakeprop.train.Objective;
import io.lakeprop.train.RoundPlan;
import io.lakeprop.train.RoundRunner;
import io.lakeprop.train.Scores;
import io.lakeprop.train.Trainer;
import io.lakeprop.train.TrainingListener;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;

/**
 * All that the rounds of a job need, made from its tables: the same for training and for trying
 * rates.
 *
 * @param theta to start from
 * @param monitor the metric that decides
 * @param choice of how rounds run
 * @param meaning how the training table was read
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record PreparedJob(
    Job job,
    TrainingData data,
    Objective objective,
    Parameters parameters,
    float[] theta,
    LabelOffset offset,
    Kernel.Choice kernel,
    Monitor monitor,
    RoundsChoice choice,
    TableMeaning meaning)
    implements AutoCloseable {
  /**
   * Reads, fits and packs the tables.
   *
   * @throws InvalidInput when the data breaks a rule, or the job does for this data
   */
  static PreparedJob of(SparkSession session, Job read, Console console) {
    DataPreparation fitted = TrainingData.fit(session, read.data(), console);
    Job job = ByRows.of(fitted).fill(read);
    Loss loss = job.heads().loss(fitted.labels(), fitted.rowsOfClasses());
    checkOffset(job, loss);
    checkBatch(job, fitted);
    ClassWeights classWeights = job.heads().classWeights(fitted.labels(), fitted.rowsOfClasses());
    Scores scores = new Scores(fitted.labels(), loss);
    Monitor monitor =
        job.training().monitor().orElse(scores.monitor()).checked(scores.empty().offers());
    Network network = job.architecture().network(Model.inputOf(fitted.encoder()), loss.logits());
    Parameters parameters = ParameterGroup.parameters(job.optimizer(), network.layout());
    Kernel.Choice kernel = Kernel.choose(job.compute().kernel());
    Objective objective =
        new Objective(
            network,
            loss,
            classWeights,
            job.training().piece(),
            kernel.kernel(),
            job.training().recompute(),
            Model.boundsOf(fitted.labels(), loss));
    // Packing reads the table once more: what the driver cannot take in is refused before.
    RoundsChoice choice = fitted.choose(job.compute().rounds(), objective, vectors(job));
    float[] theta =
        job.architecture()
            .start()
            .theta(network, job.seed(), fitted.prior(classWeights).logits(loss));
    TableMeaning meaning =
        new RedactedJob(Secrets.ofSpark(), job.resolved()).told(fitted.meaning());
    ModelFiles.checkSize(
        new Model(
            fitted.encoder(),
            fitted.labels(),
            fitted.offset(),
            network,
            loss,
            theta,
            longest(job, kernel, classWeights),
            meaning));
    TrainingData data = fitted.pack();
    boolean defined = false;
    try {
      checkDefined(data, monitor, scores.monitor());
      defined = true;
    } finally {
      if (!defined) {
        data.close();
      }
    }
    return new PreparedJob(
        job, data, objective, parameters, theta, fitted.offset(), kernel, monitor, choice, meaning);
  }

  /** What no training's provenance is longer than, before it is known. */
  private static Provenance longest(Job job, Kernel.Choice kernel, ClassWeights classWeights) {
    return new Provenance(
        Version.lakeprop(),
        job.seed(),
        kernel.name(),
        Long.MAX_VALUE,
        Long.MAX_VALUE,
        fingerprint(-1),
        classWeights.weights());
  }

  private static String fingerprint(long content) {
    return "%016x".formatted(content);
  }

  /** A metric that the validation rows do not define would never choose an epoch. */
  private static void checkDefined(TrainingData data, Monitor monitor, Monitor other) {
    if (monitor.needsDifferentLabels() && !data.varies(Split.VALIDATION, monitor)) {
      throw new InvalidInput(
          "training.monitor must be defined on the validation rows, however: for %s all of them have the same label (a larger validation fraction, a validation table of its own, or another monitor, such as %s)"
              .formatted(monitor.key(), other.key()));
    }
  }

  /** Vectors that a training holds beside theta and the best one; twice where it is copied. */
  private static int vectors(Job job) {
    int own = job.optimizer().recipe().optimizer().vectors() + job.training().average().vectors();
    return job.training().checkpoints().any() ? 2 * own + 2 : own;
  }

  private static void checkBatch(Job job, DataPreparation fitted) {
    if (job.optimizer().searches() && !fitted.batching().readsAll(fitted.rows())) {
      throw new InvalidInput(
          "optimizer lbfgs must read all training rows in each round (training.batch: all; more training.slices for fewer groups), however: batch=%d groups=%d of %d rows"
              .formatted(fitted.batching().batch(), fitted.batching().groups(), fitted.rows()));
    }
  }

  private static void checkOffset(Job job, Loss loss) {
    List<LabelSettings.Label> labels = job.data().labels().labels();
    for (int i = 0; i < labels.size(); i++) {
      OneLabelLoss own = loss.byLabel().get(i);
      if (labels.get(i).offset().isPresent() && own.target() == Loss.Target.CLASSES) {
        throw new InvalidInput(
            "label.offset must go with a loss of one logit or of quantiles, however: the loss of \"%s\" has %d classes"
                .formatted(labels.get(i).column(), own.logits()));
      }
    }
  }

  /** The loop over the job's rounds. */
  Trainer trainer(
      RoundRunner runner,
      Schedule schedule,
      long rounds,
      Optional<Trainer.Validation> validation,
      Averaging averaging,
      TrainingListener listener,
      Keeper keeper) {
    return new Trainer(
        runner,
        data.plan(),
        objective.network().layout(),
        objective.network().runningMoments(),
        job.optimizer().recipe().rule(parameters),
        schedule,
        rounds,
        validation,
        listener,
        averaging,
        job.training().health(objective.network().counters()),
        keeper);
  }

  /**
   * A theta with all that it takes to predict with it.
   *
   * @param round after which it was judged
   */
  Model model(float[] ofRound, long round) {
    Provenance provenance =
        new Provenance(
            Version.lakeprop(),
            job.seed(),
            kernel.name(),
            round,
            data.rows(Split.TRAIN),
            fingerprint(data.fingerprint()),
            objective.classWeights().weights());
    return new Model(
        data.encoder(),
        data.labels(),
        offset,
        objective.network(),
        objective.loss(),
        ofRound,
        provenance,
        meaning);
  }

  /** Says what will be trained on what, and how. */
  void describe(Console console) {
    Network network = objective.network();
    RoundPlan plan = data.plan();
    List<Feature> features = data.encoder().features();
    console.line(
        "table",
        "%,d training, %,d validation, %,d test rows",
        data.rows(Split.TRAIN),
        data.rows(Split.VALIDATION),
        data.rows(Split.TEST));
    FeatureWords.of(features).forEach((kind, names) -> console.line(kind, "%s", names));
    console.line(
        "features",
        "%,d columns, %,d inputs; label %s",
        features.size(),
        network.input().outputs(),
        String.join(", ", data.labels().stream().map(PreparedJob::words).toList()));
    console.line(
        "network", "%s, %,d parameters", job.architecture().words(), network.layout().size());
    console.line(
        "rounds",
        "%,d an epoch of %s%,d rows in %d slices%s, %s",
        plan.roundsPerEpoch(),
        data.batching().accumulate() > 1 ? data.batching().accumulate() + " x " : "",
        data.batching().batch(),
        data.batching().slices(),
        plan.groups() > 1 ? ", " + plan.groups() + " groups" : "",
        choice.words());
    job.optimizer()
        .rate()
        .words(data.batching().rowsOfRound())
        .ifPresent(words -> console.line("rate", "%s", words));
    console.line("kernel", "%s", kernel.words());
    console.line(
        "memory",
        "%s of parameters, %s a task; a round: %s out, %s in",
        Console.bytes(choice.load().theta()),
        Console.bytes(objective.plan().bytes()),
        Console.bytes(choice.load().thetaOut()),
        Console.bytes(choice.load().sumsIn()));
  }

  private static String words(LabelEncoder label) {
    return label.name()
        + ": "
        + (label instanceof LabelEncoder.Classes classes
            ? classes.values().size() + " classes"
            : "a number");
  }

  @Override
  public void close() {
    data.close();
  }
}
