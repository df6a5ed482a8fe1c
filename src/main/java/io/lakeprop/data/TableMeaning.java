package io.lakeprop.data;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How the training table was read, which every table that the model scores must be, too.
 *
 * @param types SQL type of each column of the table, before any was derived
 * @param missing texts that mean a missing value, where the job listed its own
 * @param derive columns that the job added, name to SQL expression
 * @param timeZone of the session: the zone of timestamps that name none, and of SQL's hours and
 *     days
 */
public record TableMeaning(
    Map<String, String> types,
    Optional<List<String>> missing,
    Map<String, String> derive,
    String timeZone) {
  /** The zone where nobody says another. */
  public static final String UTC = "UTC";

  /** Of a table of which nothing is known. */
  public static final TableMeaning UNKNOWN =
      new TableMeaning(Map.of(), Optional.empty(), Map.of(), UTC);

  public TableMeaning {
    types = Collections.unmodifiableMap(new TreeMap<>(types));
    missing = missing.map(List::copyOf);
    derive = Collections.unmodifiableMap(new LinkedHashMap<>(derive));
  }

  /** The same in another zone, before anything else is known. */
  public static TableMeaning in(String timeZone) {
    return new TableMeaning(Map.of(), Optional.empty(), Map.of(), timeZone);
  }
}
