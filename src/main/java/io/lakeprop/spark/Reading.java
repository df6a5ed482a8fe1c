package io.lakeprop.spark;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * What came of reading a table's texts.
 *
 * @param types SQL type of each column, as the next table must be read
 * @param notes what a person should know of single columns
 * @param marks texts that count as missing: column, text, cells
 * @param looked columns whose texts were all looked at, and of which the notes say what is odd
 * @param malformed records left out, or cells that became missing, because the job says so
 */
public record Reading(
    Map<String, String> types,
    List<String> notes,
    Map<String, Map<String, Long>> marks,
    Set<String> looked,
    long malformed) {
  /** Columns that a line names; the report names all. */
  private static final int NAMED = 5;

  /** Both together, of different columns of a table; where both know a type, this one's counts. */
  Reading and(Reading other) {
    Map<String, String> allTypes = new LinkedHashMap<>(other.types);
    allTypes.putAll(types);
    List<String> allNotes = new ArrayList<>(notes);
    allNotes.addAll(other.notes);
    Map<String, Map<String, Long>> allMarks = new TreeMap<>(marks);
    allMarks.putAll(other.marks);
    Set<String> allLooked = new TreeSet<>(looked);
    allLooked.addAll(other.looked);
    return new Reading(allTypes, allNotes, allMarks, allLooked, malformed + other.malformed);
  }

  /**
   * Tells a person.
   *
   * @param table as messages name it
   */
  public void tell(String table, Consumer<String> listener) {
    notes.forEach(listener);
    if (malformed > 0) {
      listener.accept(
          String.format(
              Locale.ROOT, "%s: %,d malformed records or cells are left out", table, malformed));
    }
    if (!marks.isEmpty()) {
      listener.accept(table + ": taken for missing are " + words());
    }
  }

  /** Marks by column, such as {@code age (15 "NA")}. */
  private String words() {
    String all =
        marks.entrySet().stream()
            .limit(NAMED)
            .map(column -> column.getKey() + words(column.getValue()))
            .collect(Collectors.joining(", "));
    return all
        + (marks.size() > NAMED ? ", and in %d more columns".formatted(marks.size() - NAMED) : "");
  }

  private static String words(Map<String, Long> marks) {
    return marks.entrySet().stream()
        .map(mark -> String.format(Locale.ROOT, "%,d \"%s\"", mark.getValue(), mark.getKey()))
        .collect(Collectors.joining(", ", " (", ")"));
  }

  /** Of a table whose types are its own. */
  static Reading of(Map<String, String> types) {
    return new Reading(types, List.of(), Map.of(), Set.of(), 0);
  }

  /** Of one note. */
  static Reading note(String note) {
    return new Reading(Map.of(), List.of(note), Map.of(), Set.of(), 0);
  }
}
