package io.lakeprop.train;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * More than half of a layer's units stay dead, or saturated: the same ones, in every round of a
 * window of at least 50 rounds and 5,000 rows.
 *
 * <p>A round alone says little: with 64 rows a unit that is there for one row in a hundred is
 * mostly flat, and healthy. Over a window only those are left that learn next to nothing. Some
 * always are; half of a layer is a network of half the width.
 */
final class FlatUnits implements HealthWatch.Symptom {
  private static final int ROUNDS = 50;
  private static final int ROWS = 5000;
  private static final double MOST = 0.5;

  private final Map<String, BitSet> always = new HashMap<>();
  private final Set<String> said = new HashSet<>();
  private int rounds;
  private long rows;

  @Override
  public List<Warning> read(RoundReport report) {
    List<LayerFigures.Units> layers = report.layers().units();
    if (layers.isEmpty()) {
      return List.of();
    }
    for (LayerFigures.Units layer : layers) {
      always
          .computeIfAbsent(layer.counters().layer(), name -> (BitSet) layer.flat().clone())
          .and(layer.flat());
    }
    rounds++;
    rows += report.rows();
    if (rounds < ROUNDS || rows < ROWS) {
      return List.of();
    }
    List<Warning> warnings = new ArrayList<>();
    for (LayerFigures.Units layer : layers) {
      String name = layer.counters().layer();
      double share = (double) always.get(name).cardinality() / layer.counters().units();
      if (share > MOST && said.add(name)) {
        warnings.add(warning(report.round(), layer, share));
      }
    }
    always.clear();
    rounds = 0;
    rows = 0;
    return warnings;
  }

  private Warning warning(long round, LayerFigures.Units layer, double share) {
    String name = layer.counters().layer();
    String text = "%.0f%% of the units of %s are ".formatted(100 * share, name);
    if (layer.counters().saturates()) {
      text +=
          "saturated, flat in nine rows of ten of each of %d rounds; try network.norm: batch, a lower optimizer.learning_rate, network.initializer: glorot_uniform, or network.activation: relu"
              .formatted(rounds);
      return new Warning(round, Warning.Kind.SATURATED_UNITS, List.of(name), text);
    }
    text +=
        "dead, flat in every row of %d rounds; try a lower optimizer.learning_rate, optimizer.clip_norm, network.norm: batch, or network.activation: leaky_relu"
            .formatted(rounds);
    return new Warning(round, Warning.Kind.DEAD_UNITS, List.of(name), text);
  }
}
