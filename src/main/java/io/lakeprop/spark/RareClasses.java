package io.lakeprop.spark;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.data.LabelEncoder;
import io.lakeprop.data.LabelSettings;
import io.lakeprop.data.LabelSettings.Rare;
import io.lakeprop.data.LeftOut;
import io.lakeprop.data.ValueCounts;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** Which classes of the labels have enough training rows, and what becomes of rows of others. */
final class RareClasses {
  private final LabelSettings settings;

  /** By a label's place: the classes that are not rare, once the training rows were counted. */
  private final Map<Integer, List<String>> kept = new HashMap<>();

  /** The places of labels that have rare training classes, which are one where the job says so. */
  private final Set<Integer> joining = new HashSet<>();

  /** By the place of a label whose rare classes are joined: how many these are. */
  private final SortedMap<Integer, Long> joined = new TreeMap<>();

  /**
   * @param numbers whether each label is a number, which has no rare classes
   */
  RareClasses(LabelSettings settings, List<Boolean> numbers) {
    this.settings = settings;
    for (int i = 0; i < numbers.size(); i++) {
      if (numbers.get(i) && of(i) != Rare.REFUSE) {
        throw new InvalidInput(
            "label.rare must go with a label of classes, however: label \"%s\" is a number"
                .formatted(settings.labels().get(i).column()));
      }
    }
  }

  private Rare of(int label) {
    return settings.labels().get(label).rare().rare();
  }

  /** Counts anew: the training rows are others. */
  void forget() {
    kept.clear();
    joining.clear();
    joined.clear();
  }

  /** Whether rows are left out. */
  boolean drops() {
    return settings.labels().stream().anyMatch(label -> label.rare().rare() == Rare.DROP);
  }

  /** The columns whose classes must be counted first, and their names in the canonical table. */
  Map<String, String> columns() {
    Map<String, String> columns = new LinkedHashMap<>();
    for (int i = 0; i < settings.labels().size(); i++) {
      if (of(i) != Rare.REFUSE) {
        columns.put(settings.labels().get(i).column(), Columns.labelName(i));
      }
    }
    return columns;
  }

  /**
   * Takes the classes of enough training rows for the ones to learn.
   *
   * @param counts of the training rows that are not left out so far
   * @return whether others may be rare now: rows that one label leaves out are lost to the others
   */
  boolean keep(Map<String, ValueCounts> counts) {
    Map<Integer, List<String>> before = Map.copyOf(kept);
    for (int i = 0; i < settings.labels().size(); i++) {
      LabelSettings.Label label = settings.labels().get(i);
      if (counts.containsKey(label.column())) {
        kept.put(i, frequent(label, counts.get(label.column())));
        long rare = counts.get(label.column()).distinct() - kept.get(i).size();
        joining.remove(i);
        if (rare > 0 && of(i) == Rare.OTHER) {
          joining.add(i);
          joined.putIfAbsent(i, rare);
        }
      }
    }
    return drops() && counts.size() > 1 && !kept.equals(before);
  }

  /** Tells of classes that are joined. */
  void tell(DataNotes notes) {
    joined.forEach((label, classes) -> notes.joined(settings.labels().get(label), classes));
  }

  private static List<String> frequent(LabelSettings.Label label, ValueCounts counts) {
    return counts.values().stream()
        .filter(count -> count.rows() >= label.rare().minimumCount())
        .map(ValueCounts.Count::value)
        .filter(
            value -> label.rare().rare() == Rare.DROP || !value.equals(LabelEncoder.Classes.OTHER))
        .sorted()
        .toList();
  }

  /**
   * Canonical rows in which rare classes are one, where the job says so and training rows have such
   * a class: otherwise the model has none to put other rows' classes in.
   */
  Dataset<Row> joined(Dataset<Row> canonical) {
    Dataset<Row> rows = canonical;
    for (int label : joining) {
      String name = Columns.labelName(label);
      rows =
          rows.withColumn(
              name,
              functions
                  .when(isRare(label), LabelEncoder.Classes.OTHER)
                  .otherwise(functions.col(name)));
    }
    return rows;
  }

  /** The code of {@link LeftOut} of a canonical row. */
  Column leftOut() {
    Column leftOut = functions.lit(LeftOut.NONE.code());
    for (int label : kept.keySet()) {
      if (of(label) == Rare.DROP) {
        leftOut = functions.when(isRare(label), LeftOut.RARE_CLASS.code()).otherwise(leftOut);
      }
    }
    return leftOut;
  }

  /** Of a missing label it is not so. */
  private Column isRare(int label) {
    Column value = functions.col(Columns.labelName(label));
    return functions.not(value.isin(kept.get(label).toArray()));
  }
}
