package io.lakeprop.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.base.InvalidInput;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The expected names with a digest each, and nothing else, however it is named. */
class Sha256SumsTest {
  private static final String DIGITS = "0123456789abcdef".repeat(4);
  private static final String GOOD = DIGITS + "  a\n" + DIGITS + "  b\n";

  static Stream<Arguments> attacks() {
    return Stream.of(
        Arguments.of("a path up", GOOD + DIGITS + "  ../a\n", "a known name"),
        Arguments.of("a path from the root", GOOD + DIGITS + "  /etc/passwd\n", "a known name"),
        Arguments.of("another file", GOOD + DIGITS + "  c\n", "a known name"),
        Arguments.of("a name with NUL", GOOD + DIGITS + "  a\0\n", "a\\u0000"),
        Arguments.of("a carriage return", GOOD.replace("\n", "\r\n"), "a known name"),
        Arguments.of("a name twice", GOOD + DIGITS + "  a\n", "must have one line"),
        Arguments.of("a name too few", DIGITS + "  a\n", "a line for b"),
        Arguments.of("nothing", "", "a line for"),
        Arguments.of("a digit too few", GOOD.substring(1), "a known name"),
        Arguments.of("capitals", GOOD.replace("f", "F"), "a known name"),
        Arguments.of("one space", GOOD.replace("  ", " "), "a known name"),
        Arguments.of("no text", "\uFFFF".repeat(99), "a known name"),
        Arguments.of("a megabyte", GOOD + "\n".repeat(1 << 20), "at most 200000 bytes"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("attacks")
  void isRefused(String name, String text, String words) {
    String message = assertThrows(InvalidInput.class, () -> read(text)).getMessage();
    assertTrue(message.startsWith("m/SUMS") && message.contains(words), message);
  }

  @Test
  void theFileWithoutAnAttackIsRead() {
    assertEquals(Set.of("a", "b"), read(GOOD).digests().keySet());
  }

  private static Sha256Sums read(String text) {
    byte[] file = text.getBytes(StandardCharsets.UTF_8);
    return Sha256Sums.read("m/SUMS", file, Set.of("a", "b"));
  }
}
