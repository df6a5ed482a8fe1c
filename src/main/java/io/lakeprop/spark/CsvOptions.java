package io.lakeprop.spark;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.data.TableMeaning;
import io.lakeprop.text.ColumnProfile;
import io.lakeprop.text.CsvDialect;
import io.lakeprop.text.MissingMarks;
import io.lakeprop.text.TextType;
import io.lakeprop.text.TimeFormat;
import java.io.Serializable;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The options of a CSV table, by the names that Spark's own reader has for them.
 *
 * @param infer whether types are told from the cells; otherwise all are texts
 * @param replaced columns in whose place an expression of the job's puts others: nothing need be
 *     told of their texts
 * @param categories columns whose values are told apart, whatever they look like
 * @param isTrained whether training has told what their values are
 * @param dates columns of days and moments, by which a column without a value is read
 */
record CsvOptions(
    CsvDialect dialect,
    MissingMarks missing,
    TimeFormat times,
    boolean infer,
    Set<String> replaced,
    Set<String> categories,
    boolean isTrained,
    Map<String, TextType.Kind> dates)
    implements Serializable {
  private static final Set<String> KNOWN =
      Set.of(
          "sep",
          "delimiter",
          "quote",
          "escape",
          "comment",
          "header",
          "encoding",
          "charset",
          "ignoreleadingwhitespace",
          "ignoretrailingwhitespace",
          "nullvalue",
          "dateformat",
          "timestampformat",
          "timezone",
          "inferschema",
          "pathglobfilter",
          "recursivefilelookup",
          "basepath");

  /** What Spark needs to be told and this reader does not, whatever the value. */
  private static final Set<String> NEEDLESS =
      Set.of(
          "multiline",
          "enforceschema",
          "maxcolumns",
          "maxcharspercolumn",
          "samplingratio",
          "prefersdate");

  /**
   * Reads the options of a table.
   *
   * @param options in small letters
   * @param missing the texts that mean a missing value, where the job lists them
   * @param zone of timestamps that name none
   */
  static CsvOptions of(
      Map<String, String> options, Optional<List<String>> missing, String zone, String separator) {
    for (String option : options.keySet()) {
      if (option.equals("mode")) {
        throw new InvalidInput(
            "options of CSV files must not have mode, however: %s (table.malformed: refuse, skip or missing)"
                .formatted(options.get(option)));
      }
      if (!KNOWN.contains(option) && !NEEDLESS.contains(option)) {
        throw new InvalidInput(
            "options of CSV files must be among %s, however: %s"
                .formatted(new TreeSet<>(KNOWN), option));
      }
    }
    Optional<String> given =
        Optional.ofNullable(options.get("sep")).or(() -> at(options, "delimiter"));
    char quote = CsvDialect.character("quote", at(options, "quote")).orElse('"');
    CsvDialect dialect =
        new CsvDialect(
            given.map(own -> own.replace("\\t", "\t")).orElse(separator),
            quote,
            CsvDialect.character("escape", at(options, "escape")).orElse(quote),
            CsvDialect.character("comment", at(options, "comment")).orElse((char) 0),
            flag(options, "header", true),
            at(options, "encoding").or(() -> at(options, "charset")).orElse("UTF-8"),
            flag(options, "ignoreleadingwhitespace", false),
            flag(options, "ignoretrailingwhitespace", false));
    TimeFormat times = TimeFormat.of(options, zone).checked();
    return new CsvOptions(
        dialect,
        marks(missing, at(options, "nullvalue"), times),
        times,
        flag(options, "inferschema", true),
        Set.of(),
        Set.of(),
        false,
        Map.of());
  }

  /** The same of a table in which expressions put others in the place of columns. */
  CsvOptions replacing(Set<String> columns) {
    return new CsvOptions(
        dialect, missing, times, infer, Set.copyOf(columns), categories, isTrained, dates);
  }

  /** The same of a table of whose needed columns something is known. */
  CsvOptions knowing(FeatureColumns features, TableMeaning meaning) {
    Set<String> needed = new HashSet<>(features.categories());
    needed.removeIf(column -> !meaning.needs(column));
    Map<String, TextType.Kind> dates = new HashMap<>(features.times());
    for (String column : needed) {
      if (meaning.typeOfValues(column).filter("DATE"::equals).isPresent()) {
        dates.put(column, TextType.Kind.DATE);
      }
    }
    return new CsvOptions(
        dialect, missing, times, infer, replaced, needed, features.isTrained(), dates);
  }

  /** Whether a column's values are told apart, whatever they look like. */
  boolean isCategory(String column) {
    return ColumnNames.alike(column, categories).isPresent();
  }

  /** The type of a column of which nobody says it. */
  TextType.Kind kind(String column, ColumnProfile profile) {
    Optional<TextType.Kind> time = ColumnNames.alike(column, dates.keySet()).map(dates::get);
    if (profile.values() == 0 && time.isPresent()) {
      return time.get();
    }
    if (!isCategory(column)) {
      return profile.kind();
    }
    if (!isTrained) {
      return profile.kindOfCategory();
    }
    // What training knows is found by its text and by its type in training, never by this table's:
    // 1.10 is no 1.1 where an expression made texts of them. Days may be in the job's own pattern.
    boolean areDays = time.isPresent() && profile.kind() == TextType.Kind.DATE;
    return areDays ? TextType.Kind.DATE : TextType.Kind.STRING;
  }

  /** Whether an expression puts another in the place of a column. */
  boolean replaces(String column) {
    return replaced.stream().anyMatch(column::equalsIgnoreCase);
  }

  /** The job's own list, or the usual marks; and what a reader's option adds. */
  private static MissingMarks marks(
      Optional<List<String>> missing, Optional<String> more, TimeFormat times) {
    MissingMarks own = MissingMarks.of(missing.map(list -> MissingMarks.alsoInIso(list, times)));
    List<String> added = MissingMarks.alsoInIso(more.stream().toList(), times);
    return added.isEmpty() ? own : own.and(added);
  }

  private static Optional<String> at(Map<String, String> options, String option) {
    return Optional.ofNullable(options.get(option));
  }

  /** What an option says that is true or false. */
  static boolean flag(Map<String, String> options, String option, boolean otherwise) {
    return at(options, option)
        .map(
            value ->
                switch (value.toLowerCase(Locale.ROOT)) {
                  case "true" -> true;
                  case "false" -> false;
                  default ->
                      throw new InvalidInput(
                          "options.%s must be true or false, however: %s".formatted(option, value));
                })
        .orElse(otherwise);
  }
}
