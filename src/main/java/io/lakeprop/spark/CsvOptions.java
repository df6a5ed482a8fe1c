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
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.types.DataType;

/**
 * The options of a CSV table, by the names that Spark's own reader has for them.
 *
 * @param infer whether types are told from the cells; otherwise all are texts
 * @param replaced columns in whose place an expression of the job's puts others: nothing need be
 *     told of their texts
 * @param categories columns whose values are told apart, whatever they look like, and the values
 *     that training knows
 * @param dates columns of days and moments, by which a column without a value is read
 */
record CsvOptions(
    CsvDialect dialect,
    MissingMarks missing,
    TimeFormat times,
    boolean infer,
    Set<String> replaced,
    Map<String, Set<String>> categories,
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
        Map.of(),
        Map.of());
  }

  /** The same of a table in which expressions put others in the place of columns. */
  CsvOptions replacing(Set<String> columns) {
    return new CsvOptions(dialect, missing, times, infer, Set.copyOf(columns), categories, dates);
  }

  /** The same of a table of whose needed columns something is known. */
  CsvOptions knowing(FeatureColumns features, TableMeaning meaning) {
    Map<String, Set<String>> known = new HashMap<>(features.categories());
    known.keySet().removeIf(column -> !meaning.needs(column));
    return new CsvOptions(dialect, missing, times, infer, replaced, known, features.times());
  }

  /** The type of a column of which nobody says it. */
  TextType.Kind kind(String column, ColumnProfile profile) {
    Optional<TextType.Kind> time = ColumnNames.alike(column, dates.keySet()).map(dates::get);
    if (profile.values() == 0 && time.isPresent()) {
      return time.get();
    }
    Optional<String> category = ColumnNames.alike(column, categories.keySet());
    if (category.isEmpty()) {
      return profile.kind();
    }
    Set<String> values = categories.get(category.get());
    boolean mayBeOne = profile.kindOfCategory() != profile.kind();
    return values.isEmpty() || mayBeOne ? profile.kindOfCategory() : kindOf(values, profile);
  }

  /**
   * The type by which cells are written as the values that training knows: as far as these are of a
   * type at all, since {@code none} may stand among numbers. Cells stay texts where it is none.
   */
  private TextType.Kind kindOf(Set<String> values, ColumnProfile profile) {
    TextType.Kind kind = profile.kind();
    List<TextType.Kind> kinds =
        switch (kind) {
          case INT -> List.of(kind, TextType.Kind.BIGINT, TextType.Kind.DOUBLE);
          case BIGINT -> List.of(kind, TextType.Kind.DOUBLE);
          case DOUBLE -> profile.isWhole() ? List.of(TextType.Kind.BIGINT, kind) : List.of(kind);
          case DATE -> profile.areTimes() ? List.of(kind, TextType.Kind.TIMESTAMP) : List.of(kind);
          default -> List.of(kind);
        };
    // Values are as Spark writes them, or as the job does where an expression wrote them so.
    TextType ofSpark = TextType.of(last(kinds), TimeFormat.UTC);
    TextType ofJob = TextType.of(last(kinds), times);
    List<String> typed =
        values.stream()
            .filter(own -> ofSpark.parse(own).isPresent() || ofJob.parse(own).isPresent())
            .toList();
    return typed.isEmpty()
        ? kind
        : kinds.stream()
            .filter(own -> CategoryTypes.areWrittenAs(DataType.fromDDL(own.name()), typed))
            .findFirst()
            .orElse(TextType.Kind.STRING);
  }

  private static TextType.Kind last(List<TextType.Kind> kinds) {
    return kinds.get(kinds.size() - 1);
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
