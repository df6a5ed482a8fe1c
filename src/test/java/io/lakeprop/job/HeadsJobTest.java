package io.lakeprop.job;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.lakeprop.model.LocalStorage;
import io.lakeprop.model.Model;
import io.lakeprop.model.ModelFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several labels from the job file to the columns of predictions. */
final class HeadsJobTest {
  private static final String HEADER = "g,kind,count,amount,hot,wet,three,gap";
  private static final double[] RATES = {0.5, 2, 6};
  private static final double[] RARE = {0.1, 0.5, 0.8};

  @TempDir private static Path folder;

  /** What is drawn for a row depends on its group alone, of which there are three. */
  @BeforeAll
  static void tables() throws IOException {
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      Random random = new Random(17L * i + 3);
      int group = random.nextInt(3);
      int count = 0;
      for (double left = Math.exp(-RATES[group]), p = random.nextDouble(); p > left; count++) {
        p *= random.nextDouble();
      }
      double amount = 100 - Math.log(1 - random.nextDouble()) * RATES[group];
      boolean hot = random.nextDouble() < RARE[group];
      int wet = random.nextDouble() < RARE[2 - group] ? 1 : 0;
      String kind = random.nextDouble() < RARE[group] ? "rare" : "usual";
      String gap = i % 50 == 0 ? "" : i % 2 == 0 ? "even" : "odd";
      rows.add(
          "g%d,%s,%d,%s,%s,%d,%d,%s".formatted(group, kind, count, amount, hot, wet, i % 3, gap));
    }
    Csv.write(folder.resolve("t.csv"), HEADER, rows);
    List<String> shuffled = new ArrayList<>(rows);
    Collections.shuffle(shuffled, new Random(8));
    Files.createDirectory(folder.resolve("parts"));
    for (int part = 0; part < 5; part++) {
      List<String> own = shuffled.subList(600 * part, 600 * (part + 1));
      Csv.write(folder.resolve("parts/%d.csv".formatted(part)), HEADER, own);
    }
  }

  private static Path job(String name, String keys) throws IOException {
    // Three groups are three different rows of features, of which none can be held out.
    String text =
        "table: %1$s/t.csv\nvalidation: %1$s/t.csv\ntest: %1$s/t.csv\noutput: %1$s/%2$s\n"
            .formatted(folder, name);
    return Files.writeString(folder.resolve(name + ".yaml"), text + keys);
  }

  private static Model model(String name) throws IOException {
    return ModelFiles.read(new LocalStorage(), folder.resolve(name).toString());
  }

  @Test
  void headsOfAllKindsLearnPredictAndAreJudged() throws IOException {
    String keys =
        """
        features: {include: [g]}
        heads:
        - {label: kind, loss: {class_weights: {rare: 2}}, weight: 0.5}
        - {label: count, loss: poisson}
        - {label: amount, loss: {type: quantile, quantiles: [0.25, 0.75]}, weight: 2}
        network: {hidden: [16], dropout: 0}
        training: {epochs: 25, batch: 64, monitor: count.poisson_deviance}
        optimizer: {learning_rate: 0.01}
        """;
    Ran.lakeprop("train", job("kinds", keys).toString()).done();
    Model model = model("kinds");
    assertEquals(
        List.of("kind=rare", "kind=usual", "count", "amount_0.25", "amount_0.75"),
        model.predictions());
    for (int g = 0; g < 3; g++) {
      double[] p = model.predictor().predict(Map.of("g", "g" + g));
      // Weights of classes move the odds; those of heads move nothing that a group can tell.
      assertEquals(2 * RARE[g] / (1 + RARE[g]), p[0], 0.08);
      assertEquals(1, p[0] + p[1], 1e-6);
      assertEquals(RATES[g], p[2], 0.15 * RATES[g]);
      assertEquals(100 - Math.log(0.75) * RATES[g], p[3], 0.2 * RATES[g] + 0.1);
      assertEquals(100 - Math.log(0.25) * RATES[g], p[4], 0.2 * RATES[g] + 0.1);
    }
    JsonNode report = Ran.json(folder.resolve("kinds/report.json"));
    JsonNode test = report.at("/metrics/test");
    assertEquals(1, test.get("count.poisson_deviance").doubleValue(), 0.25);
    assertEquals(0.75, test.get("amount.coverage_0.75").doubleValue(), 0.1);
    double loss =
        0.5 * test.get("kind.loss").doubleValue()
            + test.get("count.loss").doubleValue()
            + 2 * test.get("amount.loss").doubleValue();
    assertEquals(loss, test.get("loss").doubleValue(), 1e-6);
    assertEquals(2, report.at("/confusion/kind/test").size());
    assertFalse(report.get("confusion").has("count"));
    judged();
    predicted();
  }

  /** An exposure of 1 to 3 that the counts know nothing of, and a number's own head beside it. */
  @Test
  void headsThatAskForItAreShiftedByTheOffset() throws IOException {
    String keys =
        """
        features: {include: [g]}
        heads:
        - {label: hot}
        - {label: {column: count, offset: exposure}, loss: poisson}
        - {label: {column: amount, offset: exposure}}
        network: {hidden: []}
        training: {epochs: 30, batch: 128}
        optimizer: {learning_rate: 0.03, schedule: cosine}
        """;
    Path job = job("shifted", keys);
    String derived =
        "table={path: %s/t.csv, derive: {exposure: 'ln(1 + pmod(xxhash64(amount), 3))'}}"
            .formatted(folder);
    Refusal.assertRefused(
        Ran.lakeprop("train", job.toString(), "--set", derived),
        List.of("column \"exposure\"", "validation.derive: {exposure: \"ln(1 + pmod("));
    String[] whole = {"--set", derived, "--set", "validation=none", "--set", "test=none"};
    Ran.lakeprop(
            Stream.concat(Stream.of("train", job.toString()), Stream.of(whole))
                .toArray(String[]::new))
        .done();
    Model model = model("shifted");
    double mean = (Math.log(2) + Math.log(3)) / 3;
    for (int g = 0; g < 3; g++) {
      for (double exposure : new double[] {0, Math.log(2), 5}) {
        double[] p = model.predictor().predict(Map.of("g", "g" + g, "exposure", exposure));
        assertEquals(RARE[g], p[1], 0.06);
        double rate = RATES[g] / 2 * Math.exp(exposure);
        assertEquals(rate, p[2], 0.15 * rate);
        // Exponentially distributed: a mean of a thousand is right to a thirtieth.
        assertEquals(100 + RATES[g] - mean + exposure, p[3], 0.15 * RATES[g] + 0.1);
      }
    }
    Path scores = folder.resolve("shifted.json");
    Ran.lakeprop(
            "evaluate",
            "--model",
            folder.resolve("shifted").toString(),
            "--table",
            folder.resolve("t.csv").toString(),
            "--derive",
            "exposure=ln(1 + pmod(xxhash64(amount), 3))",
            "--json",
            scores.toString())
        .done();
    double trained =
        Ran.json(folder.resolve("shifted/report.json")).at("/metrics/train/loss").doubleValue();
    assertEquals(trained, Ran.json(scores).at("/metrics/loss").doubleValue(), 0.05 * trained);
  }

  /** The command's metrics of a table are those that training had of it. */
  private static void judged() throws IOException {
    String run = folder.resolve("kinds").toString();
    Path scores = folder.resolve("scores.json");
    String table = folder.resolve("t.csv").toString();
    Ran.lakeprop("evaluate", "--model", run, "--table", table, "--json", scores.toString()).done();
    JsonNode trained = Ran.json(folder.resolve("kinds/report.json")).at("/metrics/test");
    JsonNode now = Ran.json(scores).get("metrics");
    assertEquals(
        List.copyOf(new TreeSet<>(names(trained))), List.copyOf(new TreeSet<>(names(now))));
    for (String metric : names(trained)) {
      double expected = trained.get(metric).doubleValue();
      assertEquals(expected, now.get(metric).doubleValue(), 1e-5 * Math.abs(expected), metric);
    }
  }

  private static List<String> names(JsonNode metrics) {
    List<String> names = new ArrayList<>();
    metrics.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static void predicted() throws IOException {
    Path output = folder.resolve("scored");
    String run = folder.resolve("kinds").toString();
    String table = folder.resolve("t.csv").toString();
    Ran.lakeprop(
            "predict",
            "--model",
            run,
            "--table",
            table,
            "--output",
            output.toString(),
            "--output-format",
            "json")
        .done();
    JsonNode row;
    try (Stream<Path> files = Files.list(output)) {
      Path part = files.filter(f -> f.toString().endsWith(".json")).sorted().findFirst().get();
      row = Ran.lines(part).get(0);
    }
    String group = row.get("g").textValue();
    double[] p = model("kinds").predictor().predict(Map.of("g", group));
    assertEquals(p[0] > p[1] ? "rare" : "usual", row.get("prediction_kind").textValue());
    assertEquals(p[1], row.get("probabilities_kind").get("usual").doubleValue(), 1e-6);
    assertEquals(p[2], row.get("prediction_count").doubleValue(), 1e-5);
    assertEquals(p[3], row.get("prediction_amount_0.25").doubleValue(), 1e-4);
    assertEquals(p[4], row.get("prediction_amount_0.75").doubleValue(), 1e-4);
    assertFalse(row.has("prediction") || row.has("prediction_amount"));
  }

  /** Law 4 for several labels, and a list of labels is heads of equal weights. */
  @Test
  void sameBytesOnAnyClusterAndForAListOfLabels() throws IOException {
    String keys =
        """
        features: {include: [g, count, amount]}
        network: {hidden: [12], dropout: 0.2}
        training: {epochs: 2, batch: 256, slices: 3}
        """;
    String list = "label: [kind, hot, wet]\nloss: {label_smoothing: 0.1}\n" + keys;
    String head =
        "- {label: %s, loss: {type: binary_cross_entropy, label_smoothing: 0.1}, weight: "
            + 1f / 3
            + "}\n";
    String heads =
        "heads:\n" + head.formatted("kind") + head.formatted("hot") + head.formatted("wet") + keys;
    Ran.on("local[1]", Map.of(), "train", job("list", list).toString()).done();
    Ran out =
        Ran.on(
            "local[2]",
            Map.of(
                "spark.sql.files.maxPartitionBytes", "15000",
                "spark.sql.files.openCostInBytes", "1000"),
            "train",
            job("heads", heads).toString(),
            "--set",
            "table=%s/parts".formatted(folder));
    assertTrue(out.done().out().contains("label kind: 2 classes, hot: 2 classes"), out.out());
    for (String file : List.of("model.json", "theta.safetensors")) {
      assertArrayEquals(
          Files.readAllBytes(folder.resolve("list/model").resolve(file)),
          Files.readAllBytes(folder.resolve("heads/model").resolve(file)),
          file);
    }
    JsonNode test = Ran.json(folder.resolve("list/report.json")).at("/metrics/test");
    for (String metric : List.of("accuracy", "auc", "loss")) {
      double sum = 0;
      for (String label : List.of("kind", "hot", "wet")) {
        sum += test.get(label + "." + metric).doubleValue();
      }
      assertEquals(sum / 3, test.get(metric).doubleValue(), 1e-6, metric);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "label: [hot, gap]|label \"gap\" must not be null|training rows|label.missing: skip",
        "label: [hot, three]|binary_cross_entropy|two classes|\"three\" has 3",
        "label: [hot, wet]\nfeatures: {include: [g, wet]}|features.include|wet",
        "label: [hot, wet]\ntraining: {monitor: wet.rmse}|training.monitor|wet.auc|: wet.rmse",
      })
  void whatMakesNoSenseIsRefused(String text) throws IOException {
    List<String> parts = List.of(text.split("\\|", -1));
    Ran ran = Ran.inSharedSession("train", job("bad", parts.get(0) + "\n").toString());
    Refusal.assertRefused(ran, parts.subList(1, parts.size()));
    assertFalse(Files.exists(folder.resolve("bad")));
  }
}
