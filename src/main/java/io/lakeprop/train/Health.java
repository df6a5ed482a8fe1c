package io.lakeprop.train;

import io.lakeprop.base.Check;
import io.lakeprop.nn.UnitCounters;
import java.util.List;

/**
 * How a trainer looks after its numbers.
 *
 * @param nonFinite what to do with a round that is not finite
 * @param figuresEvery rounds from one with {@link LayerFigures} to the next; 0 for none
 * @param counters of the network's flat units
 */
public record Health(NonFinite nonFinite, int figuresEvery, List<UnitCounters> counters) {
  /** Stops, and reports the layers, but not their units, in every round. */
  public static final Health DEFAULT = new Health(NonFinite.STOP, 1, List.of());

  public Health {
    Check.notNegative(figuresEvery, "layer_figures_every");
    counters = List.copyOf(counters);
  }

  /** Whether a round, from 0, has figures. */
  boolean figures(long round) {
    return figuresEvery > 0 && round % figuresEvery == 0;
  }
}
