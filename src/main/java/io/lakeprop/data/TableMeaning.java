package io.lakeprop.data;

import io.lakeprop.base.InvalidInput;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BinaryOperator;

/**
 * How the training table was read, which every table that the model scores must be, too.
 *
 * @param types SQL type of each column of the table, before any was derived
 * @param missing texts that mean a missing value, where the job listed its own
 * @param derive columns that the job added, name to SQL expression
 * @param timeZone of the session: the zone of timestamps that name none, and of SQL's hours and
 *     days
 * @param needed columns whose types another table must have; empty for all
 */
public record TableMeaning(
    Map<String, String> types,
    Optional<List<String>> missing,
    Map<String, String> derive,
    String timeZone,
    Optional<Set<String>> needed) {
  /** The zone where nobody says another. */
  public static final String UTC = "UTC";

  /** Of a table of which nothing is known. */
  public static final TableMeaning UNKNOWN =
      new TableMeaning(Map.of(), Optional.empty(), Map.of(), UTC);

  public TableMeaning {
    types = Collections.unmodifiableMap(new TreeMap<>(types));
    missing = missing.map(List::copyOf);
    derive = Collections.unmodifiableMap(new LinkedHashMap<>(derive));
    needed = needed.map(Set::copyOf);
  }

  /** Of a table all of whose columns are needed. */
  public TableMeaning(
      Map<String, String> types,
      Optional<List<String>> missing,
      Map<String, String> derive,
      String timeZone) {
    this(types, missing, derive, timeZone, Optional.empty());
  }

  /** The same for a table of which only some columns are read; others may be of other types. */
  public TableMeaning needing(Collection<String> columns) {
    return new TableMeaning(types, missing, derive, timeZone, Optional.of(Set.copyOf(columns)));
  }

  /** The same where SQL is read, too: every column whose name stands in it is needed. */
  public TableMeaning alsoIn(Collection<String> sql) {
    if (needed.isEmpty()) {
      return this;
    }
    Set<String> all = new HashSet<>(needed.get());
    for (String column : types.keySet()) {
      if (sql.stream().anyMatch(own -> plain(own).contains(plain(column)))) {
        all.add(column);
      }
    }
    return needing(all);
  }

  /** SQL does not look at capitals, and doubles backticks in names. */
  private static String plain(String sql) {
    return sql.replace("`", "").toLowerCase(Locale.ROOT);
  }

  /** Whether another table's column must have the type that it had in training. */
  public boolean needs(String column) {
    return needed.map(own -> own.contains(column)).orElse(true);
  }

  /**
   * Checks that a table has those needed columns that training derived.
   *
   * @param columns that the table has
   * @param table as messages name it
   * @param mend what adds a column, of its name and its SQL
   * @throws InvalidInput with the expression of the first column that it lacks
   */
  public void checkDerived(
      Collection<String> columns,
      Collection<String> needed,
      String table,
      BinaryOperator<String> mend) {
    for (String name : needed) {
      String sql = derive.get(name);
      if (sql != null && !columns.contains(name)) {
        throw new InvalidInput(
            "table %s must have the column \"%s\", which training derived, however: it lacks it (%s adds it)"
                .formatted(table, name, mend.apply(name, sql)));
      }
    }
  }

  /** The same in another zone, before anything else is known. */
  public static TableMeaning in(String timeZone) {
    return new TableMeaning(Map.of(), Optional.empty(), Map.of(), timeZone);
  }
}
