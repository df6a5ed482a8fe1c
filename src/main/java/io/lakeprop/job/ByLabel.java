package io.lakeprop.job;

import io.lakeprop.data.LabelEncoder;
import io.lakeprop.data.LabelSettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a job leaves open and its labels decide: the loss. */
final class ByLabel {
  private static final String LOSS = "loss";
  private static final String TYPE = "type";
  private static final String LABEL = "label";
  private static final String TASK = "task";
  private static final String AUTO = Section.name(LabelSettings.Task.AUTO);

  /** Those that labels choose. */
  static final Set<String> LOSSES =
      Set.of("squared_error", "binary_cross_entropy", "softmax_cross_entropy");

  private static final Map<String, Long> NOTHING =
      Map.of("label_smoothing", 0L, "positive_weight", 1L);
  private static final String HEADS = "heads";

  private ByLabel() {}

  /** Writes the losses into a job that does not name them. */
  static void fill(Yaml.Mapping job, HeadSettings heads, List<LabelEncoder> labels) {
    List<Yaml.Mapping> sections = sections(job);
    for (int i = 0; i < sections.size(); i++) {
      Yaml.Mapping section = sections.get(i);
      if (isOpen(section) && (labels.get(i) instanceof LabelEncoder.Classes || !hasKeys(section))) {
        String type = Section.name(heads.heads().get(i).loss().type(labels.get(i)));
        LinkedHashMap<String, Yaml> entries = new LinkedHashMap<>();
        entries.put(TYPE, new Yaml.Scalar(section.where(), type, Optional.of(type)));
        if (section.entries().get(LOSS) instanceof Yaml.Mapping loss) {
          loss.entries().forEach(entries::putIfAbsent);
          entries
              .values()
              .removeIf(Yaml::isNull); // A key without a value may not go with the type.
        }
        section.entries().put(LOSS, new Yaml.Mapping(section.where(), entries));
        keepTask(section);
      }
    }
  }

  /** The column was read as its values are, and not as the loss would have it. */
  private static void keepTask(Yaml.Mapping section) {
    Yaml label = section.entries().get(LABEL);
    Yaml auto = new Yaml.Scalar(section.where(), AUTO, Optional.of(AUTO));
    if (label instanceof Yaml.Scalar column) {
      LinkedHashMap<String, Yaml> entries = new LinkedHashMap<>();
      entries.put("column", column);
      entries.put(TASK, auto);
      section.entries().put(LABEL, new Yaml.Mapping(column.where(), entries));
    } else if (label instanceof Yaml.Mapping map
        && map.entries().get("column") instanceof Yaml.Scalar
        && Yaml.isNull(map.entries().get(TASK))) {
      map.entries().put(TASK, auto);
    }
  }

  /** Keys that a job leaves to its labels. */
  static List<String> left(Yaml.Mapping job) {
    List<Yaml.Mapping> sections = sections(job);
    List<String> left = new ArrayList<>();
    for (int i = 0; i < sections.size(); i++) {
      Yaml.Mapping section = sections.get(i);
      if (isOpen(section)) {
        boolean isOnly = Yaml.isNull(job.entries().get(HEADS));
        String loss = isOnly ? LOSS : "%s[%d].%s".formatted(HEADS, i, LOSS);
        left.add(loss + "." + TYPE);
        // Keys with a default that not all losses have.
        NOTHING.forEach(
            (key, nothing) -> {
              if (!isGiven(section, key, nothing)) {
                left.add(loss + "." + key);
              }
            });
      }
    }
    return left;
  }

  /** The maps that have a loss each. */
  private static List<Yaml.Mapping> sections(Yaml.Mapping job) {
    Yaml heads = job.entries().get(HEADS);
    if (!(heads instanceof Yaml.Sequence several)) {
      return heads instanceof Yaml.Mapping one ? List.of(one) : List.of(job);
    }
    return several.elements().stream()
        .filter(element -> element instanceof Yaml.Mapping)
        .map(Yaml.Mapping.class::cast)
        .toList();
  }

  private static boolean isGiven(Yaml.Mapping section, String key, long nothing) {
    return section.entries().get(LOSS) instanceof Yaml.Mapping loss
        && loss.entries().get(key) instanceof Yaml.Scalar given
        && !given.value().orElse(nothing).equals(nothing);
  }

  /** Keys go with classes; a number's loss would not know them, whatever they say. */
  private static boolean hasKeys(Yaml.Mapping section) {
    return section.entries().get(LOSS) instanceof Yaml.Mapping loss
        && !loss.entries().values().stream().allMatch(Yaml::isNull);
  }

  private static boolean isOpen(Yaml.Mapping section) {
    Yaml loss = section.entries().get(LOSS);
    return loss instanceof Yaml.Mapping map
        ? Yaml.isNull(map.entries().get(TYPE))
        : Yaml.isNull(loss);
  }
}
