package io.lakeprop.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.base.InvalidInput;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A job file made to hurt is refused in one line, soon. */
class JobFileAttackTest {
  private static final String GOOD = "table: t.csv\nlabel: y\noutput: out\n";
  private static final int MANY = 100_000;

  static Stream<Arguments> attacks() {
    return Stream.of(
        row("deep lists", "a: " + "[".repeat(MANY), "32 levels"),
        row("deep lists that end", "a: " + "[".repeat(MANY) + "]".repeat(MANY), "32 levels"),
        row("deep maps", "a: " + "{a: ".repeat(MANY), "32 levels"),
        row("deep blocks", "- ".repeat(MANY), "32 levels"),
        row("deep keys", "? ".repeat(MANY), "32 levels"),
        row("deep keys in braces", "{? ".repeat(MANY), "32 levels"),
        row("33 levels", "a: " + "[".repeat(32) + "]".repeat(32), "32 levels"),
        row("a billion laughs", laughs(), "anchors and aliases"),
        row("a list inside itself", "a: &a [*a]\n", "anchors and aliases"),
        row("an alias of nothing", "a: *b\n", "anchors and aliases"),
        row("merge", GOOD + "<<: {seed: 1}\n", "unknown key <<"),
        row("merge of an alias", "a: &a {seed: 1}\n<<: *a\n", "anchors and aliases"),
        row("a tag of Java", "a: !!javax.script.ScriptEngineManager [x]\n", "tags are not"),
        row("a tag on a map", "a: !x {b: c}\n", "tags are not"),
        row("a tag on a list", "a: !<tag:x,2000:y> [b]\n", "tags are not"),
        row("a tag on a key", "!x a: b\n", "tags are not"),
        row("a tag of YAML on a text", "a: !!binary aGk=\n", "tags are not"),
        row("a tag on the document", "!!map\ntable: t\n", "tags are not"),
        row("a tag that the directive makes", "%TAG ! tag:x,2000:\n---\na: !b c\n", "tags are not"),
        row("a tag without its handle", "a: !e!b c\n", "tag handle"),
        row("a key that is a list", "? [a, b]\n: c\n", "a key must be a text"),
        row("a key that is a map", "{{a: b}: c}\n", "a key must be a text"),
        row("another YAML", "%YAML 2.0\n---\na: b\n", "Version"),
        row("another YAML of many digits", "%YAML 1." + "9".repeat(99) + "\n---\na: b\n", "YAML"),
        row("two documents", GOOD + "---\n" + GOOD, "document"),
        row("NUL", GOOD + "seed: \0\n", "special characters"),
        row("an escape of no character", "a: \"\\UFFFFFFFF\"\n", "FFFFFFFF"),
        row("half a character", "a: \"\\ud800\"\n", ""),
        row("2 MB", GOOD + "#" + "x".repeat(1 << 21), "1048576"),
        row("a text of a megabyte", GOOD.replace("y", "y".repeat(1 << 20)), "1048576"),
        row("a key of half a megabyte", GOOD + "k".repeat(1 << 19) + ": 1\n", ":4: "),
        row("a number of half a megabyte", GOOD + "seed: " + "9".repeat(1 << 19), "64 bits"),
        row("infinity by its size", GOOD + "optimizer: {learning_rate: 1.0e999}\n", "Infinity"),
        row("infinity by its name", GOOD + "optimizer: {learning_rate: .inf}\n", ""),
        row("no number", GOOD + "optimizer: {learning_rate: .nan}\n", ""),
        row(
            "variables that grow",
            "vars: {a: "
                + "x".repeat(MANY)
                + "}\n"
                + GOOD.replace("y", "\"" + "${a}".repeat(MANY))
                + "\"",
            "1048576 characters in all"),
        row(
            "many that grow a little",
            "vars: {a: "
                + "x".repeat(MANY)
                + "}\n"
                + GOOD
                + "x: ["
                + "'${a}', ".repeat(MANY)
                + "]\n",
            "1048576 characters in all"),
        row(
            "a variable of variables",
            "vars: {a: '${a}'}\n" + GOOD + "seed: ${a}\n",
            "plain value"),
        row("variables that never end", GOOD + "x: '" + "${".repeat(MANY) + "'\n", "unknown key x"),
        row("a layer too wide", GOOD + "network: {hidden: [99999999999]}\n", "network.hidden"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("attacks")
  void isRefused(String name, String text, String words) {
    String message =
        assertTimeoutPreemptively(
            Duration.ofSeconds(5),
            () -> assertThrows(InvalidInput.class, () -> read(text)).getMessage());
    assertTrue(message.startsWith("jobs/a.yaml"), message);
    assertTrue(message.contains(words), message);
    assertEquals(1, message.lines().count(), message);
    assertTrue(message.length() < 50_000, "length " + message.length());
  }

  private static Job read(String text) {
    return JobReader.read(JobTree.resolve("jobs/a.yaml", text, List.of(), Map.of()));
  }

  private static String laughs() {
    StringBuilder text = new StringBuilder("a0: &a0 [lol, lol]\n");
    for (int i = 1; i < 40; i++) {
      text.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
    }
    return text.toString();
  }

  private static Arguments row(String name, String text, String words) {
    return Arguments.of(name, text, words);
  }
}
