package io.lakeprop.job;

import io.lakeprop.data.LabelEncoder;
import io.lakeprop.eval.MetricSum;
import io.lakeprop.model.CheckpointFiles;
import io.lakeprop.model.Model;
import io.lakeprop.model.Storage;
import io.lakeprop.optim.Schedule;
import io.lakeprop.spark.ClusterWatch;
import io.lakeprop.spark.Faults;
import io.lakeprop.spark.TrainingData;
import io.lakeprop.spark.TrainingData.Split;
import io.lakeprop.train.Averaging;
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
import java.io.Closeable;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.apache.spark.sql.SparkSession;

/** One training from table to DONE. */
final class TrainRun {
  private final SparkSession session;
  private final Storage storage;
  private final Job read;
  private final Console console;
  private final Resumption resumption;
  private final RunLock lock;

  TrainRun(
      SparkSession session,
      Storage storage,
      Job job,
      Console console,
      Resumption resumption,
      RunLock lock) {
    this.session = session;
    this.storage = storage;
    this.read = job;
    this.console = console;
    this.resumption = resumption;
    this.lock = lock;
  }

  /** The exit code: 0, or what a signal makes of it that asked to stop. */
  int run() throws IOException {
    long started = System.nanoTime();
    console.line(
        "spark",
        "%s on %s, seed %d",
        session.version(),
        session.sparkContext().master(),
        read.seed());
    List<String> ofValidation = JobReader.ofValidation(read.resolved());
    try (ClusterWatch watch = ClusterWatch.over(session, console);
        PreparedJob prepared = PreparedJob.of(session, read, console)) {
      return train(prepared, watch, started, ofValidation);
    }
  }

  private int train(
      PreparedJob prepared, ClusterWatch watch, long started, List<String> ofValidation)
      throws IOException {
    Job job = prepared.job();
    TrainingData data = prepared.data();
    Objective objective = prepared.objective();
    RoundPlan plan = data.plan();
    long rounds = job.training().rounds(plan.roundsPerEpoch());
    Rate rate = job.optimizer().rate().scaled(data.batching().rowsOfRound());
    Averaging averaging = job.training().average().averaging(rounds, plan.roundsPerEpoch());
    prepared.describe(console);
    averaging.words().ifPresent(words -> console.line("average", "%s", words));
    Yaml.Mapping complete =
        Secrets.ofSpark()
            .redacted(CompleteJob.of(prepared, session.sparkContext().hadoopConfiguration()));
    String resolved = Yaml.write(complete);
    SortedMap<String, String> facts = Resumption.facts(data, prepared.kernel());
    resumption.checkFacts(facts); // Of other rows the job as resolved may differ, too.
    resumption.checkJob(complete);
    resumption.checkLength(job.training(), plan.roundsPerEpoch());
    resumption.checkAverage(averaging, plan.roundsPerEpoch());
    TrainerState state = resumption.state(prepared.theta());
    resumption.found().ifPresent(found -> console.line("resume", "from %s", found.name()));
    Schedule schedule = rate.schedule(rounds, plan.roundsPerEpoch());
    Optional<Trainer.Validation> validation =
        data.evaluator(objective, Split.VALIDATION)
            .map(evaluator -> validation(prepared, evaluator, rate));
    tellUnused(validation.isEmpty() ? ofValidation : List.of());
    HealthWatch health = new HealthWatch(objective.network().layout());
    Tally tally = new Tally(prepared.monitor());
    long begun = System.nanoTime();
    // Whatever can be refused has been refused: the folder takes the place of an earlier run.
    try (RoundRunner runner = data.rounds(prepared.choice(), objective, console);
        RunFolder folder = RunFolder.open(storage, job.output(), resolved, state.round(), lock)) {
      new EarlierRounds(tally, health).read(folder.log(), state.round());
      double before = tally.seconds();
      Both listener = new Both(console, folder, health, tally);
      console.start(rounds, plan.roundsPerEpoch(), prepared.monitor());
      KeptTraining kept =
          new KeptTraining(
              keeper ->
                  prepared.trainer(
                      runner, schedule, rounds, validation, averaging, listener, keeper),
              new CheckpointFiles(storage, RunFolder.checkpoints(job.output())),
              job.training().checkpoints(),
              plan.roundsPerEpoch(),
              new Kept(prepared, folder, facts, resolved),
              console);
      KeptTraining.Outcome outcome = kept.train(state);
      if (outcome.why().isEmpty()) {
        return outcome.exitCode();
      }
      Ended ended =
          Ended.of(
              outcome.why().get(),
              state,
              plan.roundsPerEpoch(),
              job.training().patience().orElse(0),
              prepared.monitor(),
              tally.scores());
      tell(ended);
      long trained = System.nanoTime();
      Map<Split, MetricSum> sums = evaluate(data, objective, state.bestTheta());
      Model model = prepared.model(state.bestTheta(), state.bestRound());
      folder.write(model);
      Faults faults = watch.faults();
      folder.finish(
          RunReport.json(
              session,
              data,
              model,
              state,
              sums,
              new RunReport.Times(
                  (begun - started) * 1e-9, before + (trained - begun) * 1e-9, seconds(trained)),
              tally,
              ended,
              faults));
      sums.forEach((split, sum) -> console.metrics(RunReport.name(split), data.labels(), sum));
      tellConfusion(data.labels(), sums);
      if (!faults.words().isEmpty()) {
        console.line("faults", "%s", faults.words());
      }
      console.line(
          "done",
          "%s in %s: %,d rounds%s",
          job.output(),
          Console.duration(seconds(started)),
          state.round(),
          state.bestRound() < state.round()
              ? ", model of round %,d (epoch %,d)".formatted(state.bestRound(), ended.bestEpoch())
              : "");
    }
    return 0;
  }

  private void tell(Ended ended) {
    console.line("ended", "%s", ended.words());
    if (ended.stillImproving()) {
      console.note(
          "still improving when it ended (--extend with more training.epochs trains on; a new run"
              + " with more of them lets the rate fall later)");
    }
  }

  /** Of the rows that are scored once, or else of those that chose the model. */
  private void tellConfusion(List<LabelEncoder> labels, Map<Split, MetricSum> sums) {
    Split split = sums.containsKey(Split.TEST) ? Split.TEST : Split.VALIDATION;
    if (sums.containsKey(split)) {
      ConfusionText.lines(labels, sums.get(split), RunReport.name(split), console.columns())
          .forEach(line -> console.line(line.heading(), "%s", line.text()));
    }
  }

  private void tellUnused(List<String> keys) {
    if (!keys.isEmpty()) {
      console.note("not used, no validation rows to go by: " + String.join(", ", keys));
    }
  }

  private static Trainer.Validation validation(
      PreparedJob prepared, Evaluator evaluator, Rate rate) {
    Job.Training training = prepared.job().training();
    int patience = training.patience().orElse(0);
    return new Trainer.Validation(
        evaluator,
        prepared.monitor(),
        training.evaluateEvery().orElse(prepared.data().plan().roundsPerEpoch()),
        patience == 0 ? Integer.MAX_VALUE : patience,
        rate.plateau());
  }

  private Map<Split, MetricSum> evaluate(TrainingData data, Objective objective, float[] theta) {
    Map<Split, MetricSum> sums = new EnumMap<>(Split.class);
    for (Split split : Split.values()) {
      data.evaluator(objective, split)
          .ifPresent(
              evaluator ->
                  sums.put(split, evaluator.evaluate(theta).checked(RunReport.name(split))));
    }
    return sums;
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) * 1e-9;
  }

  /** What this run puts into its checkpoints. */
  private record Kept(
      PreparedJob prepared, RunFolder folder, SortedMap<String, String> facts, String job)
      implements Checkpoints.Run {
    @Override
    public Model best(TrainerState state) {
      return prepared.model(state.bestTheta().clone(), state.bestRound());
    }

    @Override
    public Closeable beforeCheckpoint(long round) throws IOException {
      return folder.checkpoint(round);
    }
  }

  /** Tells both the person and the file, watches over the rounds' health, and counts. */
  private record Both(
      TrainingListener first, TrainingListener second, HealthWatch watch, Tally tally)
      implements TrainingListener {
    @Override
    public void round(RoundReport report) {
      tally.add(report);
      first.round(report);
      second.round(report);
      watch.read(report).forEach(this::warning);
    }

    @Override
    public void warning(Warning warning) {
      tally.add(warning);
      first.warning(warning);
      second.warning(warning);
    }

    @Override
    public void evaluation(EvaluationReport report) {
      tally.add(report);
      first.evaluation(report);
      second.evaluation(report);
    }
  }
}
