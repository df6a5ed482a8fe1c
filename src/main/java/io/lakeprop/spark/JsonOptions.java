package io.lakeprop.spark;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.text.JsonSyntax;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The options of a JSON table, by the names that Spark's own reader has for them. Two parsers read
 * an object, ours and Spark's. What a text may look like both are told here, or the option is
 * refused; and no option decides by how files are cut into tasks.
 *
 * @param syntax of the texts
 * @param overLines whether values go over several lines; empty where each file tells
 * @param ofParser what Spark's parser is told
 */
record JsonOptions(JsonSyntax syntax, Optional<Boolean> overLines, Map<String, String> ofParser) {
  /** Options that say what a file is, which are meant, and what a text means: read elsewhere. */
  private static final Set<String> OF_FILES =
      Set.of(
          "lineSep",
          "encoding",
          "charset",
          "pathGlobFilter",
          "recursiveFileLookup",
          "basePath",
          "nullValue",
          "ignoreLeadingWhiteSpace",
          "ignoreTrailingWhiteSpace");

  /** Options of Spark's parser that change no text. */
  private static final Set<String> OF_PARSER =
      Set.of(
          "timeZone",
          "dateFormat",
          "timestampFormat",
          "prefersDecimal",
          "dropFieldIfAllNull",
          "maxStringLen",
          "useUnsafeRow");

  /** What Spark needs to be told and this reader does not: it looks at all values and texts. */
  private static final Set<String> NEEDLESS = Set.of("samplingRatio", "inferTimestamp");

  /** What is refused whatever it says, and what helps. */
  private static final Map<String, String> REFUSED =
      Map.of(
          "mode", "table.malformed: refuse, skip or missing",
          "columnNameOfCorruptRecord", "table.malformed says what becomes of broken records",
          "timestampNTZFormat",
              "timestampFormat and dateFormat are those of texts, with English names",
          "locale", "timestampFormat and dateFormat are those of texts, with English names",
          "enableDateTimeParsingFallback",
              "timestampFormat and dateFormat are read as strictly as they are written",
          "maxNestingDepth", "values are read to a depth of 1000",
          "maxNumLen", "numbers are read to a length of 1000",
          "singleVariantColumn", "each key is a column");

  /** What is refused where it is true, and what helps. */
  private static final Map<String, String> REFUSED_IF_TRUE =
      Map.of(
          "allowComments",
          "the brackets and quotes that a comment may hold would end objects: take comments out"
              + " before",
          "primitivesAsString",
          "types are told from all values; a schema makes texts of them");

  /**
   * Reads the options of a table.
   *
   * @param small by their names in small letters
   * @throws InvalidInput with the first one that would not be what it says
   */
  static JsonOptions of(Map<String, String> small) {
    small.forEach(JsonOptions::check);
    REFUSED_IF_TRUE.forEach(
        (option, mend) -> {
          if (CsvOptions.flag(small, lower(option), false)) {
            throw refused(option, "true", mend);
          }
        });
    Map<String, String> ofParser = new HashMap<>();
    for (String option : OF_PARSER) {
      Optional.ofNullable(small.get(lower(option))).ifPresent(own -> ofParser.put(option, own));
    }
    EnumSet<JsonSyntax.Liberty> liberties = EnumSet.noneOf(JsonSyntax.Liberty.class);
    for (JsonSyntax.Liberty liberty : JsonSyntax.Liberty.values()) {
      boolean given = CsvOptions.flag(small, lower(liberty.option()), liberty.isUsual());
      ofParser.put(liberty.option(), Boolean.toString(given));
      if (given) {
        liberties.add(liberty);
      }
    }
    Optional<Boolean> overLines =
        small.containsKey("multiline")
            ? Optional.of(CsvOptions.flag(small, "multiline", false))
            : Optional.empty();
    return new JsonOptions(new JsonSyntax(liberties), overLines, Map.copyOf(ofParser));
  }

  private static void check(String option, String value) {
    REFUSED.forEach(
        (own, mend) -> {
          if (own.equalsIgnoreCase(option)) {
            throw refused(own, value, mend);
          }
        });
    if (option.equals("linesep") && !value.isBlank()) {
      throw new InvalidInput(
          "options of JSON files must not have a lineSep but blanks and ends of lines, however: "
              + value);
    }
    Set<String> known = known();
    if (known.stream().noneMatch(option::equalsIgnoreCase)) {
      throw new InvalidInput(
          "options of JSON files must be among %s, however: %s".formatted(known, option));
    }
  }

  private static Set<String> known() {
    Set<String> known = new TreeSet<>(OF_FILES);
    known.addAll(OF_PARSER);
    known.addAll(NEEDLESS);
    known.addAll(REFUSED_IF_TRUE.keySet());
    known.add("multiLine");
    for (JsonSyntax.Liberty liberty : JsonSyntax.Liberty.values()) {
      known.add(liberty.option());
    }
    return known;
  }

  private static InvalidInput refused(String option, String value, String mend) {
    return new InvalidInput(
        "options of JSON files must not have %s, however: %s (%s)".formatted(option, value, mend));
  }

  private static String lower(String option) {
    return option.toLowerCase(Locale.ROOT);
  }
}
