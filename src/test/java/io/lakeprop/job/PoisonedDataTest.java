package io.lakeprop.job;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.lakeprop.base.InvalidInput;
import io.lakeprop.model.LocalStorage;
import io.lakeprop.model.Model;
import io.lakeprop.model.ModelFiles;
import io.lakeprop.spark.TestSpark;
import io.lakeprop.spark.TestTables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the job lets pass is as if it had been null or absent, and is counted. */
final class PoisonedDataTest {
  private static final String COLUMNS = "x DOUBLE, v ARRAY<DOUBLE>, a STRING, b STRING";

  @TempDir private static Path folder;

  /** The same rows with poison, and with nulls or nothing in its place. */
  @BeforeAll
  static void tables() {
    List<Row> poisoned = new ArrayList<>();
    List<Row> clean = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      Double x = i % 50 == 3 ? Double.NaN : i % 30 == 7 ? Double.NEGATIVE_INFINITY : i * 37 % 101;
      Double w = i % 60 == 5 ? Double.POSITIVE_INFINITY : i % 9;
      String a = i % 40 == 9 ? null : i % 7 < 3 ? "p" : "q";
      String b = i % 75 == 11 ? null : i % 5 < 2 ? "p" : "q";
      poisoned.add(RowFactory.create(x, Arrays.asList(i % 4 / 1.0, w), a, b));
      if (a != null && b != null) {
        Double nx = Double.isFinite(x) ? x : null;
        Double nw = Double.isFinite(w) ? w : null;
        clean.add(RowFactory.create(nx, Arrays.asList(i % 4 / 1.0, nw), a, b));
      }
    }
    TestTables.of(poisoned, COLUMNS).write().parquet(folder.resolve("poisoned").toString());
    TestTables.of(clean, COLUMNS).write().parquet(folder.resolve("clean").toString());
  }

  @Test
  void whatIsLetPassIsCountedAndScoredAlike() throws IOException {
    Ran ran = train("poisoned", "{column: [a, b], missing: skip}");
    JsonNode report = Ran.json(folder.resolve("poisoned-run/report.json"));
    long nan = count("isnan(x)");
    long infinite = count("abs(x) = double('Infinity')");
    long elements = count("exists(v, e -> e = double('Infinity'))");
    assertTrue(nan > 3 && infinite > 3 && elements > 3);
    assertEquals(
        "{\"v\":{\"nan\":0,\"infinite\":%d},\"x\":{\"nan\":%d,\"infinite\":%d}}"
            .formatted(elements, nan, infinite),
        report.at("/data/not_finite").toString());
    assertEquals(
        "{\"train\":%d}".formatted(table().where("a is null or b is null").count()),
        report.at("/data/rows_without_label").toString());
    assertTrue(ran.out().contains("rows without a label"), ran.out());
    assertTrue(ran.out().contains("taken for missing in the training rows: v ("), ran.out());
    train("clean", "[a, b]");
    Model poisoned = model("poisoned");
    Model clean = model("clean");
    assertEquals(clean.provenance().trainingRows(), poisoned.provenance().trainingRows());
    assertEquals(
        Files.readString(folder.resolve("clean-run/model/model.json"))
            .replaceAll("\"training_fingerprint[^,}]*", ""),
        Files.readString(folder.resolve("poisoned-run/model/model.json"))
            .replaceAll(",\\s*\"missing\" *: *\"skip\"", "")
            .replaceAll("\"training_fingerprint[^,}]*", ""));
    for (double odd : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      assertArrayEquals(
          poisoned.predictor().predict(Map.of("v", List.of(1, 2))),
          poisoned.predictor().predict(Map.of("x", odd, "v", List.of(1, 2))));
      assertArrayEquals(
          poisoned.predictor().predict(Map.of("v", Arrays.asList(1, null))),
          poisoned.predictor().predict(Map.of("v", List.of(1, odd))));
    }
    Path output = folder.resolve("scored");
    Ran.lakeprop(
            "predict",
            "--model",
            folder.resolve("poisoned-run").toString(),
            "--table",
            folder.resolve("poisoned").toString(),
            "--output",
            output.toString())
        .done();
    Row infiniteRow =
        TestSpark.session()
            .read()
            .parquet(output.toString())
            .where("x = double('-Infinity')")
            .selectExpr("v", "probabilities_a['p']")
            .first();
    double[] alone = poisoned.predictor().predict(Map.of("v", infiniteRow.getList(0)));
    assertEquals(alone[0], infiniteRow.getDouble(1), 1e-6);
  }

  @Test
  void aModelThatRefusesNaNRefusesItWhenScoring() throws IOException {
    train("clean", "[a, b]", "features.numeric.nan=refuse", "output=" + folder.resolve("strict"));
    Model strict = ModelFiles.read(new LocalStorage(), folder.resolve("strict").toString());
    strict.predictor().predict(Map.of("v", List.of(1, 2)));
    String message =
        assertThrows(
                InvalidInput.class,
                () -> strict.predictor().predict(Map.of("x", Double.NaN, "v", List.of(1, 2))))
            .getMessage();
    assertEquals("column \"x\" must hold finite numbers, however: NaN", message);
    Refusal.assertRefused(
        Ran.lakeprop(
            "evaluate",
            "--model",
            folder.resolve("strict").toString(),
            "--table",
            folder.resolve("poisoned").toString(),
            "--where",
            "a is not null and b is not null and isnan(x)"),
        List.of("column \"x\" must hold finite numbers, however: NaN"));
  }

  private static Dataset<Row> table() {
    return TestSpark.session().read().parquet(folder.resolve("poisoned").toString());
  }

  private static long count(String condition) {
    return table().where("a is not null and b is not null").where(condition).count();
  }

  private static Model model(String table) throws IOException {
    return ModelFiles.read(new LocalStorage(), folder.resolve(table + "-run").toString());
  }

  private static Ran train(String table, String label, String... overrides) throws IOException {
    Path job =
        Files.writeString(
            folder.resolve(table + ".yaml"),
            """
            table: %1$s/%2$s
            label: %3$s
            output: %1$s/%2$s-run
            validation: none
            test: none
            features: {numeric: {infinity: missing}, vector: {infinity: missing}}
            network: {hidden: 4}
            training: {epochs: 1}
            """
                .formatted(folder, table, label));
    List<String> arguments = new ArrayList<>(List.of("train", job.toString()));
    for (String override : overrides) {
      arguments.addAll(List.of("--set", override));
    }
    return Ran.lakeprop(arguments.toArray(String[]::new)).done();
  }
}
