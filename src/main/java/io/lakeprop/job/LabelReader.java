package io.lakeprop.job;

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

  private LabelReader() {}

  /** The labels, and the losses that learn them. */
  record Labelled(LabelSettings labels, HeadSettings heads) {}

  static Labelled read(Section root) {
    Optional<String> weight = root.text("weight");
    Labelled read;
    if (root.value("heads").isPresent()) {
      read = heads(root, weight);
    } else if (root.required("label") instanceof Yaml.Sequence) {
      read = list(root, weight);
    } else {
      LossSettings loss = LossReader.read(root);
      Named label = label(root, loss);
      read = labelled(root, List.of(label.label()), weight, label.offset(), HeadSettings.of(loss));
    }
    if (weight.isPresent() && read.labels().columns().contains(weight.get())) {
      throw root.refusal(root.required("weight"), "weight", "must not be the label");
    }
    return read;
  }

  private static Labelled labelled(
      Section root,
      List<LabelSettings.Label> labels,
      Optional<String> weight,
      Optional<String> offset,
      HeadSettings heads) {
    return new Labelled(root.made(() -> new LabelSettings(labels, weight, offset)), heads);
  }

  /** A list of columns: labels of two classes, and the mean of their losses. */
  private static Labelled list(Section root, Optional<String> weight) {
    List<String> columns = root.texts("label");
    if (columns.isEmpty()) {
      throw root.refusal(root.required("label"), "label", "must name a column");
    }
    LossSettings read = LossReader.read(root);
    LossSettings loss = root.made(read::ofTwoClasses);
    List<LabelSettings.Label> labels =
        columns.stream()
            .map(column -> new LabelSettings.Label(column, loss.task(), loss.range()))
            .toList();
    HeadSettings heads = HeadSettings.mean(loss, labels.size());
    return labelled(root, labels, weight, Optional.empty(), heads);
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
      Named label = label(section, loss);
      if (label.offset().isPresent()) {
        throw section.refusal(
            section.section("label").required("offset"),
            "label.offset",
            "must go with an only label, not with one of several");
      }
      double own = section.number("weight").orElse(DEFAULT_WEIGHT);
      heads.add(section.made(() -> new HeadSettings.Head(loss, (float) own)));
      labels.add(label.label());
      section.end();
    }
    if (heads.size() < 2) {
      throw root.refusal(
          root.required("heads"), "heads", "must be a list of at least two maps (else: label)");
    }
    return labelled(root, labels, weight, Optional.empty(), new HeadSettings(heads));
  }

  /** A label and the column that is added to its logits. */
  private record Named(LabelSettings.Label label, Optional<String> offset) {}

  private static Named label(Section parent, LossSettings loss) {
    if (parent.required("label") instanceof Yaml.Scalar scalar) {
      return new Named(
          new LabelSettings.Label(scalar.text(), loss.task(), loss.range()), Optional.empty());
    }
    Section section = parent.section("label");
    section.required("column");
    String column = section.text("column").orElseThrow();
    LabelSettings.Task task =
        section.constant("task", LabelSettings.Task.class).orElse(LabelSettings.Task.AUTO);
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
    section.end();
    LabelSettings.Task told = task == LabelSettings.Task.AUTO ? loss.task() : task;
    return new Named(new LabelSettings.Label(column, told, loss.range()), offset);
  }
}
