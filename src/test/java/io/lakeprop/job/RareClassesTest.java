package io.lakeprop.job;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.lakeprop.spark.TestSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Classes of few rows are refused, joined or left out, and the model does the same later. */
final class RareClassesTest {
  @TempDir private static Path folder;
  private static Path job;

  /** Classes 1 and 2, and five of one row each; the test table has one that training lacks. */
  @BeforeAll
  static void tables() throws IOException {
    Csv.write(
        folder.resolve("t.csv"),
        "x,y,z",
        Csv.rows(
            0,
            205,
            i -> "%d,%d,%s".formatted(i, i < 200 ? 1 + i % 2 : 10 + i, i % 50 == 3 ? "" : i % 3)));
    Csv.write(
        folder.resolve("new.csv"), "x,y,z", List.of("1,1,0", "2,2,1", "3,99,2", "4,1,", "5,210,0"));
    job =
        Files.writeString(
            folder.resolve("job.yaml"),
            """
            table: %1$s/t.csv
            test: %1$s/new.csv
            validation: none
            output: %1$s/run
            features: {include: [x]}
            network: {hidden: 4}
            training: {epochs: 1, checkpoints: none}
            """
                .formatted(folder));
  }

  @Test
  void refusedByDefaultWithTheMend() {
    Refusal.assertRefused(
        train("label=y"),
        List.of(
            "new.csv: label \"y\" must be one of the 7 classes", "\"99\"", "label.rare: other"));
    Refusal.assertRefused(
        train("label={column: y, minimum_count: 3}"),
        List.of("label.minimum_count needs label.rare: "));
    Refusal.assertRefused(
        train("label={column: x, rare: drop}", "features.include=[z]"),
        List.of("label.rare must go with a label of classes", "\"x\" is a number"));
    Refusal.assertRefused(
        train("label={column: y, rare: other, minimum_count: 500}"),
        List.of("at least two classes", "all are \"other\""));
  }

  @Test
  void droppedRowsAreInNoSplitAndCounted() throws IOException {
    train("label={column: y, rare: drop}", "output=DIR/seen").done();
    assertEquals(
        "{\"train\":0,\"test\":1}", report("seen").at("/data/rows_of_rare_classes").toString());
    Ran ran = train("label={column: y, rare: drop, minimum_count: 2}", "output=DIR/drop").done();
    assertTrue(ran.out().contains("left out 5 train rows of rare classes"), ran.out());
    assertEquals(
        "{\"train\":5,\"test\":2}", report("drop").at("/data/rows_of_rare_classes").toString());
    assertEquals(3, report("drop").at("/rows/test").intValue());
    JsonNode label = Ran.json(folder.resolve("drop/model/model.json")).get("label");
    assertEquals("[\"1\",\"2\"]", label.get("values").toString());
    assertEquals("drop", label.get("rare").textValue());
    // As if the table had never had them.
    train("label=y", "output=DIR/without", "table={path: DIR/t.csv, where: y < 3}", "test=none")
        .done();
    assertArrayEquals(theta("without"), theta("drop"));
    Ran judged = evaluate("drop").done();
    assertTrue(judged.out().startsWith("rows 3\n"), judged.out());
    assertTrue(judged.out().contains("left out, as in training: 2 rows of classes"), judged.out());
  }

  @Test
  void joinedClassesAreOne() throws IOException {
    Ran ran = train("label={column: y, rare: other}", "output=DIR/other").done();
    assertTrue(
        ran.out().contains("label y: 5 classes of fewer than 5 training rows are one, \"other\""),
        ran.out());
    assertEquals("{\"y\":5}", report("other").at("/data/joined_classes").toString());
    JsonNode label = Ran.json(folder.resolve("other/model/model.json")).get("label");
    assertEquals("[\"1\",\"2\",\"other\"]", label.get("values").toString());
    assertEquals("INT", label.get("sql_type").textValue());
    JsonNode confusion = report("other").at("/confusion");
    double joined = 0;
    for (JsonNode count : confusion.at("/train/2")) {
      joined += count.doubleValue();
    }
    assertEquals(5, joined);
    assertTrue(evaluate("other").done().out().startsWith("rows 5\n"));
    Path output = folder.resolve("predicted");
    Ran.lakeprop(
            "predict",
            "--model",
            folder.resolve("other").toString(),
            "--table",
            folder + "/new.csv",
            "--output",
            output.toString())
        .done();
    assertEquals(
        DataTypes.StringType,
        TestSpark.session()
            .read()
            .parquet(output.toString())
            .schema()
            .apply("prediction")
            .dataType());
  }

  /** Where no training class is rare, there is none to join the classes of other rows in. */
  @Test
  void withoutARareClassThereIsNoOther() throws IOException {
    String table = "table={path: DIR/t.csv, where: y < 3}";
    String test = "test={path: DIR/new.csv, where: x <= 3}";
    Ran refused = train("label={column: y, rare: other}", table, test);
    Refusal.assertRefused(
        refused,
        List.of(
            "label \"y\" must be one of the 2 classes of the training rows, however: \"99\" (no"
                + " class of the training rows is rare, so there is no \"other\": label.rare: drop"
                + " leaves such rows out)"));
    train("label={column: y, rare: drop}", table, test).done();
    train("label={column: y, rare: other}", table, "test=none", "output=DIR/none").done();
    Refusal.assertRefused(
        evaluate("none", "--where", "x <= 3"),
        List.of("however: \"99\" (no class was rare in training", "--where leaves"));
    assertTrue(evaluate("none", "--where", "y < 3").done().out().startsWith("rows 3\n"));
  }

  /** What one head leaves out is lost to the other. */
  @Test
  void headsHaveRulesOfTheirOwn() throws IOException {
    String heads =
        "heads=[{label: {column: y, rare: drop, minimum_count: 2}},"
            + " {label: {column: z, task: classification, missing: skip}}]";
    train(heads, "output=DIR/heads").done();
    JsonNode data = report("heads").get("data");
    // Row 203 is both, and counts as one without a label.
    assertEquals("{\"train\":4,\"test\":2}", data.get("rows_of_rare_classes").toString());
    assertEquals("{\"train\":5,\"test\":1}", data.get("rows_without_label").toString());
    assertEquals(196, report("heads").at("/rows/train").intValue());
    Ran judged = evaluate("heads").done();
    assertTrue(judged.out().startsWith("rows 2\n"), judged.out());
    assertTrue(judged.out().contains("1 rows without a label"), judged.out());
  }

  @Test
  void aModelThatRefusedRefusesWithTheMend() throws IOException {
    train("label={column: z, task: classification, missing: skip}", "test=none", "output=DIR/skip")
        .done();
    assertTrue(evaluate("skip").done().out().contains("training: 1 rows without a label"));
    train("label=z", "table={path: DIR/t.csv, where: z is not null}", "test=none", "output=DIR/no")
        .done();
    Refusal.assertRefused(
        evaluate("no"), List.of("label \"z\"", "however: null (--where", "label.missing: skip"));
  }

  @Test
  void anEmptySplitOfAFewDifferentRowsSaysWhy() throws IOException {
    Csv.write(
        folder.resolve("few.csv"), "x,y", Csv.rows(0, 300, i -> i % 2 + "," + (i % 2 + i / 150)));
    Refusal.assertRefused(
        train("label=y", "table=DIR/few.csv", "test=0.001"),
        List.of(
            "the test split must have rows, however: table",
            "has 300 rows, 2 of them different in their features",
            "alike stay together (test: another fraction, none or a table of its own"));
  }

  private static JsonNode report(String run) {
    return Ran.json(folder.resolve(run + "/report.json"));
  }

  private static byte[] theta(String run) throws IOException {
    return Files.readAllBytes(folder.resolve(run + "/model/theta.safetensors"));
  }

  private static Ran evaluate(String run, String... more) {
    List<String> arguments = new ArrayList<>(List.of("evaluate", "--model"));
    arguments.addAll(List.of(folder.resolve(run).toString(), "--table", folder + "/new.csv"));
    arguments.addAll(List.of(more));
    return Ran.lakeprop(arguments.toArray(String[]::new));
  }

  private static Ran train(String... overrides) {
    List<String> arguments = new ArrayList<>(List.of("train", job.toString(), "--overwrite"));
    for (String override : overrides) {
      arguments.addAll(List.of("--set", override.replace("DIR", folder.toString())));
    }
    return Ran.lakeprop(arguments.toArray(String[]::new));
  }

  /** "yes" and "yes " are one class to their owner; the mend of the note makes them one. */
  @Test
  void classesThatLookAlikeAreTold() throws IOException {
    for (List<String> twins :
        List.of(
            List.of("yes", "yes ", "blanks"),
            List.of("yes", "yes\u00a0", "blanks"),
            List.of("yes", "Yes", "capitals or blanks"))) {
      Csv.write(
          folder.resolve("twins.csv"),
          "x,y",
          Csv.rows(0, 90, i -> "%d,\"%s\"".formatted(i, i % 3 == 2 ? "no" : twins.get(i % 3))));
      String table = "table=" + folder + "/twins.csv";
      Ran ran = train("label=y", table, "test=none", "output=DIR/twins");
      ran.done();
      Matcher mend =
          Pattern.compile(
                  "differ in %s alone: .*derive: \\{y: \"(.*)\"} makes them one"
                      .formatted(twins.get(2)))
              .matcher(ran.out());
      assertTrue(mend.find(), ran.out());
      String sql = mend.group(1);
      train(
              "label=y",
              "table={path: %s/twins.csv, derive: {y: \"%s\"}}".formatted(folder, sql),
              "test=none",
              "output=DIR/one")
          .done();
      JsonNode label = Ran.json(folder.resolve("one/model/model.json")).get("label");
      assertEquals("[\"no\",\"yes\"]", label.get("values").toString());
    }
  }
}
