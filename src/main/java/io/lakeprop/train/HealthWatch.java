package io.lakeprop.train;

import io.lakeprop.nn.ParameterLayout;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the reports of rounds and says, once, in plain words, when a training is not well: before
 * its metrics show it.
 *
 * <p>It changes nothing, and knows only what it was told: after a resume it is told of the rounds
 * before, and of what it has said. Each {@link Symptom} has to last for a while, and its thresholds
 * are far from what healthy trainings show: they are stated and reasoned where they stand.
 */
public final class HealthWatch {
  private final List<Symptom> symptoms;
  private final Set<Said> said = new HashSet<>();
  private boolean saidSkipped;

  /** What is said once: of units layer by layer, all else of a whole training. */
  private record Said(Warning.Kind kind, List<String> layers) {
    static Said of(Warning.Kind kind, List<String> layers) {
      boolean units = kind == Warning.Kind.DEAD_UNITS || kind == Warning.Kind.SATURATED_UNITS;
      return new Said(kind, units ? layers : List.of());
    }
  }

  /**
   * @param layout of theta, for the sizes of layers
   */
  public HealthWatch(ParameterLayout layout) {
    symptoms =
        List.of(
            new VanishingGradients(layout), new Explosion(), new FlatUnits(), new SmallUpdates());
  }

  /** Something that reports of rounds may show. */
  sealed interface Symptom permits VanishingGradients, Explosion, FlatUnits, SmallUpdates {
    /** Reads one more report of a round that was finite; what is new. */
    List<Warning> read(RoundReport report);
  }

  /** Reads the report of a round of an earlier process, which has said what was to be said. */
  public void readAgain(RoundReport report) {
    List<Warning> unused = read(report);
  }

  /** What an earlier process has said. */
  public void told(Warning.Kind kind, List<String> layers) {
    said.add(Said.of(kind, List.copyOf(layers)));
  }

  /** Reads the report of the next round; the warnings that it gives rise to. */
  public List<Warning> read(RoundReport report) {
    if (report.setback().isPresent()) {
      return setback(report, report.setback().get()).stream().toList();
    }
    List<Warning> warnings = new ArrayList<>();
    if (Double.isFinite(report.loss())) {
      symptoms.forEach(symptom -> warnings.addAll(symptom.read(report)));
    }
    warnings.removeIf(warning -> said.contains(Said.of(warning.kind(), warning.layers())));
    return warnings;
  }

  /** Every way back is told, for it changes the training; of rounds left out the first one. */
  private Optional<Warning> setback(RoundReport report, Setback setback) {
    boolean retried = setback.done() == NonFinite.RETRY;
    if (!retried && saidSkipped) {
      return Optional.empty();
    }
    saidSkipped |= !retried;
    String done =
        retried
            ? "back to what round %d left, and on at 1/%.0f of the job's learning rates"
                .formatted(setback.backTo(), 1 / setback.rateFactor())
            : "the round is left out, and so will others be";
    return Optional.of(
        new Warning(
            report.round(),
            Warning.Kind.NON_FINITE,
            List.of(),
            "not finite: %s; %s; try a lower optimizer.learning_rate or optimizer.clip_norm"
                .formatted(setback.what(), done)));
  }

  /** A number in a warning: two digits say enough. */
  static String number(double value) {
    return String.format(Locale.ROOT, value >= 0.01 && value < 1000 ? "%.3g" : "%.1e", value);
  }
}
