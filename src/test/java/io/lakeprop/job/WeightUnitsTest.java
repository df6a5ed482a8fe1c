package io.lakeprop.job;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Row weights of any size train the same model; weights that are all 0 are refused by name. */
final class WeightUnitsTest {
  @TempDir private static Path folder;
  private static Path job;

  @BeforeAll
  static void table() throws IOException {
    Csv.write(
        folder.resolve("t.csv"),
        "x,c,u,y",
        Csv.rows(
            0,
            240,
            i -> "%d,k%d,%s,%s".formatted(i * 37 % 101, i % 3, 0.25 * (i % 7), i * 53 % 17 > 8)));
    job =
        Files.writeString(
            folder.resolve("job.yaml"),
            """
            table: {path: %1$s/t.csv, derive: {w: u}}
            label: y
            weight: w
            output: %1$s/run
            validation: 0.2
            test: 0.2
            features: {include: [x, c]}
            network: {hidden: 4}
            training: {epochs: 2, batch: 64, checkpoints: none}
            """
                .formatted(folder));
  }

  @Test
  void anyUnitTrainsTheSameModel() throws IOException {
    byte[] expected = null;
    JsonNode metrics = null;
    for (String unit : List.of("1", "3", "1e-42D", "1e-50D", "1e300D")) {
      Path run = folder.resolve("run-" + unit);
      train("output=" + run, "table.derive.w=u * " + unit).done();
      byte[] theta = Files.readAllBytes(run.resolve("model/theta.safetensors"));
      JsonNode own = Ran.json(run.resolve("report.json")).get("metrics");
      expected = expected == null ? theta : expected;
      metrics = metrics == null ? own : metrics;
      assertArrayEquals(expected, theta, unit);
      assertEquals(metrics, own, unit);
    }
  }

  @Test
  void weightsThatAreAllZeroAreRefused() throws IOException {
    String own = "={path: %s/t.csv, derive: {w: u * 0}}".formatted(folder);
    for (String split : List.of("validation", "test")) {
      Refusal.assertRefused(
          train(split + own),
          List.of("weight \"w\" must be positive in some " + split + " row, however: all are 0"));
    }
    Path run = folder.resolve("judged");
    train("output=" + run).done();
    for (String scale : List.of("0", "1e-50D")) {
      Ran ran =
          Ran.lakeprop(
              "evaluate",
              "--model",
              run.toString(),
              "--table",
              folder + "/t.csv",
              "--derive",
              "w=u * " + scale,
              "--weight",
              "w");
      if (scale.equals("0")) {
        Refusal.assertRefused(ran, List.of("weight \"w\" must be positive in some", "all are 0"));
      } else {
        assertEquals(List.of(), ran.done().out().lines().filter(l -> l.contains("NaN")).toList());
      }
    }
  }

  /** Nothing is 0 in the arithmetic that trains, and so is next to nothing beside the mean. */
  @ParameterizedTest
  @ValueSource(strings = {"0", "1e-50D", "1e-300D"})
  void aClassWithoutWeightIsNotThere(String nothing) {
    Refusal.assertRefused(
        train(
            "output=" + folder.resolve("one"),
            "table.derive.w=if(y, u + 1, %s)".formatted(nothing)),
        List.of(
            "label \"y\" must have at least two classes of positive weight in the training rows,"
                + " however: only \"true\" has some"));
    Ran ran =
        train(
            "output=" + folder.resolve("three"),
            "label=c",
            "features.include=[x]",
            "table.derive.w=if(c = 'k1', %s, u)".formatted(nothing));
    assertTrue(
        ran.done()
            .out()
            .contains(
                "label c: nothing is learned of classes whose training rows all weigh 0, or less"
                    + " than 1e-45 of the mean: k1"),
        ran.out());
  }

  @Test
  void aNumberWithoutWeightSaysNothing() {
    List<JsonNode> labels = new ArrayList<>();
    for (String unseen : List.of("5", "1e12")) {
      Path run = folder.resolve("unseen-" + unseen);
      train(
              "output=" + run,
              "label=z",
              "features.include=[c]",
              "loss=huber",
              "validation=none",
              "test=none",
              "table.derive={w: 'if(x < 37, 0, u)', z: 'if(x < 37, %s, x / 3D)'}".formatted(unseen))
          .done();
      JsonNode model = Ran.json(run.resolve("model/model.json"));
      assertTrue(model.at("/label/scale").doubleValue() > 0, model.toString());
      labels.add(model.get("label"));
      labels.add(model.get("loss"));
    }
    assertEquals(labels.subList(0, 2), labels.subList(2, 4));
  }

  @Test
  void numbersThatAreAlikeWhereTheyWeighAreRefused() {
    Refusal.assertRefused(
        train(
            "output=" + folder.resolve("alike"),
            "label={column: x, task: regression}",
            "features.include=[c]",
            "validation=none",
            "test=none",
            "table.derive.w=if(x = 37, u + 1, 0)"),
        List.of(
            "label \"x\" must vary in the training rows of positive weight, however: it does not"));
  }

  private static Ran train(String... overrides) {
    List<String> arguments = new ArrayList<>(List.of("train", job.toString(), "--overwrite"));
    for (String override : overrides) {
      arguments.addAll(List.of("--set", override));
    }
    return Ran.lakeprop(arguments.toArray(String[]::new));
  }
}
