package io.lakeprop.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.spark.TestTables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A model or a table that does not fit is refused in one line, and nothing is written. */
final class BadScoringTest {
  @TempDir private static Path folder;

  @BeforeAll
  static void modelAndTables() throws IOException {
    TestTables.of(
            List.of(RowFactory.create(List.of(1.0, 2.0), "s1", "mid", 1.0)),
            "size ARRAY<DOUBLE>, shop STRING, kind STRING, weight DOUBLE")
        .write()
        .parquet(folder.resolve("array").toString());
    TestTables.of(
            List.of(RowFactory.create(1.0, 2.5, "mid", 1.0)),
            "size DOUBLE, shop DOUBLE, kind STRING, weight DOUBLE")
        .write()
        .parquet(folder.resolve("fractions").toString());
    table("renamed.csv", "Size,weight,shop,kind", List.of("1,1,s1,mid"));
    table("t.csv", Csv.SHOPS, Csv.rows(0, 200, Csv::shop));
    table("bare.csv", "1,2,s1,mid", List.of("3,1,s2,big"));
    table("nosize.csv", "weight,shop,kind", List.of("1,s1,mid"));
    table("text.csv", Csv.SHOPS, List.of("big,1,s1,mid"));
    table("infinite.csv", Csv.SHOPS, List.of("1e999,1,s1,mid"));
    table("new.csv", Csv.SHOPS, List.of("1,1,s1,huge"));
    table("unlabelled.csv", "size,weight,shop", List.of("1,1,s1"));
    table("null.csv", Csv.SHOPS, List.of("1,1,s1,"));
    table("negative.csv", Csv.SHOPS, List.of("1,-2,s1,mid"));
    table("predicted.csv", Csv.SHOPS + ",prediction", List.of("1,1,s1,mid,mid"));
    table("likely.csv", Csv.SHOPS + ",probabilities", List.of("1,1,s1,mid,mid"));
    table("empty.csv", Csv.SHOPS, List.of());
    Files.createDirectory(folder.resolve("taken"));
    Path job =
        Files.writeString(
            folder.resolve("job.yaml"),
            "table: %1$s/t.csv\nlabel: kind\nweight: weight\noutput: %1$s/run\n".formatted(folder)
                + "network: {hidden: 4}\ntraining: {epochs: 1}\n");
    Ran.lakeprop("train", job.toString()).done();
  }

  private static void table(String name, String header, List<String> rows) throws IOException {
    Csv.write(folder.resolve(name), header, rows);
  }

  static Stream<Arguments> both() {
    return Stream.of(
        row("missing model", "DIR/no", "--table DIR/t.csv", "no", "must be a model's folder"),
        row("folder that is no model", "DIR/taken", "--table DIR/t.csv", "must be a model's"),
        row("missing table", "DIR/run", "--table DIR/no.csv", "no.csv", "must exist"),
        row("no table", "DIR/run", "", "--table, --catalog-table and --sql", "0"),
        row("two tables", "DIR/run", "--table DIR/t.csv --catalog-table t", "--table", "2"),
        row(
            "options of files",
            "DIR/run",
            "--catalog-table t --format csv --missing x --malformed skip",
            "--format, --malformed, --missing must go with --table",
            "--catalog-table"),
        row("missing name", "DIR/run", "--catalog-table nowhere", "nowhere"),
        row("bad condition", "DIR/run", "--table DIR/t.csv --where size>>>", "t.csv"),
        row("lacking a feature", "DIR/run", "--table DIR/nosize.csv", "nosize.csv", "\"size\""),
        row(
            "array for a number",
            "DIR/run",
            "--table DIR/array",
            "\"size\"",
            "must be a number",
            "array<double>"),
        row(
            "text for a number",
            "DIR/run",
            "--table DIR/text.csv",
            "\"size\"",
            "must be a number, as in training",
            "\"big\""),
        row(
            "CSV without a line of names",
            "DIR/run",
            "--table DIR/bare.csv",
            "bare.csv must have",
            "may be the values of a first row"),
        row("renamed case", "DIR/run", "--table DIR/renamed.csv", "column \"size\"", "Size"),
        row(
            "numbers for texts",
            "DIR/run",
            "--table DIR/fractions",
            "fractions: column \"shop\" must hold values like \"s",
            "its type is double"),
        row("infinite number", "DIR/run", "--table DIR/infinite.csv", "\"size\"", "finite"));
  }

  static Stream<Arguments> evaluations() {
    return Stream.of(
        row("no label", "DIR/run", "--table DIR/unlabelled.csv", "unlabelled.csv", "\"kind\""),
        row("null label", "DIR/run", "--table DIR/null.csv", "null.csv: label \"kind\"", "null"),
        row("new class", "DIR/run", "--table DIR/new.csv", "\"kind\"", "3 classes", "\"huge\""),
        row("no weight", "DIR/run", "--table DIR/t.csv --weight w", "\"w\""),
        row(
            "an expression that fails on a row",
            "DIR/run",
            "--table DIR/t.csv --derive size=1/(weight-weight)",
            "t.csv: derive size: 1/(weight-weight): [DIVIDE_BY_ZERO]"),
        row(
            "negative weight",
            "DIR/run",
            "--table DIR/negative.csv --weight weight",
            "negative.csv: weight \"weight\"",
            "-2"),
        row("no rows", "DIR/run", "--table DIR/empty.csv", "empty.csv", "must have rows"));
  }

  static Stream<Arguments> predictions() {
    return Stream.of(
        row("prediction there", "DIR/run", "--table DIR/predicted.csv", "\"prediction\""),
        row(
            "probabilities there",
            "DIR/run",
            "--table DIR/likely.csv",
            "\"probabilities\"",
            "--exclude"),
        format("parket", "(did you mean parquet?)"),
        format("avro", "(a format of a package needs --packages)"),
        format("delta", "(a format of a package needs --packages)"),
        format("jsonl", "(did you mean json?)"),
        format("TSV", "(did you mean csv, which is written with commas?)"));
  }

  /** It is no table that is wrong, nor a condition. */
  private static Arguments format(String name, String mend) {
    return row(
        "format " + name,
        "DIR/run",
        "--table DIR/t.csv --where size>0 --output-format " + name,
        "error: --output-format must be the name of one of Spark's formats, however: %s %s"
            .formatted(name, mend));
  }

  private static Arguments row(String name, String model, String table, String... words) {
    return Arguments.of(name, model, table, List.of(words));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"both", "evaluations"})
  void evaluateRefuses(String name, String model, String table, List<String> words) {
    Refusal.assertRefused(run("evaluate", model, table), words);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"both", "predictions"})
  void predictRefuses(String name, String model, String table, List<String> words) {
    String output = "out-" + name.replace(' ', '-');
    Refusal.assertRefused(run("predict", model, table + " --output DIR/" + output), words);
    assertFalse(Files.exists(folder.resolve(output)), "nothing is left");
  }

  /** Without a text behind it, no text means a missing value. */
  @Test
  void marksMayBeGiven() throws IOException {
    Files.writeString(
        folder.resolve("marked.csv"),
        Files.readString(folder.resolve("t.csv")).replaceFirst("(?m)^\\d[^,]*,", "gone,"));
    Refusal.assertRefused(run("evaluate", "DIR/run", "--table DIR/marked.csv"), List.of("gone"));
    run("evaluate", "DIR/run", "--table DIR/marked.csv --missing gone").done();
    run("evaluate", "DIR/run", "--table DIR/t.csv --missing").done();
  }

  @Test
  void predictDoesNotOverwriteUnasked() {
    String table = "--table DIR/t.csv --output DIR/taken";
    Refusal.assertRefused(run("predict", "DIR/run", table), List.of("taken", "--overwrite"));
    run("predict", "DIR/run", table + " --overwrite").done();
    assertTrue(Files.exists(folder.resolve("taken/_SUCCESS")));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "model.json, flipped, is damaged",
    "model.json, cut, is damaged",
    "model.json, gone, is missing",
    "theta.safetensors, flipped, is damaged",
    "theta.safetensors, cut, is damaged",
    "theta.safetensors, gone, is missing",
    "SHA256SUMS, flipped, SHA-256",
    "SHA256SUMS, cut, damaged",
    "SHA256SUMS, gone, has no SHA256SUMS"
  })
  void damagedModels(String file, String damage, String words) throws IOException {
    Path copy = Files.createTempDirectory(folder, "copy");
    for (String name : List.of("model.json", "theta.safetensors", "SHA256SUMS")) {
      Files.copy(folder.resolve("run/model").resolve(name), copy.resolve(name));
    }
    Path hurt = copy.resolve(file);
    byte[] bytes = Files.readAllBytes(hurt);
    if (damage.equals("gone")) {
      Files.delete(hurt);
    } else if (damage.equals("cut")) {
      Files.write(hurt, java.util.Arrays.copyOf(bytes, bytes.length / 2));
    } else {
      bytes[bytes.length / 3] ^= 1;
      Files.write(hurt, bytes);
    }
    for (String command : List.of("evaluate", "predict")) {
      String output = command.equals("predict") ? " --output DIR/out" : "";
      Refusal.assertRefused(
          run(command, copy.toString(), "--table DIR/t.csv" + output),
          List.of(copy.toString(), words));
    }
    Ran described = Ran.lakeprop("describe", copy.toString());
    Refusal.assertRefused(described, List.of(copy.toString(), words));
    assertEquals("", described.out());
  }

  @Test
  void describeSaysWhatIsInside() {
    Ran ran = Ran.lakeprop("describe", folder.resolve("run").toString()).done();
    for (String word : List.of("kind", "[high, low, mid]", "size", "shop", "hidden1.weight")) {
      assertTrue(ran.out().contains(word), ran.out());
    }
    int parameters = Ran.json(folder.resolve("run/report.json")).get("parameters").intValue();
    String number = String.format(Locale.ROOT, "%,d parameters", parameters);
    assertTrue(ran.out().contains(number), ran.out());
  }

  private static Ran run(String command, String model, String options) {
    List<String> arguments = new ArrayList<>(List.of(command, "--model", model));
    Stream.of(options.split(" ", -1)).filter(word -> !word.isEmpty()).forEach(arguments::add);
    arguments.replaceAll(word -> word.replace("DIR", folder.toString()));
    return Ran.lakeprop(arguments.toArray(String[]::new));
  }
}
