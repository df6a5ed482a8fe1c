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
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;

/** Law 1: layers compute what PyTorch computes, forward and backward. */
class LayerGoldenTest {
  private static final Set<String> NOT_YET =
      Set.of(
          "activation_gelu_tanh",
          "activation_mish",
          "activation_hard_swish",
          "activation_softsign",
          "activation_identity",
          "layer_norm",
          "batch_norm_training",
          "batch_norm_inference",
          "residual_block",
          "periodic_embedding_plr",
          "batch_ensemble_linear");

  @TestFactory
  Stream<DynamicTest> layersAgreeWithPyTorch() {
    return Golden.tests("layers", NOT_YET, LayerGoldenTest::check);
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
    String name = Golden.name(c);
    if (name.equals("linear")) {
      JsonNode w = c.get("params").get("weight");
      return () -> layer(c, new Linear(w.get(0).size(), w.size()), "weight", "bias");
    }
    if (name.equals("embedding")) {
      return () -> embedding(c);
    }
    return nonlinearity(name)
        .map(f -> (Executable) () -> layer(c, new Activation(f, columns(c))))
        .orElse(null);
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
    Pass pass = new Pass(new EjmlGemm());
    pass.rows = c.get("output").size();
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
