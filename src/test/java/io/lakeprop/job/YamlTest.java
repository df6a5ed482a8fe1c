package io.lakeprop.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.data.TableSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A job that is written reads as it did, and values from elsewhere than a file are what they are.
 */
final class YamlTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "2020.10",
        "1e5",
        "1E-4",
        "1.50",
        "-0",
        "-0.0",
        "0.1",
        "10",
        "true",
        "false",
        "null",
        "~",
        "''",
        "'null'",
        "'~'",
        "'true'",
        "'10'",
        "'2020.10'",
        "'1e5'",
        "'.inf'",
        "+5",
        ".5",
        "007",
        "0x1F",
        "1_000",
        "5.",
        "2024-01-01",
        "True",
        "yes",
        "12:30",
        "'- x'",
        "'a: b'",
        "'#c'",
        "a#b",
        "'@a'",
        "'`a`'",
        "'%a'",
        "'!a'",
        "'&a'",
        "'*a'",
        "'? a'",
        "'|'",
        "'>'",
        "'{a'",
        "'[a'",
        "' a '",
        "'it''s'",
        "'\"'",
        "'\\'",
        "\"a\\nb\"",
        "\"a\\n\\n b \\n\"",
        "\"\\t\"",
        "\"\\0\\x07\\e\"",
        "\"\\r\\n\"",
        "größe",
        "\"gro\\u0308\\u00dfe\"",
        "\"\\u00a0\"",
        "\"\\u2028\\u0085\"",
        "\"\\ufeff\"",
        "\"\\U0001F600\"",
        "\"a  b\"",
        "a\u3000b",
        "9223372036854775807",
        "1e308",
        "2020.100000000000000000000001"
      })
  void everyScalarIsWrittenAsItReads(String scalar) {
    String text =
        "alone: %1$s\nlist: [a, %1$s, %1$s]\nbelow: {deep: {er: %1$s}, list: [%1$s]}\n%2$s: 1\n"
            .formatted(scalar, scalar.equals("~") ? "'~'" : scalar);
    Yaml.Mapping read = Yaml.read("f", text);
    String written = Yaml.write(read);
    assertEquals(data(read), data(Yaml.read("f", written)), written);
  }

  @Test
  void longTextsAreWrittenAsTheyRead() {
    String sql = "case when `a b` > 1.50 then 'x:  y' else concat('# ', \"z\") end, ".repeat(20);
    LinkedHashMap<String, Yaml> entries = new LinkedHashMap<>();
    entries.put("sql", new Yaml.Scalar("f", sql, Optional.of(sql)));
    entries.put(sql, new Yaml.Scalar("f", sql + "\n " + sql, Optional.of(sql + "\n " + sql)));
    Yaml.Mapping mapping = new Yaml.Mapping("f", entries);
    assertEquals(data(mapping), data(Yaml.read("f", Yaml.write(mapping))));
  }

  /** All that data is, but for where it stands. */
  private static Object data(Yaml yaml) {
    if (yaml instanceof Yaml.Mapping mapping) {
      List<Object> entries = new ArrayList<>();
      mapping.entries().forEach((key, value) -> entries.add(List.of(key, data(value))));
      return entries;
    }
    return yaml instanceof Yaml.Sequence sequence
        ? sequence.elements().stream().map(YamlTest::data).toList()
        : List.of(((Yaml.Scalar) yaml).text(), ((Yaml.Scalar) yaml).value());
  }

  /** Texts that look like fractions are names, paths and marks all the same. */
  @Test
  void theWrittenJobIsTheJob() {
    String text =
        """
        table: {path: 2024.10, missing: [1.50, "", ~], options: {nullValue: 0.10}, derive: {1.0: 1.10}, where: true}
        validation: {path: 2024.20}
        label: 2020.10
        weight: 1e2
        output: runs/${e}
        vars: {e: 1e1}
        features: {exclude: [2020.20, 1e5], columns: {3.0: {kind: categorical}}}
        training: {epochs: 3}
        optimizer: {learning_rate: 1e-3}
        """;
    Yaml.Mapping read = JobTree.resolve("f", text, List.of(), Map.of());
    Yaml.Mapping again = JobTree.resolve("f", Yaml.write(read), List.of(), Map.of());
    assertEquals(ResolvedJob.of(read), ResolvedJob.of(again));
    TableSpec.Files files = (TableSpec.Files) JobReader.read(again).data().train().source();
    assertEquals(List.of("2024.10"), files.paths());
    assertEquals(Optional.of(List.of("1.50", "", "~")), files.missing());
  }

  @ParameterizedTest
  @CsvSource({
    "3, 3",
    "-1, -1",
    "0.5, 0.5",
    "1e-3, 0.001",
    "true, true",
    "false, false",
  })
  void theEnvironmentSetsNumbersAndFlags(String variable, String value) {
    assertEquals(value, variable("vars: {e: 2}\nkey: ${e}\n", variable).value().get().toString());
    assertTrue(!(variable("vars: {e: 2}\nkey: ${e}\n", variable).value().get() instanceof String));
    assertEquals("runs/" + variable, variable("vars: {e: 2}\nkey: runs/${e}\n", variable).text());
  }

  /** What YAML would cut, unquote or refuse, a variable keeps: it may be a password. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "~",
        "a #b",
        "#",
        " a ",
        "'a'",
        "\"3\"",
        "[a",
        "{a: b}",
        "a: b",
        "*a",
        "&a",
        "!a",
        "%",
        "@a",
        "- a",
        "007x",
        "12345678901234567890",
        "1e999999",
        "three",
        "a\nb",
        ".inf"
      })
  void otherVariablesAreTextsAsTheyAre(String variable) {
    Yaml.Scalar scalar = variable("vars: {e: 2}\nkey: ${e}\n", variable);
    assertEquals(variable, scalar.text());
    assertTrue(
        scalar.value().get() instanceof String || variable.equals("1e999999"),
        scalar.value().toString());
  }

  private static Yaml.Scalar variable(String file, String value) {
    return (Yaml.Scalar)
        JobTree.resolve("f", file, List.of(), Map.of("LAKEPROP_E", value)).entries().get("key");
  }

  /** What a comment would cut is refused, and kept by the quotes that are offered. */
  @ParameterizedTest
  @ValueSource(
      strings = {"runs/a #2", "#2", "#", "5 # five", "a \"b\" #c", "it's #1", "C:\\a #2", " a #"})
  void aCommentIsNoPartOfAValue(String value) {
    String message = refusal("output=" + value);
    String begin =
        "--set output must be whole, however: # begins a comment in it (in quotes it begins none:"
            + " --set ";
    assertTrue(message.startsWith(begin) && message.endsWith(")"), message);
    String word = message.substring(begin.length(), message.length() - 1);
    assertTrue(word.matches("'.*'"), word);
    String mended = word.substring(1, word.length() - 1).replace("'\\''", "'");
    assertEquals(value, set(mended).text());
    assertEquals(value, set(mended).value().orElseThrow());
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"runs/a\" #2", "'a' # b", "[a, b] # c", "path: a #b", "a\nb # c"})
  void aCommentBehindAnotherValueIsToBeLeftOut(String value) {
    assertEquals(
        "--set output must be whole, however: # begins a comment in it (leave the comment out)",
        refusal("output=" + value));
  }

  @ParameterizedTest
  @ValueSource(strings = {"runs/a#2", "a#", "s3a://a/b#c"})
  void aSignWithoutABlankIsNoComment(String value) {
    assertEquals(value, set("output=" + value).text());
    assertEquals("a #2", set("output='a #2'").text());
    assertEquals("a #2", set("output=\"a #2\"").text());
  }

  private static String refusal(String override) {
    return assertThrows(InvalidInput.class, () -> set(override)).getMessage();
  }

  private static Yaml.Scalar set(String override) {
    Yaml.Mapping job = JobTree.resolve("f", "output: o\n", List.of(override), Map.of());
    return (Yaml.Scalar) job.entries().get("output");
  }

  /** A variable that only the command line has must be one that the job uses. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "vars.laek=b | vars.laek is a variable that nothing uses (did you mean vars.lake?)",
        "vars={lake: a, laek: b} | vars.laek is a variable that nothing uses (did you mean"
            + " vars.lake?)",
        "vars.elephants=3 | vars.elephants is a variable that nothing uses",
      })
  void aMisspeltVariableOfTheCommandLineIsRefused(String override, String words) {
    String file = "vars: {lake: data}\noutput: ${lake}/o\n";
    assertEquals(
        words,
        assertThrows(
                InvalidInput.class, () -> JobTree.resolve("f", file, List.of(override), Map.of()))
            .getMessage());
  }

  @Test
  void variablesOfTheFileMayStayUnused() {
    String file = "vars: {lake: data, spare: 1}\noutput: ${lake}/${run}\n";
    List<String> overrides = List.of("vars.run=a", "vars.spare=2", "vars.lake=b");
    Yaml.Mapping job = JobTree.resolve("f", file, overrides, Map.of());
    assertEquals("b/a", ((Yaml.Scalar) job.entries().get("output")).text());
    String late = "output=${run}";
    job = JobTree.resolve("f", "output: o\n", List.of(late, "vars.run=a"), Map.of());
    assertEquals("a", ((Yaml.Scalar) job.entries().get("output")).text());
  }

  /** An empty key is a missing one: the resolved job has the time. */
  @ParameterizedTest
  @ValueSource(strings = {"", "clock:", "clock: null", "vars: {asof: }\nclock: ${asof}"})
  void theResolvedJobHasTheTime(String clock) {
    String text =
        "table: {path: t.csv, where: current_date > d}\nlabel: y\noutput: o\n" + clock + "\n";
    Yaml.Mapping resolved = JobTree.resolve("f", text, List.of(), Map.of());
    TableSpec spec = JobReader.read(resolved).data().train();
    Yaml.Mapping written = Yaml.read("f", Yaml.write(resolved));
    String time = ((Yaml.Scalar) written.entries().get("clock")).text();
    Instant.parse(time);
    assertEquals(spec, JobReader.read(written).data().train());
  }

  @Test
  void epochsComeFromTheEnvironment() {
    String text = "table: t.csv\nlabel: y\noutput: o\nvars: {e: 2}\ntraining: {epochs: \"${e}\"}\n";
    JobReader.read(JobTree.resolve("f", text, List.of(), Map.of("LAKEPROP_E", "3")));
  }
}
