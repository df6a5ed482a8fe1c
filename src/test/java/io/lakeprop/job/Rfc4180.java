package io.lakeprop.job;

import java.util.ArrayList;
import java.util.List;

/**
 * A reader of CSV as RFC 4180 has it and no more: commas, quotes doubled within quotes, line breaks
 * within quotes, no escapes, no trimming. What breaks its rules fails.
 */
final class Rfc4180 {
  private final String text;
  private int at;

  private Rfc4180(String text) {
    this.text = text;
  }

  /** The records; a cell without quotes and without a character is null. */
  static List<List<String>> records(String text) {
    Rfc4180 reader = new Rfc4180(text);
    List<List<String>> records = new ArrayList<>();
    while (reader.at < text.length()) {
      records.add(reader.record());
    }
    return records;
  }

  private List<String> record() {
    List<String> cells = new ArrayList<>();
    do {
      cells.add(at < text.length() && text.charAt(at) == '"' ? quoted() : plain());
    } while (next() == ',');
    return cells;
  }

  private String plain() {
    int start = at;
    while (at < text.length() && ",\r\n".indexOf(text.charAt(at)) < 0) {
      require(text.charAt(at) != '"', "a quote in a cell without quotes");
      at++;
    }
    return start == at ? null : text.substring(start, at);
  }

  private String quoted() {
    StringBuilder cell = new StringBuilder();
    at++;
    while (true) {
      require(at < text.length(), "a quote that is not closed");
      char c = text.charAt(at++);
      if (c != '"') {
        cell.append(c);
      } else if (at < text.length() && text.charAt(at) == '"') {
        cell.append(c);
        at++;
      } else {
        return cell.toString();
      }
    }
  }

  /** The comma or line break behind a cell. */
  private char next() {
    if (at == text.length()) {
      return '\n';
    }
    char c = text.charAt(at++);
    if (c == '\r') {
      require(at < text.length() && text.charAt(at) == '\n', "a carriage return alone");
      at++;
      return '\n';
    }
    require(c == ',' || c == '\n', "text behind a closing quote");
    return c;
  }

  private void require(boolean holds, String broken) {
    if (!holds) {
      throw new AssertionError(broken + " at character " + at + ": " + text);
    }
  }
}
