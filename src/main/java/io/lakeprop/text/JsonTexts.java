package io.lakeprop.text;

import java.util.Set;

/**
 * Objects of JSON in which the values of some keys are texts. A parser that makes a text of a
 * number writes the number anew: 1.50 becomes 1.5, and 1e2 becomes 100.0.
 */
public final class JsonTexts {
  private final String object;
  private final Set<String> keys;
  private final StringBuilder quoted = new StringBuilder();
  private int at = 1;
  private int copied;

  private JsonTexts(String object, Set<String> keys) {
    this.object = object;
    this.keys = keys;
  }

  /**
   * An object with the values of some of its keys in quotes, as they are written; one that is no
   * JSON is left as it is.
   *
   * @param object that begins with a brace
   */
  public static String quoted(String object, Set<String> keys) {
    try {
      return new JsonTexts(object, keys).quoted();
    } catch (StringIndexOutOfBoundsException | NumberFormatException e) {
      return object; // Its parser says what is wrong.
    }
  }

  private String quoted() {
    for (skipBlanks(); object.charAt(at) != '}'; skipBlanks()) {
      String key = key();
      skipBlanks();
      if (object.charAt(at++) != ':') {
        return object;
      }
      skipBlanks();
      int start = at;
      skipValue();
      if (keys.contains(key) && !isQuote(object.charAt(start)) && !isNull(start)) {
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
    if (isQuote(object.charAt(at))) {
      skipText();
      return unescaped(start + 1, at - 1);
    }
    while (object.charAt(at) != ':' && !isBlank(object.charAt(at))) {
      at++;
    }
    return object.substring(start, at);
  }

  private String unescaped(int start, int end) {
    if (object.lastIndexOf('\\', end) < start) {
      return object.substring(start, end);
    }
    StringBuilder text = new StringBuilder();
    for (int i = start; i < end; i++) {
      char c = object.charAt(i);
      if (c == '\\') {
        c = object.charAt(++i);
        if (c == 'u') {
          c = (char) Integer.parseInt(object.substring(i + 1, i + 5), 16);
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

  private void skipValue() {
    int depth = 0;
    do {
      char c = object.charAt(at);
      if (isQuote(c)) {
        skipText();
      } else if (c == '{' || c == '[') {
        depth++;
        at++;
      } else if (c == '}' || c == ']') {
        depth--;
        at++;
      } else if (depth > 0) {
        at++;
      } else {
        skipWord();
      }
    } while (depth > 0);
  }

  private void skipWord() {
    while (",}]".indexOf(object.charAt(at)) < 0 && !isBlank(object.charAt(at))) {
      at++;
    }
  }

  private void skipText() {
    char quote = object.charAt(at++);
    while (object.charAt(at) != quote) {
      at += object.charAt(at) == '\\' ? 2 : 1;
    }
    at++;
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

  private static boolean isQuote(char c) {
    return c == '"' || c == '\'';
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
  }
}
