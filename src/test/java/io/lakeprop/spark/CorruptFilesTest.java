package io.lakeprop.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.data.TableMeaning;
import io.lakeprop.data.TableSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A damaged file is refused by name, or left out as a whole, named and counted. */
final class CorruptFilesTest {
  private static final String COLUMNS = "id INT, x DOUBLE, label BOOLEAN";

  @TempDir private Path folder;

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "parquet, cut",
    "parquet, empty",
    "parquet, text",
    "parquet, flipped",
    "orc, cut",
    "orc, text",
    "orc, zeroed"
  })
  void refusedOrSkipped(String format, String damage) throws IOException {
    Path table = table(format);
    // Not the first one: Spark takes the schema from that, and finds a damaged footer early.
    for (int place : damage.equals("text") ? List.of(0, 3) : List.of(2)) {
      damage(TestTables.parts(table).get(place), damage);
    }
    List<String> damaged =
        damage.equals("text") ? List.of(name(table, 0), name(table, 3)) : List.of(name(table, 2));
    String message = assertThrows(InvalidInput.class, () -> read(table, false)).getMessage();
    assertTrue(message.contains(table.toString()), message);
    assertTrue(damaged.stream().anyMatch(message::contains), message);
    LakeTable.Opened opened = open(table, true);
    assertEquals(
        damaged,
        opened.unreadable().stream()
            .map(file -> Path.of(file.path()).getFileName().toString())
            .toList());
    opened.unreadable().forEach(file -> assertEquals(1, file.reason().lines().count()));
    List<Integer> kept = ids(opened.rows());
    assertEquals(whole(format, damaged), kept);
    assertEquals(kept, ids(opened.rows()), "the second pass sees the same rows");
  }

  @Test
  void wholeTablesAreWhole() throws IOException {
    Path table = Files.createDirectory(folder.resolve("with a space"));
    TestTables.of(rows(), COLUMNS)
        .write()
        .mode("overwrite")
        .partitionBy("label")
        .parquet(table.toString());
    LakeTable.Opened opened = open(table, true);
    assertEquals(List.of(), opened.unreadable());
    assertEquals(400, opened.rows().where("label is not null").count());
    Path first = TestTables.parts(table).get(0);
    Files.delete(first.resolveSibling("." + first.getFileName() + ".crc"));
    damage(first, "cut");
    LakeTable.Opened less = open(table, true);
    assertEquals(1, less.unreadable().size());
    assertEquals(List.of("id", "x", "label"), Arrays.asList(less.rows().columns()));
    assertTrue(less.rows().count() < 400);
  }

  @Test
  void nothingReadableIsRefused() throws IOException {
    Path table = table("parquet");
    for (Path file : TestTables.parts(table)) {
      damage(file, "cut");
    }
    String message = assertThrows(InvalidInput.class, () -> open(table, true)).getMessage();
    assertTrue(message.contains("must have a file that can be read"), message);
    assertEquals(1, message.lines().count());
  }

  @Test
  void aFileThatIsGoneWhenItIsReadIsRefused() throws IOException {
    Path table = table("parquet");
    for (boolean skip : new boolean[] {false, true}) {
      LakeTable.Opened opened = open(table, skip);
      Path gone = TestTables.parts(table).get(1);
      Files.delete(gone);
      String message =
          assertThrows(
                  InvalidInput.class,
                  () -> Failures.naming(table.toString(), "", () -> ids(opened.rows())))
              .getMessage();
      assertTrue(message.contains(gone.getFileName().toString()), message);
      assertEquals(1, message.lines().count());
    }
  }

  /** Another schema is no damage: leaving such files out would hide half of a table. */
  @Test
  void aColumnOfAnotherTypeIsRefusedEitherWay() throws IOException {
    Path table = table("parquet");
    TestTables.of(List.of(RowFactory.create(1, "one", true)), "id INT, x STRING, label BOOLEAN")
        .coalesce(1)
        .write()
        .mode("append")
        .parquet(table.toString());
    for (boolean skip : new boolean[] {false, true}) {
      String message = assertThrows(InvalidInput.class, () -> read(table, skip)).getMessage();
      assertTrue(message.contains("in the column \"x\", however: it has "), message);
      assertEquals(1, message.lines().count());
    }
  }

  @Test
  void skippingIsForFilesWithFooters() throws IOException {
    Path table = folder.resolve("t.csv");
    Files.writeString(table, "id,x,label\n1,2,true\n");
    String message = assertThrows(InvalidInput.class, () -> open(table, true)).getMessage();
    assertTrue(message.contains("must be of Parquet or ORC files"), message);
  }

  private Path table(String format) throws IOException {
    Path table = folder.resolve(format);
    TestTables.of(rows(), COLUMNS).repartition(5).write().format(format).save(table.toString());
    for (Path file : all(table)) {
      // The local file system's own checksums would find any damage before Parquet does.
      if (file.getFileName().toString().endsWith(".crc")) {
        Files.delete(file);
      }
    }
    assertEquals(5, TestTables.parts(table).size());
    return table;
  }

  private static List<Row> rows() {
    return IntStream.range(0, 400)
        .mapToObj(i -> RowFactory.create(i, i * 37 % 101 / 8.0, i % 3 == 0))
        .toList();
  }

  /** The ids of the files that were left alone. */
  private List<Integer> whole(String format, List<String> damaged) throws IOException {
    Path table = folder.resolve(format);
    String[] others =
        TestTables.parts(table).stream()
            .filter(file -> !damaged.contains(file.getFileName().toString()))
            .map(Path::toString)
            .toArray(String[]::new);
    return ids(TestSpark.session().read().format(format).load(others));
  }

  private static String name(Path table, int place) throws IOException {
    return TestTables.parts(table).get(place).getFileName().toString();
  }

  private static void damage(Path file, String how) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    switch (how) {
      case "cut" -> bytes = Arrays.copyOf(bytes, bytes.length - 9);
      case "empty" -> bytes = new byte[0];
      case "text" ->
          bytes =
              "id,x,label\n1,2,true\n".repeat(9).getBytes(java.nio.charset.StandardCharsets.UTF_8);
      case "zeroed" -> Arrays.fill(bytes, 8, bytes.length / 3, (byte) 0);
      // Inside the pages of the first column, far from header and footer.
      default -> bytes[120] ^= 4;
    }
    Files.write(file, bytes);
  }

  private static List<Path> all(Path table) throws IOException {
    try (Stream<Path> files = Files.walk(table)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static List<Integer> read(Path table, boolean skip) {
    return Failures.naming(table.toString(), "", () -> ids(open(table, skip).rows()));
  }

  private static List<Integer> ids(Dataset<Row> rows) {
    return rows.select("id", "x", "label").collectAsList().stream()
        .map(row -> row.getInt(0))
        .sorted()
        .toList();
  }

  private static LakeTable.Opened open(Path table, boolean skip) {
    TableSpec.Files files =
        new TableSpec.Files(
            List.of(table.toString()),
            Optional.empty(),
            Map.of(),
            Optional.empty(),
            skip ? TableSpec.CorruptFiles.SKIP : TableSpec.CorruptFiles.REFUSE,
            TableSpec.Malformed.REFUSE,
            Optional.empty());
    return LakeTable.opened(
        TestSpark.session(),
        new TableSpec(files, Map.of(), Optional.empty()),
        TableMeaning.UNKNOWN,
        false,
        FeatureColumns.UNKNOWN);
  }
}
