package io.lakeprop.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code find-rate} prints a curve and a rate that trains, and leaves no run. */
final class FindRateCommandTest {
  @TempDir private static Path folder;

  @BeforeAll
  static void table() throws IOException {
    Csv.write(folder.resolve("shops.csv"), Csv.SHOPS, Csv.rows(0, 600, Csv::shop));
  }

  @Test
  void suggestsARateThatTrainsBetterThanOnesFarFromIt() throws IOException {
    Path curve = folder.resolve("curve.json");
    Path job = job("optimizer: {type: sgd}");
    Ran ran = Ran.lakeprop("find-rate", job.toString(), "--to", "1000", "--json", curve.toString());
    ran.done();
    assertTrue(ran.out().contains("suggestion optimizer.learning_rate: "), ran.out());
    assertFalse(Files.exists(folder.resolve("run")), "find-rate leaves a run");
    JsonNode json = Ran.json(curve);
    double rate = json.get("suggestion").doubleValue();
    JsonNode points = json.get("curve");
    assertEquals(1e-6, points.get(0).get("rate").doubleValue());
    for (int i = 1; i < points.size(); i++) {
      double factor =
          points.get(i).get("rate").doubleValue() / points.get(i - 1).get("rate").doubleValue();
      assertEquals(Math.pow(1e9, 1.0 / 99), factor, 1e-9);
    }
    double good = loss(job, rate);
    assertTrue(good < loss(job, rate / 1000), "a rate far below is as good");
    assertTrue(good < loss(job, rate * 1000), "a rate far above is as good");
  }

  /** The curve is no matter of the cluster either. */
  @Test
  void theCurveIsTheSameOnAnotherCluster() throws IOException {
    Path job = job("optimizer: {type: adam}");
    Path one = folder.resolve("one.json");
    Path two = folder.resolve("two.json");
    Ran.on("local[1]", Map.of(), "find-rate", job.toString(), "--rounds", "20", "--json", "" + one)
        .done();
    Ran.on("local[3]", Map.of(), "find-rate", job.toString(), "--rounds", "20", "--json", "" + two)
        .done();
    assertEquals(Files.readString(one), Files.readString(two));
  }

  /** With rate_scaling, every rate that is shown or asked for is the job file's. */
  @Test
  void allRatesAreTheJobFiles() throws IOException {
    Path plain = folder.resolve("plain.json");
    Path scaled = folder.resolve("scaled.json");
    Ran.lakeprop(
            "find-rate",
            job("optimizer: {type: sgd}").toString(),
            "--from=" + 16 * 1e-6,
            "--to=" + 16 * 100.0,
            "--json=" + plain)
        .done();
    Ran ran =
        Ran.lakeprop(
                "find-rate",
                job("optimizer: {type: sgd, rate_scaling: linear, rate_batch: 4}").toString(),
                "--to=100",
                "--json=" + scaled)
            .done();
    JsonNode expected = Ran.json(plain);
    JsonNode json = Ran.json(scaled);
    for (String key : List.of("suggestion", "lowest")) {
      assertEquals(expected.get(key).doubleValue() / 16, json.get(key).doubleValue(), 1e-12, key);
    }
    assertEquals(expected.get("curve").size(), json.get("curve").size());
    for (int i = 0; i < json.get("curve").size(); i++) {
      JsonNode point = expected.get("curve").get(i);
      JsonNode own = json.get("curve").get(i);
      assertEquals(point.get("loss"), own.get("loss"));
      assertEquals(point.get("rate").doubleValue() / 16, own.get("rate").doubleValue(), 1e-12);
    }
    assertTrue(ran.out().contains("1.0e-06"), ran.out());
    String suggestion =
        new BigDecimal(json.get("suggestion").doubleValue())
            .round(new MathContext(2))
            .stripTrailingZeros()
            .toPlainString();
    assertTrue(ran.out().contains("optimizer.learning_rate: " + suggestion + ","), ran.out());
  }

  /** Nine rows in ten weigh 0, and so do all rows of many rounds. */
  @Test
  void roundsWithoutWeightArePassedOver() throws IOException {
    Path curve = folder.resolve("weighted.json");
    Ran.lakeprop(
            "find-rate",
            job("optimizer: {type: sgd}").toString(),
            "--set=table={path: %s/shops.csv, derive: {w: 'if(abs(size) > 16, 1, 0)'}}"
                .formatted(folder),
            "--set=weight=w",
            "--set=training.batch=8",
            "--to=1e-3",
            "--rounds=20",
            "--json=" + curve)
        .done();
    JsonNode points = Ran.json(curve).get("curve");
    assertTrue(points.size() >= 10, points.toString());
    for (int i = 0; i < points.size(); i++) {
      double rate = 1e-6 * Math.pow(1e3, i / 19.0);
      assertEquals(rate, points.get(i).get("rate").doubleValue(), 1e-9 * rate);
      assertTrue(points.get(i).get("loss").isNumber(), points.toString());
    }
  }

  @Test
  void refusesWhatCannotBeSwept() throws IOException {
    refused("below --to", job(""), "--from", "1", "--to", "0.1");
    refused("--rounds at least 10", job(""), "--rounds", "9");
    refused("name another file", job(""), "--json", folder + "/shops.csv");
    Path data = Files.createDirectory(folder.resolve("data"));
    Files.copy(folder.resolve("shops.csv"), data.resolve("t.csv"));
    String table = "table=" + data;
    refused("outside of what", job(""), "--set", table, "--json", data + "/curve.json");
    refused("lbfgs searches for each step", job("optimizer: {type: lbfgs}"));
  }

  private static void refused(String words, Path job, String... options) {
    String[] arguments = new String[options.length + 2];
    arguments[0] = "find-rate";
    arguments[1] = job.toString();
    System.arraycopy(options, 0, arguments, 2, options.length);
    Ran ran = Ran.inSharedSession(arguments);
    assertEquals(2, ran.code());
    assertEquals(1, ran.errors().size(), ran.err());
    assertTrue(ran.err().contains(words), ran.err());
  }

  /** After a few epochs at a rate; of a network that no longer gives numbers, as high as can be. */
  private static double loss(Path job, double rate) throws IOException {
    Path run = Files.createTempDirectory(folder, "run").resolve("run");
    Ran ran =
        Ran.lakeprop(
            "train",
            job.toString(),
            "--set",
            "optimizer.learning_rate=" + rate,
            "--set",
            "output=" + run);
    return ran.code() == 0
        ? Ran.json(run.resolve("report.json")).at("/metrics/train/loss").doubleValue()
        : Double.MAX_VALUE;
  }

  private static Path job(String optimizer) throws IOException {
    return Files.writeString(
        Files.createTempFile(folder, "job", ".yaml"),
        """
        table: %s/shops.csv
        label: kind
        output: %s/run
        validation: 0
        test: 0
        network: {hidden: [8], activation: tanh, dropout: 0}
        training: {epochs: 5, batch: 64}
        %s
        """
            .formatted(folder, folder, optimizer));
  }
}
