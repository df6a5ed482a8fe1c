package io.lakeprop.text;

import io.lakeprop.base.InvalidInput;
import java.io.Serial;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;

/**
 * Objects of JSON in which the values of some keys are texts. A parser that makes a text of a
 * number writes the number anew: 1.50 becomes 1.5, and 1e2 becomes 100.0. Where a value is no text,
 * many writers put an empty one for none, which a parser of numbers refuses.
 */
public final class JsonTexts {
  /** Objects and arrays in one another; Spark's parser takes no more. */
  private static final int DEEPEST = 1000;

  /** What stands for a character that is none. */
  private static final String NO_CHARACTER = "\\ufffd";

  private final String object;
  private final Set<String> keys;
  private final JsonKeys declared;
  private final JsonSyntax syntax;
  private final Matcher words;
  private final StringBuilder quoted = new StringBuilder();
  private int at = 1;
  private int depth;
  private int copied;

  private JsonTexts(String object, Set<String> keys, JsonKeys declared, JsonSyntax syntax) {
    this.object = object;
    this.keys = keys;
    this.declared = declared;
    this.syntax = syntax;
    this.words = syntax.words(object);
  }

  /**
   * An object with the values of some of its keys in quotes, as they are written, and with null in
   * the place of an empty text of any other key; one that is no JSON is left as it is.
   *
   * @param given an object that begins with a brace
   * @param declared keys that no object may spell otherwise
   * @param syntax that its parser takes, too
   * @throws InvalidInput where a key differs from a declared one in capitals alone
   */
  public static String quoted(
      String given, Set<String> keys, JsonKeys declared, JsonSyntax syntax) {
    String object = whole(given);
    if (keys.isEmpty() && declared.areAny() && !object.contains("\"\"") && !object.contains("''")) {
      return object;
    }
    try {
      return new JsonTexts(object, keys, declared, syntax).quoted();
    } catch (StringIndexOutOfBoundsException | NoJson e) {
      return object; // Its parser says what is wrong.
    }
  }

  /** The same where any key may be there. */
  static String quoted(String given, Set<String> keys, JsonSyntax syntax) {
    return quoted(given, keys, JsonKeys.ANY, syntax);
  }

  /** A key as an object of declared ones has it. */
  private String key(JsonKeys those) {
    String key = key();
    Optional<String> own = those.otherwise(key);
    if (own.isPresent()) {
      throw new InvalidInput(
          "objects must have the key \"%s\" of the schema by that name, however: one has the key \"%s\" (schema with that name reads it; --conf spark.sql.caseSensitive=true takes it for another key)"
              .formatted(own.get(), key));
    }
    return key;
  }

  private String quoted() {
    for (skipBlanks(); object.charAt(at) != '}'; skipBlanks()) {
      String key = key(declared);
      skipBlanks();
      check(object.charAt(at++) == ':');
      skipBlanks();
      int start = at;
      skipValue(declared.in(key));
      boolean isText = syntax.isQuote(object.charAt(start));
      if (!keys.contains(key) && isText && at - start == 2) {
        quoted.append(object, copied, start).append("null");
        copied = at;
      } else if (keys.contains(key) && !isText && !isNull(start)) {
        quoted.append(object, copied, start).append('"');
        object.substring(start, at).chars().forEach(this::append);
        quoted.append('"');
        copied = at;
      }
      skipBlanks();
      at += object.charAt(at) == ',' ? 1 : 0;
    }
    return copied == 0 ? object : quoted.append(object, copied, object.length()).toString();
  }

  private boolean isNull(int start) {
    return at - start == 4 && object.startsWith("null", start);
  }

  private String key() {
    int start = at;
    if (syntax.isQuote(object.charAt(at))) {
      skipText();
      return unescaped(start + 1, at - 1);
    }
    while (object.charAt(at) != ':' && !isBlank(object.charAt(at))) {
      at++;
    }
    String name = object.substring(start, at);
    check(syntax.isName(name));
    return name;
  }

  private String unescaped(int start, int end) {
    String plain = object.substring(start, end);
    if (plain.indexOf('\\') < 0) {
      return plain;
    }
    StringBuilder text = new StringBuilder();
    for (int i = start; i < end; i++) {
      char c = object.charAt(i);
      if (c == '\\') {
        c = object.charAt(++i);
        if (c == 'u') {
          int unit = unit(object, i + 1);
          check(unit >= 0);
          c = (char) unit;
          i += 4;
        } else {
          int place = "bfnrt".indexOf(c);
          c = place < 0 ? c : "\b\f\n\r\t".charAt(place);
        }
      }
      text.append(c);
    }
    return text.toString();
  }

  /** Goes behind a value. What is none must not become a text: nobody would see it then. */
  private void skipValue(JsonKeys those) {
    char c = object.charAt(at);
    if (syntax.isQuote(c)) {
      skipText();
    } else if (c == '{') {
      skipMembers('}', those);
    } else if (c == '[') {
      skipMembers(']', those);
    } else {
      skipWord();
    }
  }

  /** Goes behind an object or array. */
  private void skipMembers(char end, JsonKeys those) {
    check(++depth < DEEPEST);
    at++;
    skipBlanks();
    while (object.charAt(at) != end) {
      JsonKeys inner = those.inElements();
      if (end == '}') {
        inner = those.in(key(those));
        skipBlanks();
        check(object.charAt(at++) == ':');
        skipBlanks();
      }
      skipValue(inner);
      skipBlanks();
      if (object.charAt(at) != end) {
        check(object.charAt(at++) == ',');
        skipBlanks();
        check(object.charAt(at) != end);
      }
    }
    at++;
    depth--;
  }

  private void skipWord() {
    int start = at;
    while (",}]".indexOf(object.charAt(at)) < 0 && !isBlank(object.charAt(at))) {
      at++;
    }
    check(words.region(start, at).matches());
  }

  /** Goes behind a text; what is in one of an inner value nobody else looks at. */
  private void skipText() {
    char quote = object.charAt(at++);
    for (char c = object.charAt(at); c != quote; c = object.charAt(at)) {
      check(depth == 0 || syntax.isPlain(c));
      if (c == '\\') {
        checkEscape();
        at++;
      }
      at++;
    }
    at++;
  }

  private void checkEscape() {
    char c = object.charAt(at + 1);
    check(depth == 0 || syntax.isEscape(c));
    check(depth == 0 || c != 'u' || unit(object, at + 2) >= 0);
  }

  private static void check(boolean isJson) {
    if (!isJson) {
      throw new NoJson();
    }
  }

  /** That an object is none of JSON. */
  private static final class NoJson extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    NoJson() {
      super("no JSON", null, false, false);
    }
  }

  private void skipBlanks() {
    while (isBlank(object.charAt(at))) {
      at++;
    }
  }

  private void append(int c) {
    if (c < ' ') {
      quoted.append("\\u%04x".formatted(c));
    } else {
      quoted.append(c == '"' || c == '\\' ? "\\" : "").append((char) c);
    }
  }

  /**
   * An object in which no escape is one half of a pair whose other half is not there: such a half
   * is no character, and a parser makes a question mark of it, which is a mark of missing values.
   */
  static String whole(String object) {
    if (!object.contains("\\ud") && !object.contains("\\uD")) {
      return object;
    }
    StringBuilder whole = new StringBuilder(object);
    int high = -1;
    for (int i = 0; i < object.length(); i++) {
      boolean escape = object.charAt(i) == '\\';
      int unit = escape && object.startsWith("u", i + 1) ? unit(object, i + 2) : -1;
      boolean low = unit >= Character.MIN_LOW_SURROGATE && unit <= Character.MAX_LOW_SURROGATE;
      if (high >= 0 && !low) {
        whole.replace(high, high + 6, NO_CHARACTER);
      } else if (low && high < 0) {
        whole.replace(i, i + 6, NO_CHARACTER);
      }
      boolean isHigh = unit >= Character.MIN_HIGH_SURROGATE && unit <= Character.MAX_HIGH_SURROGATE;
      high = isHigh ? i : -1;
      i += unit >= 0 ? 5 : escape ? 1 : 0;
    }
    return whole.toString();
  }

  /** The 16 bits that an escape names; -1 of what is none. */
  private static int unit(String object, int from) {
    try {
      return HexFormat.fromHexDigits(object, from, from + 4);
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      return -1; // Its parser says what is wrong.
    }
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
  }
}
