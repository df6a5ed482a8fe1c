package io.lakeprop.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.lakeprop.spark.TestSpark;
import io.lakeprop.spark.TestTables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Date;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A table whose columns are others than those of training: what can hold the same values gives the
 * same answers, and what cannot is refused by name.
 */
final class ChangedSchemaTest {
  private static final String COLUMNS =
      "id INT, x INT, y FLOAT, day DATE, v ARRAY<FLOAT>, code INT, kind STRING, answer STRING";

  @TempDir private static Path folder;

  @BeforeAll
  static void model() throws IOException {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      rows.add(
          RowFactory.create(
              i,
              i * 37 % 101,
              i * 53 % 97 / 8f,
              new Date(i * 86_400_000L * 11 + 43_200_000L),
              List.of(i % 5 / 4f, i % 9 / 8f, i % 3 / 2f),
              i % 4,
              i % 7 < 3 ? "p" : "q",
              i % 5 < 2 ? "yes" : "no"));
    }
    TestTables.of(rows, COLUMNS).write().parquet(folder.resolve("table").toString());
    write("wider", "1 AS new, answer, kind", "double(y) AS y", "bigint(id) AS id, bigint(x) AS x");
    train("run", "table: %s/table".formatted(folder), "validation: none");
  }

  /** The table with columns in another order, more of them, wider. */
  private static void write(String name, String... columns) {
    String others = "day, CAST(v AS ARRAY<DOUBLE>) AS v, bigint(code) AS code";
    select(name, String.join(", ", columns) + ", " + others);
  }

  private static void select(String name, String columns) {
    var session = TestSpark.session();
    session
        .sql("SELECT %s FROM parquet.`%s/table`".formatted(columns, folder))
        .write()
        .parquet(folder.resolve(name).toString());
  }

  private static void train(String run, String... lines) throws IOException {
    Path job =
        Files.writeString(
            folder.resolve(run + ".yaml"),
            """
            %s
            test: none
            label: answer
            output: %s/%s
            features: {exclude: [id], columns: {code: {kind: categorical}}}
            network: {hidden: 4}
            training: {epochs: 2}
            """
                .formatted(String.join("\n", lines), folder, run));
    Ran.lakeprop("train", job.toString()).done();
  }

  @Test
  void moreWiderAndReorderedColumnsGiveTheSameAnswers() {
    JsonNode metrics = evaluated("table");
    assertEquals(metrics, evaluated("wider"));
    assertEquals(300, metrics.get("rows").intValue());
    List<Row> expected = predicted("table");
    assertEquals(300, expected.size());
    assertEquals(expected, predicted("wider"));
    select("fractions", "* EXCEPT (code), double(code) AS code");
    assertEquals(metrics, evaluated("fractions"));
    assertEquals(expected, predicted("fractions"));
  }

  private static JsonNode evaluated(String table) {
    Path json = folder.resolve(table + ".json");
    scored("evaluate", "run", table, "--json", json.toString()).done();
    return Ran.json(json);
  }

  private static List<Row> predicted(String table) {
    Path output = folder.resolve(table + "-predicted");
    scored("predict", "run", table, "--output", output.toString()).done();
    return TestSpark.session()
        .read()
        .parquet(output.toString())
        .selectExpr("int(id)", "prediction", "probabilities['yes']")
        .orderBy("id")
        .collectAsList();
  }

  private static Ran scored(String command, String run, String table, String... more) {
    List<String> arguments = new ArrayList<>(List.of(command));
    arguments.addAll(List.of("--model", folder.resolve(run).toString()));
    arguments.addAll(List.of("--table", folder.resolve(table).toString()));
    arguments.addAll(List.of(more));
    return Ran.lakeprop(arguments.toArray(String[]::new));
  }

  private static void trainRare(String run, String... overrides) {
    List<String> arguments = new ArrayList<>(List.of("train", folder + "/run.yaml"));
    arguments.addAll(List.of("--set", "output=" + folder.resolve(run)));
    arguments.addAll(List.of("--set", "label={column: c, rare: other}"));
    for (String override : overrides) {
      arguments.addAll(List.of("--set", override));
    }
    Ran.lakeprop(arguments.toArray(String[]::new)).done();
  }

  /** Where rare classes are one, no row is refused for its class. */
  @Test
  void classesOfAnotherTypeAreNotRareOnes() {
    select("texts", "*, if(id = 7, '099', concat('01', code)) AS c");
    select("numbers", "*, if(id = 7, 99, 10 + code) AS c");
    trainRare("texts-run", "table=" + folder.resolve("texts"));
    Refusal.assertRefused(
        scored("evaluate", "texts-run", "numbers"),
        List.of(
            "column \"c\" must hold values like \"010\", as in training, however: its type is"
                + " int"));
    trainRare(
        "derived-run",
        "table={path: %s/table, derive: {c: 'if(id = 7, 9, code)'}}".formatted(folder));
    select("decimals", "* EXCEPT (code), code + 0D AS code");
    List<JsonNode> metrics = new ArrayList<>();
    for (String table : List.of("table", "decimals")) {
      Path json = folder.resolve("rare-%s.json".formatted(table));
      scored(
              "evaluate",
              "derived-run",
              table,
              "--derive",
              "c=if(id = 7, 9, code)",
              "--json",
              json.toString())
          .done();
      metrics.add(Ran.json(json).get("metrics"));
    }
    assertEquals(metrics.get(0).get("accuracy"), metrics.get(1).get("accuracy"));
    // A row's hash, by which rows are summed, has 1.0 where it has 1.
    assertEquals(
        metrics.get(0).get("loss").doubleValue(), metrics.get(1).get("loss").doubleValue(), 1e-9);
    select("words", "*, if(id < 9, 'many', string(code)) AS c");
    Refusal.assertRefused(
        scored("evaluate", "derived-run", "words"),
        List.of("label \"c\" must be of type INT, as in training, however: \"many\""));
  }

  @Test
  void asASplitOfItsOwnToo() throws IOException {
    train("same", "table: %s/table".formatted(folder), "validation: %s/table".formatted(folder));
    train("split", "table: %s/table".formatted(folder), "validation: %s/wider".formatted(folder));
    assertEquals(
        Ran.json(folder.resolve("same/report.json")).at("/metrics"),
        Ran.json(folder.resolve("split/report.json")).at("/metrics"));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          shorter | * EXCEPT (v), slice(v, 1, 2) AS v            | column "v" must hold arrays of 3 numbers, however: length=2
          time    | * EXCEPT (day), timestamp(day) AS day        | column "day" must be of type date, as in training, however: its type is timestamp
          days    | * EXCEPT (day), unix_date(day) AS day        | column "day" must be of type date, as in training, however: its type is int
          day     | * EXCEPT (x), date_from_unix_date(x) AS x    | column "x" must be of type number, as in training, however: its type is date
          instant | * EXCEPT (x), timestamp_seconds(x) AS x      | column "x" must be of type number, as in training, however: its type is timestamp
          scalar  | * EXCEPT (v), v[0] AS v                      | column "v" must be an array of numbers, however: its type is float
          text    | * EXCEPT (x), concat('n', x) AS x            | column "x" must be a number, however: "n
          truth   | * EXCEPT (code), code % 2 = 0 AS code        | column "code" must hold values like "0", as in training, however: its type is boolean
          flag    | * EXCEPT (x), x > 1 AS x                     | column "x" must be of type int, as in training, however: its type is boolean (--derive
          lacking | * EXCEPT (kind)                              | must have the column "kind"
          case    | * EXCEPT (kind), kind AS Kind                | must have the column "kind"
          """)
  void whatCannotHoldTheSameValuesIsRefused(String name, String columns, String message) {
    select(name, columns);
    for (String command : List.of("evaluate", "predict")) {
      String output = folder.resolve(name + "-out").toString();
      Ran ran =
          command.equals("predict")
              ? scored(command, "run", name, "--output", output)
              : scored(command, "run", name);
      Refusal.assertRefused(ran, List.of(message));
    }
  }

  /** Files of one table that differ in columns. */
  @Test
  void aTableOfFilesThatDiffer() throws IOException {
    Path mixed = folder.resolve("mixed");
    select("mixed", "id, x, code, answer");
    TestSpark.session()
        .sql("SELECT id + 300 AS id, x, code, answer, y FROM parquet.`%s/table`".formatted(folder))
        .coalesce(1)
        .write()
        .mode("append")
        .parquet(mixed.toString());
    // Spark goes by the first name, and they begin with a random one.
    for (Path file : TestTables.parts(mixed)) {
      boolean less = TestSpark.session().read().parquet(file.toString()).columns().length == 4;
      Files.deleteIfExists(file.resolveSibling("." + file.getFileName() + ".crc"));
      Files.move(file, file.resolveSibling((less ? "part-a-" : "part-b-") + file.getFileName()));
    }
    train("first", "table: %s".formatted(mixed), "validation: none");
    assertEquals(List.of("code", "x"), features("first"));
    train(
        "all",
        "table: {path: %s, options: {mergeSchema: true}}".formatted(mixed),
        "validation: none");
    assertEquals(List.of("code", "x", "y"), features("all"));
    JsonNode y = Ran.json(folder.resolve("all/model/model.json")).at("/features/2");
    assertTrue(y.get("indicator").booleanValue(), y.toString());
  }

  private static List<String> features(String run) {
    List<String> names = new ArrayList<>();
    Ran.json(folder.resolve(run).resolve("model/model.json"))
        .get("features")
        .forEach(feature -> names.add(feature.get("name").textValue()));
    return names;
  }
}
