package io.lakeprop.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.data.LabelEncoder;
import io.lakeprop.data.LabelSettings;
import io.lakeprop.data.TableSpec;
import io.lakeprop.spark.TrainingData.Split;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A table that changes between the passes over it is refused. Files are rewritten in place, with
 * their length and time, so that nothing but the rows can tell.
 */
final class ChangingTableTest {
  private static final int ROWS = 400;
  private static final String RULE = "must not change while it is read, however: of its ";

  @TempDir private Path folder;

  @Test
  void otherContentBeforePackingIsNoticed() throws IOException {
    Path table = csv("t.csv", 0);
    refused(
        request(table, table),
        rewriteAt("encoding and packing", table, csv("b.csv", 1)),
        "table " + table,
        RULE + "train rows packing read as many as the statistics",
        "of other content");
  }

  @Test
  void fewerRowsBeforePackingAreNoticed() throws IOException {
    Path table = csv("t.csv", 0);
    refused(
        request(table, table),
        rewriteAt("encoding and packing", table, shorter(csv("c.csv", 0))),
        RULE + "train rows the statistics read 400, packing 399");
  }

  @Test
  void fewerRowsBeforeCountingValuesAreNoticed() throws IOException {
    Path table = csv("t.csv", 0, ",");
    refused(
        request(table, table),
        rewriteAt("counting values", table, shorter(csv("c.csv", 0, ","))),
        RULE + "train rows the statistics read 399, counting values 398");
  }

  @Test
  void otherRowsOfATableOfItsOwnAreNoticed() throws IOException {
    Path table = csv("t.csv", 0);
    Path own = csv("v.csv", 0, ",");
    refused(
        request(table, own),
        rewriteAt("validation rows without a label", own, csv("b.csv", 1, ",")),
        "table " + own,
        RULE + "validation rows packing read as many as the statistics, 399, of other content");
  }

  @Test
  void anExpressionThatGivesOtherRowsIsNoticed() throws IOException {
    Path table = csv("t.csv", 0);
    TestSpark.session()
        .udf()
        .register(
            "noise",
            // It does not say that it changes: the plan shows nothing.
            functions.udf(() -> ThreadLocalRandom.current().nextDouble(), DataTypes.DoubleType));
    refused(
        request(derived(table, "noise()"), 0.2, Optional.empty()),
        new Rewriting("", () -> {}),
        RULE,
        "does an expression or a query give other rows each time?");
  }

  @Test
  void tablesThatDoNotChangeAgree() throws IOException {
    Path table = csv("t.csv", 0, ",");
    for (TrainingData.Request request :
        List.of(
            request(table, csv("v.csv", 1, ",")),
            request(derived(table, "x * 2"), 0.2, Optional.empty()))) {
      try (TrainingData data = TestTables.prepare(request)) {
        assertTrue(data.rows(Split.TRAIN) > 0 && data.rows(Split.VALIDATION) > 0);
        assertEquals(
            data.findings().withoutLabel().values().stream().mapToLong(n -> n).sum(),
            request.validation().isPresent() ? 2 : 1);
      }
    }
  }

  /** As after the loss of an executor, which held blocks and the shuffle's files. */
  @Test
  void blocksThatArePackedAgainMustBeWhatTheyWere() throws IOException {
    Path table = csv("t.csv", 0);
    try (TrainingData data = TestTables.prepare(request(table, table))) {
      PackedTable packed = data.table(Split.TRAIN);
      lose(packed);
      assertEquals(packed.rows(), rows(packed));
      for (Path other : List.of(csv("b.csv", 1), shorter(csv("c.csv", 0)))) {
        rewrite(table, other);
        lose(packed);
        String message =
            Failures.refusal(assertThrows(Exception.class, () -> rows(packed))).orElseThrow();
        assertTrue(message.contains("must not change while it is read"), message);
        assertTrue(message.contains("packed again after a fault, has other rows"), message);
      }
    }
  }

  private static void lose(PackedTable packed) {
    packed.cached().unpersist(true);
    packed.cached().rdd().cleanShuffleDependencies(true);
    packed.cached().persist(org.apache.spark.storage.StorageLevel.MEMORY_AND_DISK());
  }

  private static long rows(PackedTable packed) {
    return packed.blocks().map(block -> (long) block.rows()).reduce(Long::sum);
  }

  private static void refused(
      TrainingData.Request request, TrainingData.Listener listener, String... words) {
    String message =
        assertThrows(
                InvalidInput.class,
                () -> TrainingData.fit(TestSpark.session(), request, listener).pack().close())
            .getMessage();
    for (String word : words) {
      assertTrue(message.contains(word), word + " is not in: " + message);
    }
    assertEquals(
        Map.of(),
        org.apache.spark.api.java.JavaSparkContext.fromSparkContext(
                TestSpark.session().sparkContext())
            .getPersistentRDDs());
  }

  /** Does something when it hears a text. */
  private record Rewriting(String at, Runnable what) implements TrainingData.Listener {
    @Override
    public void note(String text) {
      step(text);
    }

    @Override
    public void step(String text) {
      if (!at.isEmpty() && text.contains(at)) {
        what.run();
      }
    }
  }

  private static TrainingData.Listener rewriteAt(String at, Path table, Path other) {
    return new Rewriting(at, () -> rewrite(table, other));
  }

  private static void rewrite(Path table, Path other) {
    try {
      FileTime time = Files.getLastModifiedTime(table);
      assertEquals(Files.size(table), Files.size(other));
      Files.write(table, Files.readAllBytes(other));
      Files.setLastModifiedTime(table, time);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Rows of one length; the labels follow from the flavour. */
  private Path csv(String name, int flavour, String... more) throws IOException {
    List<String> lines = new ArrayList<>(List.of("x,c,y"));
    for (int i = 0; i < ROWS; i++) {
      lines.add("%.3f,k%d,%s".formatted(i / 1000.0, i % 3, i % 2 == flavour ? "yes" : "noo"));
    }
    for (String row : more) {
      lines.set(7, lines.get(7).substring(0, 9) + row.replace(",", ""));
    }
    return Files.write(folder.resolve(name), lines);
  }

  /** The same number of bytes in a row less. */
  private static Path shorter(Path file) throws IOException {
    List<String> lines = new ArrayList<>(Files.readAllLines(file));
    String lost = lines.remove(20);
    String first = lines.get(20);
    String zeros = String.join("", Collections.nCopies(lost.length() + 1, "0"));
    lines.set(20, first.substring(0, 5) + zeros + first.substring(5));
    return Files.write(file, lines);
  }

  private TrainingData.Request request(Path table, Path validation) {
    return request(
        TestTables.files(table.toString()),
        0,
        Optional.of(TestTables.files(validation.toString())));
  }

  private static TableSpec derived(Path table, String expression) {
    return new TableSpec(
        TestTables.files(table.toString()).source(), Map.of("n", expression), Optional.empty());
  }

  private static TrainingData.Request request(
      TableSpec table, double fraction, Optional<TableSpec> validation) {
    LabelSettings.Label label =
        new LabelSettings.Label(
            "y",
            LabelSettings.Task.AUTO,
            LabelEncoder.Range.ANY,
            Optional.empty(),
            LabelSettings.Missing.SKIP,
            LabelSettings.RareClasses.REFUSED,
            Optional.empty());
    return new TrainingData.Request(
        table,
        validation,
        Optional.empty(),
        fraction,
        0,
        TestTables.features(),
        new LabelSettings(List.of(label), Optional.empty()),
        5,
        OptionalInt.empty(),
        OptionalInt.empty(),
        1,
        "UTC");
  }
}
