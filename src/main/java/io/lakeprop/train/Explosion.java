package io.lakeprop.train;

import io.lakeprop.train.LayerFigures.Learnt;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A training that runs away: one of
 *
 * <ul>
 *   <li>the update of a layer is longer than the layer's theta in five rounds in a row. Healthy
 *       ratios are about 1/1000; a layer that starts at 0 has one above 1 for a step or two;
 *   <li>it is so once, and the loss of one of the next three rounds is three times that of the
 *       first: relu networks may be dead, and quiet, right after;
 *   <li>the gradient's norm is above 100 times its median of the last 100 rounds, and above what it
 *       was at the start, in five of ten rounds. Single rounds are outliers, and near the end of a
 *       training norms may be so small that any hard row stands out;
 *   <li>the loss, median of ten rounds, is three times what it was before the first step, or ten
 *       times the lowest that it has been and above the first, while the gradient's norm is three
 *       times that of the start: a loss of log likelihoods may begin near 0, and says nothing by
 *       itself.
 * </ul>
 */
final class Explosion implements HealthWatch.Symptom {
  private static final double LARGEST_RATIO = 1;
  private static final int RATIO_PATIENCE = 5;
  private static final int SOON = 3;
  private static final double LARGEST_JUMP = 100;
  private static final int JUMP_PATIENCE = 5;
  private static final double LARGEST_RISE = 3;
  private static final double LARGEST_RISE_FROM_LOWEST = 10;
  private static final int WINDOW = 10;
  private static final int LONG_WINDOW = 100;
  private static final int START = 20;

  private final Map<String, Integer> streaks = new HashMap<>();
  private final Recent losses = new Recent(WINDOW);
  private final Recent norms = new Recent(WINDOW);
  private final Recent manyNorms = new Recent(LONG_WINDOW);
  private final Recent firstNorms = new Recent(START);
  private final Deque<Boolean> recentJumps = new ArrayDeque<>();
  private int sinceLong = SOON;
  private double firstLoss;
  private double lowestLoss = Double.POSITIVE_INFINITY;
  private boolean said;

  @Override
  public List<Warning> read(RoundReport report) {
    if (said) {
      return List.of();
    }
    // Each of them is read in every round.
    List<Optional<String>> signs = List.of(longUpdate(report), jump(report), rise(report));
    Optional<String> sign = signs.stream().flatMap(Optional::stream).findFirst();
    said = sign.isPresent();
    return sign
        .map(
            what ->
                new Warning(
                    report.round(),
                    Warning.Kind.EXPLODING,
                    steepest(report).map(Learnt::layer).stream().toList(),
                    "training explodes: %s; try optimizer.clip_norm, optimizer.warmup_epochs, or a lower optimizer.learning_rate (now %s)"
                        .formatted(what, HealthWatch.number(report.learningRate()))))
        .stream()
        .toList();
  }

  private Optional<String> longUpdate(RoundReport report) {
    Optional<String> found = Optional.empty();
    sinceLong++;
    for (Learnt layer : report.layers().learnt()) {
      boolean isLong = layer.updateRatio() > LARGEST_RATIO;
      if (isLong && layer.thetaNorm() > 0) {
        sinceLong = 0;
      }
      int streak = isLong ? streaks.getOrDefault(layer.layer(), 0) + 1 : 0;
      streaks.put(layer.layer(), streak);
      if (streak == RATIO_PATIENCE && found.isEmpty()) {
        found =
            Optional.of(
                "updates of %s are %s times its weights"
                    .formatted(layer.layer(), HealthWatch.number(layer.updateRatio())));
      }
    }
    return found;
  }

  private Optional<String> jump(RoundReport report) {
    double norm = report.gradientNorm();
    double before = manyNorms.seen() == 0 ? 0 : manyNorms.median();
    boolean jumps =
        firstNorms.full()
            && before > 0
            && norm > LARGEST_JUMP * before
            && norm > firstNorms.median();
    recentJumps.addLast(jumps);
    if (recentJumps.size() > WINDOW) {
      recentJumps.removeFirst();
    }
    manyNorms.add(norm);
    if (!firstNorms.full()) {
      firstNorms.add(norm);
    }
    boolean often = recentJumps.stream().filter(j -> j).count() >= JUMP_PATIENCE;
    return jumps && often
        ? Optional.of(
            "the gradient's norm is %s, usually %s%s"
                .formatted(HealthWatch.number(norm), HealthWatch.number(before), most(report)))
        : Optional.empty();
  }

  private Optional<String> rise(RoundReport report) {
    if (losses.seen() == 0) {
      firstLoss = report.loss();
    }
    losses.add(report.loss());
    norms.add(report.gradientNorm());
    if (sinceLong <= SOON && isFarAboveFirst(report.loss())) {
      return Optional.of(
          "an update was longer than the weights of its layer, and the loss is %s after %s in the first round"
              .formatted(HealthWatch.number(report.loss()), HealthWatch.number(firstLoss)));
    }
    if (!losses.full()) {
      return Optional.empty();
    }
    double loss = losses.median();
    boolean aboveFirst = isFarAboveFirst(loss);
    boolean aboveLowest =
        lowestLoss > 0 && loss > LARGEST_RISE_FROM_LOWEST * lowestLoss && loss > firstLoss;
    lowestLoss = Math.min(lowestLoss, loss);
    boolean steep = norms.median() > LARGEST_RISE * firstNorms.median();
    return steep && (aboveFirst || aboveLowest)
        ? Optional.of(
            "the loss is %s, from %s in the first round%s"
                .formatted(HealthWatch.number(loss), HealthWatch.number(firstLoss), most(report)))
        : Optional.empty();
  }

  private boolean isFarAboveFirst(double loss) {
    return loss > firstLoss + (LARGEST_RISE - 1) * Math.abs(firstLoss);
  }

  private static Optional<Learnt> steepest(RoundReport report) {
    return report.layers().learnt().stream().max(Comparator.comparingDouble(Learnt::gradientNorm));
  }

  private static String most(RoundReport report) {
    return steepest(report).map(layer -> ", most of it in " + layer.layer()).orElse("");
  }
}
