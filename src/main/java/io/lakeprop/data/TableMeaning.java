package io.lakeprop.data;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.base.MissingTexts;
import io.lakeprop.base.SqlName;
import java.time.ZoneId;
import java.util.ArrayList;
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
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How the training table was read, which every table that the model scores must be, too.
 *
 * @param types SQL type of each column of the table, before any was derived
 * @param missing texts that mean a missing value, where the job listed its own
 * @param derive columns that the job added, name to SQL expression
 * @param timeZone of the session: the zone of timestamps that name none, and of SQL's hours and
 *     days
 * @param options of the reader of texts that decide what a cell means, by their names in small
 *     letters
 * @param weight column of the rows' weights
 * @param needed columns whose types another table must have; empty for all
 * @param values texts of columns that are values there, although they usually mean a missing one
 * @param made SQL types of what the expressions of {@code derive} gave, as far as they are known
 */
public record TableMeaning(
    Map<String, String> types,
    Optional<List<String>> missing,
    Map<String, String> derive,
    String timeZone,
    Map<String, String> options,
    Optional<String> weight,
    Optional<Set<String>> needed,
    Map<String, Set<String>> values,
    Map<String, String> made) {
  /** The zone where nobody says another. */
  public static final String UTC = "UTC";

  /** Options of Spark's readers of texts that decide what a cell means, not where it ends. */
  private static final Set<String> OF_CELLS =
      Set.of(
          "nullvalue",
          "dateformat",
          "timestampformat",
          "timestampntzformat",
          "timezone",
          "locale",
          "ignoreleadingwhitespace",
          "ignoretrailingwhitespace");

  private static final MissingTexts USUAL = new MissingTexts(MissingTexts.USUAL);

  private static final MissingTexts USUAL_AMONG_NUMBERS =
      new MissingTexts(
          Stream.concat(MissingTexts.USUAL.stream(), MissingTexts.AMONG_NUMBERS.stream()).toList());

  /** Of a table of which nothing is known. */
  public static final TableMeaning UNKNOWN =
      new TableMeaning(Map.of(), Optional.empty(), Map.of(), UTC);

  public TableMeaning {
    types = Collections.unmodifiableMap(new TreeMap<>(types));
    missing = missing.map(List::copyOf);
    derive = Collections.unmodifiableMap(new LinkedHashMap<>(derive));
    Map<String, String> remembered = new TreeMap<>();
    options.forEach(
        (option, value) -> {
          if (OF_CELLS.contains(option.toLowerCase(Locale.ROOT))) {
            remembered.put(option.toLowerCase(Locale.ROOT), value);
          }
        });
    // A usual mark that the job names counts in tables with types, too.
    if (missing.isPresent()
        && MissingTexts.of(missing).hold(remembered.getOrDefault("nullvalue", ""))) {
      remembered.remove("nullvalue"); // It says nothing new.
    }
    options = Collections.unmodifiableMap(remembered);
    needed = needed.map(Set::copyOf);
    values = Map.copyOf(values);
    made = Collections.unmodifiableMap(new TreeMap<>(made));
  }

  /** Without options of a reader and weights; all columns are needed. */
  public TableMeaning(
      Map<String, String> types,
      Optional<List<String>> missing,
      Map<String, String> derive,
      String timeZone) {
    this(
        types,
        missing,
        derive,
        timeZone,
        Map.of(),
        Optional.empty(),
        Optional.empty(),
        Map.of(),
        Map.of());
  }

  /** The zone of timestamps that name none; those of texts may have one of their own. */
  public String zoneOfTimes() {
    return options.getOrDefault("timezone", timeZone);
  }

  /** The zone in which the values of a column of a type were what a clock on the wall shows. */
  public ZoneId zoneOf(String type) {
    return ZoneId.of(type.equals("TIMESTAMP_NTZ") ? timeZone : zoneOfTimes());
  }

  /**
   * The zone of texts in the place of a column's times. A reader made days of its own texts; what
   * is a text of a timestamp was made of one by the session.
   */
  public ZoneId zoneOfTexts(String column) {
    boolean areRead = !derive.containsKey(column);
    boolean areDays = typeOfValues(column).filter("DATE"::equals).isPresent();
    return ZoneId.of(areRead && areDays ? zoneOfTimes() : timeZone);
  }

  /** Types of the values that training met: of columns as they were read, and of results. */
  public Map<String, String> typesOfValues() {
    Map<String, String> own = new TreeMap<>(types);
    own.keySet().removeAll(derive.keySet());
    derive.keySet().stream()
        .filter(made::containsKey)
        .forEach(name -> own.put(name, made.get(name)));
    return own;
  }

  /** The type of one column's values; empty where nobody knows it. */
  public Optional<String> typeOfValues(String column) {
    return Optional.ofNullable((derive.containsKey(column) ? made : types).get(column));
  }

  /**
   * The texts that mean a missing value in a column of texts, whatever the table's format: none in
   * what an expression made, which is what the expression says.
   */
  public MissingTexts missingIn(String column) {
    return derive.containsKey(column) ? MissingTexts.NONE : missingTexts(List.of());
  }

  /**
   * The texts that mean one in a column by its type in training. Among numbers, dates and truth
   * values no result of an expression is a mark of the job's, but what no number is usually means
   * one there, too.
   *
   * @param isTyped whether the values were numbers, dates or truth values
   */
  public MissingTexts missingIn(String column, boolean isTyped) {
    if (!isTyped) {
      return missingIn(column);
    }
    return derive.containsKey(column)
        ? USUAL_AMONG_NUMBERS
        : missingTexts(missing.isPresent() ? List.of() : MissingTexts.AMONG_NUMBERS);
  }

  /**
   * The texts that mean one where a table or a caller has a result of an expression already: the
   * usual ones in the place of categories and classes, as readers of texts have it, who cannot tell
   * a missing one otherwise. What is computed anew is what the expression says.
   */
  public MissingTexts missingInResult(String column) {
    return derive.containsKey(column) && values.containsKey(column)
        ? USUAL.without(values.get(column))
        : MissingTexts.NONE;
  }

  private MissingTexts missingTexts(List<String> more) {
    List<String> all = new ArrayList<>(missing.orElse(MissingTexts.USUAL));
    all.addAll(more);
    Optional.ofNullable(options.get("nullvalue")).ifPresent(all::add);
    return new MissingTexts(all);
  }

  /**
   * Texts that usually mean a missing value and are values of a column, since training met them as
   * such: NA is a country's code to some.
   *
   * @param encoder of training
   * @param labels of training
   */
  public TableMeaning knowing(FeatureEncoder encoder, List<LabelEncoder> labels) {
    Map<String, Set<String>> values = new TreeMap<>();
    for (Feature.Categorical feature : encoder.categories()) {
      values.put(feature.name(), marks(feature.name(), feature::knows));
    }
    for (LabelEncoder label : labels) {
      if (label instanceof LabelEncoder.Classes classes) {
        values.put(label.name(), marks(label.name(), classes.values()::contains));
      }
    }
    return new TableMeaning(
        types, missing, derive, timeZone, options, weight, needed, values, made);
  }

  /** The marks of a column that training knows as its values. */
  private Set<String> marks(String column, Predicate<String> isValue) {
    MissingTexts own =
        derive.containsKey(column) // Other tables may have it, and be read as texts are.
            ? USUAL_AMONG_NUMBERS
            : missingIn(column);
    return own.texts().stream().filter(isValue).collect(Collectors.toSet());
  }

  /** The same with other texts of its SQL expressions. */
  public TableMeaning withDerive(Map<String, String> told) {
    return new TableMeaning(types, missing, told, timeZone, options, weight, needed, values, made);
  }

  /**
   * The same for a table in which some columns are derived anew; what an expression made in
   * training is in all others already, also where {@code x} is told to be {@code x}. Of columns
   * that are derived anew the table has what training's expression was given, not what it made.
   */
  public TableMeaning withoutDerived(Map<String, String> anew) {
    Map<String, String> left = new LinkedHashMap<>(derive);
    Map<String, Set<String>> known = new TreeMap<>(values);
    anew.forEach(
        (name, sql) -> {
          if (!plain(sql).strip().equals(plain(name)) && left.remove(name) != null) {
            known.remove(name);
          }
        });
    return new TableMeaning(types, missing, left, timeZone, options, weight, needed, known, made);
  }

  /** Options of a reader as training had them, but where they are given anew. */
  public Map<String, String> optionsWith(Map<String, String> given) {
    Map<String, String> all = new LinkedHashMap<>(options);
    given.keySet().forEach(option -> all.remove(option.toLowerCase(Locale.ROOT)));
    all.putAll(given);
    return all;
  }

  /** The same for a table of which only some columns are read; others may be of other types. */
  public TableMeaning needing(Collection<String> columns) {
    return new TableMeaning(
        types,
        missing,
        derive,
        timeZone,
        options,
        weight,
        Optional.of(Set.copyOf(columns)),
        values,
        made);
  }

  /** The same where SQL is read, too: every column whose name stands in it is needed. */
  public TableMeaning alsoIn(Collection<String> sql) {
    if (needed.isEmpty()) {
      return this;
    }
    Set<String> columns = new HashSet<>(types.keySet());
    columns.addAll(derive.keySet());
    columns.removeIf(column -> sql.stream().noneMatch(own -> plain(own).contains(plain(column))));
    columns.addAll(needed.get());
    return needing(columns);
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
   * Checks that those needed columns that training derived are derived, too: one that the table
   * lacks, and one that it has as the training table had it before an expression took its place.
   *
   * @param columns that the table has
   * @param derived the columns that the caller derives
   * @param table as messages name it
   * @param mend what adds columns, of their names and SQL expressions
   * @throws InvalidInput with the expressions of all such columns
   */
  public void checkDerived(
      Collection<String> columns,
      Set<String> derived,
      Collection<String> needed,
      String table,
      Function<Map<String, String>, String> mend) {
    Map<String, String> absent = new LinkedHashMap<>();
    Map<String, String> replaced = new LinkedHashMap<>();
    Map<String, String> all = new LinkedHashMap<>(); // An expression may name those before it.
    derive.forEach(
        (name, sql) -> {
          if (needed.contains(name) && !columns.contains(name)) {
            absent.put(name, sql);
            all.put(name, sql);
          } else if (needed.contains(name) && types.containsKey(name) && !derived.contains(name)) {
            replaced.put(name, sql);
            all.put(name, sql);
          }
        });
    if (!absent.isEmpty()) {
      throw new InvalidInput(
          "table %s must have the column%s, which training derived, however: it lacks %s (%s)"
              .formatted(table, names(absent), absent.size() > 1 ? "them" : "it", mend.apply(all)));
    }
    if (!replaced.isEmpty()) {
      String first = replaced.keySet().iterator().next();
      throw new InvalidInput(
          "table %s must be read as in training, where expressions took the place of column%s, however: it is as it lies there (%s; in a table that has the results already, %s keeps them)"
              .formatted(
                  table,
                  names(replaced),
                  mend.apply(all),
                  mend.apply(Map.of(first, SqlName.of(first)))));
    }
  }

  private static String names(Map<String, String> columns) {
    String all =
        columns.keySet().stream().map(name -> '"' + name + '"').collect(Collectors.joining(", "));
    return (columns.size() > 1 ? "s " : " ") + all;
  }

  /** The same in another zone, before anything else is known. */
  public static TableMeaning in(String timeZone) {
    return new TableMeaning(Map.of(), Optional.empty(), Map.of(), timeZone);
  }
}
