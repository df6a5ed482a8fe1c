package io.lakeprop.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.data.Feature;
import io.lakeprop.model.LocalStorage;
import io.lakeprop.model.Model;
import io.lakeprop.model.ModelFiles;
import io.lakeprop.spark.TestSpark;
import io.lakeprop.spark.TestTables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** One content, many places: every way to name a table gives the same model. */
final class TableSourcesTest {
  private static final String COLUMNS = "x DOUBLE, n INT, c STRING, label STRING";

  @TempDir private static Path folder;
  private static String expected;

  @BeforeAll
  static void tables() throws IOException {
    Dataset<Row> table = table().coalesce(1);
    for (String format : List.of("parquet", "orc", "json")) {
      table.write().format(format).save(folder.resolve(format).toString());
    }
    table.where("x < 6").write().parquet(folder.resolve("low").toString());
    table.where("x >= 6").write().parquet(folder.resolve("high").toString());
    table.write().option("header", "true").csv(folder.resolve("csv").toString());
    table
        .write()
        .option("sep", "|")
        .option("nullValue", "?")
        .option("compression", "gzip")
        .csv(folder.resolve("bars").toString());
    expected = train("first", "{path: %s/parquet}".formatted(folder), false);
  }

  private static Dataset<Row> table() {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      String c = i % 23 == 0 ? null : "c" + i % 5;
      rows.add(RowFactory.create(i * 37 % 101 / 8.0, i % 13, c, i % 7 < 3 ? "a" : "b"));
    }
    return TestTables.of(rows, COLUMNS);
  }

  static Stream<Arguments> sources() {
    String schema = "schema: '" + COLUMNS + "'";
    return Stream.of(
        Arguments.of("ORC", "{path: DIR/orc}"),
        Arguments.of("JSON", "{path: DIR/json, " + schema + "}"),
        Arguments.of("CSV", "{path: DIR/csv, " + schema + "}"),
        Arguments.of("CSV, types told from it", "{path: DIR/csv}"),
        Arguments.of(
            "CSV with options",
            "{path: DIR/bars, format: csv, " + schema + ", options: {header: false, sep: '|'}}"),
        Arguments.of("files by a pattern", "{path: 'DIR/parquet/part-*.parquet'}"),
        Arguments.of("several paths", "{path: [DIR/low, DIR/high]}"),
        Arguments.of("query", "{sql: 'select * from parquet.`DIR/parquet`'}"),
        Arguments.of(
            "derive and where",
            "{path: DIR/parquet, derive: {twice: x * 2, x: twice / 2}, where: twice >= 0}"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("sources")
  void sameModel(String name, String table) throws IOException {
    String more = name.startsWith("derive") ? "twice" : null;
    String output = name.replaceAll("\\W+", "-");
    String model = train(output, table.replace("DIR", folder.toString()), false, more);
    // A model remembers the expressions of its columns, and is the same but for them.
    assertEquals(more == null ? expected : theta(expected), more == null ? model : theta(model));
  }

  @Test
  void aViewOfTheSession() throws IOException {
    table().createOrReplaceTempView("shown");
    assertEquals(expected, train("view", "{name: shown}", true));
  }

  @Test
  void aTableOfTheCatalog() throws IOException {
    TestSpark.session().sql("drop table if exists kept");
    table().write().option("path", folder.resolve("kept").toString()).saveAsTable("kept");
    assertEquals(expected, train("catalog", "{name: kept}", true));
  }

  @Test
  void whereAndDeriveChangeWhatIsTrainedOn() throws IOException {
    Path run = folder.resolve("some");
    String table = "{path: %s/parquet, derive: {y: x + n}, where: n < 6}";
    train("some", table.formatted(folder), false);
    long rows = table().where("n < 6").count();
    Model model = ModelFiles.read(new LocalStorage(), run.toString());
    assertEquals(rows, model.provenance().trainingRows());
    assertEquals(
        List.of("c", "n", "x", "y"),
        model.encoder().features().stream().map(Feature::name).toList());
  }

  @Test
  void arraysAreVectors() throws IOException {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 150; i++) {
      List<Double> pixels = List.of(i % 2 / 1.0, i % 3 / 2.0, i % 5 / 4.0, 0.0);
      rows.add(RowFactory.create(i % 40 == 7 ? null : pixels, i % 2 == 0));
    }
    Path path = folder.resolve("vectors");
    TestTables.of(rows, "pixels ARRAY<DOUBLE>, label BOOLEAN").write().parquet(path.toString());
    train("vector-run", "{path: %s}".formatted(path), false);
    Path run = folder.resolve("vector-run");
    Model model = ModelFiles.read(new LocalStorage(), run.toString());
    assertEquals(5, model.encoder().numbers(), "four elements and whether the array is missing");
    Path output = folder.resolve("vector-predictions");
    String[] predict = {
      "predict",
      "--model",
      run.toString(),
      "--table",
      path.toString(),
      "--output",
      output.toString()
    };
    Ran.lakeprop(predict).done();
    assertEquals(150, TestSpark.session().read().parquet(output.toString()).count());
    // A comma in braces is one of the pattern, and another one is not.
    predict[4] = "%s/{vectors,none},%s".formatted(folder, path);
    predict[6] = folder.resolve("twice").toString();
    Ran twice = Ran.lakeprop(predict);
    assertEquals(2, twice.code());
    assertTrue(twice.err().contains(" comes twice"), twice.err());
    predict[4] = "%s/{none,{vectors,nothing}}".formatted(folder);
    Ran.lakeprop(predict).done();
    assertEquals(150, TestSpark.session().read().parquet(predict[6]).count());
  }

  private static String theta(String sums) {
    return sums.lines()
        .filter(line -> line.endsWith("theta.safetensors"))
        .findFirst()
        .orElseThrow();
  }

  private static String train(String output, String table, boolean shared) throws IOException {
    return train(output, table, shared, null);
  }

  /** Trains and returns both files of the model as text. */
  private static String train(String output, String table, boolean shared, String exclude)
      throws IOException {
    Path job =
        Files.writeString(
            folder.resolve(output + ".yaml"),
            """
            table: %s
            label: label
            output: %s/%s
            validation: none
            test: none
            features: {exclude: [%s], categorical: {minimum_count: 1}}
            network: {hidden: [6]}
            training: {epochs: 1}
            """
                .formatted(table, folder, output, exclude == null ? "" : exclude));
    Ran ran =
        shared
            ? Ran.inSharedSession("train", job.toString())
            : Ran.lakeprop("train", job.toString());
    ran.done();
    assertTrue(ran.err().isEmpty(), ran.err());
    Path sums = folder.resolve(output).resolve("model/SHA256SUMS");
    return Files.readString(sums);
  }
}
