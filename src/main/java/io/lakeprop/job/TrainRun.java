package io.lakeprop.job;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.data.Feature;
import io.lakeprop.data.LabelEncoder;
import io.lakeprop.data.LabelOffset;
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
import io.lakeprop.train.ClassWeights;
import io.lakeprop.train.EvaluationReport;
import io.lakeprop.train.Evaluator;
import io.lakeprop.train.HealthWatch;
import io.lakeprop.train.Objective;
import io.lakeprop.train.RoundPlan;
import io.lakeprop.train.RoundReport;
import io.lakeprop.train.RoundRunner;
import io.lakeprop.train.Scores;
import io.lakeprop.train.Trainer;
import io.lakeprop.train.TrainerState;
import io.lakeprop.train.TrainingListener;
import io.lakeprop.train.Warning;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
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
    Loss loss = job.loss().of(fitted.label());
    checkOffset(loss);
    ClassWeights classWeights = job.loss().weights(fitted.label(), fitted.rowsOfClasses());
    Scores scores = new Scores(fitted.label(), loss);
    Metric monitor =
        job.training().monitor().orElse(scores.monitor()).checked(scores.empty().offers());
    Network network = job.architecture().network(Model.inputOf(fitted.encoder()), loss.logits());
    Parameters parameters = ParameterGroup.parameters(job.optimizer(), network.layout());
    Kernel.Choice kernel = Kernel.choose(job.compute().kernel());
    Objective objective =
        new Objective(network, loss, classWeights, job.training().piece(), kernel.kernel());
    // Packing reads the table once more: what the driver cannot take in is refused before.
    RoundsChoice choice =
        fitted.choose(
            job.compute().rounds(), objective, job.optimizer().recipe().optimizer().vectors());
    float[] theta =
        job.architecture()
            .start()
            .theta(network, job.seed(), fitted.prior(classWeights).logits(loss));
    try (TrainingData data = fitted.pack()) {
      train(data, objective, parameters, theta, fitted.offset(), kernel, monitor, choice, started);
    }
  }

  private void checkOffset(Loss loss) {
    if (job.data().label().offset().isPresent() && loss.target() == Loss.Target.CLASSES) {
      throw new InvalidInput(
          "label.offset must go with a loss of one logit or of quantiles, however: the loss has %d"
                  .formatted(loss.logits())
              + " classes");
    }
  }

  private void train(
      TrainingData data,
      Objective objective,
      Parameters parameters,
      float[] theta,
      LabelOffset offset,
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
    try (RunFolder folder =
            RunFolder.create(storage, job.output(), resolved(data, objective.classWeights()));
        RoundRunner runner = data.rounds(choice, objective, console)) {
      ParameterLayout layout = network.layout();
      Schedule schedule = job.optimizer().rate().schedule(rounds, plan.roundsPerEpoch());
      Optional<Trainer.Validation> validation =
          data.evaluator(objective, Split.VALIDATION)
              .map(evaluator -> validation(evaluator, monitor, plan));
      Both listener = new Both(console, folder, new HealthWatch(layout));
      TrainerState state =
          new Trainer(
                  runner,
                  plan,
                  layout,
                  network.runningMoments(),
                  job.optimizer().recipe().rule(parameters),
                  schedule,
                  rounds,
                  validation,
                  listener,
                  job.training().health(network.counters()))
              .run(new TrainerState(theta));
      long trained = System.nanoTime();
      Map<Split, MetricSum> sums = evaluate(data, objective, state.bestTheta());
      Model model =
          new Model(
              data.encoder(),
              data.label(),
              offset,
              network,
              objective.loss(),
              state.bestTheta(),
              provenance(data, objective, state, kernel));
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
              new RunReport.Clipped(listener.clippable, listener.clipped),
              listener.warnings));
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
        "network", "%s, %,d parameters", job.architecture().words(), network.layout().size());
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
  private String resolved(TrainingData data, ClassWeights classWeights) {
    JobTree.set(job.resolved(), "training.batch=" + data.batching().batch());
    JobTree.set(job.resolved(), "training.slices=" + data.batching().slices());
    if (!classWeights.weights().isEmpty()) {
      Yaml.Mapping loss = (Yaml.Mapping) job.resolved().entries().get("loss");
      loss.entries().put("class_weights", byClass(data.label(), classWeights));
    }
    return Yaml.write(job.resolved());
  }

  private static Yaml byClass(LabelEncoder label, ClassWeights classWeights) {
    LinkedHashMap<String, Yaml> entries = new LinkedHashMap<>();
    for (String value : ((LabelEncoder.Classes) label).values()) {
      // The shortest decimal of a float32 reads back to the same bits.
      String weight = Float.toString(classWeights.of(entries.size()));
      entries.put(
          value, new Yaml.Scalar("class_weights", weight, Optional.of(Double.valueOf(weight))));
    }
    return new Yaml.Mapping("class_weights", entries);
  }

  private Map<Split, MetricSum> evaluate(TrainingData data, Objective objective, float[] theta) {
    Map<Split, MetricSum> sums = new EnumMap<>(Split.class);
    for (Split split : Split.values()) {
      data.evaluator(objective, split)
          .ifPresent(evaluator -> sums.put(split, evaluator.evaluate(theta)));
    }
    return sums;
  }

  private Provenance provenance(
      TrainingData data, Objective objective, TrainerState state, Kernel.Choice kernel) {
    return new Provenance(
        Version.lakeprop(),
        job.seed(),
        kernel.name(),
        state.bestRound(),
        data.rows(Split.TRAIN),
        "%016x".formatted(data.fingerprint()),
        objective.classWeights().weights());
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) * 1e-9;
  }

  /**
   * Tells both the person and the file, watches over the rounds' health, and counts rows and
   * clipped rounds.
   */
  private static final class Both implements TrainingListener {
    private final TrainingListener first;
    private final TrainingListener second;
    private final HealthWatch watch;
    private final List<Warning> warnings = new ArrayList<>();
    private long rows;
    private long clippable;
    private long clipped;

    Both(TrainingListener first, TrainingListener second, HealthWatch watch) {
      this.first = first;
      this.second = second;
      this.watch = watch;
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
      watch.read(report).forEach(this::warning);
    }

    @Override
    public void warning(Warning warning) {
      warnings.add(warning);
      first.warning(warning);
      second.warning(warning);
    }

    @Override
    public void evaluation(EvaluationReport report) {
      first.evaluation(report);
      second.evaluation(report);
    }
  }
}
