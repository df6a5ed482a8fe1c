package io.lakeprop.job;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.data.Feature;
import io.lakeprop.data.NumberTransform;
import io.lakeprop.data.TableMeaning;
import io.lakeprop.data.TableSpec;
import io.lakeprop.model.LocalStorage;
import io.lakeprop.model.Model;
import io.lakeprop.model.ModelFiles;
import io.lakeprop.model.Predictor;
import io.lakeprop.spark.FeatureColumns;
import io.lakeprop.spark.LakeTable;
import io.lakeprop.spark.TestSpark;
import io.lakeprop.spark.TestTables;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is scored is read as the training table was, by the command and by the predictor. */
final class ReadAsInTrainingTest {
  private static final List<String> MARKS = List.of("-999", "0", "9999-12-31", "-99.9");

  private static final List<String> AT =
      List.of("31.12.9999 23:59", "31.12.9999 00:00", "01.01.2099 12:00", "", "", "");

  @TempDir private Path folder;

  private void train(String job) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("job.yaml"),
            job.formatted(folder)
                + "output: %s/run\nnetwork: {hidden: 8}\ntraining: {epochs: 4, checkpoints: none}\n"
                    .formatted(folder));
    Ran.lakeprop("train", file.toString()).done();
  }

  private Path file(String name, String... lines) throws IOException {
    return Files.writeString(folder.resolve(name), String.join("\n", lines) + "\n");
  }

  private Ran run(String command, Path table, String... more) {
    List<String> all = new ArrayList<>(List.of(command, "--model=" + folder + "/run"));
    all.add("--table=" + table);
    all.addAll(Arrays.asList(more));
    return Ran.lakeprop(all.toArray(String[]::new));
  }

  /** Probabilities of "no" and "yes", by the rows' ids. */
  private Map<Long, double[]> predicted(Path table, String... more) {
    List<String> all = new ArrayList<>(Arrays.asList(more));
    all.add("--output=" + folder + "/scored");
    all.add("--overwrite");
    run("predict", table, all.toArray(String[]::new)).done();
    Map<Long, double[]> predicted = new HashMap<>();
    for (Row row :
        TestSpark.session()
            .read()
            .parquet(folder + "/scored")
            .selectExpr("cast(id as long)", "probabilities['no']", "probabilities['yes']")
            .collectAsList()) {
      predicted.put(row.getLong(0), new double[] {row.getDouble(1), row.getDouble(2)});
    }
    return predicted;
  }

  private Predictor predictor() {
    return model().predictor();
  }

  private Model model() {
    try {
      return ModelFiles.read(new LocalStorage(), folder + "/run");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void assertSame(double[] expected, double[] p) {
    assertArrayEquals(expected, p, 1e-6);
  }

  private static Map<String, Object> row(Object... keysAndValues) {
    Map<String, Object> row = new HashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      row.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return row;
  }

  @Test
  void readersOptionsAndDerivedColumns() throws IOException {
    List<String> lines = new ArrayList<>(List.of("id,x,at,region,y"));
    for (int i = 0; i < 300; i++) {
      int x = i * 37 % 100;
      lines.add(
          "%d,%s,2024-01-%02d %02d:00:00, %s,%s"
              .formatted(
                  i,
                  i % 7 == 0 ? "-999" : x,
                  1 + i % 28,
                  i % 24,
                  i % 3 == 0 ? "north" : "south",
                  x > 50 ^ i % 3 == 0 ? "yes" : "no"));
    }
    file("t.csv", lines.toArray(String[]::new));
    String job =
        """
        table:
          path: %1$s/t.csv
          options: {nullValue: "-999", timeZone: America/New_York, ignoreLeadingWhiteSpace: true}
          derive: {x: "100 - x"}
        features: {exclude: [id]}
        label: y
        """;
    train(job);
    Path raw =
        file(
            "raw.csv",
            "id,x,at,region",
            "1,17,2024-01-05 12:00:00, north",
            "2,-999,2024-01-06 13:00:00, south");
    String all = "--derive=x=100 - x";
    for (Ran ran :
        List.of(run("predict", raw, "--output=" + folder + "/no"), run("evaluate", raw))) {
      Refusal.assertRefused(
          ran,
          List.of(
              "raw.csv must be read as in training",
              "expressions took the place of column \"x\"",
              "--derive 'x=100 - x'",
              "--derive x=x keeps them"));
    }
    double[] first =
        predictor()
            .predict(row("x", 83, "at", Instant.parse("2024-01-05T17:00:00Z"), "region", "north"));
    double[] second =
        predictor()
            .predict(
                row("x", null, "at", Instant.parse("2024-01-06T18:00:00Z"), "region", "south"));
    Map<Long, double[]> predicted = predicted(raw, all);
    assertSame(first, predicted.get(1L));
    assertSame(second, predicted.get(2L));
    Path derived = file("d.csv", "id,x,at,region", "1,83,2024-01-05 12:00:00, north");
    assertSame(first, predicted(derived, "--derive=x=x").get(1L));
    assertNotEquals(
        first[0], predicted(derived, "--derive=x=x", "--option=timeZone=UTC").get(1L)[0]);

    file("v.csv", lines.subList(0, 60).toArray(String[]::new));
    Path other =
        Files.writeString(
            folder.resolve("other.yaml"),
            job.formatted(folder)
                + "validation: %1$s/v.csv\noutput: %1$s/other\n".formatted(folder));
    Refusal.assertRefused(
        Ran.lakeprop("train", other.toString()),
        List.of("v.csv must be read as in training", "validation.derive: {x: \"100 - x\"}"));
  }

  @Test
  void marksForMissingValues() throws IOException {
    List<String> lines = new ArrayList<>(List.of("id,x,region,w,y"));
    for (int i = 0; i < 300; i++) {
      int x = i * 37 % 100;
      lines.add(
          "%d,%s,%s,%d,%s"
              .formatted(
                  i,
                  i % 7 == 0 ? "-999" : x,
                  i % 5 == 0 ? "none" : i % 3 == 0 ? "north" : "south",
                  1 + i % 2,
                  x > 50 ^ i % 7 == 0 ? "yes" : "no"));
    }
    Path table = file("t.csv", lines.toArray(String[]::new));
    train(
        """
        table: {path: %1$s/t.csv, missing: ["-999", none, "-99.9"]}
        features: {exclude: [id]}
        label: y
        weight: w
        """);
    double[] missing = predictor().predict(row("x", null, "region", null));
    assertNotEquals(missing[0], predictor().predict(row("x", -998, "region", "mars"))[0]);
    for (Object x : List.of(-999, -999.0, -999L, -99.9, -99.9f)) {
      assertSame(missing, predictor().predict(row("x", x, "region", "none")));
      assertSame(missing, predictor().predict(row("x", x, "region", " none ")));
    }
    Path csv = file("s.csv", "id,x,region", "1,-999.0,none", "2,-999,none");
    Path json =
        file(
            "s.json",
            "{\"id\": 1, \"x\": -999, \"region\": \"none\"}",
            "{\"id\": 2, \"x\": -999.0, \"region\": \" none\"}");
    Path texts = file("texts.json", "{\"id\": 1, \"x\": \"-999\", \"region\": \"none\"}");
    Path parquet = folder.resolve("pq");
    TestSpark.session()
        .sql("SELECT * FROM VALUES (1, -999D, 'none '), (2, -999D, 'none') AS t(id, x, region)")
        .write()
        .parquet(parquet.toString());
    Path single = folder.resolve("single");
    TestSpark.session()
        .sql(
            "SELECT * FROM VALUES (1, float(-999), 'none'), (2, float(-99.9), 'none') AS t(id, x,"
                + " region)")
        .write()
        .parquet(single.toString());
    for (Path scored : List.of(csv, json, texts, parquet, single)) {
      predicted(scored).forEach((id, p) -> assertSame(missing, p));
    }
    Ran judged = run("evaluate", table).done();
    assertTrue(
        judged.out().contains("training weighed them by column w (--weight w does so)"),
        judged.out());
    assertTrue(!run("evaluate", table, "--weight=w").done().out().contains("count alike"));
  }

  /** A mark is one in files, in a query and in formats that Spark alone reads. */
  @Test
  void marksInEveryKindOfTable() throws IOException {
    Dataset<Row> table =
        TestSpark.session()
            .range(300)
            .selectExpr(
                "id",
                "if(id % 10 = 0, -999D, id % 3 + 0.5D) x",
                "if(id % 10 = 1, -999D, id % 7 + 0.5D) y")
            .coalesce(1);
    table.write().parquet(folder + "/t.parquet");
    table.write().format("xml").option("rowTag", "row").save(folder + "/t.xml");
    train(
        """
        table: {path: %1$s/t.parquet, missing: ["-999"]}
        features: {exclude: [id]}
        label: {column: y, missing: skip}
        """);
    List<String> metrics = new ArrayList<>();
    for (List<String> source :
        List.of(
            List.of("--table=" + folder + "/t.parquet"),
            List.of("--sql=select * from parquet.`%s/t.parquet`".formatted(folder)),
            List.of("--table=" + folder + "/t.xml", "--format=xml", "--option=rowTag=row"))) {
      List<String> all = new ArrayList<>(List.of("evaluate", "--model=" + folder + "/run"));
      all.addAll(source);
      String out = Ran.lakeprop(all.toArray(String[]::new)).done().out();
      assertTrue(out.contains("rows 270\n"), source + out);
      metrics.add(out.substring(out.indexOf("rows 270")));
    }
    assertEquals(Collections.nCopies(3, metrics.get(0)), metrics);
  }

  /** Marks spoil no statistics, whatever the width and the form of their numbers. */
  @Test
  void marksInEveryWidthAndForm() throws IOException {
    String struct = "struct<type:tinyint,size:int,indices:array<int>,values:array<double>>";
    TestSpark.session()
        .range(300)
        .selectExpr("id", "id % 5 = 0 gone", "1 + id % 2 * 2 n", "if(id % 2 = 0, 'yes', 'no') y")
        .selectExpr(
            "id",
            "y",
            "if(gone, float(-99.9), float(n)) x",
            "array(if(gone, float(-99.9), float(n)), float(n)) v",
            "array(if(gone, -99.9D, double(n)), double(n)) w",
            "if(gone, ' -99.90 ', string(n)) t",
            """
            if(gone,
              cast(named_struct('a', 1, 'b', null, 'c', null, 'd', array(-99.9D, 0D)) as %1$s),
              cast(named_struct('a', 0, 'b', 2, 'c', array(0), 'd', array(double(n))) as %1$s)) ml
            """
                .formatted(struct))
        .coalesce(1)
        .write()
        .parquet(folder + "/t.parquet");
    train(
        """
        table: {path: %1$s/t.parquet, missing: ["-99.9"]}
        label: y
        features:
          exclude: [id]
          numeric: {scaling: standard}
          columns: {t: {kind: numeric}}
        validation: none
        test: none
        """);
    List<NumberTransform> transforms = new ArrayList<>();
    for (Feature feature : model().encoder().features()) {
      transforms.add(
          feature instanceof Feature.Vector vector
              ? vector.transforms().get(0)
              : ((Feature.Numeric) feature).transform());
    }
    assertEquals(5, transforms.size());
    for (NumberTransform transform : transforms) {
      // 120 rows of 1 and of 3.
      NumberTransform.SmoothClip clip = (NumberTransform.SmoothClip) transform;
      assertEquals(2, clip.center(), 1e-6);
      assertEquals(1, clip.scale(), 0.01);
    }
    TestSpark.session()
        .read()
        .parquet(folder + "/t.parquet")
        .selectExpr(
            "id",
            "double(string(x)) x",
            "transform(v, e -> double(string(e))) v",
            "transform(w, e -> float(e)) w",
            "double(t) t",
            "ml")
        .write()
        .parquet(folder + "/otherwise");
    List<Double> none = Arrays.asList(null, 1.0);
    Map<String, Object> row =
        row("x", null, "v", none, "w", none, "t", null, "ml", Arrays.asList(null, 0.0));
    double[] missing = predictor().predict(row);
    assertSame(missing, predicted(folder.resolve("t.parquet")).get(0L));
    assertSame(missing, predicted(folder.resolve("otherwise")).get(0L));
    Map<String, List<Object>> marks =
        Map.of(
            "x", List.of(-99.9, -99.9f, new BigDecimal("-99.90")),
            "t", List.of(-99.9, -99.9f),
            "v", List.of(new double[] {-99.9, 1}, new float[] {-99.9f, 1}, List.of(-99.9, 1)),
            "w", List.of(new double[] {-99.9, 1}, new float[] {-99.9f, 1}, List.of(-99.9f, 1f)),
            "ml", List.of(new double[] {-99.9, 0}));
    marks.forEach(
        (column, values) -> {
          for (Object value : values) {
            Map<String, Object> own = new HashMap<>(row);
            own.put(column, value);
            assertSame(missing, predictor().predict(own));
          }
          Map<String, Object> other = new HashMap<>(row);
          Object near =
              column.length() == 1 && "xt".contains(column) ? -99.8 : new double[] {-99.8, 1};
          other.put(column, near);
          assertNotEquals(missing[0], predictor().predict(other)[0], 1e-6, column);
        });
  }

  /** The usual marks stand for missing values in a table that comes with types, too. */
  @Test
  void usualMarksOfATableOfTexts() throws IOException {
    List<String> lines = new ArrayList<>(List.of("id,x,region,y"));
    for (int i = 0; i < 300; i++) {
      String region = List.of("", "NA", "north", "south", "\"\"").get(i % 5);
      lines.add("%d,%d,%s,%s".formatted(i, i % 10, region, i % 5 < 2 ? "yes" : "no"));
    }
    file("t.csv", lines.toArray(String[]::new));
    train("table: %1$s/t.csv\nfeatures: {exclude: [id]}\nlabel: y\n");
    double[] missing = predictor().predict(row("x", 3, "region", null));
    assertNotEquals(missing[0], predictor().predict(row("x", 3, "region", "mars"))[0]);
    for (String mark : List.of("", "NA", "n/a", " ")) {
      assertSame(missing, predictor().predict(row("x", 3, "region", mark)));
    }
    Path parquet = folder.resolve("pq");
    TestSpark.session()
        .sql("SELECT * FROM VALUES (1, 3, ''), (2, 3, 'NA') AS t(id, x, region)")
        .write()
        .parquet(parquet.toString());
    Map<Long, double[]> predicted = predicted(parquet);
    assertSame(missing, predicted.get(1L));
    assertSame(missing, predicted.get(2L));
    assertEquals(
        List.of("", "NA"),
        TestSpark.session()
            .read()
            .parquet(folder + "/scored")
            .orderBy("id")
            .select("region")
            .collectAsList()
            .stream()
            .map(own -> own.getString(0))
            .toList(),
        "the table's own columns go out as they came");
  }

  /** The bits of a row's prediction are its own. */
  @Test
  void whereARowStandsSaysNothing() throws IOException {
    List<String> lines = new ArrayList<>(List.of("id,x,y"));
    for (int i = 0; i < 301; i++) {
      lines.add("%d,%s,%s".formatted(i, i * 0.37 % 10, i % 10 < 5 ? "yes" : "no"));
    }
    Path table = file("t.csv", lines.toArray(String[]::new));
    train("table: %1$s/t.csv\nfeatures: {exclude: [id]}\nlabel: y\n");
    Map<Long, double[]> first = predicted(table);
    List<String> turned = new ArrayList<>(lines.subList(90, 302));
    Collections.reverse(turned);
    turned.add(0, lines.get(0));
    Map<Long, double[]> other = predicted(file("o.csv", turned.toArray(String[]::new)));
    assertEquals(212, other.size());
    other.forEach((id, p) -> assertArrayEquals(first.get(id), p, "row " + id));
  }

  @Test
  void timestampsInTheZoneOfTraining() throws IOException {
    TestSpark.session()
        .sql(
            """
            SELECT id, cast(timestamp_seconds(1704067200 + id * 3600) AS timestamp_ntz) AS noted,
              timestamp_seconds(1704067200 + id % 6 * 3600) AS slot,
              if(id % 24 < 12, 'yes', 'no') AS y
            FROM range(300)
            """)
        .write()
        .parquet(folder + "/t");
    train(
        """
        table: %1$s/t
        time_zone: America/New_York
        features: {exclude: [id], columns: {slot: {kind: categorical}}}
        label: y
        """);
    Map<Long, double[]> predicted = predicted(folder.resolve("t"));
    for (long id : List.of(0L, 5L, 100L, 299L)) {
      LocalDateTime noted =
          TestSpark.session()
              .read()
              .parquet(folder + "/t")
              .where("id = " + id)
              .selectExpr("noted")
              .head()
              .getAs(0);
      Instant slot = Instant.ofEpochSecond(1704067200 + id % 6 * 3600);
      assertSame(predicted.get(id), predictor().predict(row("noted", noted, "slot", slot)));
    }
  }

  /** To a table of countries NA is Namibia, where the training table has types. */
  @Test
  void aMarkThatTrainingMetAsAValueIsOne() throws IOException {
    TestSpark.session()
        .range(300)
        .selectExpr(
            "id",
            "array('NA', '', 'DE', 'FR')[id % 4] k",
            "if(id % 4 < 2, if(id % 4 = 0, 'yes', 'no'), if(id % 4 = 2, 'no', 'yes')) y")
        .coalesce(1)
        .write()
        .parquet(folder + "/t.parquet");
    train(
        """
        table: %1$s/t.parquet
        label: y
        features: {exclude: [id]}
        validation: none
        test: none
        """);
    Map<Long, double[]> expected = predicted(folder.resolve("t.parquet"));
    Path csv = file("s.csv", "id,k", "0,NA", "1,", "2,DE", "3,FR");
    Path json =
        file(
            "s.json",
            "{\"id\":0,\"k\":\"NA\"}",
            "{\"id\":1,\"k\":\"\"}",
            "{\"id\":2,\"k\":\"DE\"}",
            "{\"id\":3,\"k\":\"FR\"}");
    for (Path table : List.of(csv, json)) {
      Map<Long, double[]> predicted = predicted(table);
      for (long id = 0; id < 4; id++) {
        assertArrayEquals(expected.get(id), predicted.get(id), 0, table + " " + id);
      }
    }
    assertNotEquals(expected.get(0L)[0], expected.get(1L)[0], 1e-3);
    assertSame(expected.get(0L), predictor().predict(row("k", "NA")));
    assertSame(expected.get(1L), predictor().predict(row("k", "")));
  }

  @Test
  void aMarkThatTrainingMetAsAClassIsOne() throws IOException {
    Dataset<Row> countries =
        TestSpark.session()
            .range(300)
            .selectExpr("id", "id % 3 x", "array('NA', 'DE', 'FR')[id % 3] country");
    countries.coalesce(1).write().parquet(folder + "/t.parquet");
    Path json = folder.resolve("s.json");
    countries.where("id < 30").coalesce(1).write().json(json.toString());
    List<String> lines = new ArrayList<>(List.of("id,x,country"));
    for (int i = 0; i < 33; i++) {
      String country = i < 3 ? "" : List.of("NA", "DE", "FR").get(i % 3);
      lines.add("%d,%d,%s".formatted(i, i % 3, country));
    }
    Path csv = file("v.csv", lines.toArray(String[]::new));
    train(
        """
        table: %1$s/t.parquet
        label: {column: country, missing: skip}
        features: {exclude: [id]}
        validation: %1$s/v.csv
        test: none
        """);
    for (Path table : List.of(csv, json)) {
      String out = run("evaluate", table).done().out();
      assertTrue(out.contains("rows 30\n"), out);
    }
    assertEquals(
        3,
        Ran.json(folder.resolve("run/report.json"))
            .at("/data/rows_without_label/validation")
            .intValue());
  }

  /** A mark in a label of a table with types is no rare class, of whatever type training's was. */
  @ParameterizedTest(name = "numbers {0}")
  @ValueSource(booleans = {false, true})
  void aUsualMarkInALabelOfATypedTableIsMissing(boolean numbers) throws IOException {
    List<String> classes = numbers ? List.of("0", "1", "7") : List.of("a", "b", "c");
    List<String> marks = numbers ? List.of("NA", "", " n/a", "None") : List.of("NA", "", " n/a");
    List<String> lines = new ArrayList<>(List.of("x,y"));
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 120; i++) {
      String value = i % 40 == 7 ? classes.get(2) : classes.get(i % 2);
      String y = i % 10 == 9 ? marks.get(i / 10 % marks.size()) : value;
      lines.add(i + "," + y);
      rows.add(RowFactory.create(i, y));
    }
    Path csv = file("t.csv", lines.toArray(String[]::new));
    Path parquet = folder.resolve("t.parquet");
    TestTables.of(rows, "x INT, y STRING").coalesce(1).write().parquet(parquet.toString());
    train(
        """
        table: %1$s/t.csv
        label: {column: y, rare: other, missing: skip}
        validation: none
        test: %1$s/t.parquet
        """);
    String expected = run("evaluate", csv).done().out();
    assertTrue(expected.contains("12 rows without a label"), expected);
    assertEquals(judged(expected), judged(run("evaluate", parquet).done().out()));
    assertEquals(
        12,
        Ran.json(folder.resolve("run/report.json")).at("/data/rows_without_label/test").intValue());
  }

  /** Rows and metrics, without what the table's reading was like. */
  private static String judged(String out) {
    Matcher rows = Pattern.compile("rows \\d+\n").matcher(out);
    assertTrue(rows.find(), out);
    return out.substring(rows.start());
  }

  /** An expression may read the columns that those before it made. */
  @Test
  void theMendDerivesInTheOrderOfTraining() throws IOException {
    List<String> lines = new ArrayList<>(List.of("id,z,y"));
    for (int i = 0; i < 200; i++) {
      lines.add("%d,%d,%s".formatted(i, i % 10, i % 10 > 4 ? "yes" : "no"));
    }
    Path table = file("t.csv", lines.toArray(String[]::new));
    train(
        """
        table: {path: %1$s/t.csv, derive: {z: "z * 100", b: "z + 1", a: "b * 2"}}
        features: {exclude: [id]}
        label: y
        """);
    Ran refused = run("predict", table, "--output=" + folder + "/no");
    assertEquals(2, refused.code());
    int z = refused.err().indexOf("z=z * 100");
    int b = refused.err().indexOf("b=z + 1");
    int a = refused.err().indexOf("a=b * 2");
    assertTrue(0 < z && z < b && b < a, refused.err());
  }

  /** Marks that a job lists are found in every type of value. */
  @Test
  void marksOfEveryType() throws IOException {
    TestSpark.session()
        .range(4)
        .selectExpr(
            "id",
            "if(id = 1, date'9999-12-31', date'2024-01-05') day",
            "if(id = 1, timestamp'9999-12-31 00:00:00', timestamp'2024-01-05 10:00:00') at",
            "array(1.5D, if(id = 1, -999D, 2D)) v",
            "if(id = 1, -999, 0) n",
            "if(id = 1, float(-99.9), 2f) f",
            "if(id = 1, '-999', 'x') k",
            "date'1967-04-08' other", // Day -999.
            "id = 1 flag")
        .write()
        .parquet(folder + "/marks");
    TableSpec.Files files =
        new TableSpec.Files(
            List.of(folder + "/marks"),
            Optional.empty(),
            Map.of(),
            Optional.empty(),
            TableSpec.CorruptFiles.REFUSE,
            TableSpec.Malformed.REFUSE,
            Optional.of(MARKS));
    assertMarked("null", LakeTable.open(TestSpark.session(), spec(files)));

    TestSpark.session().read().parquet(folder + "/marks").createOrReplaceTempView("marks");
    Map<String, Set<String>> values = Map.of("k", Set.of("-999"));
    TableMeaning meaning =
        new TableMeaning(
            Map.of(),
            Optional.of(MARKS),
            Map.of(),
            TableMeaning.UTC,
            Map.of(),
            Optional.empty(),
            Optional.empty(),
            values,
            Map.of());
    TableSpec.Files told =
        new TableSpec.Files(files.paths(), Optional.of("parquet"), Map.of(), Optional.empty());
    for (TableSpec.Source source :
        List.of(new TableSpec.Named("marks"), new TableSpec.Query("select * from marks"), told)) {
      assertMarked(
          "-999",
          LakeTable.opened(
                  TestSpark.session(), spec(source), meaning, false, FeatureColumns.UNKNOWN)
              .rows());
    }
  }

  /** However a day or moment is written, and whatever it is stored in, it is one mark. */
  @Test
  void timesThatAreMarks() throws IOException {
    Csv.write(
        folder.resolve("t.csv"),
        "id,day,at,shift,x,y",
        Csv.rows(
            0,
            300,
            i ->
                "%d,%s,%s,%s,%d,%s"
                    .formatted(
                        i,
                        i % 5 == 0 ? "31.12.9999" : "0%d.03.2024".formatted(1 + i % 7),
                        AT.get(i % 6).isEmpty()
                            ? "05.03.2024 1%d:00".formatted(i % 9)
                            : AT.get(i % 6),
                        i % 4 == 0 ? "31.12.9999 23:59" : "06.03.2024 1%d:00".formatted(i % 3),
                        i % 10,
                        i % 10 > 4 ? "yes" : "no")));
    TestSpark.session()
        .read()
        .option("header", true)
        .option("inferSchema", true)
        .csv(folder + "/t.csv")
        .selectExpr(
            "id",
            "to_date(day, 'dd.MM.yyyy') day",
            "to_timestamp(at, 'dd.MM.yyyy HH:mm') at",
            "to_timestamp(shift, 'dd.MM.yyyy HH:mm') shift",
            "x",
            "y")
        .write()
        .parquet(folder + "/marked");
    Dataset<Row> marked = TestSpark.session().read().parquet(folder + "/marked");
    marked
        .selectExpr(
            "id",
            "if(year(day) = 9999, null, day) day",
            "if(year(at) > 2050, null, at) at",
            "if(year(shift) = 9999, null, shift) shift",
            "x",
            "y")
        .write()
        .parquet(folder + "/holes");
    List<Row> rows = marked.collectAsList();
    String iso = "'9999-12-31', '2099-01-01 12:00:00'";
    String options = ", options: {dateFormat: dd.MM.yyyy, timestampFormat: 'dd.MM.yyyy HH:mm'}";
    List<Object> features = new ArrayList<>();
    for (String table :
        List.of(
            "{path: %s/holes, missing: [" + iso + "]}",
            "{path: %s/marked, missing: [" + iso + "]}",
            "{path: %s/marked, missing: ['31.12.9999', '01.01.2099 12:00']" + options + "}",
            "{path: %s/t.csv, missing: [" + iso + "]" + options + "}",
            "{path: %s/t.csv, missing: ['31.12.9999', '01.01.2099 12:00']" + options + "}")) {
      Path job =
          Files.writeString(
              folder.resolve("job.yaml"),
              """
              table: %2$s
              label: y
              features: {exclude: [id], columns: {shift: {kind: categorical}}}
              output: %1$s/run
              network: {hidden: 8}
              training: {epochs: 4, checkpoints: none}
              """
                  .formatted(folder, table.formatted(folder)));
      Ran.lakeprop("train", job.toString(), "--overwrite").done();
      features.add(model().encoder().features());
      Map<Long, double[]> scored = predicted(folder.resolve("holes"));
      List<Map<Long, double[]>> others = new ArrayList<>();
      others.add(predicted(folder.resolve("marked")));
      if (table.contains("t.csv")) {
        others.add(predicted(folder.resolve("t.csv")));
      }
      for (Row row : rows) {
        long id = row.getInt(0);
        others.forEach(other -> assertArrayEquals(scored.get(id), other.get(id), table + row));
        Map<String, Object> own = row("day", row.getDate(1).toLocalDate(), "x", row.getInt(4));
        own.put("at", row.getTimestamp(2).toInstant());
        own.put("shift", row.getTimestamp(3).toLocalDateTime());
        assertArrayEquals(scored.get(id), predictor().predict(own), 1e-6, table + row);
      }
    }
    assertEquals(1, Set.copyOf(features).size(), features.toString());
  }

  /** A category's text that is none of the type of training passes for no unseen value. */
  @Test
  void aTextThatIsNoValueOfTrainingsType() throws IOException {
    TestSpark.session()
        .range(200)
        .selectExpr(
            "id",
            "date_add(date'2024-01-01', cast(id % 4 as int)) day",
            "if(id % 4 < 2, 'yes', 'no') y")
        .write()
        .parquet(folder + "/t");
    train(
        """
        table: %1$s/t
        validation: none
        test: none
        label: y
        features: {exclude: [id], columns: {day: {kind: categorical}}}
        """);
    for (String text : List.of("01.01.2024", "2024-01-01")) {
      TestSpark.session()
          .range(3)
          .selectExpr("id", "if(id = 1, '%s', '2024-01-02') day".formatted(text), "'yes' y")
          .write()
          .mode("overwrite")
          .parquet(folder + "/texts");
      String refusal = "column \"day\" must be DATE, as in training, however: \"01.01.2024\"";
      if (text.startsWith("01")) {
        for (Ran ran :
            List.of(
                run("predict", folder.resolve("texts"), "--output=" + folder + "/scored"),
                run("evaluate", folder.resolve("texts")))) {
          assertEquals(2, ran.code(), ran.err());
          assertTrue(ran.err().contains(refusal), ran.err());
        }
        InvalidInput e =
            assertThrows(InvalidInput.class, () -> predictor().predict(row("day", text)));
        assertTrue(e.getMessage().contains(refusal), e.getMessage());
      } else {
        assertSame(
            predicted(folder.resolve("texts")).get(1L), predictor().predict(row("day", text)));
        run("evaluate", folder.resolve("texts")).done();
      }
    }
  }

  /** A column that an expression takes the place of is read as training read it. */
  @Test
  void aMarkThatAnExpressionIsGivenIsOne() throws IOException {
    Csv.write(
        folder.resolve("t.csv"),
        "id,grade,region,y",
        Csv.rows(
            0,
            300,
            i ->
                "%d,%s,%s,%s"
                    .formatted(
                        i,
                        i % 4 == 0 ? "NA" : i % 4,
                        i % 3 == 0 ? "NA" : "De",
                        i % 4 > 1 ? "yes" : "no")));
    String grade = "coalesce(cast(grade as string), 'NA')";
    String region = "if(region is null, 'NA', lower(region))";
    train(
        """
        table: {path: %%1$s/t.csv, derive: {grade: "%s", region: "%s"}}
        label: y
        features: {exclude: [id]}
        """
            .formatted(grade, region));
    Map<Long, double[]> predicted =
        predicted(folder.resolve("t.csv"), "--derive=grade=" + grade, "--derive=region=" + region);
    for (long id = 0; id < 12; id++) {
      assertSame(
          predictor()
              .predict(
                  row(
                      "grade", id % 4 == 0 ? "NA" : Long.toString(id % 4),
                      "region", id % 3 == 0 ? "NA" : "de")),
          predicted.get(id));
    }
  }

  /** What an expression of training made has no marks, also where a table has it already. */
  @Test
  void aMarkThatAnExpressionMadeIsAValue() throws IOException {
    Csv.write(
        folder.resolve("t.csv"),
        "id,a,b,y",
        Csv.rows(
            0, 200, i -> "%d,%d,%d,%s".formatted(i, i % 5, i % 3, i % 5 > i % 3 ? "yes" : "no")));
    train(
        """
        table:
          path: %1$s/t.csv
          missing: ["-1"]
          derive: {delta: a - b, region: "if(b = 0, 'NA', 'DE')"}
        label: y
        features: {include: [delta, region]}
        """);
    double[] expected = predictor().predict(row("delta", -1, "region", "NA"));
    file("derived.csv", "id,delta,region", "1,-1,NA", "2,2,DE");
    TestSpark.session()
        .sql("select 1 id, -1 delta, 'NA' region union all select 2 id, 2 delta, 'DE' region")
        .write()
        .parquet(folder + "/derived");
    for (String table : List.of("derived.csv", "derived")) {
      Map<Long, double[]> predicted = predicted(folder.resolve(table));
      assertSame(expected, predicted.get(1L));
      assertTrue(Math.abs(predicted.get(1L)[0] - predicted.get(2L)[0]) > 1e-3, table);
    }
  }

  /**
   * The same of marks that count among numbers alone, of results that are of another type than the
   * column whose place they took, and of a truth value's.
   */
  @Test
  void resultsOfExpressionsAreReadAsTheyAre() throws IOException {
    Csv.write(
        folder.resolve("t.csv"),
        "id,n,b,ver,y",
        Csv.rows(
            0,
            240,
            i ->
                "%d,%s,%s,v1.%s,%s"
                    .formatted(
                        i,
                        i % 4 == 0 ? "" : i % 4,
                        i % 3 == 0 ? "" : i % 3 == 1,
                        i % 2 == 0 ? "1" : "10",
                        i % 4 > 1 == (i % 3 == 1) ? "yes" : "no")));
    String kids = "coalesce(cast(n as string), 'none')";
    String n = "coalesce(cast(n as string), '-')";
    String flag = "coalesce(cast(b as string), 'unknown')";
    train(
        """
        table:
          path: %%1$s/t.csv
          derive:
            kids: "%s"
            n: "%s"
            flag: "%s"
            ver: "substr(ver, 2)"
            big: id %%%% 4 > 1
            day: "if(id < 100, null, date_add(date'2024-01-01', id))"
        label: y
        features: {include: [kids, n, flag, ver, big, day]}
        """
            .formatted(kids, n, flag));
    List<String> lines = new ArrayList<>(List.of("id,kids,n,flag,ver,big,day"));
    List<String> objects = new ArrayList<>();
    Map<Long, double[]> expected = new HashMap<>();
    for (int i = 0; i < 12; i++) {
      String kid = i % 4 == 0 ? "none" : Integer.toString(i % 4);
      String own = i % 4 == 0 ? "-" : Integer.toString(i % 4);
      String truth = i % 3 == 0 ? "unknown" : Boolean.toString(i % 3 == 1);
      String version = i % 2 == 0 ? "1.1" : "1.10";
      lines.add("%d,%s,%s,%s,%s,%s,".formatted(i, kid, own, truth, version, i % 4 > 1));
      objects.add(
          "{\"id\": %d, \"kids\": \"%s\", \"n\": \"%s\", \"flag\": \"%s\", \"ver\": \"%s\", \"big\": %s, \"day\": null}"
              .formatted(i, kid, own, truth, version, i % 4 > 1));
      expected.put(
          (long) i,
          predictor()
              .predict(
                  row("kids", kid, "n", own, "flag", truth, "ver", version, "big", i % 4 > 1)));
    }
    file("made.csv", lines.toArray(String[]::new));
    file("made.json", objects.toArray(String[]::new));
    lines.replaceAll(
        line -> line.replaceFirst(",true,$", ",True,").replaceFirst(",false,$", ",False,"));
    file("capitals.csv", lines.toArray(String[]::new));
    TestSpark.session()
        .read()
        .option("header", "true")
        .csv(folder + "/made.csv")
        .withColumn("day", functions.lit(null).cast("date"))
        .write()
        .parquet(folder + "/made");
    for (String table : List.of("made.csv", "capitals.csv", "made.json", "made")) {
      Map<Long, double[]> predicted = // As the refusal without it says.
          predicted(folder.resolve(table), "--derive=n=n", "--derive=ver=ver");
      assertEquals(12, predicted.size());
      predicted.forEach((id, p) -> assertSame(expected.get(id), p));
    }
    assertTrue(Math.abs(expected.get(0L)[0] - expected.get(1L)[0]) > 1e-3);
  }

  /** Among values with types, a usual mark is one only where the job names it. */
  @Test
  void aUsualMarkThatAJobNames() {
    TableMeaning named =
        new TableMeaning(
            Map.of(),
            Optional.empty(),
            Map.of(),
            TableMeaning.UTC,
            Map.of("nullValue", "NA"),
            Optional.empty(),
            Optional.empty(),
            Map.of(),
            Map.of());
    List<String> found = new ArrayList<>();
    for (TableMeaning meaning : List.of(TableMeaning.UNKNOWN, named)) {
      found.add(
          LakeTable.opened(
                  TestSpark.session(),
                  spec(new TableSpec.Query("select 'NA' k")),
                  meaning,
                  false,
                  FeatureColumns.UNKNOWN)
              .rows()
              .head()
              .getString(0));
    }
    assertEquals(Arrays.asList("NA", null), found);
  }

  private static TableSpec spec(TableSpec.Source source) {
    return new TableSpec(source, Map.of(), Optional.empty());
  }

  private static void assertMarked(String k, Dataset<Row> table) {
    List<Row> rows = table.orderBy("id").collectAsList();
    assertEquals(
        "[1,null,null,ArraySeq(1.5, null),null,null,%s,1967-04-08,true]".formatted(k),
        rows.get(1).toString());
    assertEquals(
        "[2,2024-01-05,2024-01-05 10:00:00.0,ArraySeq(1.5, 2.0),null,2.0,x,1967-04-08,false]",
        rows.get(2).toString());
  }

  /**
   * Results of expressions as other programs write them, through each door: what the expression
   * gave decides, and a text result is only what it says letter by letter.
   */
  @Test
  void resultsWrittenOtherwiseAreThoseOfTraining() throws IOException {
    Csv.write(
        folder.resolve("t.csv"),
        "id,at,code,y",
        Csv.rows(
            0,
            240,
            i ->
                "%d,2024-01-0%d %02d:00:00,v1.%d,%s"
                    .formatted(
                        i, 1 + i % 7, i % 4, 1 + i % 3, i % 4 > 1 == i % 7 < 5 ? "yes" : "no")));
    train(
        """
        table:
          path: %1$s/t.csv
          options: {timeZone: America/New_York}
          derive:
            hour: "hour(at) %% 4"
            half: "(hour(at) %% 4) / 2"
            weekend: "dayofweek(at) in (1, 7)"
            ver: "substr(code, 2)"
            slot: "date_format(at, 'yyyy-MM-dd HH:mm:ss')"
            day: "date_trunc('DAY', at)"
        label: y
        features:
          include: [hour, half, weekend, ver, slot, day]
          columns:
            hour: {kind: categorical}
            half: {kind: categorical}
            day: {kind: categorical}
        """);
    String[] names = {"hour", "half", "weekend", "ver", "slot", "day"};
    String[][] spelt = {
      {"1", "0.5", "true", "1.1", "2024-01-06 06:00:00", "2024-01-06 00:00:00"},
      {"1.0", "0.50", "True", "1.1", "2024-01-06 06:00:00", "2024-01-06"},
      {"01", "5e-1", "TRUE", "1.1", "2024-01-06 06:00:00", "2024-01-06T00:00:00Z"},
      {"1", "0.5", "true", "1.10", "2024-01-06 06:00:00", "2024-01-06 00:00:00"},
      {"1", "0.5", "true", "1.1", "2024-01-06", "2024-01-06 00:00:00"}
    };
    List<double[]> expected = new ArrayList<>();
    for (String[] values : spelt) {
      expected.add(predictor().predict(row(pairs(names, values))));
    }
    assertSame(expected.get(0), expected.get(1));
    assertSame(expected.get(0), expected.get(2));
    assertTrue(Math.abs(expected.get(0)[0] - expected.get(3)[0]) > 1e-6, "1.10 is no 1.1");
    assertTrue(Math.abs(expected.get(0)[0] - expected.get(4)[0]) > 1e-6, "another slot");
    assertSame(
        expected.get(0),
        predictor()
            .predict(
                row(
                    "hour",
                    1.0,
                    "half",
                    new java.math.BigDecimal("0.50"),
                    "weekend",
                    true,
                    "ver",
                    "1.1",
                    "slot",
                    "2024-01-06 06:00:00",
                    "day",
                    java.time.Instant.parse("2024-01-06T00:00:00Z"))));
    // A file a row, too: what a column's other cells look like must not decide.
    for (int i = 0; i < spelt.length; i++) {
      String csv = "id," + String.join(",", names) + "\n" + i + "," + String.join(",", spelt[i]);
      file("one" + i + ".csv", csv.split("\n"));
      StringBuilder json = new StringBuilder("{\"id\": " + i);
      for (int k = 0; k < names.length; k++) {
        json.append(", \"%s\": \"%s\"".formatted(names[k], spelt[i][k]));
      }
      file("one" + i + ".json", json + "}");
      TestSpark.session()
          .read()
          .option("header", "true")
          .csv(folder + "/one" + i + ".csv")
          .write()
          .parquet(folder + "/one" + i);
      for (String table : List.of("one%d.csv", "one%d.json", "one%d")) {
        Map<Long, double[]> predicted = predicted(folder.resolve(table.formatted(i)));
        assertSame(expected.get(i), predicted.values().iterator().next());
      }
    }
    // To SQL they are of these types, too: as texts 9 is not below 10, and true is no condition.
    file("many.csv", "id,hour,half,weekend,ver,slot,day", "1,9,10,true,1.1,a,2024-01-06");
    for (String condition : List.of("hour <= half", "weekend")) {
      assertEquals(
          1, predicted(folder.resolve("many.csv"), "--where=" + condition).size(), condition);
    }
    TestSpark.session()
        .sql(
            "select 1 id, 1.0D hour, cast(0.5 as decimal(9,2)) half, true weekend, '1.1' ver,"
                + " '2024-01-06 06:00:00' slot, date'2024-01-06' day")
        .write()
        .parquet(folder + "/typed");
    assertSame(expected.get(0), predicted(folder.resolve("typed")).values().iterator().next());
  }

  private static Object[] pairs(String[] names, String[] values) {
    Object[] pairs = new Object[2 * names.length];
    for (int i = 0; i < names.length; i++) {
      pairs[2 * i] = names[i];
      pairs[2 * i + 1] = values[i];
    }
    return pairs;
  }

  /** A text result that training never had, and that usually means a missing one, is missing. */
  @Test
  void aUsualMarkInThePlaceOfATextResultIsMissing() throws IOException {
    Csv.write(
        folder.resolve("t.csv"),
        "id,d",
        Csv.rows(0, 300, i -> i + "," + List.of("east", "west", "none of ours").get(i % 3)));
    train(
        """
        table:
          path: %1$s/t.csv
          derive:
            dept: "nullif(d, 'none of ours')"
            y: "if(id %% 3 = 2 or id %% 10 = 0, 'yes', 'no')"
        label: {column: y, missing: skip}
        features: {include: [dept]}
        validation: none
        test: none
        """);
    double[] missing = predictor().predict(row("dept", null));
    double[] unseen = predictor().predict(row("dept", "mars"));
    assertTrue(Math.abs(missing[0] - unseen[0]) > 1e-3, "missing is a value of its own");
    List<String> marks = List.of("NA", "", "n/a", "null", " ", "NaN");
    List<Row> rows = new ArrayList<>();
    List<String> lines = new ArrayList<>(List.of("id,dept,y"));
    List<String> objects = new ArrayList<>();
    for (int i = 0; i < marks.size(); i++) {
      assertSame(missing, predictor().predict(row("dept", marks.get(i))));
      rows.add(RowFactory.create(i, marks.get(i), i < 3 ? marks.get(i) : "yes"));
    }
    rows.add(RowFactory.create(6, "east", "no"));
    rows.add(RowFactory.create(7, "mars", "no"));
    for (Row row : rows) {
      lines.add(row.mkString(","));
      objects.add(
          "{\"id\": %d, \"dept\": \"%s\", \"y\": \"%s\"}"
              .formatted(row.getInt(0), row.getString(1), row.getString(2)));
    }
    Path csv = file("made.csv", lines.toArray(String[]::new));
    Path json = file("made.json", objects.toArray(String[]::new));
    Path parquet = folder.resolve("made");
    TestTables.of(rows, "id INT, dept STRING, y STRING").write().parquet(parquet.toString());
    for (Path table : List.of(csv, json, parquet)) {
      Map<Long, double[]> predicted = predicted(table);
      for (long id = 0; id < marks.size(); id++) {
        assertSame(missing, predicted.get(id));
      }
      assertSame(predictor().predict(row("dept", "east")), predicted.get(6L));
      assertSame(unseen, predicted.get(7L));
      String out = run("evaluate", table).done().out();
      assertTrue(out.contains("rows 5\n"), table + out);
      assertTrue(out.contains("3 rows without a label"), table + out);
    }
    // What is computed anew is no mark: it is what the expression says.
    Path raw = file("raw.csv", "id,d", "1,east", "2,west", "3,none of ours");
    String[] anew = {
      "--derive=dept=nullif(if(d = 'west', 'NA', d), 'none of ours')",
      "--derive=y=if(d = 'west', 'NA', 'no')"
    };
    Map<Long, double[]> predicted = predicted(raw, anew);
    assertSame(predictor().predict(row("dept", "east")), predicted.get(1L));
    assertSame(unseen, predicted.get(2L));
    assertSame(missing, predicted.get(3L));
    Refusal.assertRefused(run("evaluate", raw, anew), List.of("\"NA\""));
  }

  /**
   * A text result that another expression reads is the text that it was, whatever it looks like.
   */
  @Test
  void aTextResultIsOneToExpressions() throws IOException {
    Csv.write(
        folder.resolve("t.csv"),
        "id,code,y",
        Csv.rows(
            0,
            240,
            i ->
                "%d,v1.%d,%s"
                    .formatted(i, List.of(5, 50, 7).get(i % 3), i % 3 == 0 ? "yes" : "no")));
    train(
        """
        table:
          path: %1$s/t.csv
          derive:
            ver: "if(code = 'v1.7', 'NA', substr(code, 2))"
            minor: "if(ver = 'NA', 'none', split(ver, '[.]')[1])"
            bucket: "xxhash64(code)"
        label: y
        features:
          include: [minor, bucket]
          columns: {minor: {kind: categorical}, bucket: {kind: categorical}}
        validation: none
        test: none
        """);
    List<Long> buckets =
        TestSpark.session()
            .sql("select xxhash64(concat('v1.', col)) b from (select explode(array('5', '50')))")
            .as(Encoders.LONG())
            .collectAsList();
    Path csv = // A number that no bucket is does not take the others' digits away.
        file(
            "s.csv",
            "id,ver,bucket",
            "1,1.5," + buckets.get(0),
            "2,1.50," + buckets.get(1),
            "3,1.5,.5",
            "4,1.5,-0.25e0",
            "5,NA,7");
    Path json =
        file(
            "s.json",
            "{\"id\": 1, \"ver\": \"1.5\", \"bucket\": %d}".formatted(buckets.get(0)),
            "{\"id\": 2, \"ver\": 1.50, \"bucket\": %d}".formatted(buckets.get(1)),
            "{\"id\": 3, \"ver\": \"1.5\", \"bucket\": 0.5}",
            "{\"id\": 4, \"ver\": \"1.5\", \"bucket\": -0.25}",
            "{\"id\": 5, \"ver\": \"NA\", \"bucket\": 7}");
    TestSpark.session()
        .read()
        .option("header", "true")
        .csv(csv.toString())
        .write()
        .parquet(folder + "/s");
    List<double[]> expected =
        List.of(
            predictor().predict(row("minor", "5", "bucket", buckets.get(0))),
            predictor().predict(row("minor", "50", "bucket", buckets.get(1))),
            predictor().predict(row("minor", "5", "bucket", 1.5)),
            predictor().predict(row("minor", "5", "bucket", 1.5)),
            predictor().predict(row("minor", "none", "bucket", 7)));
    assertTrue(Math.abs(expected.get(0)[0] - expected.get(1)[0]) > 1e-3);
    for (Path table : List.of(csv, json, folder.resolve("s"))) {
      Map<Long, double[]> predicted =
          predicted(
              table,
              "--derive=minor=if(ver = 'NA', 'none', split(ver, '[.]')[1])",
              "--where=ver <> '1.500'");
      assertEquals(5, predicted.size());
      for (int i = 0; i < 5; i++) {
        assertSame(expected.get(i), predicted.get(i + 1L));
      }
      assertEquals(1, predicted(table, "--derive=minor=ver", "--where=ver = '1.50'").size());
    }
  }

  /** To SQL 1 is another text than 1.0: what training's expression makes of it is another, too. */
  @Test
  void aColumnOfAnotherTypeThatSqlReadsIsNoted() throws IOException {
    Csv.write(
        folder.resolve("t.csv"),
        "id,c,y",
        Csv.rows(0, 200, i -> "%d,%d,%s".formatted(i, i % 9, i % 9 > 4 ? "yes" : "no")));
    String sql = "concat('c', c)";
    train(
        """
        table: {path: %1$s/t.csv, derive: {k: "concat('c', c)"}}
        label: y
        features: {include: [k]}
        validation: none
        test: none
        """);
    TestSpark.session().sql("select 1.0D id, 1.0D C").write().parquet(folder + "/double");
    TestSpark.session().sql("select 1.0D id, 1L c").write().parquet(folder + "/long");
    file("fraction.csv", "id,c", "1,1", "2,1.5");
    file("whole.csv", "id,c", "1,1", "2,2.0");
    Map.of("double", true, "long", false, "fraction.csv", true, "whole.csv", false)
        .forEach(
            (table, isOther) -> {
              assertEquals(isOther, noted(table, "k=" + sql), table);
              // What the caller writes otherwise is meant otherwise.
              assertEquals(false, noted(table, "k=concat('c', cast(c as int))"), table);
              assertEquals(isOther, noted(table, "id=id + 1", "k=" + sql), table);
            });
  }

  private boolean noted(String table, String... derive) {
    List<String> all = new ArrayList<>(List.of("--output=" + folder + "/scored", "--overwrite"));
    List.of(derive).forEach(column -> all.add("--derive=" + column));
    String out = run("predict", folder.resolve(table), all.toArray(String[]::new)).done().out();
    return out.contains("of which it may make other values: ")
        && out.toLowerCase(Locale.ROOT).contains(": c is double and was int\n");
  }

  /** A midnight that names its zone is the day that begins with it where training's reader was. */
  @ParameterizedTest(name = "label {0}")
  @ValueSource(booleans = {false, true})
  void aMidnightWithAZoneIsADayOfTheReader(boolean asLabel) throws IOException {
    Csv.write(
        folder.resolve("t.csv"),
        "id,x,day,y",
        Csv.rows(
            0,
            300,
            i -> "%d,%d,2024-01-0%d,%s".formatted(i, i % 3, 5 + i % 3, i % 3 == 1 ? "yes" : "no")));
    String[] asText = {
      "2024-01-05T05:00:00Z", "2024-01-06 00:00:00-05:00", "2024-01-07T06:00:00+01:00"
    };
    train(
        """
        table: {path: %1$s/t.csv, options: {timeZone: America/New_York}}
        validation: none
        test: none
        """
            + (asLabel
                ? "label: {column: day, task: classification}\nfeatures: {include: [x]}\n"
                : "label: y\nfeatures: {include: [day], columns: {day: {kind: categorical}}}\n"));
    List<Row> rows = new ArrayList<>();
    List<String> lines = new ArrayList<>(List.of("id,x,day,y"));
    List<String> objects = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      String y = i % 3 == 1 ? "yes" : "no";
      rows.add(RowFactory.create(i, i % 3, asText[i % 3], y));
      lines.add("%d,%d,%s,%s".formatted(i, i % 3, asText[i % 3], y));
      objects.add(
          "{\"id\": %d, \"x\": %d, \"day\": \"%s\", \"y\": \"%s\"}"
              .formatted(i, i % 3, asText[i % 3], y));
    }
    Path csv = file("zoned.csv", lines.toArray(String[]::new));
    Path json = file("zoned.json", objects.toArray(String[]::new));
    Path parquet = folder.resolve("zoned");
    TestTables.of(rows, "id INT, x INT, day STRING, y STRING")
        .coalesce(1)
        .write()
        .parquet(parquet.toString());
    Path days = file("days.csv", readLines("t.csv").subList(0, 31).toArray(String[]::new));
    String expected = judged(run("evaluate", days).done().out());
    for (Path table : List.of(csv, json, parquet)) {
      assertEquals(expected, judged(run("evaluate", table).done().out()), table.toString());
    }
    if (asLabel) {
      return;
    }
    for (int i = 0; i < 3; i++) {
      double[] own = predictor().predict(row("day", LocalDate.of(2024, 1, 5 + i)));
      assertSame(own, predictor().predict(row("day", asText[i])));
      for (Path table : List.of(csv, json, parquet)) {
        assertSame(own, predicted(table).get((long) i));
      }
    }
    // Midnight elsewhere is no day there: refused through each door.
    String elsewhere = "2024-01-06T00:00:00Z";
    assertThrows(InvalidInput.class, () -> predictor().predict(row("day", elsewhere)));
    Path other = file("other.csv", "id,day", "1," + elsewhere);
    TestTables.of(List.of(RowFactory.create(1, elsewhere)), "id INT, day STRING")
        .write()
        .parquet(folder + "/other");
    for (Path table :
        List.of(
            other,
            folder.resolve("other"),
            file("other.json", "{\"id\": 1, \"day\": \"" + elsewhere + "\"}"))) {
      Ran ran = run("predict", table, "--output=" + folder + "/no");
      assertEquals(2, ran.code(), ran.err());
      assertTrue(ran.err().contains("2024-01-06T00:00:00Z"), ran.err());
    }
  }

  private List<String> readLines(String name) throws IOException {
    return Files.readAllLines(folder.resolve(name));
  }

  /** A text that is no value of the result's type is refused wherever it comes from. */
  @Test
  void resultsOfAnotherTypeAreRefused() throws IOException {
    Csv.write(
        folder.resolve("t.csv"),
        "id,x,y",
        Csv.rows(0, 200, i -> "%d,%d,%s".formatted(i, i % 40, i % 40 > 20 ? "yes" : "no")));
    train(
        """
        table: {path: %1$s/t.csv, derive: {k: "x + 1"}}
        label: y
        features: {include: [k], columns: {k: {kind: categorical}}}
        """);
    for (Object given : new Object[] {"many", "2024-01-05"}) {
      String refusal =
          assertThrows(InvalidInput.class, () -> predictor().predict(row("k", given))).getMessage();
      assertTrue(refusal.contains("column \"k\" must be INT, as in training"), refusal);
      file("k.csv", "id,k", "1,2", "2," + given);
      Ran ran = run("predict", folder.resolve("k.csv"), "--output=" + folder + "/no");
      assertEquals(2, ran.code());
      assertTrue(ran.err().contains("\"k\" must be a number, as in training"), ran.err());
      assertTrue(ran.err().contains("k.csv line 3"), ran.err());
    }
  }
}
