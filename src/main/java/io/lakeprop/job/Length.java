package io.lakeprop.job;

import io.lakeprop.base.Check;
import java.util.List;
import java.util.Optional;

/** How long something of a training lasts, as a job file has it. */
record Length(double count, Unit unit) {
  /** What is counted; a key ends on it. */
  enum Unit {
    EPOCHS,
    ROUNDS
  }

  /** No time at all. */
  static final Length NONE = new Length(0, Unit.EPOCHS);

  Length {
    Check.notNegative(count, "length");
  }

  double rounds(long roundsPerEpoch) {
    return unit == Unit.EPOCHS ? count * roundsPerEpoch : count;
  }

  /** The same as whole rounds, at least one. */
  long wholeRounds(long roundsPerEpoch) {
    return Math.max(1, Math.round(rounds(roundsPerEpoch)));
  }

  /** What stands at one of {@code <prefix>epochs} and {@code <prefix>rounds}. */
  static Optional<Length> read(Section section, String prefix) {
    List<Length> lengths = readAll(section, prefix);
    if (lengths.size() > 1) {
      throw section.refusal(
          section.required(prefix + Section.name(lengths.get(0).unit())),
          prefix + Section.name(lengths.get(0).unit()),
          "must be one number");
    }
    return lengths.stream().findFirst();
  }

  /** The same, with the epochs that hold where neither is there. */
  static Length read(Section section, String prefix, double epochs) {
    return read(section, prefix)
        .orElseGet(
            () -> {
              String key = prefix + Section.name(Unit.EPOCHS);
              return new Length(section.or(key, Optional.empty(), epochs), Unit.EPOCHS);
            });
  }

  /** The list at one of the two keys; empty when neither is there. */
  static List<Length> readAll(Section section, String prefix) {
    String epochs = prefix + Section.name(Unit.EPOCHS);
    String rounds = prefix + Section.name(Unit.ROUNDS);
    List<Length> inEpochs = in(Unit.EPOCHS, section.numbers(epochs), section);
    List<Length> inRounds = in(Unit.ROUNDS, section.numbers(rounds), section);
    if (!inEpochs.isEmpty() && !inRounds.isEmpty()) {
      throw section.refusal(section.required(rounds), rounds, "must not be there beside " + epochs);
    }
    return inEpochs.isEmpty() ? inRounds : inEpochs;
  }

  private static List<Length> in(Unit unit, List<Double> counts, Section section) {
    return section.made(() -> counts.stream().map(count -> new Length(count, unit)).toList());
  }
}
