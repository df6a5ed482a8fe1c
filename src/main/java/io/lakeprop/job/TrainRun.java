package io.lakeprop.job;

import io.lakeprop.data.LabelEncoder;
import io.lakeprop.eval.MetricSum;
import io.lakeprop.eval.Monitor;
import io.lakeprop.model.Model;
import io.lakeprop.model.ModelFiles;
import io.lakeprop.model.Provenance;
import io.lakeprop.model.Storage;
import io.lakeprop.nn.Kernel;
import io.lakeprop.optim.Schedule;
import io.lakeprop.spark.TrainingData;
import io.lakeprop.spark.TrainingData.Split;
import io.lakeprop.train.Averaging;
import io.lakeprop.train.ClassWeights;
import io.lakeprop.train.EvaluationReport;
import io.lakeprop.train.Evaluator;
import io.lakeprop.train.HealthWatch;
import io.lakeprop.train.Objective;
import io.lakeprop.train.RoundPlan;
import io.lakeprop.train.RoundReport;
import io.lakeprop.train.RoundRunner;
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
    try (PreparedJob prepared = PreparedJob.of(session, job, console)) {
      train(prepared, started);
    }
  }

  private void train(PreparedJob prepared, long started) throws IOException {
    TrainingData data = prepared.data();
    Objective objective = prepared.objective();
    RoundPlan plan = data.plan();
    long rounds = job.training().rounds(plan.roundsPerEpoch());
    Rate rate = job.optimizer().rate().scaled(data.batching().rowsOfRound());
    Averaging averaging = job.training().average().averaging(rounds, plan.roundsPerEpoch());
    prepared.describe(console);
    averaging.words().ifPresent(words -> console.line("average", "%s", words));
    console.start(rounds, plan.roundsPerEpoch(), prepared.monitor());
    long begun = System.nanoTime();
    try (RunFolder folder =
            RunFolder.create(storage, job.output(), resolved(data, objective.classWeights()));
        RoundRunner runner = data.rounds(prepared.choice(), objective, console)) {
      Schedule schedule = rate.schedule(rounds, plan.roundsPerEpoch());
      Optional<Trainer.Validation> validation =
          data.evaluator(objective, Split.VALIDATION)
              .map(evaluator -> validation(evaluator, prepared.monitor(), plan, rate));
      Both listener = new Both(console, folder, new HealthWatch(objective.network().layout()));
      TrainerState state =
          prepared
              .trainer(runner, schedule, rounds, validation, averaging, listener)
              .run(new TrainerState(prepared.theta()));
      long trained = System.nanoTime();
      Map<Split, MetricSum> sums = evaluate(data, objective, state.bestTheta());
      Model model =
          new Model(
              data.encoder(),
              data.labels(),
              prepared.offset(),
              objective.network(),
              objective.loss(),
              state.bestTheta(),
              provenance(data, objective, state, prepared.kernel()));
      ModelFiles.write(storage, folder.model(), model);
      folder.finish(
          RunReport.json(
              session,
              data,
              model,
              state,
              sums,
              new RunReport.Times(
                  (begun - started) * 1e-9,
                  (trained - begun) * 1e-9,
                  seconds(trained),
                  listener.rows),
              new RunReport.Clipped(listener.clippable, listener.clipped),
              listener.warnings));
      sums.forEach((split, sum) -> console.metrics(RunReport.name(split), data.labels(), sum));
      console.line(
          "done",
          "%s in %s: %d rounds%s",
          job.output(),
          Console.duration(seconds(started)),
          state.round(),
          state.bestRound() < state.round() ? ", model of round " + state.bestRound() : "");
    }
  }

  private Trainer.Validation validation(
      Evaluator evaluator, Monitor monitor, RoundPlan plan, Rate rate) {
    int patience = job.training().patience();
    return new Trainer.Validation(
        evaluator,
        monitor,
        job.training().evaluateEvery().orElse(plan.roundsPerEpoch()),
        patience == 0 ? Integer.MAX_VALUE : patience,
        rate.plateau());
  }

  /** The job with what was chosen for it, as a file that gives the same run again. */
  private String resolved(TrainingData data, ClassWeights classWeights) {
    JobTree.set(job.resolved(), "training.batch=" + data.batching().batch());
    JobTree.set(job.resolved(), "training.slices=" + data.batching().slices());
    if (!classWeights.weights().isEmpty()) {
      Yaml.Mapping loss = (Yaml.Mapping) job.resolved().entries().get("loss");
      loss.entries().put("class_weights", byClass(data.labels().get(0), classWeights));
    }
    return Yaml.write(Secrets.ofSpark().redacted(job.resolved()));
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
