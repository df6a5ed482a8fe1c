package io.lakeprop.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

/** What every refusal has in common: exit code 2 and one line that says what to mend. */
final class Refusal {
  private static final int LONGEST = 400;

  private Refusal() {}

  static void assertRefused(Ran ran, List<String> words) {
    assertEquals(1, ran.errors().size(), ran.err());
    String line = ran.errors().get(0);
    assertTrue(line.startsWith("error: "), line);
    assertTrue(line.length() < LONGEST, line);
    words.forEach(word -> assertTrue(line.contains(word), word + " is not in: " + line));
    assertEquals(2, ran.code(), line);
  }
}
