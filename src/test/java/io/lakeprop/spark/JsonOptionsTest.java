package io.lakeprop.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.text.JsonSyntax;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.catalyst.json.JSONOptions;
import org.junit.jupiter.api.Test;
import scala.jdk.javaapi.CollectionConverters;

/** No option of Spark's reader of JSON is taken that only one of two parsers knows. */
final class JsonOptionsTest {
  /** What decides neither which texts are JSON nor what a value is. */
  private static final Set<String> OF_NO_TEXT =
      Set.of("samplingRatio", "inferTimestamp", "multiLine", "lineSep", "encoding", "charset");

  private static final Set<String> OF_SPARK =
      Set.of(
          "timeZone",
          "dateFormat",
          "timestampFormat",
          "prefersDecimal",
          "dropFieldIfAllNull",
          "useUnsafeRow");

  private static String lower(String option) {
    return option.toLowerCase(Locale.ROOT);
  }

  private static Optional<String> refusal(String option, String value) {
    try {
      JsonOptions.of(Map.of(lower(option), value));
      return Optional.empty();
    } catch (InvalidInput e) {
      return Optional.of(e.getMessage());
    }
  }

  /** Spark says which options there are: a new one is refused until somebody looks at it. */
  @Test
  void everyOptionOfSparksReaderIsKnownOrRefused() {
    Set<String> taken = new TreeSet<>();
    for (String option : CollectionConverters.asJava(JSONOptions.getAllOptions())) {
      String value = option.equals("lineSep") ? "\n" : "true";
      refusal(option, value)
          .ifPresentOrElse(
              words -> assertTrue(words.toLowerCase(Locale.ROOT).contains(lower(option)), words),
              () -> taken.add(option));
    }
    Set<String> expected = new TreeSet<>(OF_NO_TEXT);
    expected.addAll(OF_SPARK);
    for (JsonSyntax.Liberty liberty : JsonSyntax.Liberty.values()) {
      expected.add(liberty.option());
    }
    assertEquals(expected, taken);
  }

  @Test
  void whatIsRefusedIsNamedWithAReason() {
    for (String option :
        Set.of(
            "mode",
            "columnNameOfCorruptRecord",
            "timestampNTZFormat",
            "locale",
            "enableDateTimeParsingFallback",
            "maxNestingDepth",
            "maxNumLen",
            "singleVariantColumn",
            "allowComments",
            "primitivesAsString")) {
      String words = refusal(option, "true").orElseThrow();
      assertTrue(
          words.matches(
              "options of JSON files must not have %s, however: true \\(.+\\)".formatted(option)),
          words);
    }
    assertEquals(Optional.empty(), refusal("allowComments", "false"));
    String words = refusal("modifiedAfter", "2024-01-01T00:00:00").orElseThrow();
    assertTrue(words.endsWith("however: modifiedafter"), words);
    for (String option : Set.of("allowComments", "allowSingleQuotes", "multiLine")) {
      assertTrue(refusal(option, "yes").orElseThrow().contains("must be true or false"));
    }
  }

  @Test
  void sparksParserIsToldWhatOursIs() {
    for (JsonSyntax.Liberty liberty : JsonSyntax.Liberty.values()) {
      String said = Boolean.toString(!liberty.isUsual());
      JsonOptions options = JsonOptions.of(Map.of(lower(liberty.option()), said));
      assertEquals(said, options.ofParser().get(liberty.option()));
    }
    assertEquals(
        Set.of("allowSingleQuotes", "allowNonNumericNumbers"),
        JsonOptions.of(Map.of()).ofParser().entrySet().stream()
            .filter(own -> own.getValue().equals("true"))
            .map(Map.Entry::getKey)
            .collect(java.util.stream.Collectors.toSet()));
    assertThrows(
        InvalidInput.class, () -> JsonOptions.of(Map.of("linesep", "|", "multiline", "true")));
  }
}
