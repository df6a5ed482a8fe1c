package io.lakeprop.spark;

import io.lakeprop.base.EditDistance;
import io.lakeprop.base.InvalidInput;
import io.lakeprop.base.SqlName;
import io.lakeprop.data.Feature;
import io.lakeprop.data.FeatureEncoder;
import io.lakeprop.data.LabelEncoder;
import io.lakeprop.text.TextType;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The features of a model that a table is read for. Writers of JSON leave the keys of missing
 * values out, so that a feature may be there in no object at all; a label, a weight or an offset
 * may not.
 *
 * @param names of their columns
 * @param categories columns that are categories or classes, whatever they look like
 * @param isTrained whether they are a model's, so that training has told what their values are
 * @param times columns of days and moments, by which a column without a value is read
 * @param mend what adds columns to the table, of their names and SQL
 */
public record FeatureColumns(
    Set<String> names,
    Set<String> categories,
    boolean isTrained,
    Map<String, TextType.Kind> times,
    Function<Map<String, String>, String> mend) {
  /** Of a table that is read before anything is known of features. */
  public static final FeatureColumns UNKNOWN = ofCategories(Set.of());

  public FeatureColumns {
    names = Set.copyOf(names);
    categories = Set.copyOf(categories);
    times = Map.copyOf(times);
  }

  /** Of features of which nothing but their names is known. */
  public FeatureColumns(Set<String> names, Function<Map<String, String>, String> mend) {
    this(names, Set.of(), false, Map.of(), mend);
  }

  /** Of a table of which nothing is known but which columns' values are told apart. */
  static FeatureColumns ofCategories(Set<String> categories) {
    return new FeatureColumns(
        Set.of(), categories, false, Map.of(), columns -> "derive: " + columns);
  }

  /** Of a model. */
  public static FeatureColumns of(
      FeatureEncoder encoder,
      List<LabelEncoder> labels,
      Function<Map<String, String>, String> mend) {
    Set<String> names = new TreeSet<>();
    Set<String> categories = new TreeSet<>();
    Map<String, TextType.Kind> times = new TreeMap<>();
    for (Feature feature : encoder.features()) {
      names.add(feature.name());
      if (feature instanceof Feature.Categorical own) {
        categories.add(own.name());
      } else if (feature instanceof Feature.Numeric own) {
        NumberUnits.kind(own.unit()).ifPresent(kind -> times.put(own.name(), kind));
      }
    }
    for (LabelEncoder label : labels) {
      if (label instanceof LabelEncoder.Classes own) {
        categories.add(own.name());
      }
    }
    return new FeatureColumns(names, categories, true, times, mend);
  }

  /**
   * Checks features that a table lacks.
   *
   * @param columns that the table has
   * @param lacking features among {@code known} that the table has not
   * @param known SQL types of the training table's columns by their names
   * @throws InvalidInput when the table has a column of a name like that of a feature it lacks, and
   *     training did not; or when it has no feature at all
   */
  void check(
      Collection<String> lacking, List<String> columns, Map<String, String> known, String table) {
    List<String> others =
        columns.stream().filter(own -> ColumnNames.alike(own, known.keySet()).isEmpty()).toList();
    for (String name : lacking) {
      Optional<String> same = others.stream().filter(name::equalsIgnoreCase).findFirst();
      if (same.isPresent()) {
        throw new InvalidInput(
            "table %s must have the column \"%s\", however: it has \"%s\" (%s reads it as that)"
                .formatted(
                    table, name, same.get(), mend.apply(Map.of(name, SqlName.of(same.get())))));
      }
    }
    if (!names.isEmpty() && lacking.containsAll(names)) {
      throw new InvalidInput(
          "table %s must have columns of the training table, however: it has none of %s but %s%s"
              .formatted(
                  table,
                  new TreeSet<>(names),
                  columns,
                  ColumnNames.areValues(columns)
                      ? " (which may be the values of a first row: CSV needs a line of names before"
                          + " it, as the training table has)"
                      : ""));
    }
    for (String name : lacking) {
      Optional<String> near = EditDistance.nearest(name, others);
      if (near.isPresent()) {
        throw new InvalidInput(
            "table %s must have the column \"%s\", however: it lacks it, and has \"%s\" (%s if that is meant, %s if all of it is missing)"
                .formatted(
                    table,
                    name,
                    near.get(),
                    mend.apply(Map.of(name, SqlName.of(near.get()))),
                    mend.apply(Map.of(name, "cast(null as %s)".formatted(known.get(name))))));
      }
    }
  }
}
