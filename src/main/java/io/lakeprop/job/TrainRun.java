package io.lakeprop.job;

import io.lakeprop.data.Feature;
import io.lakeprop.data.LabelEncoder;
import io.lakeprop.eval.Metric;
import io.lakeprop.eval.MetricSum;
import io.lakeprop.model.Model;
import io.lakeprop.model.ModelFiles;
import io.lakeprop.model.Provenance;
import io.lakeprop.model.Storage;
import io.lakeprop.nn.Kernel;
import io.lakeprop.nn.Loss;
import io.lakeprop.nn.Network;
import io.lakeprop.nn.ParameterLayout;
import io.lakeprop.optim.Parameters;
import io.lakeprop.optim.Schedule;
import io.lakeprop.spark.DataPreparation;
import io.lakeprop.spark.RoundsChoice;
import io.lakeprop.spark.TrainingData;
import io.lakeprop.spark.TrainingData.Split;
import io.lakeprop.train.EvaluationReport;
import io.lakeprop.train.Evaluator;
import io.lakeprop.train.Objective;
import io.lakeprop.train.RoundPlan;
import io.lakeprop.train.RoundReport;
import io.lakeprop.train.RoundRunner;
import io.lakeprop.train.Trainer;
import io.lakeprop.train.TrainerState;
import io.lakeprop.train.TrainingListener;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;

/** One training from table to DONE. */
final class TrainRun {
  private final SparkSession session;
  private final Storage storage;
  private final Job job;
  private final Console console;

  TrainRun(SparkSession session, Storage storage, Job job, Console console) {
    this.session = session;
    this.storage = storage;
    this.job = job;
    this.console = console;
  }

  void run() throws IOException {
    long started = System.nanoTime();
    console.line(
        "lakeprop",
        "%s, Spark %s on %s, seed %d",
        Version.lakeprop(),
        session.version(),
        session.sparkContext().master(),
        job.seed());
    DataPreparation fitted = TrainingData.fit(session, job.data(), console);
    boolean classes = fitted.label() instanceof LabelEncoder.Classes;
    Metric monitor =
        job.training().monitor().orElse(classes ? Metric.LOG_LOSS : Metric.RMSE).checked(classes);
    Loss loss = Model.lossOf(fitted.label());
    Network network = job.architecture().network(Model.inputOf(fitted.encoder()), loss.logits());
    Parameters parameters = ParameterGroup.parameters(job.optimizer(), network.layout());
    Kernel.Choice kernel = Kernel.choose(job.compute().kernel());
    Objective objective = new Objective(network, loss, job.training().piece(), kernel.kernel());
    // Packing reads the table once more: what the driver cannot take in is refused before.
    RoundsChoice choice =
        fitted.choose(
            job.compute().rounds(), objective, job.optimizer().recipe().optimizer().vectors());
    try (TrainingData data = fitted.pack()) {
      train(data, objective, parameters, kernel, monitor, choice, started);
    }
  }

  private void train(
      TrainingData data,
      Objective objective,
      Parameters parameters,
      Kernel.Choice kernel,
      Metric monitor,
      RoundsChoice choice,
      long started)
      throws IOException {
    Network network = objective.network();
    RoundPlan plan = data.plan();
    long rounds = job.training().rounds(plan.roundsPerEpoch());
    describe(data, network, plan, choice);
    console.line("kernel", "%s", kernel.words());
    console.start(rounds, plan.roundsPerEpoch(), monitor);
    long prepared = System.nanoTime();
    try (RunFolder folder = RunFolder.create(storage, job.output(), resolved(data));
        RoundRunner runner = data.rounds(choice, objective, console)) {
      ParameterLayout layout = network.layout();
      Schedule schedule = job.optimizer().rate().schedule(rounds, plan.roundsPerEpoch());
      Optional<Trainer.Validation> validation =
          data.evaluator(objective, Split.VALIDATION)
              .map(evaluator -> validation(evaluator, monitor, plan));
      Both listener = new Both(console, folder);
      TrainerState state =
          new Trainer(
                  runner,
                  plan,
                  layout,
                  job.optimizer().recipe().rule(parameters),
                  schedule,
                  rounds,
                  validation,
                  listener)
              .run(new TrainerState(job.architecture().start(network, job.seed())));
      long trained = System.nanoTime();
      Map<Split, MetricSum> sums = evaluate(data, objective, state.bestTheta());
      Model model =
          new Model(
              data.encoder(),
              data.label(),
              network,
              objective.loss(),
              state.bestTheta(),
              provenance(data, state, kernel));
      ModelFiles.write(storage, folder.model(), model);
      folder.finish(
          RunReport.json(
              session,
              data,
              model,
              state,
              sums,
              new RunReport.Times(
                  (prepared - started) * 1e-9,
                  (trained - prepared) * 1e-9,
                  seconds(trained),
                  listener.rows),
              new RunReport.Clipped(listener.clippable, listener.clipped)));
      sums.forEach(
          (split, sum) ->
              console.line(RunReport.name(split), "%s", Console.metrics(sum.metrics())));
      console.line(
          "done",
          "%s in %s: %d rounds%s",
          job.output(),
          Console.duration(seconds(started)),
          state.round(),
          state.bestRound() < state.round() ? ", model of round " + state.bestRound() : "");
    }
  }

  private Trainer.Validation validation(Evaluator evaluator, Metric monitor, RoundPlan plan) {
    int patience = job.training().patience();
    return new Trainer.Validation(
        evaluator,
        monitor,
        job.training().evaluateEvery().orElse(plan.roundsPerEpoch()),
        patience == 0 ? Integer.MAX_VALUE : patience,
        job.optimizer().rate().plateau());
  }

  private void describe(TrainingData data, Network network, RoundPlan plan, RoundsChoice choice) {
    List<Feature> features = data.encoder().features();
    long categorical = features.stream().filter(Feature.Categorical.class::isInstance).count();
    console.line(
        "table",
        "%,d training, %,d validation, %,d test rows",
        data.rows(Split.TRAIN),
        data.rows(Split.VALIDATION),
        data.rows(Split.TEST));
    console.line(
        "features",
        "%d numeric, %d categorical, %d inputs; label %s: %s",
        features.size() - categorical,
        categorical,
        network.input().outputs(),
        data.label().name(),
        data.label() instanceof LabelEncoder.Classes classes
            ? classes.values().size() + " classes"
            : "a number");
    console.line(
        "network",
        "%s, %s, dropout %s, %,d parameters",
        job.architecture().hidden(),
        Section.name(job.architecture().activation()),
        job.architecture().dropout(),
        network.layout().size());
    console.line(
        "rounds",
        "%,d an epoch of %,d rows in %d slices%s, %s",
        plan.roundsPerEpoch(),
        data.batching().batch(),
        data.batching().slices(),
        plan.groups() > 1 ? ", " + plan.groups() + " groups" : "",
        choice.words());
  }

  /** The job with what was chosen for it, as a file that gives the same run again. */
  private String resolved(TrainingData data) {
    JobTree.set(job.resolved(), "training.batch=" + data.batching().batch());
    JobTree.set(job.resolved(), "training.slices=" + data.batching().slices());
    return Yaml.write(job.resolved());
  }

  private Map<Split, MetricSum> evaluate(TrainingData data, Objective objective, float[] theta) {
    Map<Split, MetricSum> sums = new EnumMap<>(Split.class);
    for (Split split : Split.values()) {
      data.evaluator(objective, split)
          .ifPresent(evaluator -> sums.put(split, evaluator.evaluate(theta)));
    }
    return sums;
  }

  private Provenance provenance(TrainingData data, TrainerState state, Kernel.Choice kernel) {
    return new Provenance(
        Version.lakeprop(),
        job.seed(),
        kernel.name(),
        state.bestRound(),
        data.rows(Split.TRAIN),
        "%016x".formatted(data.fingerprint()));
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) * 1e-9;
  }

  /** Tells both the person and the file, and counts rows and clipped rounds. */
  private static final class Both implements TrainingListener {
    private final TrainingListener first;
    private final TrainingListener second;
    private long rows;
    private long clippable;
    private long clipped;

    Both(TrainingListener first, TrainingListener second) {
      this.first = first;
      this.second = second;
    }

    @Override
    public void round(RoundReport report) {
      rows += report.rows();
      if (report.clipped().isPresent()) {
        clippable++;
        clipped += report.clipped().get() ? 1 : 0;
      }
      first.round(report);
      second.round(report);
    }

    @Override
    public void evaluation(EvaluationReport report) {
      first.evaluation(report);
      second.evaluation(report);
    }
  }
}
