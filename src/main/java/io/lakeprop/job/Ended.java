package io.lakeprop.job;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lakeprop.eval.Monitor;
import io.lakeprop.train.Ending;
import io.lakeprop.train.TrainerState;
import java.util.List;
import java.util.Locale;

/**
 * Why a training is over, and whether it might have gone on.
 *
 * @param isJudged whether there were evaluations
 * @param bestRound after which the model was judged best
 */
record Ended(
    Ending why,
    boolean isJudged,
    long rounds,
    long roundsPerEpoch,
    int patience,
    long bestRound,
    boolean stillImproving) {
  /** The last part of the evaluations in which a gain says that more would come. */
  private static final int LAST_PART = 10;

  /** Of the error that was left: a smaller gain is what a falling rate brings to anybody. */
  private static final double GAIN = 0.01;

  static Ended of(
      Ending why,
      TrainerState state,
      long roundsPerEpoch,
      int patience,
      Monitor monitor,
      List<Double> scores) {
    return new Ended(
        why,
        !scores.isEmpty(),
        state.round(),
        roundsPerEpoch,
        patience,
        state.bestRound(),
        why == Ending.ROUNDS && isImproving(scores, monitor));
  }

  /** Whether the last tenth of the evaluations has made the model better by a hundredth. */
  static boolean isImproving(List<Double> scores, Monitor monitor) {
    int last = scores.size() - Math.max(1, scores.size() / LAST_PART);
    if (last < 1) {
      return false;
    }
    double before = best(scores.subList(0, last), monitor);
    double after = best(scores, monitor);
    if (Double.isNaN(before) || !monitor.better(after, before)) {
      return false;
    }
    boolean isShare = monitor.better(1, 0); // The error of an accuracy is what it lacks to 1.
    double left = Math.abs(isShare ? 1 - before : before);
    return Math.abs(after - before) > GAIN * left;
  }

  private static double best(List<Double> scores, Monitor monitor) {
    double best = Double.NaN;
    for (double score : scores) {
      if (Double.isNaN(best) || monitor.better(score, best)) {
        best = score;
      }
    }
    return best;
  }

  /** For the line {@code ended}. */
  String words() {
    return switch (why) {
      case PATIENCE ->
          "after epoch %,d: no better in %,d evaluations (training.patience)"
              .formatted(epoch(rounds), patience);
      case ROUNDS -> "after epoch %,d, the last".formatted(epoch(rounds));
      case LINE_SEARCH -> "after round %,d: no step lowers the loss".formatted(rounds);
    };
  }

  /** The epoch in which the best model was judged; 0 before the first. */
  long bestEpoch() {
    return bestRound == 0 ? 0 : epoch(bestRound);
  }

  private long epoch(long round) {
    return 1 + (round - 1) / roundsPerEpoch;
  }

  void write(ObjectNode report) {
    report.put("ended_by", why.name().toLowerCase(Locale.ROOT));
    report.put("still_improving", stillImproving);
    report.put("best_round", bestRound).put("best_epoch", bestEpoch());
  }
}
