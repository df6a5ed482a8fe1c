package io.lakeprop.job;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.lakeprop.model.LocalStorage;
import io.lakeprop.model.Model;
import io.lakeprop.model.ModelFiles;
import io.lakeprop.nn.QuantileLoss;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Losses from the job file to the model: what is learnt, stored, scored and refused. */
final class LossJobTest {
  private static final double[] RATES = {0.5, 2, 6};
  private static final String QUICK =
      """
      network: {hidden: [16], dropout: 0}
      training: {epochs: 25, batch: 64}
      optimizer: {learning_rate: 0.01}
      """;

  @TempDir private static Path folder;

  /** Counts of rate RATES[g] a unit of exposure, exposures from 1 to 20; amounts; two classes. */
  @BeforeAll
  static void table() throws IOException {
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      Random random = new Random(17L * i + 3);
      int group = random.nextInt(3);
      double exposure = 1 + 19 * random.nextDouble();
      int count = poisson(RATES[group] * exposure, random);
      double amount = -Math.log(1 - random.nextDouble()) * RATES[group] + 0.001;
      rows.add(
          "g%d,%s,%d,%s,%s,%s"
              .formatted(
                  group,
                  Math.log(exposure),
                  count,
                  amount,
                  random.nextInt(10) == 0 ? "rare" : "usual",
                  random.nextGaussian()));
    }
    Csv.write(folder.resolve("t.csv"), "g,log_exposure,count,amount,kind,signed", rows);
  }

  private static int poisson(double rate, Random random) {
    int count = -1;
    for (double left = rate; left > 0; count++) {
      left += Math.log(1 - random.nextDouble());
    }
    return count;
  }

  private static Ran train(String name, String keys) throws IOException {
    // Three groups are three different rows of features, of which none can be held out.
    String held = keys.contains("test: none") ? "" : "validation: %1$s/t.csv\ntest: %1$s/t.csv\n";
    String text = ("table: %1$s/t.csv\n" + held + "features: {include: [g]}\noutput: %1$s/%2$s\n");
    Path job =
        Files.writeString(
            folder.resolve(name + ".yaml"), text.formatted(folder, name) + QUICK + keys);
    return Ran.lakeprop("train", job.toString());
  }

  private static Model model(String name) throws IOException {
    return ModelFiles.read(new LocalStorage(), folder.resolve(name).toString());
  }

  @Test
  void poissonWithLogExposureRecoversTheRates() throws IOException {
    train("rates", "label: {column: count, offset: log_exposure}\nloss: poisson\n").done();
    for (int g = 0; g < RATES.length; g++) {
      for (double exposure : new double[] {1, 10}) {
        Map<String, Object> row = Map.of("g", "g" + g, "log_exposure", Math.log(exposure));
        double expected = RATES[g] * exposure;
        double predicted = model("rates").predictor().predict(row)[0];
        assertEquals(expected, predicted, 0.08 * expected, row.toString());
      }
    }
    JsonNode report = Ran.json(folder.resolve("rates/report.json"));
    assertEquals(1, report.at("/metrics/test/poisson_deviance").doubleValue(), 0.25);
    Path scores = folder.resolve("rates-scores.json");
    String run = folder.resolve("rates").toString();
    String table = folder.resolve("t.csv").toString();
    Ran.lakeprop("evaluate", "--model", run, "--table", table, "--json", scores.toString()).done();
    assertEquals(1, Ran.json(scores).at("/metrics/poisson_deviance").doubleValue(), 0.25);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gamma", "tweedie"})
  void logLinksRecoverMeans(String loss) throws IOException {
    train(loss, "label: amount\nloss: %s\n".formatted(loss)).done();
    for (int g = 0; g < RATES.length; g++) {
      double predicted = model(loss).predictor().predict(Map.of("g", "g" + g))[0];
      assertEquals(RATES[g], predicted, 0.2 * RATES[g]);
    }
  }

  /** Exponential amounts: the quantile of level q is -log(1 - q) times the mean. */
  @Test
  void quantilesHaveAColumnEach() throws IOException {
    train("levels", "label: amount\nloss: {type: quantile, quantiles: [0.25, 0.75]}\n").done();
    assertEquals(new QuantileLoss(List.of(0.25f, 0.75f)), model("levels").loss());
    double[] predicted = model("levels").predictor().predict(Map.of("g", "g2"));
    double[] expected = {-Math.log(0.75) * RATES[2], -Math.log(0.25) * RATES[2]};
    assertArrayEquals(expected, predicted, 0.9);
    JsonNode test = Ran.json(folder.resolve("levels/report.json")).at("/metrics/test");
    assertEquals(0.75, test.get("coverage_0.75").doubleValue(), 0.1);
    Path output = folder.resolve("scored");
    String run = folder.resolve("levels").toString();
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
    try (var files = Files.list(output)) {
      Path part =
          files.filter(file -> file.toString().endsWith(".json")).sorted().findFirst().get();
      JsonNode row = Ran.lines(part).get(0);
      assertTrue(
          row.get("prediction_0.25").doubleValue() < row.get("prediction_0.75").doubleValue());
    }
  }

  @Test
  void balancedWeightsAreResolvedAndTrainTheSameModelAgain() throws IOException {
    train(
            "balanced",
            "label: kind\nloss: {class_weights: balanced}\nvalidation: none\ntest: none\n")
        .done();
    List<Float> weights = model("balanced").provenance().classWeights();
    // rare stands before usual; rows / (2 rows of the class) of about a tenth and the rest.
    assertEquals(5, weights.get(0), 1);
    assertEquals(0.555, weights.get(1), 0.02);
    double p = model("balanced").predictor().predict(Map.of("g", "g1"))[0];
    assertEquals(0.5, p, 0.12, "features say nothing, and the classes weigh the same");
    String job = Files.readString(folder.resolve("balanced/job.yaml"));
    assertTrue(job.contains("rare: " + weights.get(0)), job);
    Path stored = folder.resolve("balanced/job.yaml");
    Ran.lakeprop("train", stored.toString(), "--set", "output=" + folder.resolve("again")).done();
    assertArrayEquals(model("balanced").theta(), model("again").theta());
    assertEquals(model("balanced").provenance(), model("again").provenance());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "label: signed\nloss: poisson\n|label \"signed\"|at least 0|-",
        "label: {column: signed}\nloss: gamma\n|label \"signed\"|above 0|-",
        "label: kind\nloss: quantile\n|column \"kind\"|must be a number|usual",
        "label: g\nloss: hinge\n|hinge|two classes|3",
        "label: {column: kind, task: classification}\nloss: poisson\n|label.task|regression",
        "label: amount\nloss: {label_smoothing: 0.1}\n|label_smoothing|amount|is a number",
        "label: kind\nloss: {type: hinge, delta: 1}\n|loss.delta needs loss.type: huber|hinge",
        "label: amount\nloss: {type: tweedie, power: 2}\n|power|between 1 and 2",
        "label: amount\nloss: {type: quantile, quantiles: [0.9, 0.1]}\n|quantiles must rise",
        "label: kind\nloss: {class_weights: {odd: 2}}\n|class_weights|\"odd\"",
        "label: {column: g, offset: signed}\n|label.offset|3 classes",
        "label: amount\nloss: poisson\ntraining: {monitor: auc}\n|training.monitor|auc"
      })
  void whatMakesNoSenseIsRefused(String text) throws IOException {
    String[] parts = text.split("\\|", -1);
    String keys = parts[0];
    Path job =
        Files.writeString(
            folder.resolve("bad.yaml"),
            "table: %s/t.csv\noutput: %s/bad\nfeatures: {include: [log_exposure]}\n%s"
                .formatted(folder, folder, keys));
    Refusal.assertRefused(
        Ran.lakeprop("train", job.toString()), List.of(parts).subList(1, parts.length));
  }
}
