package io.lakeprop.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Columns from which a network can learn nothing that holds for other rows: constant ones, and
 * those by which it could only know each training row by heart, unless there are no others.
 *
 * @param reasons what each is, by its name, such as {@code always 3.0}
 * @param ids columns of whole numbers that are all different and no row numbers: they may be ids,
 *     and may be amounts
 */
public record UselessColumns(SortedMap<String, String> reasons, SortedSet<String> ids) {
  /** In fewer rows numbers are all different by chance. */
  private static final long FEWEST_ROWS = 50;

  /**
   * Row numbers have gaps where rows were left out. Numbers that came at random from twice as many
   * as there are rows would not be all different.
   */
  private static final double WIDEST = 2;

  /** An id that a few rows lack is one. */
  private static final double MOSTLY_THERE = 0.95;

  /** The reason that whole numbers have which are all different and dense. */
  public static final String ROW_NUMBERS = "row numbers";

  /** What a job does with such columns. */
  public enum Treatment {
    /** They are left out, with a note. */
    DROP,
    /** The job is refused. */
    REFUSE
  }

  /**
   * Looks at the columns of training rows.
   *
   * @param counts the values of each categorical column, by its name
   * @param rows of the whole table, of which those of {@code stats} are a part
   * @param wanted columns that the job names one by one: they are useless only where they are
   *     constant
   */
  public static UselessColumns of(
      List<FeatureSpec> specs,
      FeatureStats stats,
      Map<String, ValueCounts> counts,
      long rows,
      Set<String> wanted) {
    SortedMap<String, String> reasons = new TreeMap<>();
    SortedSet<String> ids = new TreeSet<>();
    for (int i = 0; i < specs.size() && stats.rows() > 0; i++) {
      FeatureSpec spec = specs.get(i);
      List<String> reason = new ArrayList<>(constant(spec, i, stats, counts));
      if (reason.isEmpty() && !wanted.contains(spec.name()) && stats.rows() >= FEWEST_ROWS) {
        if (spec instanceof FeatureSpec.Categorical) {
          reason.addAll(different(counts.get(spec.name()), stats.rows()));
        } else if (stats.sample(i) != null && stats.sample(i).areWholeAndDifferent()) {
          boolean all = stats.sample(i).taken() >= MOSTLY_THERE * stats.rows();
          if (all && stats.sample(i).span() <= WIDEST * rows) {
            reason.add(ROW_NUMBERS);
          } else {
            ids.add(spec.name());
          }
        }
      }
      reason.forEach(own -> reasons.put(spec.name(), own));
    }
    if (reasons.size() == specs.size()) {
      // Of nothing but row numbers something may be asked, such as a trend.
      reasons.values().removeIf(ROW_NUMBERS::equals);
    }
    return new UselessColumns(reasons, ids);
  }

  /** Why a column says the same of all rows; empty where it does not. */
  static List<String> constant(
      FeatureSpec spec, int i, FeatureStats stats, Map<String, ValueCounts> counts) {
    if (spec instanceof FeatureSpec.Categorical categorical) {
      return constant(categorical, counts.get(spec.name()));
    }
    NumberStats all = NumberStats.empty(FeatureSpec.Scaling.NONE);
    if (stats.numbers(i) != null) {
      for (NumberStats own : stats.numbers(i)) {
        all.merge(own);
      }
    }
    return spec instanceof FeatureSpec.Numeric numeric
        ? constant(all, numeric.notFinite(), numeric.notFinite().missing(all) > 0)
        : constant(all, ((FeatureSpec.Vector) spec).notFinite(), stats.varies(i));
  }

  /**
   * @param varies what else is read of the column
   */
  private static List<String> constant(NumberStats all, NotFinite notFinite, boolean varies) {
    boolean refused =
        (all.infinite() > 0 && notFinite.infinity() == NotFinite.Treatment.REFUSE)
            || (all.nan() > 0 && notFinite.nan() == NotFinite.Treatment.REFUSE);
    if (refused) {
      return List.of(); // A fault of the table, and named as one.
    }
    if (all.present() == 0) {
      return List.of("no value");
    }
    return all.smallest() == all.largest() && !varies
        ? List.of("always " + all.smallest())
        : List.of();
  }

  private static List<String> constant(FeatureSpec.Categorical spec, ValueCounts counts) {
    if (counts.values().isEmpty()) {
      return List.of("no value");
    }
    long own = counts.values().stream().filter(c -> c.rows() >= spec.minimumCount()).count();
    boolean rare = own < counts.distinct() || counts.distinct() > spec.maximumValues();
    if (counts.missing() > 0 || Math.min(own, spec.maximumValues()) + (rare ? 1 : 0) > 1) {
      return List.of();
    }
    if (own > 0) {
      return List.of("always \"%s\"".formatted(counts.values().get(0).value()));
    }
    return List.of(
        counts.values().get(0).rows() == 1
            ? "all values different"
            : "no value in minimum_count=%d rows".formatted(spec.minimumCount()));
  }

  /** Where even the most frequent value has one row. */
  private static List<String> different(ValueCounts counts, long rows) {
    boolean mostlyThere = counts.missing() <= (1 - MOSTLY_THERE) * rows;
    boolean different = counts.values().get(0).rows() == 1 && mostlyThere;
    return different ? List.of("all values different") : List.of();
  }
}
