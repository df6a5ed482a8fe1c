package io.lakeprop.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.spark.TestSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where predictions go, and how they are laid out there. */
final class PredictTargetsTest {
  @TempDir private static Path folder;

  @BeforeAll
  static void model() throws IOException {
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      rows.add(
          "%d,2026-01-0%d,%s,%d".formatted(i * 7 % 23, i % 3 + 1, i % 2 == 0 ? "n" : "s", i % 2));
    }
    Csv.write(folder.resolve("t.csv"), "u,day,region,y", rows);
    Path job =
        Files.writeString(
            folder.resolve("job.yaml"),
            """
            table: %1$s/t.csv
            label: y
            output: %1$s/run
            network: {hidden: 4}
            training: {epochs: 1}
            """
                .formatted(folder));
    Ran.lakeprop("train", job.toString()).done();
  }

  private static Ran predict(String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of("predict", "--model", folder + "/run", "--table", folder + "/t.csv"));
    arguments.addAll(List.of(more));
    return Ran.on("local[2]", lake(), arguments.toArray(new String[0]));
  }

  /** A catalog of Iceberg tables, as README sets one up. */
  private static Map<String, String> lake() {
    Map<String, String> settings = new HashMap<>();
    settings.put("spark.sql.catalog.lake", "org.apache.iceberg.spark.SparkCatalog");
    settings.put("spark.sql.catalog.lake.type", "hadoop");
    settings.put("spark.sql.catalog.lake.warehouse", folder + "/lake");
    settings.put("spark.kryo.registrationRequired", "false"); // Its own classes are Iceberg's.
    return settings;
  }

  /** Rows as texts, whatever the order of rows and columns. */
  private static List<String> rows(String path, String format) {
    return TestSpark.session()
        .read()
        .option("header", true)
        .format(format)
        .load(path)
        .selectExpr(
            "concat_ws('|', u, cast(day as date), region, y, round(double(prediction), 6)) as text")
        .collectAsList()
        .stream()
        .map(row -> row.getString(0))
        .sorted()
        .toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"parquet", "orc", "csv", "json"})
  void foldersAreNamedByTheColumnsValues(String format) throws IOException {
    String plain = folder.resolve("plain-" + format).toString();
    String laid = folder.resolve("laid-" + format).toString();
    predict("--output", plain, "--output-format", format).done();
    predict("--output", laid, "--output-format", format, "--partition-by", "day,Region").done();
    try (Stream<Path> below = Files.walk(Path.of(laid), 2)) {
      List<String> names =
          below
              .map(path -> Path.of(laid).relativize(path).toString())
              .filter(name -> name.contains("/") && !name.contains("."))
              .sorted()
              .toList();
      assertEquals(6, names.size(), names::toString);
      assertTrue(names.get(0).matches("(?i)day=2026-01-01/region=n"), names::toString);
    }
    assertEquals(rows(plain, format), rows(laid, format));
    predict("--output", laid, "--output-format", format, "--partition-by", "day", "--overwrite")
        .done();
    assertEquals(rows(plain, format), rows(laid, format));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "dya | --partition-by must be a column that is written, however: dya is not among",
        "probabilities | --partition-by must be a column of texts, numbers, dates or times,",
        "u,day,region,y,prediction,probabilities | --partition-by must be a column of texts,"
      })
  void whatNamesNoFoldersIsRefused(String columns, String words) {
    Path output = folder.resolve("refused");
    Ran ran = predict("--output", output.toString(), "--partition-by", columns);
    assertEquals(2, ran.code());
    assertTrue(ran.err().startsWith("error: " + words), ran.err());
    assertFalse(Files.exists(output));
  }

  @Test
  void aColumnMustBeLeft() {
    String all = "u,day,region,y,prediction,probability_0,probability_1";
    String output = folder.resolve("none").toString();
    Ran ran = predict("--output", output, "--output-format", "csv", "--partition-by", all);
    assertEquals(2, ran.code());
    assertTrue(ran.err().contains("--partition-by must leave a column to write"), ran.err());
  }

  /** What a catalog has is read and written by its names, and is there as a whole or as it was. */
  @Test
  void aTableOfACatalogIsWrittenAndRead() throws IOException {
    String files = folder.resolve("files").toString();
    predict("--output", files).done();
    Ran ran = predict("--output-table", "lake.db.scores", "--partition-by", "day").done();
    assertTrue(ran.out().contains("300 rows"), ran.out());
    assertTrue(ran.out().contains(" in lake.db.scores ("), ran.out());
    Ran again = predict("--output-table", "lake.db.scores");
    assertEquals(2, again.code());
    assertEquals(
        "error: --output-table lake.db.scores must not exist, however: it does (--overwrite"
            + " replaces it, where its catalog can)",
        again.err().strip());
    predict("--output-table", "lake.db.scores", "--overwrite").done();
    Ran itself =
        Ran.on(
            "local[2]",
            lake(),
            ("predict --overwrite --exclude prediction --exclude probabilities --model %s/run"
                    + " --catalog-table lake.db.scores --output-table lake.db.scores")
                .formatted(folder)
                .split(" ", -1));
    assertEquals(2, itself.code(), itself.out());
    assertTrue(
        itself
            .err()
            .contains(
                "must not be a table that is read, however: one of the name db.scores is read"),
        itself.err());
    Path job =
        Files.writeString(
            folder.resolve("lake.yaml"),
            """
            table: {name: lake.db.scores}
            label: y
            output: %1$s/of-lake
            features: {include: [u, day, region]}
            network: {hidden: 4}
            training: {epochs: 1}
            """
                .formatted(folder));
    Ran.on("local[2]", lake(), "train", job.toString()).done();
    assertEquals(
        Ran.json(folder.resolve("run/report.json")).get("metrics"),
        Ran.json(folder.resolve("of-lake/report.json")).get("metrics"));
  }

  @Test
  void aTableThatNoCatalogHasIsRefused() {
    Ran ran = predict("--output-table", "nolake.db.scores");
    assertEquals(2, ran.code());
    assertTrue(
        ran.err().startsWith("error: --output-table must be a table that its catalog can write"),
        ran.err());
    Ran both = predict("--output-table", "a", "--output", "b");
    assertEquals(2, both.code());
  }
}
