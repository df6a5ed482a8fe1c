package io.lakeprop.job;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The job file's {@code loss}: a name, or a map in which each type has keys of its own; every
 * default stands here.
 */
final class LossReader {
  static final String BALANCED = "balanced";

  private LossReader() {}

  /** Of a section that has the key {@code loss}. */
  static LossSettings read(Section parent) {
    Section section =
        parent.value("loss").filter(value -> value instanceof Yaml.Scalar).isPresent()
            ? parent.sections("loss", "type").get(0)
            : parent.section("loss");
    Optional<LossSettings.Type> type = section.constant("type", LossSettings.Type.class);
    double labelSmoothing = 0;
    Optional<Double> positiveWeight = Optional.empty();
    LossSettings.Weighting weighting = new LossSettings.Weighting.None();
    Optional<Double> delta = Optional.empty();
    List<Float> quantiles = List.of(0.1f, 0.5f, 0.9f);
    double power = 1.5;
    double gamma = 2;
    if (is(type, LossSettings.Type.BINARY_CROSS_ENTROPY)) {
      positiveWeight = Optional.of(section.number32("positive_weight", 1.0));
    } else if (type.isEmpty()) {
      positiveWeight = section.number32("positive_weight");
    }
    if (type.isEmpty()
        || is(type, LossSettings.Type.BINARY_CROSS_ENTROPY)
        || is(type, LossSettings.Type.SOFTMAX_CROSS_ENTROPY)) {
      labelSmoothing = section.number32("label_smoothing", labelSmoothing);
    }
    if (type.isEmpty() || type.get().ofClasses()) {
      weighting = weighting(section).orElse(weighting);
    }
    if (is(type, LossSettings.Type.FOCAL)) {
      gamma = section.number32("gamma", gamma);
    } else if (is(type, LossSettings.Type.HUBER)) {
      delta = section.number("delta");
    } else if (is(type, LossSettings.Type.QUANTILE)) {
      quantiles = section.or("quantiles", levels(section), quantiles);
    } else if (is(type, LossSettings.Type.TWEEDIE)) {
      power = section.number32("power", power);
    }
    section.end();
    return made(
        section, type, labelSmoothing, positiveWeight, weighting, delta, quantiles, power, gamma);
  }

  private static LossSettings made(
      Section section,
      Optional<LossSettings.Type> type,
      double labelSmoothing,
      Optional<Double> positiveWeight,
      LossSettings.Weighting weighting,
      Optional<Double> delta,
      List<Float> quantiles,
      double power,
      double gamma) {
    return section.made(
        () ->
            new LossSettings(
                    type, labelSmoothing, positiveWeight, weighting, delta, quantiles, power, gamma)
                .checked());
  }

  private static boolean is(Optional<LossSettings.Type> type, LossSettings.Type other) {
    return type.equals(Optional.of(other));
  }

  private static Optional<List<Float>> levels(Section section) {
    return section
        .value("quantiles")
        .map(
            value -> {
              List<Float> levels = new ArrayList<>();
              for (Yaml element :
                  value instanceof Yaml.Sequence several ? several.elements() : List.of(value)) {
                if (!(element instanceof Yaml.Scalar scalar
                    && scalar.value().orElse("") instanceof Number level)) {
                  throw section.refusal(element, "quantiles", "must be a list of numbers");
                }
                levels.add(level.floatValue());
              }
              return levels;
            });
  }

  private static Optional<LossSettings.Weighting> weighting(Section section) {
    Optional<Yaml> value = section.value("class_weights");
    if (value.isEmpty()) {
      return Optional.empty();
    }
    if (value.get() instanceof Yaml.Scalar scalar) {
      if (!scalar.text().equals(BALANCED)) {
        throw section.refusal(scalar, "class_weights", "must be balanced or a map of classes");
      }
      return Optional.of(new LossSettings.Weighting.Balanced());
    }
    Section weights = section.section("class_weights");
    Map<String, Double> byClass = new LinkedHashMap<>();
    for (String name : weights.keys()) {
      weights.number32(name).ifPresent(weight -> byClass.put(name, weight));
    }
    return Optional.of(section.made(() -> new LossSettings.Weighting.ByClass(byClass)));
  }
}
