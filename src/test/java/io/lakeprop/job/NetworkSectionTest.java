package io.lakeprop.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.lakeprop.nn.InitialTheta;
import io.lakeprop.nn.Initializer;
import io.lakeprop.nn.LayerSpec;
import io.lakeprop.nn.WeightStart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every network that a job can ask for trains, is stored, and scores as it did. */
final class NetworkSectionTest {
  private static final String EVERYTHING =
      """
      type: layers
      layers:
        - {type: periodic_embedding, frequencies: 3, width: 4, name: periods}
        - {type: linear, units: 12}
        - {type: batch_norm, momentum: 0.2}
        - {type: activation, function: mish, name: low}
        - {type: dropout, rate: 0.2}
        - {type: linear, units: 12}
        - {type: add, from: low}
        - {type: layer_norm}
        - {type: prelu}
        - {type: gaussian_noise, deviation: 0.05}
        - {type: concat, from: periods}
        - {type: linear, units: 8, initializer: orthogonal}
        - {type: activation, function: selu}
        - {type: alpha_dropout, rate: 0.1}
        - {type: batch_ensemble_linear, members: 2, units: 3}
      """;

  @TempDir private static Path folder;

  @BeforeAll
  static void table() throws IOException {
    Csv.write(folder.resolve("shops.csv"), Csv.SHOPS, Csv.rows(0, 400, Csv::shop));
  }

  @Test
  void everyLayerCanBeAskedFor() {
    Yaml.Mapping map = Yaml.read("job.yaml", "network:\n  " + EVERYTHING.replace("\n", "\n  "));
    Architecture architecture =
        ArchitectureReader.read(new Section("", map).section("network"), false);
    assertEquals(
        Set.of(LayerSpec.class.getPermittedSubclasses()),
        architecture.layers().stream().map(n -> n.spec().getClass()).collect(Collectors.toSet()));
  }

  @Test
  void weightsStartAsTheFileSays() {
    assertStart(Optional.empty(), Map.of(), "hidden: 3");
    assertStart(Optional.of(Initializer.LECUN_NORMAL), Map.of(), "initializer: lecun_normal");
    assertStart(Optional.of(Initializer.ZEROS), Map.of(), "initializer: {type: zeros}");
    assertStart(Optional.of(new WeightStart.Constant(0.01f)), Map.of(), "initializer: constant");
    assertStart(
        Optional.of(new WeightStart.Constant(-0.5f)),
        Map.of(),
        "initializer: {type: constant, value: -0.5}");
    assertStart(
        Optional.of(Initializer.ORTHOGONAL),
        Map.of("last", Initializer.ZEROS, "linear2", new WeightStart.Constant(2)),
        """
        type: layers
        initializer: orthogonal
        layers:
          - {type: linear, units: 3}
          - {type: linear, units: 3, initializer: {type: constant, value: 2}}
          - {type: linear, units: 3, name: last, initializer: zeros}
        """);
  }

  private static void assertStart(
      Optional<WeightStart> all, Map<String, WeightStart> layers, String network) {
    Yaml.Mapping map = Yaml.read("job.yaml", "network:\n  " + network.replace("\n", "\n  "));
    Architecture architecture =
        ArchitectureReader.read(new Section("", map).section("network"), false);
    assertEquals(new InitialTheta(all, layers), architecture.start().initial());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        EVERYTHING,
        "type: residual\nblocks: 2\nwidth: 16\nnorm: batch",
        "hidden: [16, 8]\nnorm: layer\nactivation: prelu\nnoise: 0.1",
        "hidden: []",
        "hidden: [16, 8]\nactivation: selu\nalpha_dropout: 0.1"
      })
  void trainsAndScoresAsItDid(String network) throws IOException {
    Path run = Files.createTempDirectory(folder, "run").resolve("run");
    Path job =
        Files.writeString(
            Files.createTempFile(folder, "job", ".yaml"),
            """
            table: %s/shops.csv
            label: kind
            output: %s
            validation: 0
            test: 0
            training: {epochs: 30, piece: 64, patience: 0, batch: 100}
            optimizer: {learning_rate: 0.01, schedule: constant, weight_decay: 0}
            network:
              %s
            """
                .formatted(folder, run, network.replace("\n", "\n  ")));
    Ran.lakeprop("train", job.toString()).done();
    JsonNode trained = Ran.json(run.resolve("report.json")).at("/metrics/train");
    assertTrue(trained.get("accuracy").doubleValue() > 0.6, trained.toString());
    Path scores = run.resolve("scores.json");
    Ran.lakeprop(
            "evaluate",
            "--model",
            run.toString(),
            "--table",
            folder.resolve("shops.csv").toString(),
            "--json",
            scores.toString())
        .done();
    for (String metric : List.of("accuracy", "log_loss", "auc")) {
      assertEquals(
          trained.get(metric).doubleValue(),
          Ran.json(scores).at("/metrics/" + metric).doubleValue(),
          1e-5,
          metric);
    }
  }
}
