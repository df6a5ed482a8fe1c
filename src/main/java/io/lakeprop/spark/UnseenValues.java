package io.lakeprop.spark;

import io.lakeprop.data.Feature;
import io.lakeprop.data.FeatureEncoder;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.LongAccumulator;

/**
 * Counts rows whose categories training never saw, and those without a prediction. A column of
 * which that is most rows is hardly the one that training read. A task that runs twice counts
 * twice: shares are right, numbers about so.
 */
record UnseenValues(
    LongAccumulator rows, LongAccumulator withoutNumber, ArrayList<LongAccumulator> unseen)
    implements Serializable {
  /** The share from which on a person is told. */
  private static final double TOLD = 0.5;

  /** Values that a note shows. */
  private static final int SHOWN = 3;

  static UnseenValues of(JavaSparkContext context, FeatureEncoder encoder) {
    ArrayList<LongAccumulator> unseen = new ArrayList<>();
    encoder.categories().forEach(category -> unseen.add(context.sc().longAccumulator()));
    return new UnseenValues(context.sc().longAccumulator(), context.sc().longAccumulator(), unseen);
  }

  /**
   * Takes in an encoded row.
   *
   * @param ids of its categories; 0 is one that training never saw
   */
  void add(int[] ids) {
    rows.add(1);
    for (int i = 0; i < ids.length; i++) {
      if (ids[i] == 0) {
        unseen.get(i).add(1);
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
      double share = (double) unseen.get(i).value() / Math.max(1, rows.value());
      if (share >= TOLD) {
        List<String> known = feature.values().stream().limit(SHOWN).toList();
        notes.add(
            String.format(
                Locale.ROOT,
                "%s: in column %s %.0f %% of the rows have no value that training saw, such as"
                    + " \"%s\": each of them counts as unknown",
                table,
                feature.name(),
                Math.floor(100 * share),
                String.join("\", \"", known)));
      }
    }
    return notes;
  }
}
