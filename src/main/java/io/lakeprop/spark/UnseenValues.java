package io.lakeprop.spark;

import io.lakeprop.base.Printable;
import io.lakeprop.data.Feature;
import io.lakeprop.data.FeatureEncoder;
import io.lakeprop.data.TableRow;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.LongAccumulator;

/**
 * Counts rows whose categories training never saw, and those without a prediction. A column of
 * which that is most rows is hardly the one that training read, and a value that differs from one
 * of training in capitals or blanks alone was hardly meant to be another. A task that runs twice
 * counts twice: shares are right, numbers about so.
 */
record UnseenValues(
    LongAccumulator rows, LongAccumulator withoutNumber, ArrayList<UnseenTexts> unseen)
    implements Serializable {
  /** The share from which on a person is told. */
  private static final double TOLD = 0.5;

  /** Values that a note shows. */
  private static final int SHOWN = 3;

  static UnseenValues of(JavaSparkContext context, FeatureEncoder encoder) {
    ArrayList<UnseenTexts> unseen = new ArrayList<>();
    for (Feature.Categorical unused : encoder.categories()) {
      UnseenTexts texts = new UnseenTexts();
      context.sc().register(texts);
      unseen.add(texts);
    }
    return new UnseenValues(context.sc().longAccumulator(), context.sc().longAccumulator(), unseen);
  }

  /**
   * Takes in an encoded row.
   *
   * @param values the row as training would have read it
   * @param ids of its categories; 0 is one that training never saw
   */
  void add(FeatureEncoder encoder, TableRow values, int[] ids) {
    rows.add(1);
    int category = 0;
    List<Feature> features = encoder.features();
    for (int column = 0; category < ids.length; column++) {
      if (features.get(column) instanceof Feature.Categorical feature) {
        if (ids[category] == 0) {
          unseen.get(category).add(values.text(column));
        } else if (feature.isAnyRare(ids[category])) {
          unseen.get(category).see(values.text(column));
        }
        category++;
      }
    }
  }

  /** Takes in that a row has a prediction that is no number. */
  void addWithoutNumber() {
    withoutNumber.add(1);
  }

  /** What a person should know, once the rows are counted. */
  List<String> notes(String table, FeatureEncoder encoder) {
    List<String> notes = new ArrayList<>();
    if (withoutNumber.value() > 0) {
      notes.add(
          String.format(
              Locale.ROOT,
              "%s: %,d rows have no finite prediction, since numbers so far from those of training"
                  + " become too large in the network",
              table,
              withoutNumber.value()));
    }
    for (int i = 0; i < unseen.size(); i++) {
      Feature.Categorical feature = encoder.categories().get(i);
      UnseenTexts own = unseen.get(i).value();
      double share = (double) own.count() / Math.max(1, rows.value());
      if (share >= TOLD) {
        notes.add(
            String.format(
                Locale.ROOT,
                "%s: in column %s %.0f %% of the rows have no value that training saw, such as"
                    + " %s%s: each of them counts as unknown",
                table,
                feature.name(),
                Math.floor(100 * share),
                shown(feature.values()),
                own.texts().isEmpty() ? "" : ", but others, such as " + shown(own.texts())));
      }
      alike(feature, own.texts())
          .ifPresent(
              pair ->
                  notes.add(
                      "%s: column %s has %s, which training knows as %s: written so it counts as %s"
                          .formatted(
                              table,
                              feature.name(),
                              quoted(pair.getKey()),
                              quoted(pair.getValue()),
                              feature.rare() == Feature.Rare.REST ? "a rare value" : "unknown")));
    }
    return notes;
  }

  private static String shown(Collection<String> texts) {
    return texts.stream().limit(SHOWN).map(UnseenValues::quoted).collect(Collectors.joining(", "));
  }

  private static String quoted(String text) {
    return '"' + Printable.line(text) + '"';
  }

  /**
   * The first unseen text that differs from one of training's in capitals, blanks or the spelling
   * of a letter alone, and that of training.
   */
  private static Optional<Map.Entry<String, String>> alike(
      Feature.Categorical feature, Set<String> unseen) {
    Map<String, String> meant = new HashMap<>();
    unseen.forEach(text -> meant.putIfAbsent(folded(text), text));
    return Stream.concat(feature.values().stream(), feature.rareValues().stream())
        .filter(known -> !meant.isEmpty() && meant.containsKey(folded(known)))
        .map(known -> Map.entry(meant.get(folded(known)), known))
        .min(Map.Entry.comparingByKey());
  }

  private static String folded(String text) {
    return ColumnNames.folded(ColumnNames.normal(text)).replaceAll("[\\p{Z}\\s]+", " ").strip();
  }
}
