package io.lakeprop.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.spark.TestTables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The digits of {@code evaluate} follow from the rows, however they lie and on whatever cores. */
final class EvaluateLayoutTest {
  @TempDir private static Path folder;

  @BeforeAll
  static void tables() throws IOException {
    Csv.write(folder.resolve("t.csv"), Csv.SHOPS, Csv.rows(0, 1500, Csv::shop));
    Dataset<Row> table = TestTables.csv(folder.resolve("t.csv"));
    TestTables.parquet(table, folder.resolve("one"), 1);
    TestTables.parquet(table.orderBy("shop"), folder.resolve("seven"), 7);
    TestTables.parquet(table.orderBy("size"), folder.resolve("seventeen"), 17);
    Path job =
        Files.writeString(
            folder.resolve("job.yaml"),
            """
            table: %1$s/t.csv
            validation: %1$s/t.csv
            test: none
            heads:
              - {label: kind}
              - {label: {column: size, missing: skip}}
            weight: weight
            output: %1$s/run
            network: {hidden: 16}
            training: {epochs: 2}
            """
                .formatted(folder));
    Ran.lakeprop("train", job.toString()).done();
  }

  @Test
  void everyLayoutHasTheSameDigits() {
    String expected = evaluate("t.csv", "local[2]");
    assertTrue(expected.contains("kind.auc 0.") && expected.contains("size.r2 "), expected);
    long lacking = Csv.rows(0, 1500, Csv::shop).stream().filter(r -> r.startsWith(",")).count();
    assertTrue(
        expected.contains("left out, as in training: %d rows without a label".formatted(lacking)));
    for (String table : List.of("one", "seven", "seventeen")) {
      assertEquals(expected, evaluate(table, "local[2]"), table);
    }
    assertEquals(expected, evaluate("seven", "local[1]"));
  }

  private static String evaluate(String table, String master) {
    return Ran.on(
            master,
            Map.of(),
            "evaluate",
            "--model",
            folder.resolve("run").toString(),
            "--table",
            folder.resolve(table).toString(),
            "--weight",
            "weight")
        .done()
        .out();
  }
}
