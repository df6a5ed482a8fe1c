package io.lakeprop.train;

import java.util.List;

/**
 * What a {@link HealthWatch} has to say.
 *
 * @param round from 0
 * @param layers that it is about; none where it is about all
 * @param text what is wrong and what to try, in the words of a job file
 */
public record Warning(long round, Kind kind, List<String> layers, String text) {
  /** What is wrong. */
  public enum Kind {
    VANISHING_GRADIENTS,
    EXPLODING,
    DEAD_UNITS,
    SATURATED_UNITS,
    SMALL_UPDATES,
    NON_FINITE
  }

  public Warning {
    layers = List.copyOf(layers);
  }

  /** As a person reads it: one line, rounds from 1. */
  public String line() {
    return "round %d: %s".formatted(round + 1, text);
  }
}
