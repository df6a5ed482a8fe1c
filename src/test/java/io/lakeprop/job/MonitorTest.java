package io.lakeprop.job;

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
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A metric that the rows do not define is refused as a monitor, and told as no metric. */
final class MonitorTest {
  @TempDir private static Path folder;
  private static Path job;

  @BeforeAll
  static void table() throws IOException {
    Csv.write(
        folder.resolve("t.csv"),
        "x,y,z",
        Csv.rows(0, 120, i -> "%d,%s,%s".formatted(i, i % 4 == 0, 0.5 + i * 37 % 101)));
    job =
        Files.writeString(
            folder.resolve("job.yaml"),
            """
            table: %1$s/t.csv
            output: %1$s/run
            validation: {path: %1$s/t.csv, where: 'x %% 4 = 0'}
            test: {path: %1$s/t.csv, where: 'x %% 4 = 1 and x < 9'}
            features: {include: [x]}
            network: {hidden: 4}
            training: {epochs: 1, checkpoints: none}
            """
                .formatted(folder));
  }

  @Test
  void aMonitorMustBeDefinedOnTheValidationRows() {
    String mends = "(a larger validation fraction, a validation table of its own";
    Refusal.assertRefused(
        train("label=y", "training.monitor=auc"),
        List.of("training.monitor must be defined", "auc", mends, "such as log_loss)"));
    Refusal.assertRefused(
        train("label=z", "training.monitor=r2", "validation={path: DIR/t.csv, where: x = 4}"),
        List.of("training.monitor must be defined", "for r2 all", "such as rmse)"));
    String heads = "heads=[{label: y}, {label: z}]";
    Refusal.assertRefused(
        train(heads, "training.monitor=y.auc"), List.of("for y.auc all", "such as loss)"));
    train(heads, "training.monitor=z.r2").done();
  }

  /** What varies in the validation rows must be a label that has the metric. */
  @Test
  void aLabelOfTooManyClassesForAnAreaDefinesNone() {
    train("label=y", "output=DIR/kept").done();
    Refusal.assertRefused(
        train(
            "output=DIR/kept",
            "table={path: DIR/t.csv, derive: {k: \"concat('k', x)\"}}",
            "validation={path: DIR/t.csv, where: 'x % 4 = 0', derive: {k: \"concat('k', x)\"}}",
            "test=none",
            "heads=[{label: y}, {label: k}]",
            "training.monitor=auc"),
        List.of("training.monitor must be defined", "for auc all"));
    assertTrue(Files.exists(folder.resolve("kept/DONE")), "the earlier run is there");
  }

  @Test
  void whatIsNotDefinedIsToldAndNoNumber() throws IOException {
    Ran ran = train("label=y").done();
    assertFalse(ran.out().contains("NaN"), ran.out());
    assertTrue(ran.out().contains("  no auc: all rows are of one class"), ran.out());
    JsonNode report = Ran.json(folder.resolve("run/report.json"));
    assertTrue(report.at("/metrics/test/auc").isNull() && report.at("/metrics/test").has("auc"));
    assertEquals("all rows are of one class", report.at("/undefined/test/auc").textValue());
    assertFalse(report.at("/undefined/train").has("auc"));
    JsonNode line =
        Ran.lines(folder.resolve("run/rounds.jsonl")).stream()
            .filter(own -> own.has("validation"))
            .findFirst()
            .orElseThrow();
    assertTrue(line.at("/validation/auc").isNull() && line.at("/validation").has("auc"));
    assertEquals("{\"auc\":\"all rows are of one class\"}", line.get("undefined").toString());
    Path json = folder.resolve("metrics.json");
    Ran judged = evaluate("run", "--where", "x = 8", "--json", json.toString()).done();
    assertTrue(judged.out().contains("auc is not defined: all rows are of one class"));
    assertTrue(Ran.json(json).at("/metrics/auc").isNull());
    assertEquals("all rows are of one class", Ran.json(json).at("/undefined/auc").textValue());
    evaluate("run", "--json", json.toString()).done();
    assertEquals("{}", Ran.json(json).get("undefined").toString());
  }

  /** One such row makes every rmse infinite, and the first epoch the best of all. */
  @Test
  void aLabelThatDoesNotFit32BitsIsRefusedInEveryTable() {
    String other = "={path: DIR/t.csv, derive: {z: \"if(x = 8, 1e300, z)\"}}";
    List<String> words = List.of("label \"z\" must fit 32 bits when encoded, however: 1.0E300");
    Refusal.assertRefused(train("label=z", "validation" + other), words);
    Refusal.assertRefused(train("label=z", "test" + other), words);
    train("label=z", "output=DIR/fits").done();
    Refusal.assertRefused(
        evaluate("fits", "--derive=z=if(x = 8, -1e300, z)"), List.of("however: -1.0E300"));
  }

  @Test
  void whatNeedsValidationRowsIsToldWhereThereAreNone() {
    String note = "note       not used, no validation rows to go by: ";
    String out =
        train("label=y", "validation=none", "training.monitor=auc", "training.patience=3")
            .done()
            .out();
    assertTrue(out.contains(note + "training.patience, training.monitor\n"), out);
    assertEquals(out.indexOf(note), out.lastIndexOf(note), out);
    out = train("label=y", "validation=0", "training.evaluate_every_rounds=5").done().out();
    assertTrue(out.contains(note + "training.evaluate_every_rounds\n"), out);
    out = train("label=y", "validation=none").done().out();
    assertFalse(out.contains(note), out);
    assertFalse(train("label=y", "training.patience=3").done().out().contains(note));
  }

  /** Four hidden units of 1, each of which adds 3e38 to the prediction. */
  @Test
  void anInfiniteMetricIsNullAndHasItsReason() throws IOException {
    train("label=z", "output=DIR/finite").done();
    Model model = ModelFiles.read(new LocalStorage(), folder.resolve("finite").toString());
    float[] theta = new float[model.theta().length];
    Arrays.fill(theta, theta.length - 9, theta.length - 5, 1);
    Arrays.fill(theta, theta.length - 5, theta.length - 1, 3e38f);
    write(model, theta, "infinite");
    Path json = folder.resolve("infinite.json");
    Ran ran = evaluate("infinite", "--json", json.toString()).done();
    assertTrue(ran.out().contains("rmse Infinity\n"), ran.out());
    assertTrue(ran.out().contains("r2 -Infinity\n"), ran.out());
    assertTrue(Ran.json(json).at("/metrics/rmse").isNull());
    String reason = Ran.json(json).at("/undefined/rmse").asText();
    assertTrue(reason.startsWith("infinite: "), reason);
    assertTrue(Ran.json(json).at("/undefined/r2").asText().startsWith("minus infinite: "), reason);
    assertEquals(4, Ran.json(json).get("undefined").size());
  }

  /** Parameters that overflow make infinities of both signs. */
  @Test
  void aMetricThatIsNoNumberIsAFailure() throws IOException {
    train("label=z", "output=DIR/numbers").done();
    Model model = ModelFiles.read(new LocalStorage(), folder.resolve("numbers").toString());
    float[] theta = model.theta().clone();
    Arrays.fill(theta, 3e38f);
    theta[0] = -3e38f;
    theta[theta.length - 2] = -3e38f;
    write(model, theta, "huge");
    Ran ran = evaluate("huge");
    assertEquals(1, ran.code(), ran.out() + ran.err());
    assertEquals(1, ran.errors().size(), ran.err());
    assertTrue(ran.err().contains("of the table's rows must be a number, however: NaN"), ran.err());
  }

  private static void write(Model model, float[] theta, String name) throws IOException {
    ModelFiles.write(
        new LocalStorage(),
        folder.resolve(name).toString(),
        new Model(
            model.encoder(),
            model.labels(),
            model.offset(),
            model.network(),
            model.loss(),
            theta,
            model.provenance()));
  }

  private static Ran evaluate(String run, String... more) {
    List<String> arguments = new ArrayList<>(List.of("evaluate", "--model"));
    arguments.addAll(List.of(folder.resolve(run).toString(), "--table", folder + "/t.csv"));
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
}
