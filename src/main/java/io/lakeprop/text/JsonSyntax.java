package io.lakeprop.text;

import java.io.Serializable;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What a reader takes for JSON: the standard, and the liberties that a table's options give. */
public final class JsonSyntax implements Serializable {
  private static final long serialVersionUID = 1L;

  /** What a text of JSON may have that the standard has not, an option of Spark's reader each. */
  public enum Liberty {
    SINGLE_QUOTES("allowSingleQuotes", true),
    /** Keys without quotes. */
    UNQUOTED_NAMES("allowUnquotedFieldNames", false),
    /** 007 is a number. */
    LEADING_ZEROS("allowNumericLeadingZeros", false),
    /** NaN and the infinities are numbers. */
    NOT_NUMBERS("allowNonNumericNumbers", true),
    /** A backslash before any character. */
    ANY_ESCAPE("allowBackslashEscapingAnyCharacter", false),
    /** Tabs, ends of lines and their like within quotes. */
    CONTROL_CHARACTERS("allowUnquotedControlChars", false);

    private final String option;
    private final boolean usual;

    Liberty(String option, boolean usual) {
      this.option = option;
      this.usual = usual;
    }

    /** Name of the option. */
    public String option() {
      return option;
    }

    /** Whether the liberty is given where no option says so. */
    public boolean isUsual() {
      return usual;
    }
  }

  /** What Spark's reader takes unless it is told otherwise. */
  public static final JsonSyntax USUAL =
      new JsonSyntax(
          Arrays.stream(Liberty.values()).filter(Liberty::isUsual).collect(Collectors.toSet()));

  /** What a key may be without quotes. */
  private static final Pattern NAME =
      Pattern.compile("[\\p{javaJavaIdentifierPart}@#*+\\-&&[^\\x00-\\x1F\\x7F]]+");

  private final EnumSet<Liberty> liberties = EnumSet.noneOf(Liberty.class);
  private final boolean singleQuotes;
  private final Pattern words;

  public JsonSyntax(Set<Liberty> liberties) {
    this.liberties.addAll(liberties);
    this.singleQuotes = has(Liberty.SINGLE_QUOTES);
    this.words =
        Pattern.compile(
            "true|false|null|-?%s(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?%s"
                .formatted(
                    has(Liberty.LEADING_ZEROS) ? "[0-9]+" : "(?:0|[1-9][0-9]*)",
                    has(Liberty.NOT_NUMBERS) ? "|NaN|[+-]?Infinity|[+-]INF" : ""));
  }

  boolean has(Liberty liberty) {
    return liberties.contains(liberty);
  }

  /** Whether a text begins and ends with a character. */
  boolean isQuote(int c) {
    return c == '"' || (c == '\'' && singleQuotes);
  }

  /** Looks for what stands without quotes: numbers, truth values and null. */
  Matcher words(String object) {
    return words.matcher(object);
  }

  boolean isName(String key) {
    return has(Liberty.UNQUOTED_NAMES) && NAME.matcher(key).matches();
  }

  /** Whether a character may stand in a text as it is. */
  boolean isPlain(char c) {
    return c >= ' ' || has(Liberty.CONTROL_CHARACTERS);
  }

  /** Whether a character may stand behind a backslash. */
  boolean isEscape(char c) {
    return "\"\\/bfnrtu".indexOf(c) >= 0 || isQuote(c) || has(Liberty.ANY_ESCAPE);
  }
}
