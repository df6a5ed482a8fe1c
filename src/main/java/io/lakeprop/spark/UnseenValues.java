package io.lakeprop.spark;

import io.lakeprop.base.Printable;
import io.lakeprop.data.Feature;
import io.lakeprop.data.FeatureEncoder;
import io.lakeprop.data.TableRow;
import java.io.Serial;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.LongAccumulator;

/**
 * Counts rows whose categories training never saw, and those without a prediction. A column of
 * which that is most rows is hardly the one that training read, and a value that differs from one
 * of training in capitals or blanks alone was hardly meant to be another. A task that runs twice
 * counts twice: shares are right, numbers about so.
 */
final class UnseenValues implements Serializable {
  @Serial private static final long serialVersionUID = 1L;

  /** The share from which on a person is told. */
  private static final double TOLD = 0.5;

  private static final Pattern BLANKS = Pattern.compile("[\\p{Z}\\s]+");

  /** Values that a note shows. */
  private static final int SHOWN = 3;

  private final LongAccumulator rows;
  private final LongAccumulator withoutNumber;
  private final ArrayList<UnseenTexts> unseen = new ArrayList<>();

  /**
   * Training's values by what their writing has in common with others, where they were asked for.
   */
  private transient List<Map<String, String>> known;

  private UnseenValues(JavaSparkContext context, FeatureEncoder encoder) {
    rows = context.sc().longAccumulator();
    withoutNumber = context.sc().longAccumulator();
    for (Feature.Categorical unused : encoder.categories()) {
      UnseenTexts texts = new UnseenTexts();
      context.sc().register(texts);
      unseen.add(texts);
    }
  }

  static UnseenValues of(JavaSparkContext context, FeatureEncoder encoder) {
    return new UnseenValues(context, encoder);
  }

  /** Rows taken in. */
  LongAccumulator rows() {
    return rows;
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
        int id = ids[category];
        if (id == 0 || feature.isAnyRare(id)) {
          String text = values.text(column);
          if (id == 0) {
            unseen.get(category).add(text);
          }
          if (text != null && known(category, feature).containsKey(folded(text))) {
            unseen.get(category).addAlike(text);
          }
        }
        category++;
      }
    }
  }

  private Map<String, String> known(int category, Feature.Categorical feature) {
    if (known == null) {
      known = new ArrayList<>(Collections.nCopies(unseen.size(), null));
    }
    if (known.get(category) == null) {
      Map<String, String> own = new HashMap<>();
      feature.values().forEach(value -> own.putIfAbsent(folded(value), value));
      known.set(category, own);
    }
    return known.get(category);
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
      UnseenTexts.Seen own = unseen.get(i).value();
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
      if (own.alike().isPresent()) {
        String text = own.alike().get();
        notes.add(
            "%s: column %s has %s, which training knows as %s: written so it counts as %s"
                .formatted(
                    table,
                    feature.name(),
                    quoted(text),
                    quoted(known(i, feature).get(folded(text))),
                    feature.rare() == Feature.Rare.REST ? "a rare value" : "unknown"));
      }
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
   * What texts have in common that differ in capitals, blanks or the spelling of a letter alone.
   */
  private static String folded(String text) {
    return BLANKS.matcher(ColumnNames.folded(ColumnNames.normal(text))).replaceAll(" ").strip();
  }
}
