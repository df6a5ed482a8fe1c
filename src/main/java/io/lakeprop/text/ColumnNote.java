package io.lakeprop.text;

import io.lakeprop.base.SqlName;
import io.lakeprop.base.YamlText;
import io.lakeprop.text.ColumnProfile.Look;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What a person should know of a column that is taken for texts although most of its cells are
 * numbers or dates: the column, the share, and what would mend it.
 */
public final class ColumnNote {
  /** From this share of numbers or dates on, texts are hardly meant. */
  private static final double SUSPICIOUS = 0.5;

  private ColumnNote() {}

  /**
   * A note of a column of texts.
   *
   * @return empty where the column holds what it seems to
   */
  public static Optional<String> of(String column, ColumnProfile profile) {
    long all = profile.values();
    if (profile.kind() != TextType.Kind.STRING || all == 0) {
      return Optional.empty();
    }
    if (profile.isAllNumbers()) {
      return Optional.of(keepsItsTexts(column, profile));
    }
    if (profile.count(Look.WHOLE_AS_TEXT) > 0) {
      return Optional.empty(); // Numbers with a leading 0 beside texts are codes.
    }
    long numbers = profile.numbers();
    long dates = profile.count(Look.DATE) + profile.count(Look.TIMESTAMP);
    long spelled = profile.count(Look.SPELLED);
    if (spelled > 0 && numbers + dates + spelled >= SUSPICIOUS * all) {
      return Optional.of(spelled(column, profile, spelled));
    }
    if (Math.max(numbers, dates) < SUSPICIOUS * all) {
      return Optional.empty();
    }
    return Optional.of(mixed(column, profile, numbers >= dates ? "numbers" : "dates"));
  }

  private static String keepsItsTexts(String column, ColumnProfile profile) {
    Look look = profile.count(Look.WHOLE_AS_TEXT) > 0 ? Look.WHOLE_AS_TEXT : Look.NUMBER_AS_TEXT;
    return String.format(
        Locale.ROOT,
        "column %s is taken for texts: %,d of its %,d numbers would lose their writing, such as"
            + " \"%s\" (features.columns.%s.kind: numeric takes a feature for numbers, %s any"
            + " column)",
        column,
        profile.count(Look.WHOLE_AS_TEXT) + profile.count(Look.NUMBER_AS_TEXT),
        profile.values(),
        profile.example(look).orElse(""),
        column,
        derive(column, NumberTrait.mend(text(column, profile), Set.of(), false)));
  }

  private static String spelled(String column, ColumnProfile profile, long spelled) {
    Optional<Spelling> date = profile.spelling();
    return String.format(
        Locale.ROOT,
        "column %s is taken for texts: %,d of %,d values look like %s, such as \"%s\" (%s%s)",
        column,
        spelled,
        profile.values(),
        date.map(Spelling::words).orElseGet(() -> NumberTrait.words(profile.traits())),
        profile.example(Look.SPELLED).orElse(""),
        date.map(own -> derive(column, own.mend(text(column, profile))) + " reads them")
            .orElseGet(() -> numbers(column, profile)),
        profile
            .example(Look.TEXT)
            .map("; table.missing: [\"%s\", ...] takes others for missing"::formatted)
            .orElse(""));
  }

  /** What reads numbers, each way where their marks may be of both. */
  private static String numbers(String column, ColumnProfile profile) {
    Set<NumberTrait> traits = profile.traits();
    String text = text(column, profile);
    String point = derive(column, NumberTrait.mend(text, traits, false)) + " reads them";
    String comma = derive(column, NumberTrait.mend(text, traits, true)) + " reads them";
    if (NumberTrait.isBoth(traits)) {
      return "some have a decimal comma and others a decimal point, which no one expression reads";
    }
    return NumberTrait.isEither(traits)
        ? point + " with a decimal point, " + comma + " with a decimal comma"
        : traits.contains(NumberTrait.DECIMAL_COMMA) ? comma : point;
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

  private static String mixed(String column, ColumnProfile profile, String what) {
    long numbers = what.equals("numbers") ? profile.numbers() : profile.values();
    long count =
        what.equals("numbers") ? numbers : profile.count(Look.DATE) + profile.count(Look.TIMESTAMP);
    String other =
        profile
            .example(Look.TEXT)
            .or(() -> profile.example(Look.TRUTH))
            .or(() -> profile.example(Look.DATE))
            .or(() -> profile.example(Look.WHOLE))
            .or(() -> profile.example(Look.NUMBER))
            .orElse("");
    return String.format(
        Locale.ROOT,
        "column %s is taken for texts: %,d of %,d values are %s, others such as \"%s\" are not"
            + " (table.missing: [\"%s\", ...] takes these for missing)",
        column,
        count,
        profile.values(),
        what,
        other,
        other);
  }
}
