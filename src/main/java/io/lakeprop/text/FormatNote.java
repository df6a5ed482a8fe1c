package io.lakeprop.text;

import io.lakeprop.base.SqlName;
import io.lakeprop.base.YamlText;
import io.lakeprop.text.ColumnProfile.Look;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What a person should know of a pattern of dates or times that fits no cell of a table. */
public final class FormatNote {
  private FormatNote() {}

  /**
   * A note of each pattern of the job's that is of no use.
   *
   * @param columns whose types are told from their cells
   * @param profiles of these
   */
  public static List<String> of(
      List<String> columns, List<ColumnProfile> profiles, TimeFormat format) {
    List<String> notes = new ArrayList<>();
    if (isUseless(format.date(), profiles, Look.DATE)) {
      notes.add(of("dateFormat", format.date(), "to_date", columns, profiles));
    }
    if (isUseless(format.timestamp(), profiles, Look.TIMESTAMP)) {
      notes.add(of("timestampFormat", format.timestamp(), "to_timestamp", columns, profiles));
    }
    return notes;
  }

  private static boolean isUseless(String pattern, List<ColumnProfile> profiles, Look look) {
    return !pattern.isEmpty()
        && profiles.stream().anyMatch(profile -> profile.values() > 0)
        && profiles.stream().allMatch(profile -> profile.count(look) == 0)
        && profiles.stream().noneMatch(profile -> isDate(pattern, profile));
  }

  /** Whether dates, which are looked for before timestamps, fit a pattern as well. */
  private static boolean isDate(String pattern, ColumnProfile profile) {
    return profile
        .example(Look.DATE)
        .flatMap(date -> TimePattern.of(pattern).read(date.strip()))
        .isPresent();
  }

  private static String of(
      String option,
      String pattern,
      String function,
      List<String> columns,
      List<ColumnProfile> profiles) {
    String rest = "";
    for (int i = columns.size() - 1; i >= 0; i--) {
      rest = column(pattern, function, columns.get(i), profiles.get(i)).orElse(rest);
    }
    return "options.%s: %s fits no cell%s".formatted(option, pattern, rest);
  }

  /** What a column has instead; empty where it has nothing like a date. */
  private static Optional<String> column(
      String pattern, String function, String column, ColumnProfile profile) {
    Optional<String> text = profile.example(Look.SPELLED_DATE);
    if (text.isPresent()) {
      return Optional.of("; column %s has \"%s\"".formatted(column, text.get()));
    }
    return Stream.of(Look.WHOLE, Look.WHOLE_AS_TEXT)
        .flatMap(look -> profile.example(look).stream())
        .filter(number -> TimePattern.of(pattern).read(number.strip()).isPresent())
        .filter(number -> pattern.indexOf('\'') < 0)
        .map(
            number ->
                ", since %s is a number in column %s (derive: {%s: %s} reads it)"
                    .formatted(
                        number,
                        column,
                        YamlText.key(column),
                        YamlText.quoted(
                            "%s(cast(%s as string), '%s')"
                                .formatted(function, SqlName.quoted(column), pattern))))
        .findFirst();
  }
}
