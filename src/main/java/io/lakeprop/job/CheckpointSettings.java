package io.lakeprop.job;

import io.lakeprop.base.Check;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The key {@code training.checkpoints}: how often what a training has reached is kept, whichever of
 * the two comes first. One is kept at the end and at a stop, too.
 *
 * @param any whether a training keeps any at all
 * @param every rounds or epochs; empty for never
 * @param minutes 0 for never
 * @param keep checkpoints that stay
 */
record CheckpointSettings(boolean any, Optional<Length> every, double minutes, int keep) {
  /** Where a job says nothing: a lost process costs five minutes. */
  private static final double MINUTES = 5;

  private static final int KEEP = 2;

  CheckpointSettings {
    every.ifPresent(length -> Check.positive(length.count(), "every"));
    Check.notNegative(minutes, "every_minutes");
    Check.positive(keep, "keep");
  }

  /** Rounds from one checkpoint to the next. */
  OptionalLong rounds(long roundsPerEpoch) {
    return every.isPresent()
        ? OptionalLong.of(every.get().wholeRounds(roundsPerEpoch))
        : OptionalLong.empty();
  }

  /** {@code none}, or a map. */
  static CheckpointSettings read(Section training) {
    boolean none =
        training
            .value("checkpoints")
            .filter(value -> value instanceof Yaml.Scalar text && text.text().equals("none"))
            .isPresent();
    if (none) {
      return new CheckpointSettings(false, Optional.empty(), 0, KEEP);
    }
    training
        .value("checkpoints")
        .filter(value -> !(value instanceof Yaml.Mapping))
        .ifPresent(
            value -> {
              throw training.refusal(value, "checkpoints", "must be none or a map");
            });
    Section section = training.section("checkpoints");
    Optional<Length> every = Length.read(section, "every_");
    double otherwise = every.isPresent() ? 0 : MINUTES;
    CheckpointSettings settings =
        section.made(
            () ->
                new CheckpointSettings(
                    true,
                    every,
                    section.number("every_minutes", otherwise),
                    section.positive("keep", KEEP)));
    section.end();
    return settings;
  }
}
