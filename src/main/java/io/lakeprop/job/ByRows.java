package io.lakeprop.job;

import io.lakeprop.spark.DataPreparation;
import io.lakeprop.spark.TrainingData.Split;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a job leaves open and its training rows decide: how wide the network is and how long it
 * trains. It is written into the job, so that the job as resolved says it.
 *
 * <p>The figures were chosen on validation rows of some twenty tables of 400 to 340,000 rows.
 *
 * @param rows of training
 * @param roundsPerEpoch of the batch
 * @param isJudged whether there are validation rows
 */
record ByRows(long rows, long roundsPerEpoch, boolean isJudged) {
  private static final String EPOCHS = "training.epochs";
  private static final String PATIENCE = "training.patience";
  private static final String HIDDEN = "network.hidden";

  /** A network has learnt what it can after so many rounds, or so many looks at each row. */
  private static final long ROUNDS = 10_000;

  private static final long EPOCHS_THAT_DO = 100;

  /** A few hundred rows need more looks: an epoch of theirs has a dozen rounds. */
  private static final long FEWEST_ROUNDS = 3_000;

  private static final long FEWEST_EPOCHS = 5;

  /** A search reads all rows in each round. */
  private static final int EPOCHS_OF_A_SEARCH = 500;

  private static final long PATIENCE_OF_A_SEARCH = 8;
  private static final long LEAST_PATIENCE = 16;

  /** Part of the evaluations that may pass without a new best. */
  private static final long PATIENT_PART = 4;

  static ByRows of(DataPreparation fitted) {
    return new ByRows(fitted.rows(), fitted.roundsPerEpoch(), fitted.has(Split.VALIDATION));
  }

  /** The job with all that it leaves open filled in. */
  Job fill(Job read) {
    Job job = read;
    Set<String> left = left(job.resolved());
    if (left.contains(EPOCHS)) {
      int epochs = epochs(job.optimizer().searches(), job.training().rounds());
      JobTree.set(job.resolved(), EPOCHS + "=" + epochs);
      job = JobReader.read(job.resolved());
    }
    if (left.contains(PATIENCE) && isJudged) {
      JobTree.set(job.resolved(), PATIENCE + "=" + patience(job));
    }
    if (left.contains(HIDDEN)) {
      JobTree.set(job.resolved(), HIDDEN + "=" + List.of(width(), width()));
    }
    return JobReader.read(job.resolved());
  }

  /** Keys that a job leaves to its training rows. */
  static Set<String> left(Yaml.Mapping job) {
    Set<String> left = new TreeSet<>();
    for (String key : List.of(EPOCHS, PATIENCE, HIDDEN)) {
      if (find(job, key).isEmpty()) {
        left.add(key);
      }
    }
    if (!find(job, "network.type").orElse("perceptron").equals("perceptron")) {
      left.remove(HIDDEN);
    }
    return left;
  }

  private int epochs(boolean searches, OptionalLong rounds) {
    if (rounds.isPresent()) {
      return Math.toIntExact(divided(rounds.getAsLong(), roundsPerEpoch));
    }
    if (searches) {
      return EPOCHS_OF_A_SEARCH;
    }
    long enough = Math.min(EPOCHS_THAT_DO, divided(ROUNDS, roundsPerEpoch));
    long least = Math.max(FEWEST_EPOCHS, divided(FEWEST_ROUNDS, roundsPerEpoch));
    return (int) Math.max(enough, least);
  }

  /** Of evaluations, however many an epoch has. */
  private long patience(Job job) {
    long rounds = job.training().rounds(roundsPerEpoch);
    long evaluations = rounds / job.training().evaluateEvery().orElse(roundsPerEpoch);
    return job.optimizer().searches()
        ? PATIENCE_OF_A_SEARCH
        : Math.max(LEAST_PATIENCE, evaluations / PATIENT_PART);
  }

  private static long divided(long a, long b) {
    return (a + b - 1) / b;
  }

  /** Units of each of two hidden layers: more rows tell more of them what to do. */
  private int width() {
    return rows < 2_000 ? 128 : rows < 10_000 ? 256 : 384;
  }

  /** The text at a dotted key of two names. */
  private static Optional<String> find(Yaml.Mapping job, String key) {
    int dot = key.indexOf('.');
    Yaml section = job.entries().get(key.substring(0, dot));
    Yaml value =
        section instanceof Yaml.Mapping map ? map.entries().get(key.substring(dot + 1)) : null;
    return value instanceof Yaml.Scalar scalar
        ? scalar.value().map(Object::toString)
        : Optional.ofNullable(value).map(Yaml::where);
  }
}
