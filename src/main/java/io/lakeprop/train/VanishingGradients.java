package io.lakeprop.train;

import io.lakeprop.nn.ParameterLayout;
import io.lakeprop.nn.ParameterLayout.LayerRange;
import io.lakeprop.nn.Slot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The gradient of a layer, root of the mean square a weight, stays far below that of the layer
 * nearest to the output.
 *
 * <p>In networks that learn, layers are within a factor of about 100 of one another, wide sparse
 * inputs included: below 1/10,000 it is depth that eats the gradient (a sigmoid passes at most a
 * quarter, so eight of them are enough). Optimizers that divide by the gradient's size move such
 * layers all the same, but along noise. Twenty rounds in a row are more than the odd batch.
 *
 * <p>Embeddings do not count: most of their rows are not in a batch. It is said once: layers that
 * follow later suffer from the same.
 */
final class VanishingGradients implements HealthWatch.Symptom {
  private static final double SMALLEST = 1e-4;
  private static final int PATIENCE = 20;

  private final Map<String, Integer> sizes = new HashMap<>();
  private final Map<String, Integer> streaks = new HashMap<>();
  private boolean said;

  VanishingGradients(ParameterLayout layout) {
    for (LayerRange layer :
        layout.layers(slot -> slot.role().learnt() && slot.role() != Slot.Role.EMBEDDING)) {
      sizes.merge(layer.layer(), layer.range().end() - layer.range().start(), Integer::sum);
    }
  }

  @Override
  public List<Warning> read(RoundReport report) {
    List<LayerFigures.Learnt> layers =
        report.layers().learnt().stream().filter(l -> sizes.containsKey(l.layer())).toList();
    if (said || layers.size() < 2) {
      return List.of();
    }
    LayerFigures.Learnt last = layers.get(layers.size() - 1);
    double most = size(last);
    List<LayerFigures.Learnt> small = new ArrayList<>();
    boolean longEnough = false;
    for (LayerFigures.Learnt layer : layers.subList(0, layers.size() - 1)) {
      // Without any gradient at the output there is nothing to vanish: 0 < 0 is false.
      boolean vanishes = size(layer) < SMALLEST * most;
      int streak = vanishes ? streaks.getOrDefault(layer.layer(), 0) + 1 : 0;
      streaks.put(layer.layer(), streak);
      longEnough |= streak >= PATIENCE;
      if (vanishes) {
        small.add(layer);
      }
    }
    if (!longEnough) {
      return List.of();
    }
    said = true;
    return List.of(warning(report, small, last));
  }

  private double size(LayerFigures.Learnt layer) {
    return layer.gradientNorm() / Math.sqrt(sizes.get(layer.layer()));
  }

  private Warning warning(
      RoundReport report, List<LayerFigures.Learnt> small, LayerFigures.Learnt last) {
    LayerFigures.Learnt first = small.get(0);
    String more =
        small.size() == 1
            ? ""
            : ", and those of %d more layers up to %s below %s"
                .formatted(
                    small.size() - 1,
                    small.get(small.size() - 1).layer(),
                    HealthWatch.number(SMALLEST));
    String other =
        report.layers().units().stream()
            .findFirst()
            .map(units -> units.counters().function().name().toLowerCase(Locale.ROOT))
            .map(name -> ", or another network.activation than " + name)
            .orElse("");
    String text =
        "gradients vanish: those of %s are %s of those of %s%s; try network.type: residual, network.norm: batch, network.initializer%s"
            .formatted(
                first.layer(),
                HealthWatch.number(size(first) / size(last)),
                last.layer(),
                more,
                other);
    return new Warning(
        report.round(),
        Warning.Kind.VANISHING_GRADIENTS,
        small.stream().map(LayerFigures.Learnt::layer).toList(),
        text);
  }
}
