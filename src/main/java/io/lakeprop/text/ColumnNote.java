package io.lakeprop.text;

import io.lakeprop.base.SqlName;
import io.lakeprop.base.YamlText;
import io.lakeprop.text.ColumnProfile.Look;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a person should know of a column that is taken for texts although most of its cells are
 * numbers or dates: the column, the share, and what would mend it.
 */
public final class ColumnNote {
  /** From this share of numbers or dates on, texts are hardly meant. */
  private static final double SUSPICIOUS = 0.5;

  /** From this share of numbers on, those that begin with a 0 make codes of all. */
  private static final double MANY = 0.05;

  private ColumnNote() {}

  /**
   * A note of a column of texts.
   *
   * @param marks of the table for missing values, which a list of the job's takes the place of
   * @return empty where the column holds what it seems to
   */
  public static Optional<String> of(String column, ColumnProfile profile, Set<String> marks) {
    long all = profile.values();
    if (profile.kind() != TextType.Kind.STRING || all == 0) {
      return Optional.empty();
    }
    if (profile.isAllNumbers()) {
      return Optional.of(keepsItsTexts(column, profile));
    }
    if (profile.isAllDates()) {
      return Optional.of(hasDatesBesideTimes(column, profile));
    }
    if (areCodes(profile)) {
      return Optional.empty();
    }
    long numbers = profile.numbers();
    long dates = profile.count(Look.DATE) + profile.count(Look.TIMESTAMP);
    long spelledNumbers = profile.count(Look.SPELLED_NUMBER);
    long spelledDates = profile.count(Look.SPELLED_DATE);
    long spelled = spelledNumbers + spelledDates;
    if (spelled > 0 && numbers + dates + spelled >= SUSPICIOUS * all) {
      return Optional.of(
          spelledDates > spelledNumbers
              ? spelled(
                  column,
                  profile,
                  Look.SPELLED_DATE,
                  DateTrait.words(profile.dates()),
                  dates(column, profile) + others(profile, marks))
              : spelled(
                  column,
                  profile,
                  Look.SPELLED_NUMBER,
                  NumberTrait.words(profile.traits()),
                  numbers(column, profile) + others(profile, marks)));
    }
    if (profile.count(Look.MEASURED_NUMBER) >= SUSPICIOUS * all && profile.unit().isPresent()) {
      return Optional.of(measured(column, profile, profile.unit().get()));
    }
    if (profile.ownForms() >= SUSPICIOUS * all) {
      return Optional.of(ofOwnForm(column, profile));
    }
    if (Math.max(numbers, dates) < SUSPICIOUS * all) {
      return Optional.empty();
    }
    return Optional.of(mixed(column, profile, numbers >= dates ? "numbers" : "dates", marks));
  }

  /**
   * Whether numbers beside texts are rather codes, since many begin with a 0; among numbers that
   * are spelled otherwise, or where few do so, such a one is a number like the others.
   */
  private static boolean areCodes(ColumnProfile profile) {
    return profile.count(Look.WHOLE_AS_TEXT) >= MANY * profile.numbers()
        && profile.count(Look.WHOLE_AS_TEXT) > 0
        && profile.count(Look.SPELLED_NUMBER) == 0;
  }

  /** Of dates and times that only a person knows a pattern for. */
  private static String ofOwnForm(String column, ColumnProfile profile) {
    return String.format(
        Locale.ROOT,
        "column %s is taken for texts: %,d of %,d values look like dates or times, such as \"%s\""
            + " (in derive, to_date or to_timestamp with a pattern may read them; weeks and names"
            + " of weekdays have none)",
        column,
        profile.ownForms(),
        profile.values(),
        profile.ownForm().orElse(""));
  }

  /** Of numbers with one unit that is none of those that are known. */
  private static String measured(String column, ColumnProfile profile, String unit) {
    String reads =
        profile.areMeasuredPlain()
            ? derive(
                    column,
                    "cast(replace(%s, '%s', '') as double)".formatted(text(column, profile), unit))
                + " reads them"
            : "what takes the unit away, in derive, may read them";
    String other =
        Stream.of(Look.TEXT, Look.TEXT_WITH_DIGIT, Look.TRUTH)
            .flatMap(look -> profile.example(look).stream())
            .findFirst()
            .map("; others such as \"%s\" are none"::formatted)
            .orElse("");
    return spelled(
        column,
        profile,
        Look.MEASURED_NUMBER,
        "numbers with the unit \"%s\"".formatted(unit),
        reads + other);
  }

  private static String keepsItsTexts(String column, ColumnProfile profile) {
    long lost = profile.count(Look.WHOLE_AS_TEXT) + profile.count(Look.NUMBER_AS_TEXT);
    Look look =
        lost == 0
            ? Look.NUMBER_OR_CODE
            : profile.count(Look.WHOLE_AS_TEXT) > 0 ? Look.WHOLE_AS_TEXT : Look.NUMBER_AS_TEXT;
    return String.format(
        Locale.ROOT,
        "column %s is taken for texts: %,d of its %,d numbers would lose their writing, such as"
            + " \"%s\" (features.columns.%s.kind: numeric takes a feature for numbers, %s any"
            + " column)",
        column,
        lost == 0 ? profile.values() : lost,
        profile.values(),
        profile.example(look).orElse(""),
        column,
        derive(column, NumberTrait.mend(text(column, profile), Set.of(), false)));
  }

  /**
   * A note of a column whose type is one of texts, and whose values are all of a type that readers
   * of texts tell; empty where they are not.
   */
  public static Optional<String> ofTyped(String column, ColumnProfile profile) {
    String kinds =
        switch (profile.kind()) {
          case INT, BIGINT, DOUBLE -> "numbers";
          case DATE -> "dates";
          case TIMESTAMP -> "timestamps";
          default -> "";
        };
    if (kinds.isEmpty()) {
      return Optional.empty();
    }
    Look look =
        Stream.of(Look.WHOLE, Look.NUMBER, Look.NUMBER_OR_CODE, Look.DATE, Look.TIMESTAMP)
            .filter(own -> profile.count(own) > 0)
            .findFirst()
            .orElseThrow();
    String type =
        kinds.equals("numbers") ? "double" : profile.kind().name().toLowerCase(Locale.ROOT);
    return Optional.of(
        String.format(
            Locale.ROOT,
            "column %s is of texts, all of which are %s, such as \"%s\": each is a category of its"
                + " own (%s reads them)",
            column,
            kinds,
            profile.example(look).orElse(""),
            derive(column, "cast(%s as %s)".formatted(SqlName.quoted(column), type))));
  }

  /** With a pattern of its own for dates, a date is a midnight. */
  private static String hasDatesBesideTimes(String column, ColumnProfile profile) {
    return String.format(
        Locale.ROOT,
        "column %s is taken for texts: %,d of %,d values are dates beside timestamps, such as"
            + " \"%s\", and options.timestampFormat does not read them (options: {dateFormat:"
            + " \"yyyy-M-d\"} reads them as midnights)",
        column,
        profile.count(Look.DATE),
        profile.values(),
        profile.example(Look.DATE).orElse(""));
  }

  /**
   * @param words what the cells look like
   * @param mend what reads them, or why nothing does
   */
  private static String spelled(
      String column, ColumnProfile profile, Look look, String words, String mend) {
    return String.format(
        Locale.ROOT,
        "column %s is taken for texts: %,d of %,d values look like %s, such as \"%s\" (%s)",
        column,
        profile.count(look),
        profile.values(),
        words,
        profile.example(look).orElse(""),
        mend);
  }

  /** What is said of cells that look like nothing. */
  private static String others(ColumnProfile profile, Set<String> marks) {
    return profile
            .example(Look.TEXT_WITH_DIGIT)
            .or(() -> profile.example(Look.MEASURED_NUMBER))
            .map("; others such as \"%s\" are none"::formatted)
            .orElse("")
        + profile
            .mark(Look.TEXT)
            .map(own -> "; %s takes others for missing".formatted(listed(own, profile, marks)))
            .orElse("");
  }

  /** A list of marks that leaves none of those out that the table has. */
  private static String listed(String mark, ColumnProfile profile, Set<String> marks) {
    TreeSet<String> more = new TreeSet<>(marks);
    more.addAll(profile.marked(TextType.Kind.DOUBLE));
    more.remove(mark);
    String all =
        Stream.concat(Stream.of(mark), more.stream())
            .map(YamlText::text)
            .collect(Collectors.joining(", "));
    return "table.missing: [%s, ...], in place of all other marks,".formatted(all);
  }

  /** What reads numbers, each way where their marks may be of both. */
  private static String numbers(String column, ColumnProfile profile) {
    Set<NumberTrait> traits = profile.traits();
    Optional<String> units = NumberTrait.units(traits);
    if (units.isPresent()) {
      return "their units are %s, and no one expression reads numbers of several"
          .formatted(units.get());
    }
    if (NumberTrait.isBoth(traits)) {
      return "some have a decimal comma and others a decimal point, which no one expression reads";
    }
    String text = text(column, profile);
    String point = derive(column, NumberTrait.mend(text, traits, false)) + " reads them";
    String comma = derive(column, NumberTrait.mend(text, traits, true)) + " reads them";
    return NumberTrait.isEither(traits)
        ? point + " with a decimal point, " + comma + " with a decimal comma"
        : traits.contains(NumberTrait.DECIMAL_COMMA) ? comma : point;
  }

  /** What reads dates, each way where nobody can tell day, month and year apart. */
  private static String dates(String column, ColumnProfile profile) {
    Set<DateTrait> traits = profile.dates();
    Optional<String> both = DateTrait.both(traits);
    if (both.isPresent()) {
      return both.get() + ", which no one expression reads";
    }
    if (DateTrait.isPartlyZoned(traits)) {
      return "they are written in several ways, which no one expression reads";
    }
    String text = text(column, profile);
    List<DateTrait> orders = DateTrait.orders(traits);
    return orders.stream()
            .map(
                order ->
                    derive(column, DateTrait.mend(text, traits, order))
                        + " reads them"
                        + (orders.size() == 1 ? "" : " with the %s first".formatted(order.first())))
            .collect(Collectors.joining(", "))
        + (traits.contains(DateTrait.SHORT_YEAR) ? ", the years 69 to 99 as 1969 to 1999" : "");
  }

  private static String derive(String column, String sql) {
    return "derive: {%s: %s}".formatted(YamlText.key(column), YamlText.quoted(sql));
  }

  /** SQL of the cell, null where it is a mark that only counts among numbers and dates. */
  private static String text(String column, ColumnProfile profile) {
    String name = SqlName.quoted(column);
    String sql = profile.marksAmongNumbers().isEmpty() ? name : "trim(%s)".formatted(name);
    for (String mark : profile.marksAmongNumbers()) {
      sql = "nullif(%s, '%s')".formatted(sql, mark);
    }
    return sql;
  }

  private static String mixed(
      String column, ColumnProfile profile, String what, Set<String> marks) {
    boolean numbers = what.equals("numbers");
    // What has a digit among numbers may be one to a person, and would be lost as missing.
    Optional<Look> word =
        (numbers
                ? Stream.of(Look.TEXT, Look.TRUTH)
                : Stream.of(
                    Look.TEXT,
                    Look.TEXT_WITH_DIGIT,
                    Look.MEASURED_NUMBER,
                    Look.TRUTH,
                    Look.WHOLE,
                    Look.NUMBER,
                    Look.NUMBER_OR_CODE,
                    Look.WHOLE_AS_TEXT,
                    Look.NUMBER_AS_TEXT))
            .filter(look -> profile.count(look) > 0)
            .findFirst();
    Optional<String> other =
        Stream.of(
                Look.TEXT_WITH_DIGIT,
                Look.MEASURED_NUMBER,
                Look.SPELLED_DATE,
                Look.DATE,
                Look.TIMESTAMP)
            .flatMap(look -> profile.example(look).stream())
            .findFirst();
    return String.format(
        Locale.ROOT,
        "column %s is taken for texts: %,d of %,d values are %s, others such as \"%s\" are not%s",
        column,
        numbers ? profile.numbers() : profile.count(Look.DATE) + profile.count(Look.TIMESTAMP),
        profile.values(),
        what,
        word.flatMap(profile::example).or(() -> other).orElse(""),
        word.flatMap(profile::mark)
            .map(own -> " (%s takes these for missing)".formatted(listed(own, profile, marks)))
            .orElse(""));
  }
}
