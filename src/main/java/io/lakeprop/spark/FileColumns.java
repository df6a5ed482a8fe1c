package io.lakeprop.spark;

import io.lakeprop.base.EditDistance;
import io.lakeprop.base.InvalidInput;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/**
 * The columns of a table's Parquet or ORC files, as the files' footers have them. Spark itself
 * looks at the first file alone; of what the others lack, and of types that it does not read, it
 * says nothing or does not say where they are.
 *
 * @param files the columns of each file, by its path; files without a footer that can be read are
 *     not among them
 * @param kinds the same files by their columns, in the order of the first of each: many files have
 *     few such lists, and questions are asked of these
 */
record FileColumns(Map<Path, List<FileColumn>> files, Map<List<FileColumn>, List<Path>> kinds) {
  /** Columns that a note names. */
  private static final int NAMED = 5;

  /** What Hive calls the columns of its ORC files, which are found by their places. */
  private static final String BY_PLACE = "_col\\d+";

  /** What Spark's reader makes of a column. */
  enum Kind {
    READ,
    /** Nanoseconds since 1970 in UTC, which Spark knows as numbers only. */
    NANOS,
    /** Nanoseconds since 1970 of a clock on the wall. */
    LOCAL_NANOS,
    /** A clock on the wall, read as if it hung in the JVM's zone, which is UTC everywhere. */
    WALL_CLOCK,
    UNREAD
  }

  /**
   * A column of a file.
   *
   * @param type in SQL's words, or in Parquet's of a column that Spark does not read
   */
  record FileColumn(String name, Kind kind, String type) {}

  /** Of the files whose footers could be read. */
  static FileColumns of(List<FileFooters.Footer> footers) {
    Map<Path, List<FileColumn>> files = new LinkedHashMap<>();
    Map<List<FileColumn>, List<Path>> kinds = new LinkedHashMap<>();
    for (FileFooters.Footer footer : footers) {
      List<FileColumn> own = footer.columns();
      boolean named = own.isEmpty() || !own.stream().allMatch(c -> c.name().matches(BY_PLACE));
      if (footer.rows().isPresent() && named) {
        files.put(footer.file(), own);
        kinds.computeIfAbsent(own, key -> new ArrayList<>()).add(footer.file());
      }
    }
    return new FileColumns(files, kinds);
  }

  /** The first file with a column; empty where there is none. */
  Optional<Path> first(Predicate<FileColumn> column) {
    return kinds.entrySet().stream()
        .filter(kind -> kind.getKey().stream().anyMatch(column))
        .map(kind -> kind.getValue().get(0))
        .findFirst();
  }

  /** The names of the columns of all files, in their order. */
  List<String> names() {
    return kinds.keySet().stream().flatMap(List::stream).map(FileColumn::name).distinct().toList();
  }

  /** Whether all files have the same columns, of types that Spark reads. */
  boolean areAlike() {
    return kinds.size() <= 1 && first(FileColumns::isNanos).isEmpty();
  }

  /**
   * Files by those of their columns that are not simply read.
   *
   * @param others such columns of a list
   */
  Map<List<FileColumn>, List<Path>> by(
      Collection<Path> some, UnaryOperator<List<FileColumn>> others) {
    Map<List<FileColumn>, List<FileColumn>> known = new HashMap<>();
    Map<List<FileColumn>, List<Path>> groups = new LinkedHashMap<>();
    for (Path file : some) {
      List<FileColumn> own = known.computeIfAbsent(files.getOrDefault(file, List.of()), others);
      groups.computeIfAbsent(own, key -> new ArrayList<>()).add(file);
    }
    return groups;
  }

  /**
   * Checks the files that tell the schema for types that Spark does not read.
   *
   * @throws InvalidInput with the first such column
   */
  void checkRead(String table, Collection<Path> telling) {
    for (Path file : telling) {
      for (FileColumn column : files.get(file)) {
        if (column.kind() == Kind.UNREAD) {
          throw new InvalidInput(
              "table %s: file %s must have columns of types that Spark reads, however: \"%s\" is of %s (a schema with other columns leaves it out)"
                  .formatted(table, file, column.name(), column.type()));
        }
      }
    }
  }

  /**
   * Checks that files have what a job's schema names.
   *
   * @param key of the names that are one
   * @throws InvalidInput with the first column that no file has
   */
  void checkDeclared(String table, List<String> declared, UnaryOperator<String> key) {
    Map<String, Long> counts = counts(key);
    for (String column : declared) {
      if (!files.isEmpty() && !counts.containsKey(key.apply(column))) {
        List<String> others = new ArrayList<>(names());
        others.removeAll(declared);
        Optional<String> near =
            ColumnNames.alike(column, others).or(() -> EditDistance.nearest(column, others));
        throw new InvalidInput(
            "table %s must have the column \"%s\" of the schema, however: no file has it%s"
                .formatted(
                    table,
                    column,
                    near.map(", and there is \"%s\" (schema with that name reads it)"::formatted)
                        .orElse(" but " + others + " besides those of the schema")));
      }
    }
  }

  /**
   * What a person should know of columns that only some files have, and of those that folders
   * spell, too.
   *
   * @param read columns of the files that are read
   * @param folders columns that folders spell
   * @param isDeclared whether a schema says which columns are read
   * @param key of the names that are one
   */
  List<String> notes(
      String table,
      List<String> read,
      List<String> folders,
      boolean isDeclared,
      UnaryOperator<String> key) {
    Map<String, Long> counts = counts(key);
    Set<String> known = keys(read, key);
    Set<String> spelled = keys(folders, key);
    List<String> lacked =
        read.stream()
            .filter(name -> counts.getOrDefault(key.apply(name), 0L) < files.size())
            .toList();
    List<String> others =
        names().stream()
            .filter(own -> !isDeclared)
            .filter(own -> !known.contains(key.apply(own)) && !spelled.contains(key.apply(own)))
            .toList();
    List<String> hidden = names().stream().filter(own -> spelled.contains(key.apply(own))).toList();
    List<String> notes = new ArrayList<>();
    List<String> widened = isDeclared ? List.of() : widened(read, key);
    if (!widened.isEmpty()) {
      notes.add(
          "%s: columns of several types in %,d files are read as the type that has all their values: %s"
              .formatted(table, files.size(), firstOf(widened)));
    }
    if (!lacked.isEmpty()) {
      notes.add(
          "%s: of %,d files some lack columns, which are missing in all their rows: %s"
              .formatted(table, files.size(), counted(lacked, key, counts, true)));
    }
    if (!others.isEmpty()) {
      notes.add(
          "%s: columns that the first of %,d files has not are not read (options: {mergeSchema: true} reads them): %s"
              .formatted(table, files.size(), counted(others, key, counts, false)));
    }
    if (!hidden.isEmpty()) {
      notes.add(hidden(table, hidden));
    }
    return notes;
  }

  /**
   * That times without a zone are taken for those of UTC, where another zone is the session's.
   *
   * @param read columns of the files that are read
   */
  Optional<String> wallClocks(
      String table, List<String> read, String zone, UnaryOperator<String> key) {
    Set<String> clocks =
        kinds.keySet().stream()
            .flatMap(List::stream)
            .filter(own -> own.kind() == Kind.WALL_CLOCK)
            .map(own -> key.apply(own.name()))
            .collect(Collectors.toSet());
    List<String> without = read.stream().filter(own -> clocks.contains(key.apply(own))).toList();
    return without.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "%s: timestamps of ORC files say no time zone and are read as UTC's (derive with to_utc_timestamp(column, '%s') makes them this zone's): %s"
                .formatted(table, zone, firstOf(without)));
  }

  /** That what folders say is read in place of what files have. */
  static String hidden(String table, List<String> columns) {
    return "%s: folders' names say %s, so the column%s of that name in the files %s not read"
        .formatted(
            table,
            String.join(", ", columns),
            columns.size() > 1 ? "s" : "",
            columns.size() > 1 ? "are" : "is");
  }

  private static Set<String> keys(List<String> names, UnaryOperator<String> key) {
    return names.stream().map(key).collect(Collectors.toSet());
  }

  /** How many files have each column, by its key. */
  private Map<String, Long> counts(UnaryOperator<String> key) {
    Map<String, Long> counts = new HashMap<>();
    kinds.forEach(
        (kind, some) ->
            kind.stream()
                .map(own -> key.apply(own.name()))
                .distinct()
                .forEach(own -> counts.merge(own, (long) some.size(), Long::sum)));
    return counts;
  }

  /** Columns with their types, where one has several of which one is wide enough for all. */
  private List<String> widened(List<String> columns, UnaryOperator<String> key) {
    Map<String, Set<DataType>> types = new HashMap<>();
    for (List<FileColumn> kind : kinds.keySet()) {
      for (FileColumn own : kind) {
        StoredColumns.type(own)
            .filter(type -> !type.equals(DataTypes.NullType))
            .ifPresent(
                type ->
                    types
                        .computeIfAbsent(key.apply(own.name()), name -> new LinkedHashSet<>())
                        .add(type));
      }
    }
    return columns.stream()
        .flatMap(own -> widened(own, types.getOrDefault(key.apply(own), Set.of())))
        .toList();
  }

  private static Stream<String> widened(String column, Set<DataType> types) {
    Optional<DataType> all =
        types.stream()
            .map(Optional::of)
            .reduce((a, b) -> a.flatMap(one -> WiderType.of(one, b.orElseThrow())))
            .flatMap(wide -> wide);
    return types.size() > 1 && all.isPresent()
        ? Stream.of(
            "%s %s (%s)"
                .formatted(
                    column,
                    all.get().sql(),
                    types.stream().map(DataType::sql).collect(Collectors.joining(", "))))
        : Stream.empty();
  }

  private static String firstOf(List<String> some) {
    return some.stream().limit(NAMED).collect(Collectors.joining(", "))
        + (some.size() > NAMED ? " and %,d more".formatted(some.size() - NAMED) : "");
  }

  /** Columns with how many files lack or have them. */
  private String counted(
      List<String> columns, UnaryOperator<String> key, Map<String, Long> counts, boolean lacking) {
    return firstOf(
        columns.stream()
            .map(
                column -> {
                  long with = counts.getOrDefault(key.apply(column), 0L);
                  return "%s (%,d %s it)"
                      .formatted(
                          column, lacking ? files.size() - with : with, lacking ? "lack" : "have");
                })
            .toList());
  }

  static boolean isNanos(FileColumn column) {
    return column.kind() == Kind.NANOS || column.kind() == Kind.LOCAL_NANOS;
  }
}
