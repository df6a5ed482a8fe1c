package io.lakeprop.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.eval.Metric;
import io.lakeprop.train.EvaluationReport;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The progress line stays on one line of the terminal, or it could not be taken away. */
final class ConsoleTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private Console console(boolean terminal, int columns) {
    return new Console(new PrintStream(out, true, StandardCharsets.UTF_8), terminal, columns);
  }

  private String shown() {
    return out.toString(StandardCharsets.UTF_8);
  }

  /** The line that stays after an evaluation that is the best so far. */
  private String line(boolean terminal, int columns) {
    Console console = console(terminal, columns);
    console.start(40, 8, Metric.LOG_LOSS);
    console.evaluation(evaluation(0.4526, true));
    return shown().replace(System.lineSeparator(), "");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "true  | 200 | epoch 2/5  round 10/40  loss NaN  validation log_loss 0.4526  best",
        "true  | 70  | epoch 2/5  round 10/40  loss NaN  validation log_loss 0.4526  best",
        "true  | 60  | epoch 2/5  loss NaN  validation log_loss 0.4526  best",
        "true  | 50  | epoch 2/5  log_loss 0.4526  best",
        "true  | 24  | epoch 2/5  best",
        "true  | 20  | epoch 2/5  best",
        "false | 24  | epoch 2/5  round 10/40  loss NaN  validation log_loss 0.4526  best"
      })
  void theLeastImportantPartsGoFirst(boolean terminal, int columns, String expected) {
    String line = line(terminal, columns);
    assertEquals(expected, line);
    assertTrue(!terminal || line.length() < columns, line);
  }

  @ParameterizedTest
  @CsvSource({"80, 79", "40, 39"})
  void aStepIsCutAndTakenAwayAsAWhole(int columns, int most) {
    Console console = console(true, columns);
    console.step("reading " + "x".repeat(200));
    String step = shown();
    assertEquals(most, step.length());
    assertTrue(step.endsWith("x..."), step);
    console.note("n");
    assertEquals("\r" + " ".repeat(most) + "\r", shown().substring(most, 2 * most + 2));
  }

  /** A table of thousands of files is read for hours. */
  @Test
  void aStepSaysHowFarItIs() throws InterruptedException {
    Console console = console(true, 60);
    console.progress(0.1);
    assertEquals("", shown(), "nothing is being done");
    console.step("reading " + "x".repeat(30));
    Thread.sleep(120);
    console.progress(0.379);
    assertTrue(shown().endsWith("reading " + "x".repeat(30) + " ... 37 %"), shown());
    console.progress(0.38);
    assertFalse(shown().contains("38 %"), "ten times a second at most");
    console.start(10, 5, Metric.RMSE);
    Thread.sleep(120);
    console.progress(0.9);
    assertFalse(shown().contains("90 %"), "rounds have a line of their own");
  }

  /** Letters of two columns, and one that is a pair of chars, which is never halved. */
  @Test
  void wideLettersCountTwice() {
    for (String letter : List.of("\u4e2d", "\ud840\udc00")) {
      out.reset();
      console(true, 40).step(letter.repeat(30));
      String step = shown();
      assertEquals(letter.repeat(18) + "...", step);
    }
  }

  /** A terminal breaks lines anywhere; here they go on below their text. */
  @Test
  void longLinesAreBrokenBetweenWords() {
    console(true, 30).line("note", "%s", "one two three four five six   seven");
    assertEquals(
        List.of("note       one two three four", "           five six   seven"),
        shown().lines().toList());
    out.reset();
    console(true, 30).line("note", "%s", "x".repeat(40) + " y");
    assertEquals(List.of("note       " + "x".repeat(40), "           y"), shown().lines().toList());
    out.reset();
    console(false, 30).line("note", "%s", "one two three four five six seven eight");
    assertEquals(1, shown().lines().count());
    out.reset();
    console(true, 30).line("note", "%s", "");
    assertEquals("note       ", shown().lines().findFirst().get());
  }

  /** On a terminal the line is drawn over; what is best is said on it. */
  @Test
  void anotherScoreStandsBesideTheBest() {
    Console console = console(true, 100);
    console.start(40, 8, Metric.LOG_LOSS);
    console.evaluation(evaluation(0.4526, true));
    console.evaluation(evaluation(0.5, false));
    assertTrue(shown().endsWith("validation log_loss 0.5000, best 0.4526"), shown());
    assertFalse(shown().contains(System.lineSeparator()), shown());
  }

  private static EvaluationReport evaluation(double score, boolean best) {
    TreeMap<String, Double> metrics = new TreeMap<>();
    metrics.put("log_loss", score);
    return new EvaluationReport(10, 2, metrics, new TreeMap<>(), best);
  }

  @Test
  void scoringSaysRowsAndTheTimeLeft() throws InterruptedException {
    Console console = console(true, 80);
    console.progress(0.1, 5, 1);
    assertEquals("", shown(), "nothing is being done");
    console.starting("predicting");
    Thread.sleep(120);
    console.progress(0.25, 1_200_000, 12);
    assertTrue(
        shown().endsWith("predicting ... 25 %  1,200,000 rows  100,000 rows/s  0:36 left"),
        shown());
    Console narrow = console(true, 40);
    narrow.starting("predicting");
    Thread.sleep(120);
    narrow.progress(0.25, 1_200_000, 12);
    assertTrue(shown().endsWith("\r25 %  1,200,000 rows  0:36 left"), shown());
  }

  @Test
  void aTabIsABlankOnTheProgressLine() {
    console(true, 80).step("a\tb");
    assertEquals("a b ...", shown());
    assertFalse(shown().contains("\t"));
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "null",
      value = {"120, 120", "null, 80", "'', 80", "wide, 80", "0, 80", "-3, 80", "19, 80", "20, 20"})
  void aTerminalThatDoesNotSayHasEighty(String text, int columns) {
    assertEquals(columns, Console.columns(text));
  }
}
