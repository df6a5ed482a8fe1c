package io.lakeprop.job;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * In what two jobs differ that matters for the bits of a model. Where the tables lie does not,
 * since their content is compared; nor does what only decides speed, memory or what is written
 * down.
 */
final class JobDifference {
  /** Keys without a say in the model; of maps, all below them. */
  private static final Set<String> FREE =
      Set.of(
          "output",
          "vars",
          "training.checkpoints",
          "training.recompute",
          "training.layer_figures_every",
          "compute.rounds",
          "compute.kernel");

  /** Keys that say how long to train. */
  static final Set<String> LENGTH =
      Set.of("training.epochs", "training.rounds", "training.patience");

  /** Keys that are filled in once the data is known. */
  static final Set<String> CHOSEN =
      Set.of("training.batch", "training.slices", "loss.class_weights");

  private static final Set<String> TABLES = Set.of("table", "validation", "test");
  private static final Set<String> PLACE = Set.of("path", "name", "sql", "format", "options");

  private JobDifference() {}

  /**
   * A line for each key that differs, such as {@code optimizer.learning_rate was 0.1, now 0.2}.
   *
   * @param free keys that may differ, besides those that never matter
   */
  static List<String> between(Yaml.Mapping was, Yaml.Mapping now, Set<String> free) {
    SortedMap<String, String> before = new TreeMap<>();
    SortedMap<String, String> after = new TreeMap<>();
    flatten("", was, free, before);
    flatten("", now, free, after);
    return between(before, after);
  }

  /** A line for each name whose value differs. */
  static List<String> between(SortedMap<String, String> was, SortedMap<String, String> now) {
    SortedSet<String> names = new TreeSet<>(was.keySet());
    names.addAll(now.keySet());
    List<String> lines = new ArrayList<>();
    for (String name : names) {
      String before = was.getOrDefault(name, "not there");
      String after = now.getOrDefault(name, "not there");
      if (!before.equals(after)) {
        lines.add("%s was %s, now %s".formatted(name, before, after));
      }
    }
    return lines;
  }

  private static void flatten(String key, Yaml yaml, Set<String> free, Map<String, String> into) {
    if (FREE.contains(key) || free.contains(key) || isPlace(key, yaml)) {
      return;
    }
    if (yaml instanceof Yaml.Mapping mapping) {
      mapping
          .entries()
          .forEach(
              (name, value) -> flatten(key.isEmpty() ? name : key + "." + name, value, free, into));
    } else if (yaml instanceof Yaml.Sequence sequence) {
      for (int i = 0; i < sequence.elements().size(); i++) {
        flatten(key + "[" + i + "]", sequence.elements().get(i), free, into);
      }
    } else if (yaml instanceof Yaml.Scalar scalar && scalar.value().isPresent()) {
      into.put(key, scalar.value().get().toString());
    }
  }

  /** Where a table lies: a path, a list of paths, or a map's keys that say it. */
  private static boolean isPlace(String key, Yaml yaml) {
    if (TABLES.contains(key)) {
      return yaml instanceof Yaml.Sequence
          || (yaml instanceof Yaml.Scalar scalar
              && scalar.value().filter(value -> value instanceof String).isPresent()
              && !scalar.text().equals("none"));
    }
    int dot = key.indexOf('.');
    return dot > 0
        && TABLES.contains(key.substring(0, dot))
        && PLACE.contains(key.substring(dot + 1));
  }
}
