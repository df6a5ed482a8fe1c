package io.lakeprop.spark;

import io.lakeprop.base.EditDistance;
import io.lakeprop.base.InvalidInput;
import io.lakeprop.text.TextType;
import io.lakeprop.text.TimeFormat;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Finds columns by name. An {@code é} may be one code point or an e and an accent; the two look the
 * same, and which of them a file has depends on the system that wrote it.
 */
final class ColumnNames {
  /** The setting by which Spark tells names in other capitals apart. */
  private static final String CASE = "spark.sql.caseSensitive";

  private static final TextType NUMBER = TextType.of(TextType.Kind.DOUBLE, TimeFormat.UTC);

  /** What may have happened where names look like values. */
  private static final String FIRST_ROW =
      " (these may be the values of a first row: CSV needs a line of names before it, or"
          + " options: {header: false}, which calls its columns _c0, _c1 and so on)";

  private ColumnNames() {}

  /**
   * The column of exactly this name; where there is none, the one whose name is the same in Unicode
   * normalisation form C.
   *
   * @throws InvalidInput when no column fits, with a list of all, or when several do
   */
  static StructField find(StructType schema, String name, String table) {
    List<StructField> found =
        Arrays.stream(schema.fields()).filter(field -> field.name().equals(name)).toList();
    if (found.isEmpty()) {
      found = alike(schema, name);
      if (found.size() > 1) {
        throw new InvalidInput(
            "table %s must have one column that reads \"%s\" (%s), however: it has %s"
                .formatted(table, name, codePoints(name), spelled(found)));
      }
    }
    if (found.size() != 1) {
      List<String> there =
          Arrays.stream(schema.names())
              .filter(column -> !column.equals(TypedColumns.TEXTS))
              .sorted()
              .toList();
      throw new InvalidInput(
          "table %s must have %s column \"%s\", however: it has %s%s"
              .formatted(table, found.isEmpty() ? "the" : "one", name, there, hint(name, there)));
    }
    return found.get(0);
  }

  /** Whether Spark takes names that differ in their case alone for different ones. */
  static boolean caseMatters(SparkSession session) {
    return Boolean.parseBoolean(session.conf().get(CASE));
  }

  /**
   * What a session does where names in other capitals are others: Spark takes objects whose keys
   * differ in capitals alone for objects of the same keys, and then finds half of their values.
   */
  static <T> T withCase(SparkSession session, Supplier<T> work) {
    return SessionSwitch.on(session, CASE, work);
  }

  /** Whether two names are the same column's in a session. */
  static BiPredicate<String, String> same(SparkSession session) {
    return caseMatters(session) ? String::equals : String::equalsIgnoreCase;
  }

  /** What the names of one column have in common in a session, to look them up by. */
  static UnaryOperator<String> key(SparkSession session) {
    return caseMatters(session) ? name -> name : ColumnNames::folded;
  }

  /** The same text for names that {@link String#equalsIgnoreCase} takes for the same. */
  static String folded(String name) {
    StringBuilder folded = new StringBuilder();
    name.codePoints()
        .map(c -> Character.toLowerCase(Character.toUpperCase(c)))
        .forEach(folded::appendCodePoint);
    return folded.toString();
  }

  /**
   * Checks names that Spark compares without their case.
   *
   * @throws InvalidInput when two differ in nothing else
   */
  static void checkCase(String table, List<String> names) {
    Map<String, String> seen = new HashMap<>();
    for (String name : names) {
      String other = seen.put(name.toLowerCase(Locale.ROOT), name);
      if (other != null) {
        throw new InvalidInput("table %s: %s".formatted(table, twice(other + ", " + name)));
      }
    }
  }

  /**
   * Checks that names are different.
   *
   * @throws InvalidInput when two are the same
   */
  static void checkDifferent(String table, List<String> names) {
    repeated(names)
        .ifPresent(
            name -> {
              throw new InvalidInput(
                  "table %s: columns must have different names, however: two are called %s (a schema with other names and options: {header: true} reads columns by place)"
                      .formatted(table, name));
            });
  }

  /** The first name that stands among the names before it. */
  static Optional<String> repeated(List<String> names) {
    Set<String> seen = new HashSet<>();
    return names.stream().filter(name -> !seen.add(name)).findFirst();
  }

  /**
   * Checks the names of a schema that a job gives.
   *
   * @throws InvalidInput when two are the same
   */
  static StructType checked(String table, StructType schema) {
    repeated(List.of(schema.fieldNames()))
        .ifPresent(
            name -> {
              throw new InvalidInput(
                  "table %s: schema must name a column once, however: \"%s\" stands twice"
                      .formatted(table, name));
            });
    return schema;
  }

  /** That names of columns are alike, and what helps. */
  static String twice(String names) {
    return "columns must have names that differ in more than capital letters, however: %s (--conf spark.sql.caseSensitive=true tells those apart)"
        .formatted(names);
  }

  /** Of names the very one, or else the one of the same normalisation form C. */
  static Optional<String> alike(String name, Collection<String> names) {
    if (names.contains(name)) {
      return Optional.of(name);
    }
    String normal = normal(name);
    List<String> alike = names.stream().filter(own -> normal(own).equals(normal)).toList();
    return alike.size() == 1 ? Optional.of(alike.get(0)) : Optional.empty();
  }

  private static List<StructField> alike(StructType schema, String name) {
    String normal = normal(name);
    return Arrays.stream(schema.fields())
        .filter(field -> normal(field.name()).equals(normal))
        .toList();
  }

  /** What may have been meant by a name that is not there. */
  private static String hint(String name, List<String> there) {
    if (name.matches("_c\\d+")) {
      return " (columns of CSV without a name are called so by their places, from _c0 on)";
    }
    List<String> places =
        there.stream()
            .filter(own -> own.startsWith(name) && own.substring(name.length()).matches("\\d+"))
            .toList();
    if (places.size() > 1) {
      return " (CSV in which several are called so has them as %s, by their places)"
          .formatted(String.join(", ", places));
    }
    Optional<String> padded =
        there.stream()
            .filter(own -> withoutBlanks(own).equals(name) && !own.equals(name))
            .findFirst();
    if (padded.isPresent()) {
      return " (did you mean %s? options: {ignoreLeadingWhiteSpace: true} and options: {ignoreTrailingWhiteSpace: true} read CSV without blanks around names and cells that have no quotes)"
          .formatted(shown(padded.get()));
    }
    List<String> words = there.stream().filter(own -> !isNumber(own)).toList();
    return EditDistance.nearest(name, words)
        .filter(other -> !other.equals(name))
        .map(other -> " (did you mean %s?)".formatted(shown(other)))
        .orElseGet(() -> areValues(there) ? FIRST_ROW : "");
  }

  /** Whether names may be the values of a row: a quarter of them are numbers. */
  static boolean areValues(Collection<String> names) {
    long numbers = names.stream().filter(ColumnNames::isNumber).count();
    return numbers > 0 && 4 * numbers >= names.size();
  }

  private static String withoutBlanks(String name) {
    return name.replaceAll("^[ \\t]+|[ \\t]+$", "");
  }

  private static boolean isNumber(String name) {
    return NUMBER.parse(name.strip()).isPresent();
  }

  /** Two ways to write one letter are one name. */
  static String normal(String name) {
    return Normalizer.normalize(name, Normalizer.Form.NFC);
  }

  private static String spelled(List<StructField> fields) {
    return fields.stream().map(field -> codePoints(field.name())).collect(Collectors.joining(", "));
  }

  /** A name, with its code points where letters of other scripts may look like ours. */
  private static String shown(String name) {
    boolean plain = name.chars().allMatch(c -> c < 0x80);
    return plain ? '"' + name + '"' : "\"%s\", %s".formatted(name, codePoints(name));
  }

  private static String codePoints(String name) {
    return name.codePoints().mapToObj("U+%04X"::formatted).collect(Collectors.joining(" "));
  }
}
