package io.lakeprop.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * README's table of keys, read by the sentences above it.
 *
 * <p>A cell of keys is {@code `a.b`, `.c`} for keys of a value each, or {@code `a.b` or `.c`} for
 * ways to say the same. A cell of defaults is clauses between semicolons, each {@code value}, or
 * {@code names: value} under types, or {@code `a.b` names: value} under values of another key.
 */
record ReferenceTable(List<Row> rows) {
  private static final Pattern KEY = Pattern.compile("`([^`]+)`");
  private static final Pattern CLAUSE =
      Pattern.compile("(?:(?:`([^`]+)` )?([a-z0-9_., ]+): )?(.+)");

  /** What a default stands for in a job without the key. */
  record Row(List<String> keys, boolean alternatives, List<Default> defaults, String meaning) {}

  /**
   * A default under a condition.
   *
   * @param key whose value is the condition; empty for the type beside the row's keys
   * @param names under which it holds; none for all those that no other default names
   * @param values one for all keys of the row, or one a key
   */
  record Default(Optional<String> key, List<String> names, List<String> values) {
    /** Whether there is no such key. */
    boolean isAbsent() {
      return values.equals(List.of("–"));
    }

    String value(int key) {
      return values.get(values.size() == 1 ? 0 : key);
    }
  }

  static ReferenceTable ofReadme() throws IOException {
    List<Row> rows =
        Files.readAllLines(Path.of("README.md")).stream()
            .dropWhile(line -> !line.startsWith("| key | default | meaning |"))
            .skip(2)
            .takeWhile(line -> line.startsWith("|"))
            .map(ReferenceTable::row)
            .toList();
    return new ReferenceTable(rows);
  }

  private static Row row(String line) {
    String[] cells = line.split("\\|", -1);
    if (cells.length != 5) {
      throw new AssertionError("a row must have three cells, however: " + line);
    }
    List<String> keys = keys(cells[1]);
    List<Default> defaults =
        Arrays.stream(cells[2].split(";", -1))
            .map(String::strip)
            .map(c -> clause(c, keys))
            .toList();
    return new Row(keys, cells[1].contains("` or `"), defaults, cells[3].strip());
  }

  private static List<String> keys(String cell) {
    List<String> keys = new ArrayList<>();
    Matcher matcher = KEY.matcher(cell);
    while (matcher.find()) {
      String key = matcher.group(1);
      if (key.startsWith(".")) {
        String first = keys.get(0);
        key = first.substring(0, first.lastIndexOf('.')) + key;
      }
      keys.add(key);
    }
    String rest = matcher.replaceAll("").replaceAll(" or |,", "").strip();
    if (keys.isEmpty() || !rest.isEmpty()) {
      throw new AssertionError("keys must stand in backticks, however: " + cell);
    }
    return keys;
  }

  private static Default clause(String text, List<String> keys) {
    Matcher matcher = CLAUSE.matcher(text);
    if (!matcher.matches()) {
      throw new AssertionError("a default must be [names:] value, however: " + text);
    }
    List<String> names =
        matcher.group(2) == null ? List.of() : List.of(matcher.group(2).split(", ", -1));
    String values = matcher.group(3);
    List<String> all = keys.size() == 1 ? List.of(values) : List.of(values.split(", ", -1));
    if (all.size() != 1 && all.size() != keys.size()) {
      throw new AssertionError("%s must have a default each, however: %s".formatted(keys, text));
    }
    return new Default(Optional.ofNullable(matcher.group(1)), names, all);
  }
}
