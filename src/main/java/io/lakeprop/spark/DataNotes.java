package io.lakeprop.spark;

import io.lakeprop.data.FeatureSpec;
import io.lakeprop.data.LabelEncoder;
import io.lakeprop.data.LabelSettings;
import io.lakeprop.data.NotFiniteCounts;
import io.lakeprop.data.TableSpec;
import io.lakeprop.data.ValueCounts;
import io.lakeprop.spark.TrainingData.Split;
import io.lakeprop.text.ColumnNote;
import io.lakeprop.text.ColumnProfile;
import io.lakeprop.text.MissingMarks;
import io.lakeprop.text.TimeFormat;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Collects what is wrong with the tables and let pass, and tells each as it is found. */
final class DataNotes {
  /** Files that a note names; the report names all. */
  private static final int NAMED = 5;

  /** Numbers of so few different values are told apart as well as categories. */
  private static final int FEW = 10;

  private final TrainingData.Listener listener;
  private final DataFindings findings =
      new DataFindings(
          new LinkedHashMap<>(),
          new EnumMap<>(Split.class),
          new EnumMap<>(Split.class),
          new LinkedHashMap<>(),
          new EnumMap<>(Split.class),
          new EnumMap<>(Split.class),
          new EnumMap<>(Split.class),
          new TreeMap<>(),
          new TreeSet<>());

  DataNotes(TrainingData.Listener listener) {
    this.listener = listener;
  }

  /** All so far, and what is still to come. */
  DataFindings findings() {
    return findings;
  }

  /** Files of a table that are skipped. */
  void unreadable(TableSpec table, Split split, List<UnreadableFile> files) {
    if (files.isEmpty()) {
      return;
    }
    findings.unreadable().put(split, files);
    String named =
        files.stream()
            .limit(NAMED)
            .map(file -> file.path() + " (" + file.reason() + ")")
            .collect(Collectors.joining(", "));
    listener.note(
        "%s: skipped %d files that cannot be read: %s%s"
            .formatted(table.describe(), files.size(), named, files.size() > NAMED ? ", ..." : ""));
  }

  /**
   * Categories that look like numbers or dates, of columns whose own type is a text.
   *
   * @param looked columns of which that has been told already
   * @param meant columns that the job says are categories, or makes texts itself
   */
  void texts(
      List<FeatureSpec> specs,
      Map<String, ValueCounts> counts,
      Set<String> looked,
      Set<String> meant) {
    MissingMarks none = MissingMarks.of(Optional.of(List.of()));
    for (FeatureSpec spec : specs) {
      if (!(spec instanceof FeatureSpec.Categorical) || looked.contains(spec.name())) {
        continue;
      }
      ColumnProfile profile = new ColumnProfile();
      for (ValueCounts.Count count : counts.get(spec.name()).values()) {
        profile.add(count.value(), count.rows(), none, TimeFormat.UTC);
      }
      ColumnNote.of(spec.name(), profile, Set.of()).ifPresent(listener::note);
      if (!meant.contains(spec.name()) && counts.get(spec.name()).values().size() > FEW) {
        ColumnNote.ofTyped(spec.name(), profile).ifPresent(listener::note);
      }
    }
  }

  /** A split would have been empty, and is not. */
  void fewKinds() {
    listener.note(
        "few rows differ in their features: a split that would be empty has one kind of them");
  }

  /** What came of reading a table's texts. */
  void reading(TableSpec table, Split split, Reading reading) {
    reading.tell(table.describe(), listener::note);
    if (reading.malformed() > 0) {
      findings.malformed().put(split, reading.malformed());
    }
    if (!reading.marks().isEmpty()) {
      findings.marks().put(split, reading.marks());
    }
  }

  /** Rows of rare classes that are left out. */
  void ofRareClasses(Split split, long rows) {
    findings.ofRareClasses().put(split, rows);
    if (rows > 0) {
      listener.note("left out %,d %s rows of rare classes".formatted(rows, SplitRules.name(split)));
    }
  }

  /** Classes of a label that are joined in one. */
  void joined(LabelSettings.Label label, long classes) {
    findings.joinedClasses().put(label.column(), classes);
    listener.note(
        "label %s: %,d classes of fewer than %d training rows are one, \"%s\""
            .formatted(
                label.column(), classes, label.rare().minimumCount(), LabelEncoder.Classes.OTHER));
  }

  /** Rows that are skipped. */
  void withoutLabel(Split split, long rows) {
    findings.withoutLabel().put(split, rows);
    if (rows > 0) {
      listener.note("skipped %,d %s rows without a label".formatted(rows, SplitRules.name(split)));
    }
  }

  /** Columns that are left out, with what each is. */
  void useless(SortedMap<String, String> reasons) {
    findings.useless().putAll(reasons);
    if (!reasons.isEmpty()) {
      listener.note(
          "left out, nothing to learn from: %s (features.columns.NAME.kind keeps a column that varies)"
              .formatted(words(reasons)));
    }
  }

  /** Columns and what each is. */
  static String words(SortedMap<String, String> reasons) {
    return reasons.entrySet().stream()
        .map(column -> "%s (%s)".formatted(column.getKey(), column.getValue()))
        .collect(Collectors.joining(", "));
  }

  /** Columns that may be ids. */
  void ids(SortedSet<String> columns) {
    findings.ids().addAll(columns);
    if (!columns.isEmpty()) {
      listener.note(
          "ids or amounts? whole numbers that are all different: %s (features.exclude leaves ids out)"
              .formatted(String.join(", ", columns)));
    }
  }

  /** Columns of numbers that a double cannot tell apart. */
  void large(List<String> features, List<String> labels) {
    String what =
        " reach 2^53 in the training rows: numbers that differ in the last digits are one";
    if (!features.isEmpty()) {
      listener.note(
          String.join(", ", features)
              + what
              + features.stream()
                  .map("features.columns.%s.kind: categorical"::formatted)
                  .collect(Collectors.joining(", ", " (for ids: ", ", or features.exclude)")));
    }
    if (!labels.isEmpty()) {
      listener.note(
          "label " + String.join(", ", labels) + what + " (for ids: label.task: classification)");
    }
  }

  /** Numbers of the training rows, by column. */
  void notFinite(Map<String, NotFiniteCounts> counts) {
    findings.notFinite().putAll(counts);
    if (!counts.isEmpty()) {
      listener.note(
          "taken for missing in the training rows: "
              + counts.entrySet().stream()
                  .map(column -> column.getKey() + " (" + column.getValue().words() + ")")
                  .collect(Collectors.joining(", ")));
    }
  }
}
