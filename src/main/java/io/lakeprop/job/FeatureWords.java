package io.lakeprop.job;

import io.lakeprop.data.Feature;
import io.lakeprop.data.NumberUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What became of each column that is learnt from, by kind: a heading and the columns' names. */
final class FeatureWords {
  /** Names of a kind that are told; {@code describe} tells all. */
  private static final int SHOWN = 24;

  private FeatureWords() {}

  /** Lines of a run's console; kinds that no column is of have none. */
  static Map<String, String> of(List<Feature> features) {
    Map<String, List<String>> kinds = new LinkedHashMap<>();
    for (String kind : List.of("numbers", "dates", "categories", "vectors")) {
      kinds.put(kind, new ArrayList<>());
    }
    for (Feature feature : features) {
      kinds.get(kind(feature)).add(feature.name() + more(feature));
    }
    Map<String, String> lines = new LinkedHashMap<>();
    kinds.forEach(
        (kind, names) -> {
          if (!names.isEmpty()) {
            lines.put(kind, joined(names));
          }
        });
    return lines;
  }

  private static String kind(Feature feature) {
    if (feature instanceof Feature.Numeric number) {
      return number.unit() == NumberUnit.PLAIN ? "numbers" : "dates";
    }
    return feature instanceof Feature.Categorical ? "categories" : "vectors";
  }

  private static String more(Feature feature) {
    if (feature instanceof Feature.Categorical category) {
      return " (%,d)".formatted(category.values().size());
    }
    return feature instanceof Feature.Vector vector ? " (%,d)".formatted(vector.length()) : "";
  }

  private static String joined(List<String> names) {
    return names.size() <= SHOWN
        ? String.join(", ", names)
        : "%s and %,d more (describe tells all)"
            .formatted(String.join(", ", names.subList(0, SHOWN)), names.size() - SHOWN);
  }
}
