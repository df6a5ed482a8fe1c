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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Paths with characters that a pattern, an address or a list has. */
final class TablePathsTest {
  @TempDir private Path folder;

  private static LakeTable.Opened open(String... paths) {
    TableSpec.Files files =
        new TableSpec.Files(List.of(paths), Optional.empty(), Map.of(), Optional.empty());
    return LakeTable.opened(
        TestSpark.session(),
        new TableSpec(files, Map.of(), Optional.empty()),
        TableMeaning.UNKNOWN,
        false,
        FeatureColumns.UNKNOWN);
  }

  private static String refused(TableSpec.Files files) {
    TableSpec spec = new TableSpec(files, Map.of(), Optional.empty());
    return assertThrows(InvalidInput.class, () -> LakeTable.open(TestSpark.session(), spec))
        .getMessage();
  }

  private static List<Integer> xs(String... paths) {
    return open(paths).rows().select("x").collectAsList().stream()
        .map(row -> ((Number) row.get(0)).intValue())
        .sorted()
        .toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2024-01-01T10:00:00",
        "a,b",
        "run[1]",
        "what?",
        "a*b",
        "{a}",
        "a b",
        "50%",
        "ä",
        "a=b",
        "x#y"
      })
  void anyNameIsItself(String name) throws IOException {
    for (String format : List.of("csv", "parquet", "json")) {
      Path table = folder.resolve(format).resolve(name);
      Files.createDirectories(table.getParent());
      TestSpark.session()
          .range(3)
          .selectExpr("cast(id as int) as x", "'k' as y")
          .coalesce(1)
          .write()
          .format(format)
          .option("header", "true")
          .save(folder.resolve("w" + format).toString());
      Files.move(folder.resolve("w" + format), table);
      assertEquals(List.of(0, 1, 2), xs(table.toString()), format);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'*/t.csv', 4",
    "'a?/t.csv', 2",
    "'{a1,b1}/t.csv', 2",
    "'a[2-3]/*.csv', 1",
    "'2024*/t.csv', 1"
  })
  void patternsBesideNamesWithColons(String pattern, int files) throws IOException {
    for (String name : List.of("a1", "a2", "b1", "2024-01-01T10:00:00", "_hidden")) {
      Files.createDirectories(folder.resolve(name));
      Files.writeString(folder.resolve(name).resolve("t.csv"), "x,y\n1,2\n");
    }
    assertEquals(files, xs(folder + "/" + pattern).size());
  }

  @Test
  void aPartitionsFolderKeepsItsColumns() throws IOException {
    for (String format : List.of("parquet", "json", "csv")) {
      Path table = folder.resolve(format);
      TestSpark.session()
          .sql("select * from values (1, '007', 2023), (2, '8', 2024) as t(x, code, year)")
          .write()
          .format(format)
          .option("header", "true")
          .partitionBy("code", "year")
          .save(table.toString());
      assertEquals(List.of("[1,007,2023]", "[2,8,2024]"), rows(open(table.toString())), format);
      assertEquals(
          List.of("[1,007,2023]"), rows(open(table.resolve("code=007").toString())), format);
      assertEquals(
          List.of("[1,007,2023]", "[2,8,2024]"),
          rows(
              open(
                  table.resolve("code=007/year=2023").toString(),
                  table.resolve("code=8").toString())),
          format);
    }
  }

  private static List<String> rows(LakeTable.Opened opened) {
    return opened.rows().select("x", "code", "year").collectAsList().stream()
        .map(Row::toString)
        .sorted()
        .toList();
  }

  /** A folder of nothing that is read, whatever else lies there. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "_SUCCESS | ''",
        ".part.csv.crc | ''",
        "'' | ''",
        "2024/01/a.csv | ' but in FOLDER/2024'",
      })
  void aFolderWithoutFilesIsCalledSo(String path, String where) throws IOException {
    Path table = Files.createDirectories(folder.resolve("lake"));
    if (!path.isEmpty()) {
      Files.createDirectories(table.resolve(path).getParent());
      Files.writeString(table.resolve(path), "x,y\n1,2\n");
    }
    for (Optional<String> format : List.of(Optional.<String>empty(), Optional.of("csv"))) {
      TableSpec.Files files =
          new TableSpec.Files(List.of(table.toString()), format, Map.of(), Optional.empty());
      String refusal = refused(files);
      assertEquals(
          "table %s must have files, however: it has none%s (options: {recursiveFileLookup: true} reads folders below it, too)"
              .formatted(table, where.replace("FOLDER", "file:" + table)),
          refusal);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"parquet", "orc"})
  void aFileOfANameWithColons(String format) throws IOException {
    TestSpark.session()
        .range(3)
        .selectExpr("cast(id as int) as x", "'k' as y")
        .coalesce(1)
        .write()
        .format(format)
        .save(folder.resolve("w").toString());
    Path file = folder.resolve("2024-01-01T10:00:00." + format);
    try (Stream<Path> parts = Files.list(folder.resolve("w"))) {
      Files.move(
          parts.filter(part -> part.toString().endsWith(format)).findFirst().orElseThrow(), file);
    }
    for (Path path : List.of(file, folder)) {
      String refusal = assertThrows(InvalidInput.class, () -> xs(path.toString())).getMessage();
      assertTrue(refusal.contains("names without a colon on a local disk"), refusal);
      assertTrue(refusal.endsWith(file + " (rename it; folders may have one)"), refusal);
    }
  }

  @Test
  void aFilterThatNoFileMeetsIsNamed() throws IOException {
    Files.writeString(folder.resolve("a.csv"), "x,y\n1,2\n");
    TableSpec.Files files =
        new TableSpec.Files(
            List.of(folder.toString()),
            Optional.empty(),
            Map.of("pathGlobFilter", "*.tsv"),
            Optional.empty());
    String refusal = refused(files);
    assertTrue(refusal.contains("it has none of names like \"*.tsv\" ("), refusal);
  }

  @Test
  void strayFilesAreNamed() throws IOException {
    Files.writeString(folder.resolve("t.csv"), "x\n1\n");
    Files.writeString(folder.resolve("README.md"), "# about");
    String refusal = assertThrows(InvalidInput.class, () -> open(folder.toString())).getMessage();
    assertTrue(refusal.contains("README.md lies beside"), refusal);
    assertTrue(refusal.contains("pathGlobFilter: \"*.csv\""), refusal);
  }

  @Test
  void whatIsNotThereIsRefused() {
    for (String path : List.of("nowhere", "no:where/t.csv", "no[where", "*.nothing")) {
      String refusal =
          assertThrows(InvalidInput.class, () -> open(folder + "/" + path)).getMessage();
      assertTrue(refusal.startsWith("table " + folder), refusal);
    }
  }

  private String parquet(String name) {
    TestSpark.session()
        .range(3)
        .selectExpr("cast(id as int) as x")
        .coalesce(1)
        .write()
        .parquet(folder.resolve(name).toString());
    return folder.resolve(name).toString();
  }

  /** A file twice would have its rows count twice. */
  @Test
  void aFileThatTwoPathsNameIsRefused() throws IOException {
    String csv = Files.writeString(folder.resolve("a.csv"), "x\n1\n2\n").toString();
    String parquet = parquet("t");
    for (String[] paths :
        List.of(
            new String[] {csv, csv},
            new String[] {csv, folder + "/*.csv"},
            new String[] {parquet, parquet},
            new String[] {parquet, parquet + "/*.parquet"})) {
      String message = assertThrows(InvalidInput.class, () -> open(paths)).getMessage();
      assertTrue(message.contains("must name each file once, however: "), message);
      assertTrue(message.endsWith(" comes twice"), message);
    }
    assertEquals(List.of(1, 2), xs(folder + "/{a,?}.csv"));
  }

  /** Below a partition's folder Spark would read them, under the partition's name. */
  @Test
  void foldersInPartitionsAreNotReadEither() {
    for (String format : List.of("parquet", "orc", "json")) {
      Path table = folder.resolve("in-" + format);
      for (String below : List.of("year=2023", "year=2024", "year=2024/old")) {
        TestSpark.session()
            .range(1)
            .selectExpr("1 as x")
            .write()
            .format(format)
            .save(table.resolve(below).toString());
      }
      LakeTable.Opened opened = open(table.toString());
      assertEquals(2, opened.rows().count(), format);
      assertTrue(opened.reading().notes().get(0).startsWith("not read: folder "), format);
    }
  }

  /** Also where Spark's reader alone knows the files. */
  @Test
  void whatFoldersSayStaysATextInAnyFormat() throws IOException {
    Path table = folder.resolve("texts");
    for (String zip : List.of("01234", "99999")) {
      Path file = table.resolve("zip=" + zip + "/a.txt");
      Files.createDirectories(file.getParent());
      Files.writeString(file, "words\n");
    }
    TableSpec.Files files =
        new TableSpec.Files(
            List.of(table.toString()), Optional.of("text"), Map.of(), Optional.empty());
    Dataset<Row> rows =
        LakeTable.open(TestSpark.session(), new TableSpec(files, Map.of(), Optional.empty()));
    assertEquals(
        List.of("01234", "99999"),
        rows.orderBy("zip").collectAsList().stream().map(row -> row.<String>getAs("zip")).toList());
  }

  /** Spark reads no folder that is no partition's, and says nothing. */
  @Test
  void foldersThatAreNotReadAreNoted() throws IOException {
    for (String format : List.of("csv", "parquet")) {
      Path table = Files.createDirectories(folder.resolve(format));
      String below = "2023/old";
      if (format.equals("csv")) {
        Files.createDirectories(table.resolve(below));
        Files.writeString(table.resolve("a.csv"), "x\n1\n");
        Files.writeString(table.resolve(below).resolve("b.csv"), "x\n2\n");
      } else {
        TestSpark.session().range(1).selectExpr("1 as x").write().parquet(table + "/w");
        Files.createDirectories(table.resolve("2023"));
        Files.move(table.resolve("w"), table.resolve(below));
        TestSpark.session()
            .range(1)
            .selectExpr("1 as x")
            .write()
            .mode("append")
            .parquet(table.toString());
      }
      Files.createDirectories(table.resolve("empty"));
      Files.createDirectories(table.resolve("_hidden"));
      Files.writeString(table.resolve("_hidden/c.csv"), "x\n3\n");
      LakeTable.Opened opened = open(table.toString());
      assertEquals(1, opened.rows().count());
      assertEquals(
          List.of(
              "not read: folder file:%s/2023 below the table's (options: {recursiveFileLookup: true} reads folders of any name)"
                  .formatted(table)),
          opened.reading().notes());
      TableSpec.Files all =
          new TableSpec.Files(
              List.of(table.toString()),
              Optional.empty(),
              Map.of("recursiveFileLookup", "true"),
              Optional.empty());
      assertEquals(
          2,
          LakeTable.open(TestSpark.session(), new TableSpec(all, Map.of(), Optional.empty()))
              .count());
    }
  }

  /** A link beside a file, and a folder that is reached by another name. */
  @Test
  void aFileThatALinkLeadsToIsRefused() throws IOException {
    Path table = Files.createDirectories(folder.resolve("t"));
    Path file = Files.writeString(table.resolve("a.csv"), "x\n1\n");
    Files.createSymbolicLink(folder.resolve("other"), table);
    String[] tables = {table.toString(), folder.resolve("other").toString()};
    String message = assertThrows(InvalidInput.class, () -> open(tables)).getMessage();
    assertTrue(message.contains("is the same file as file:" + folder), message);
    Files.createSymbolicLink(table.resolve("b.csv"), file);
    message = assertThrows(InvalidInput.class, () -> open(table.toString())).getMessage();
    assertTrue(message.endsWith("b.csv is the same file as file:" + file), message);
  }

  @Test
  void filesOfSeveralEndingsAreTold() throws IOException {
    Files.writeString(folder.resolve("t.csv"), "x\n1\n");
    Files.writeString(folder.resolve("2024.01.csv"), "x\n1\n");
    assertEquals(List.of(), open(folder.toString()).reading().notes());
    Files.writeString(folder.resolve("t.csv.bak"), "x\n1\n");
    List<String> notes = open(folder.toString()).reading().notes();
    assertEquals(
        List.of(
            "files of several endings are all read as csv, rows of copies twice: file:%s/2024.01.csv, file:%s/t.csv.bak (options: {pathGlobFilter: \"*.csv\"} reads those of one ending)"
                .formatted(folder, folder)),
        notes);
    TableSpec.Files mended =
        new TableSpec.Files(
            List.of(folder.toString()),
            Optional.empty(),
            Map.of("pathGlobFilter", "*.csv"),
            Optional.empty());
    assertEquals(
        2,
        LakeTable.open(TestSpark.session(), new TableSpec(mended, Map.of(), Optional.empty()))
            .count());
  }
}
