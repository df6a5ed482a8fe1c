package io.lakeprop.nn;

import static io.lakeprop.golden.Golden.NEAR;
import static io.lakeprop.golden.Golden.assertNear;
import static io.lakeprop.golden.Golden.floats;
import static io.lakeprop.golden.Golden.numbers;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import io.lakeprop.golden.Golden;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;

/** Law 1: layers compute what PyTorch computes, forward and backward. */
class LayerGoldenTest {
  @TestFactory
  Stream<DynamicTest> layersAgreeWithPyTorch() {
    return Golden.tests("layers", Set.of(), LayerGoldenTest::check);
  }

  @Test
  void everyNonlinearityHasAGoldenCase() {
    Set<Nonlinearity> covered =
        Golden.cases("layers").stream()
            .flatMap(c -> nonlinearity(Golden.name(c)).stream())
            .collect(Collectors.toCollection(() -> EnumSet.noneOf(Nonlinearity.class)));
    assertEquals(EnumSet.allOf(Nonlinearity.class), covered);
  }

  private static Executable check(JsonNode c) {
    JsonNode config = c.get("config");
    return switch (Golden.name(c)) {
      case "linear" -> {
        JsonNode w = c.get("params").get("weight");
        yield () -> layer(c, new Linear(w.get(0).size(), w.size()), "weight", "bias");
      }
      case "embedding" -> () -> embedding(c);
      case "layer_norm" ->
          () -> layer(c, new LayerNorm(epsilon(config), columns(c)), "weight", "bias");
      case "batch_norm_training" -> () -> batchNorm(c, true);
      case "batch_norm_inference" -> () -> batchNorm(c, false);
      case "residual_block" -> () -> residual(c);
      case "periodic_embedding_plr" -> () -> periodic(c, config);
      case "batch_ensemble_linear" -> () -> ensemble(c, config);
      default ->
          nonlinearity(Golden.name(c))
              .map(f -> (Executable) () -> layer(c, new Activation(f, columns(c))))
              .orElse(null);
    };
  }

  private static float epsilon(JsonNode config) {
    return (float) config.get("epsilon").doubleValue();
  }

  private static void periodic(JsonNode c, JsonNode config) {
    int frequencies = config.get("frequencies").intValue();
    int width = config.get("width").intValue();
    Layer layer = new PeriodicEmbedding(columns(c), frequencies, width);
    layer(c, layer, "frequency", "weight", "bias");
  }

  private static void ensemble(JsonNode c, JsonNode config) {
    JsonNode w = c.get("params").get("weight");
    int members = config.get("members").intValue();
    layer(
        c, new BatchEnsembleLinear(members, w.get(0).size(), w.size()), "weight", "r", "s", "bias");
  }

  /** The buffers of PyTorch are two more slots; a round of this one piece moves them. */
  private static void batchNorm(JsonNode c, boolean training) {
    float momentum = (float) c.get("config").path("momentum").doubleValue();
    BatchNorm layer = new BatchNorm(momentum, epsilon(c.get("config")), columns(c));
    float[] x = floats(c.get("inputs").get("x"));
    float[] y = new float[x.length];
    Pass pass = pass(layer, c.get("output").size());
    pass.randomness = training ? new Randomness(1, 0) : null;
    pass.theta =
        floats(
            DoubleStream.concat(
                    Arrays.stream(concatenated(c.get("params"), "weight", "bias")),
                    Arrays.stream(concatenated(c.get("buffers"), "running_mean", "running_var")))
                .toArray());
    layer.forward(pass, x, y);
    assertNear("y", numbers(c.get("output")), y, NEAR);
    if (training) {
      pass.gradient = new float[pass.theta.length];
      float[] dx = new float[x.length];
      layer.backward(pass, x, y, floats(c.get("output_grad")), dx);
      assertNear("dx", numbers(c.get("input_grads").get("x")), dx, NEAR);
      double[] gradient = concatenated(c.get("param_grads"), "weight", "bias");
      assertNear("gradient", gradient, Arrays.copyOf(pass.gradient, gradient.length), NEAR);
      Network network =
          new Network(
              new TableInput(columns(c), List.of()), List.of(new Network.Named("norm", layer)));
      RunningMoments moments = network.runningMoments();
      moments.move(pass.theta, moments.take(pass.gradient, pass.rows), pass.rows);
      float[] moved = Arrays.copyOfRange(pass.theta, gradient.length, pass.theta.length);
      double[] after = concatenated(c.get("buffers_after"), "running_mean", "running_var");
      assertNear("running moments", after, moved, NEAR);
    }
  }

  /** A whole network, since a block is a few layers and an addition. */
  private static void residual(JsonNode c) {
    int width = columns(c);
    int inner = c.get("params").get("0.weight").size();
    Network network =
        new Network(
            new TableInput(width, List.of()),
            List.of(
                new Network.Named("0", new Linear(width, inner)),
                new Network.Named("1", new Activation(Nonlinearity.RELU, inner)),
                new Network.Named("2", new Linear(inner, width)),
                new Network.Named("3", new Add(Network.INPUT, width))));
    String[] slots = {"0.weight", "0.bias", "2.weight", "2.bias"};
    int rows = c.get("output").size();
    Workspace workspace = new Workspace(network, rows, new EjmlGemm());
    float[] x = floats(c.get("inputs").get("x"));
    for (int row = 0; row < rows; row++) {
      workspace.put(row, x, row * width, new int[0], 0);
    }
    float[] theta = floats(concatenated(c.get("params"), slots));
    network.forward(workspace, theta, rows, new Randomness(1, 0));
    assertNear("y", numbers(c.get("output")), workspace.logits(), NEAR);
    float[] dy = floats(c.get("output_grad"));
    System.arraycopy(dy, 0, workspace.logitsGradient(), 0, dy.length);
    float[] gradient = new float[theta.length];
    network.backward(workspace, gradient);
    assertNear("gradient", concatenated(c.get("param_grads"), slots), gradient, NEAR);
  }

  private static Optional<Nonlinearity> nonlinearity(String name) {
    return Arrays.stream(Nonlinearity.values())
        .filter(f -> name.equals("activation_" + f.name().toLowerCase(Locale.ROOT)))
        .findFirst();
  }

  private static int columns(JsonNode c) {
    return c.get("inputs").get("x").get(0).size();
  }

  private static void layer(JsonNode c, Layer layer, String... params) {
    float[] x = floats(c.get("inputs").get("x"));
    float[] y = new float[numbers(c.get("output")).length];
    Pass pass = pass(layer, c.get("output").size());
    pass.theta = floats(concatenated(c.get("params"), params));
    pass.gradient = new float[pass.theta.length];
    layer.forward(pass, x, y);
    assertNear("y", numbers(c.get("output")), y, NEAR);
    float[] dx = new float[x.length];
    layer.backward(pass, x, y, floats(c.get("output_grad")), dx);
    assertNear("dx", numbers(c.get("input_grads").get("x")), dx, NEAR);
    int from = 0;
    for (String param : params) {
      double[] expected = numbers(c.get("param_grads").get(param));
      float[] own = Arrays.copyOfRange(pass.gradient, from, from + expected.length);
      assertNear("gradient of " + param, expected, own, NEAR);
      from += expected.length;
    }
    assertEquals(pass.gradient.length, from);
  }

  private static Pass pass(Layer layer, int rows) {
    Pass pass = new Pass(new EjmlGemm());
    pass.rows = rows;
    pass.weights = new float[rows];
    Arrays.fill(pass.weights, 1);
    pass.scratch = IntStream.of(layer.scratch(rows)).mapToObj(float[]::new).toArray(float[][]::new);
    return pass;
  }

  private static double[] concatenated(JsonNode params, String... names) {
    return Arrays.stream(names)
        .flatMapToDouble(name -> Arrays.stream(numbers(params.get(name))))
        .toArray();
  }

  private static void embedding(JsonNode c) {
    JsonNode table = c.get("params").get("weight");
    int width = table.get(0).size();
    CategoryEncoding encoding = new CategoryEncoding.Embedding(table.size(), width);
    float[] theta = floats(table);
    float[] dy = floats(c.get("output_grad"));
    float[] y = new float[dy.length];
    float[] gradient = new float[theta.length];
    int row = 0;
    for (double id : numbers(c.get("inputs").get("ids"))) {
      encoding.forward((int) id, theta, 0, y, row * width);
      encoding.backward((int) id, dy, row * width, gradient, 0);
      row++;
    }
    assertNear("y", numbers(c.get("output")), y, NEAR);
    assertNear("gradient", numbers(c.get("param_grads").get("weight")), gradient, NEAR);
  }
}
