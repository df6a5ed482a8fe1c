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

  /** Weights of classes, which the data decides where they are balanced. */
  static final String CLASS_WEIGHTS = "loss.class_weights";

  /** Keys whose values come with the labels and the batch. */
  private static final List<String> OF_EVALUATIONS =
      List.of("training.monitor", "training.evaluate_every_rounds");

  /** Those that a loss chooses where the job names none. */
  private static final Set<String> MONITORS =
      Set.of(
          "log_loss",
          "rmse",
          "mae",
          "loss",
          "pinball_loss",
          "poisson_deviance",
          "gamma_deviance",
          "tweedie_deviance");

  private static final Set<String> TABLES = Set.of("table", "validation", "test");
  private static final Set<String> PLACE = Set.of("path", "name", "sql", "format", "options");

  private JobDifference() {}

  /**
   * A line for each key that differs, such as {@code optimizer.learning_rate was 0.1, now 0.2}.
   *
   * @param free keys that may differ, besides those that never matter
   */
  static List<String> between(Yaml.Mapping was, Yaml.Mapping now, Set<String> free) {
    return between(lines(was, free), lines(now, free));
  }

  /**
   * The same of a job whose data nobody has looked at: what it leaves to that, the run may have.
   */
  static List<String> beforeData(Yaml.Mapping was, Yaml.Mapping now, Set<String> free) {
    SortedMap<String, String> before = lines(was, free);
    SortedMap<String, String> after = lines(now, free);
    for (String key : leftToData(now)) {
      if (isOwn(key, before.get(key))) {
        continue; // No data would have said so: the job has said it then.
      }
      if (before.keySet().removeIf(name -> isAtOrBelow(name, key))) {
        after.remove(key);
      }
    }
    after.keySet().removeAll(ByLabel.left(now));
    return between(before, after);
  }

  /** Keys that are filled in once the data is known. */
  static Set<String> leftToData(Yaml.Mapping job) {
    SortedMap<String, String> given = lines(job, Set.of());
    Set<String> left = new TreeSet<>(ByRows.left(job));
    left.addAll(ByLabel.left(job));
    for (String key : OF_EVALUATIONS) {
      if (!given.containsKey(key)) {
        left.add(key);
      }
    }
    if (given.getOrDefault("training.batch", JobReader.ALL).equals(JobReader.ALL)) {
      left.add("training.batch");
    }
    if (!given.containsKey("training.slices")) {
      left.add("training.slices");
    }
    if (given.getOrDefault(CLASS_WEIGHTS, "").equals(LossReader.BALANCED)) {
      left.add(CLASS_WEIGHTS);
    }
    return left;
  }

  private static boolean isOwn(String key, String value) {
    return value != null
        && ((key.endsWith("loss.type") && !ByLabel.LOSSES.contains(value))
            || (key.equals("training.monitor") && !MONITORS.contains(value)));
  }

  private static boolean isAtOrBelow(String name, String key) {
    return name.equals(key) || name.startsWith(key + ".") || name.startsWith(key + "[");
  }

  /** A line for each name whose value differs; a table that comes or goes is one. */
  static List<String> between(SortedMap<String, String> was, SortedMap<String, String> now) {
    SortedSet<String> names = new TreeSet<>(was.keySet());
    names.addAll(now.keySet());
    List<String> lines = new ArrayList<>();
    String table = "";
    for (String name : names) {
      String before = was.getOrDefault(name, "not there");
      String after = now.getOrDefault(name, "not there");
      boolean told = !table.isEmpty() && isAtOrBelow(name, table);
      if (!before.equals(after) && !told) {
        table = TABLES.contains(name) ? name : table;
        lines.add("%s was %s, now %s".formatted(name, before, after));
      }
    }
    return lines;
  }

  private static SortedMap<String, String> lines(Yaml.Mapping job, Set<String> free) {
    SortedMap<String, String> lines = new TreeMap<>();
    flatten("", job, free, lines);
    return lines;
  }

  /** A map without keys is as good as none; a list without elements is not. */
  private static void flatten(String key, Yaml yaml, Set<String> free, Map<String, String> into) {
    if (FREE.contains(key) || free.contains(key) || isPlaceOfTable(key)) {
      return;
    }
    if (isTable(key, yaml)) {
      into.put(key, "a table");
    }
    if (yaml instanceof Yaml.Mapping mapping) {
      mapping
          .entries()
          .forEach(
              (name, value) -> flatten(key.isEmpty() ? name : key + "." + name, value, free, into));
    } else if (into.containsKey(key)) {
      return; // A table by its path alone.
    } else if (yaml instanceof Yaml.Sequence sequence) {
      if (sequence.elements().isEmpty()) {
        into.put(key, "[]");
      }
      for (int i = 0; i < sequence.elements().size(); i++) {
        flatten(key + "[" + i + "]", sequence.elements().get(i), free, into);
      }
    } else if (yaml instanceof Yaml.Scalar scalar && scalar.value().isPresent()) {
      into.put(key, text(scalar.value().get()));
    }
  }

  /** The same for numbers that are the same. */
  static String text(Object value) {
    return value instanceof Number number ? Defaults.plain(number) : value.toString();
  }

  /** Whether a table stands there, and neither a fraction of another nor none. */
  private static boolean isTable(String key, Yaml yaml) {
    return TABLES.contains(key)
        && (!(yaml instanceof Yaml.Scalar scalar)
            || (scalar.value().filter(value -> value instanceof String).isPresent()
                && !scalar.text().equals("none")));
  }

  /** Where a table lies, by keys of its map. */
  private static boolean isPlaceOfTable(String key) {
    int dot = key.indexOf('.');
    return dot > 0
        && TABLES.contains(key.substring(0, dot))
        && PLACE.contains(key.substring(dot + 1));
  }
}
