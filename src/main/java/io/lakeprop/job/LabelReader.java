package io.lakeprop.job;

import io.lakeprop.base.Check;
import io.lakeprop.data.LabelSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The job file's {@code label}, {@code loss} and {@code weight}, or {@code heads} for several
 * labels of different kinds.
 */
final class LabelReader {
  private static final double DEFAULT_WEIGHT = 1;

  /** As for the categories of features. */
  private static final int MINIMUM_COUNT_OF_OTHER = 5;

  private LabelReader() {}

  /** The labels, and the losses that learn them. */
  record Labelled(LabelSettings labels, HeadSettings heads) {}

  static Labelled read(Section root) {
    Optional<String> weight = root.text("weight");
    Labelled read;
    if (root.value("heads").isPresent()) {
      read = heads(root, weight);
    } else if (isList(root.required("label"))) {
      read = list(root, weight);
    } else {
      LossSettings loss = LossReader.read(root);
      LabelSettings.Label label = label(root, loss);
      read = new Labelled(new LabelSettings(List.of(label), weight), HeadSettings.of(loss));
    }
    if (weight.isPresent() && read.labels().columns().contains(weight.get())) {
      throw root.refusal(root.required("weight"), "weight", "must not be the label");
    }
    return read;
  }

  /** Whether the label is a list of columns, or a map with one. */
  private static boolean isList(Yaml label) {
    return label instanceof Yaml.Sequence
        || (label instanceof Yaml.Mapping map
            && map.entries().get("column") instanceof Yaml.Sequence);
  }

  /** A list of columns: labels of two classes, and the mean of their losses. */
  private static Labelled list(Section root, Optional<String> weight) {
    boolean plain = root.required("label") instanceof Yaml.Sequence;
    List<String> columns = plain ? root.texts("label") : root.section("label").texts("column");
    LeftOut leftOut = plain ? LeftOut.NOTHING : leftOutOfList(root.section("label"));
    LossSettings read = LossReader.read(root);
    LossSettings loss = root.made("loss", read::ofTwoClasses);
    List<LabelSettings.Label> labels =
        columns.stream()
            .map(
                column ->
                    new LabelSettings.Label(
                        column,
                        loss.task(),
                        loss.range(),
                        Optional.empty(),
                        leftOut.missing(),
                        leftOut.rare(),
                        Optional.empty()))
            .toList();
    return root.made(
        "label",
        () -> {
          Check.require(!labels.isEmpty(), "label must name a column", "labels", labels.size());
          return new Labelled(
              new LabelSettings(labels, weight), HeadSettings.mean(loss, labels.size()));
        });
  }

  private static Labelled heads(Section root, Optional<String> weight) {
    for (String key : List.of("label", "loss")) {
      if (root.value(key).isPresent()) {
        throw root.refusal(root.required(key), key, "must stand in heads, where there are any");
      }
    }
    List<LabelSettings.Label> labels = new ArrayList<>();
    List<HeadSettings.Head> heads = new ArrayList<>();
    for (Section section : root.sections("heads")) {
      LossSettings loss = LossReader.read(section);
      LabelSettings.Label label = label(section, loss);
      double own = section.number32("weight", DEFAULT_WEIGHT);
      heads.add(section.made(() -> new HeadSettings.Head(loss, (float) own, label.offset())));
      labels.add(label);
      section.end();
    }
    return root.made(
        "heads",
        () -> {
          Check.require(
              heads.size() >= 2,
              "heads must be at least two (one label has the keys label and loss)",
              "heads",
              heads.size());
          return new Labelled(new LabelSettings(labels, weight), new HeadSettings(heads));
        });
  }

  private static LabelSettings.Label label(Section parent, LossSettings loss) {
    parent.required("label");
    Section section = parent.section("label", "column");
    section.required("column");
    String column = section.text("column").orElseThrow();
    LabelSettings.Task task = section.constant("task", loss.task());
    boolean free = task == LabelSettings.Task.AUTO || loss.task() == LabelSettings.Task.AUTO;
    if (!free && task != loss.task()) {
      throw section.refusal(
          section.required("task"),
          "task",
          "must be %s for loss %s"
              .formatted(Section.name(loss.task()), loss.type().map(Section::name).orElseThrow()));
    }
    Optional<String> offset = section.text("offset");
    if (offset.equals(Optional.of(column))) {
      throw section.refusal(section.required("offset"), "offset", "must not be the label");
    }
    LeftOut leftOut = leftOut(section);
    Optional<LabelSettings.PredictionRange> predictions =
        section.constant("predictions", LabelSettings.PredictionRange.class);
    section.end();
    return new LabelSettings.Label(
        column, task, loss.range(), offset, leftOut.missing(), leftOut.rare(), predictions);
  }

  /** Which rows a label leaves out or joins. */
  private record LeftOut(LabelSettings.Missing missing, LabelSettings.RareClasses rare) {
    static final LeftOut NOTHING =
        new LeftOut(LabelSettings.Missing.REFUSE, LabelSettings.RareClasses.REFUSED);
  }

  private static LeftOut leftOutOfList(Section section) {
    section.value("column");
    LeftOut leftOut = leftOut(section);
    section.end();
    return leftOut;
  }

  private static LeftOut leftOut(Section section) {
    LabelSettings.Missing missing = section.constant("missing", LabelSettings.Missing.REFUSE);
    LabelSettings.Rare rare = section.constant("rare", LabelSettings.Rare.REFUSE);
    int otherwise = rare == LabelSettings.Rare.OTHER ? MINIMUM_COUNT_OF_OTHER : 1;
    // With refuse every class of the training rows is learnt: the key does not exist then.
    int count =
        rare == LabelSettings.Rare.REFUSE
            ? otherwise
            : section.positive("minimum_count", otherwise);
    return new LeftOut(missing, new LabelSettings.RareClasses(rare, count));
  }
}
