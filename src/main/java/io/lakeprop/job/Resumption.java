package io.lakeprop.job;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.data.Feature;
import io.lakeprop.data.LabelEncoder;
import io.lakeprop.model.CheckpointFiles;
import io.lakeprop.model.Model;
import io.lakeprop.model.Storage;
import io.lakeprop.nn.Kernel;
import io.lakeprop.spark.TrainingData;
import io.lakeprop.spark.TrainingData.Split;
import io.lakeprop.train.Averaging;
import io.lakeprop.train.Snapshots;
import io.lakeprop.train.TrainerState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where a run begins: at its last whole checkpoint, if it is to go on and has one, and only with
 * the same job on the same data.
 *
 * @param found empty for a start from the first round
 * @param was the job and the rounds of the run; empty where there is nothing to go on with
 * @param free keys of the job that may have changed
 */
record Resumption(
    String output, Optional<CheckpointFiles.Found> found, Optional<Was> was, Set<String> free) {
  /** Of a job of the first release that does not say it. */
  private static final int PATIENCE_ONCE = 8;

  private static final String AGAIN = "--overwrite starts again";

  /** What a run is as it stands: that of its {@code DONE}, or else of its last checkpoint. */
  private record Was(Yaml.Mapping job, long rounds) {
    static Optional<Was> of(Storage storage, String output, Optional<CheckpointFiles.Found> found)
        throws IOException {
      Optional<Long> kept = found.map(own -> own.checkpoint().round());
      if (RunFolder.isDone(storage, output)) {
        if (!storage.exists(RunFolder.job(output))) {
          throw new InvalidInput(
              "output %s must have the %s of its run (%s), however: it has none"
                  .formatted(output, RunFolder.JOB, AGAIN));
        }
        // Its last checkpoint may be of a shorter training, which went on without any.
        long rounds = RunFolder.rounds(storage, output).orElse(kept.orElse(0L));
        return Optional.of(new Was(RunFolder.readJob(storage, output), rounds));
      }
      return kept.map(rounds -> new Was(kept(output, found.get()), rounds));
    }

    /** The job of a checkpoint. */
    static Yaml.Mapping kept(String output, CheckpointFiles.Found found) {
      return Yaml.read(folder(output, found) + "/" + RunFolder.JOB, found.checkpoint().job());
    }
  }

  /** From the first round. */
  static Resumption none(String output) {
    return new Resumption(output, Optional.empty(), Optional.empty(), Set.of());
  }

  /**
   * Looks for the last whole checkpoint, and compares the job of the run, as far as it is known
   * before the data is.
   *
   * @param extend whether the training may be of another length
   * @throws InvalidInput when the job has changed
   */
  static Resumption find(Storage storage, Job job, boolean extend, Console console)
      throws IOException {
    CheckpointFiles files = new CheckpointFiles(storage, RunFolder.checkpoints(job.output()));
    PassedOver passedOver = new PassedOver(console, new ArrayList<>());
    Optional<CheckpointFiles.Found> found = files.last(passedOver);
    if (found.isEmpty() && !passedOver.lost().isEmpty()) {
      // Whoever began anew would delete what perhaps a backup can still put right.
      throw new InvalidInput(
          "output %s must have a checkpoint that can be read (%s and deletes them), however: %s"
              .formatted(job.output(), AGAIN, String.join("; ", passedOver.lost())));
    }
    if (extend && found.isEmpty() && RunFolder.isDone(storage, job.output())) {
      throw new InvalidInput(
          "output %s must have a checkpoint to extend its run from (%s), however: it has none"
              .formatted(job.output(), AGAIN));
    }
    Resumption resumption =
        new Resumption(
            job.output(),
            found,
            Was.of(storage, job.output(), found),
            extend ? JobDifference.LENGTH : Set.of());
    resumption
        .begunBy(storage)
        .ifPresent(was -> was.differences(RunMark.own()).forEach(console::note));
    resumption.checkJob(Secrets.ofSpark().redacted(job.resolved()), JobDifference::beforeData);
    return resumption;
  }

  /** How to go on where the run came to its end. */
  String onwards() {
    return found.isPresent() ? "--extend trains on" : AGAIN;
  }

  /** Which versions have begun the run, as far as it tells. */
  private Optional<RunMark> begunBy(Storage storage) throws IOException {
    return found.isEmpty() ? Optional.empty() : RunMark.read(storage, output);
  }

  /** Tells of checkpoints that cannot be used, and remembers those that had been whole. */
  private record PassedOver(Console console, List<String> lost) implements CheckpointFiles.Damaged {
    @Override
    public void checkpoint(String name, String why) {
      unfinished(name, why);
      lost.add(name + ": " + why);
    }

    @Override
    public void unfinished(String name, String why) {
      console.note("checkpoint " + name + " is passed over: " + why);
    }
  }

  /** Compares the job, as it is written, once what it leaves to the data has been filled in. */
  void checkJob(Yaml.Mapping now) {
    checkJob(now, JobDifference::between);
  }

  /** One of the two ways to compare jobs. */
  @FunctionalInterface
  private interface Comparison {
    List<String> of(Yaml.Mapping was, Yaml.Mapping now, Set<String> free);
  }

  private void checkJob(Yaml.Mapping now, Comparison differences) {
    if (was.isPresent()) {
      Yaml.Mapping before = complete(was.get().job());
      Yaml.Mapping after = complete(now);
      boolean isLength = differences.of(before, after, JobDifference.LENGTH).isEmpty();
      String ways = (isLength && found.isPresent() ? "--extend lets it train on, " : "") + AGAIN;
      check("job", ways, differences.of(before, after, free));
    }
  }

  /** With what holds without a key: a run of an earlier version has not written it down. */
  private static Yaml.Mapping complete(Yaml.Mapping job) {
    try {
      return JobReader.complete(job);
    } catch (InvalidInput refusal) {
      return job; // The comparison tells what has changed.
    }
  }

  /** Compares what the tables hold, and how matrices are multiplied. */
  void checkFacts(SortedMap<String, String> now) {
    if (found.isPresent()) {
      check("data and kernel", AGAIN, JobDifference.between(found.get().checkpoint().facts(), now));
    }
  }

  /**
   * Refuses to make a run shorter than it is: a training by its job would give another model. What
   * less patience would have made of rounds that are done, nobody knows.
   */
  void checkLength(Job.Training training, long roundsPerEpoch) {
    if (was.isEmpty()) {
      return;
    }
    long done = was.get().rounds();
    List<String> tooShort = new ArrayList<>();
    int epochs = training.epochs().orElseThrow();
    long ofEpochs = epochs * roundsPerEpoch;
    if (ofEpochs < done) {
      long least = (done + roundsPerEpoch - 1) / roundsPerEpoch;
      tooShort.add(
          "training.epochs=%d, which are %d rounds, with %d done (%d or more)"
              .formatted(epochs, ofEpochs, done, least));
    }
    if (training.rounds().orElse(done) < done) {
      tooShort.add(
          "training.rounds=%d, with %d done (%d or more)"
              .formatted(training.rounds().getAsLong(), done, done));
    }
    int patience =
        new Section("", was.get().job())
            .section("training")
            .notNegative("patience")
            .orElse(PATIENCE_ONCE);
    int now = training.patience().orElse(0);
    if (patience(now) < patience(patience)) {
      tooShort.add(
          "training.patience=%d, which was %d (%d%s)"
              .formatted(now, patience, patience, patience == 0 ? "" : " or more"));
    }
    if (!tooShort.isEmpty()) {
      throw new InvalidInput(
          "output %s must be extended to no less than it has had (%s), however: %s"
              .formatted(output, AGAIN, String.join("; ", tooShort)));
    }
  }

  /**
   * Refuses to make a run longer that has taken rounds into its average that the longer one would
   * have left out.
   */
  void checkAverage(Averaging average, long roundsPerEpoch) {
    if (found.isEmpty() || free.isEmpty() || !(average instanceof Averaging.Uniform now)) {
      return;
    }
    Job.Training training = JobReader.read(Was.kept(output, found.get())).training();
    Averaging.Uniform before =
        (Averaging.Uniform)
            training.average().averaging(training.rounds(roundsPerEpoch), roundsPerEpoch);
    long done = found.get().checkpoint().round();
    if (!before.equals(now) && done >= Math.min(before.from(), now.from())) {
      throw new InvalidInput(
          "output %s must be extended with its average from the same round on (%s; where training.average has from_epochs or from_rounds, a run can be extended), however: it was from round %d on, now %d, with %d done"
              .formatted(output, AGAIN, before.from(), now.from(), done));
    }
  }

  /** Evaluations without a new best that end a training; 0 stands for no end. */
  private static long patience(int evaluations) {
    return evaluations == 0 ? Long.MAX_VALUE : evaluations;
  }

  private void check(String what, String ways, List<String> differences) {
    if (!differences.isEmpty()) {
      throw new InvalidInput(
          "output %s must go on with the same %s (%s), however: %s"
              .formatted(output, what, ways, String.join("; ", differences)));
    }
  }

  private static String folder(String output, CheckpointFiles.Found found) {
    return RunFolder.checkpoints(output) + "/" + found.name();
  }

  /**
   * The state to go on from.
   *
   * @param start where there is no checkpoint
   */
  TrainerState state(float[] start) {
    return found
        .map(
            own ->
                Snapshots.state(
                    folder(output, own),
                    own.checkpoint().state(),
                    own.best().map(Model::theta).map(float[]::clone).orElse(null),
                    start.length))
        .orElseGet(() -> new TrainerState(start));
  }

  /** What must be the same for the same bits, besides the job. */
  static SortedMap<String, String> facts(TrainingData data, Kernel.Choice kernel) {
    SortedMap<String, String> facts = new TreeMap<>();
    facts.put("kernel", kernel.name());
    facts.put("defaults", Integer.toString(JobReader.DEFAULTS));
    for (Split split : Split.values()) {
      String name = RunReport.name(split);
      facts.put(name + ".rows", Long.toString(data.rows(split)));
      facts.put(name + ".content", "%016x".formatted(data.content(split)));
    }
    for (Feature feature : data.encoder().features()) {
      facts.put("feature " + feature.name(), kind(feature));
    }
    for (LabelEncoder label : data.labels()) {
      facts.put("label " + label.name(), kind(label));
    }
    return facts;
  }

  private static String kind(Object sealed) {
    return sealed.getClass().getSimpleName().toLowerCase(Locale.ROOT);
  }
}
