package io.lakeprop.job;

import io.lakeprop.base.AlsoCalled;
import io.lakeprop.base.Check;
import io.lakeprop.base.InvalidInput;
import io.lakeprop.train.Averaging;
import java.util.List;
import java.util.Optional;

/** The key {@code training.average} as a job file has it; lengths in rounds come with the data. */
sealed interface Average {
  /** The names of averages. */
  enum Type {
    NONE,
    @AlsoCalled({"ema", "exponential_moving_average", "polyak"})
    EXPONENTIAL,
    @AlsoCalled({"swa", "mean", "stochastic_weight_averaging"})
    UNIFORM
  }

  /**
   * The average over a training.
   *
   * @param rounds planned
   */
  Averaging averaging(long rounds, long roundsPerEpoch);

  /** Vectors as long as theta that it needs. */
  int vectors();

  /** A name, or a map of {@code type} and its keys. */
  static Average read(Section training) {
    List<Section> given = training.sections("average", "type");
    if (given.size() > 1) {
      throw training.refusal(training.required("average"), "average", "must be a name or a map");
    }
    Section section = given.isEmpty() ? training.sectionOrNone("average") : given.get(0);
    if (!given.isEmpty()) {
      section.required("type");
    }
    Average average =
        switch (section.constant("type", Type.NONE)) {
          case NONE -> new Fixed(new Averaging.None());
          case EXPONENTIAL ->
              section.made(
                  () -> new Fixed(new Averaging.Exponential(section.number("decay", 0.999))));
          case UNIFORM ->
              section.made(
                  () ->
                      new Uniform(
                          Length.read(section, "from_"), Length.read(section, "every_", 1)));
        };
    section.end();
    return average;
  }

  /** The same for trainings of any length. */
  record Fixed(Averaging averaging) implements Average {
    @Override
    public Averaging averaging(long rounds, long roundsPerEpoch) {
      return averaging;
    }

    @Override
    public int vectors() {
      return averaging.vectors();
    }
  }

  /**
   * Stochastic weight averaging.
   *
   * @param from empty for the last quarter of the planned rounds
   */
  record Uniform(Optional<Length> from, Length every) implements Average {
    public Uniform {
      Check.positive(every.count(), "every");
    }

    @Override
    public Averaging averaging(long rounds, long roundsPerEpoch) {
      long first =
          from.map(length -> Math.round(length.rounds(roundsPerEpoch))).orElse(rounds - rounds / 4);
      if (first > rounds) {
        throw new InvalidInput(
            "training.average must begin within the %d rounds of the training, however: from=%d"
                .formatted(rounds, first));
      }
      return new Averaging.Uniform(first, every.wholeRounds(roundsPerEpoch));
    }

    @Override
    public int vectors() {
      return 1;
    }
  }
}
