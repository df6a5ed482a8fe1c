package io.lakeprop.nn;

import static io.lakeprop.golden.Golden.NEAR;
import static io.lakeprop.golden.Golden.assertNear;
import static io.lakeprop.golden.Golden.floats;
import static io.lakeprop.golden.Golden.numbers;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import io.lakeprop.golden.Golden;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;

/** Laws 1 and 2: weighted sums of losses and of gradients, divided once, are PyTorch's means. */
class LossGoldenTest {
  private static final Set<String> NOT_YET =
      Set.of(
          "softmax_cross_entropy_smoothing",
          "softmax_cross_entropy_class_weights",
          "binary_cross_entropy_logits_pos_weight",
          "multilabel_binary_cross_entropy",
          "absolute_error",
          "huber",
          "quantile",
          "poisson_log_link",
          "gamma_log_link",
          "tweedie_log_link",
          "hinge",
          "focal");

  @TestFactory
  Stream<DynamicTest> lossesAgreeWithPyTorch() {
    return Golden.tests("losses", NOT_YET, LossGoldenTest::check);
  }

  @Test
  void everyLossHasAGoldenCase() {
    Set<Class<?>> covered =
        Golden.cases("losses").stream()
            .map(LossGoldenTest::loss)
            .filter(Objects::nonNull)
            .map(Loss::getClass)
            .collect(Collectors.toSet());
    assertEquals(Set.of(Loss.class.getPermittedSubclasses()), covered);
  }

  private static Loss loss(JsonNode c) {
    return switch (Golden.name(c)) {
      case "softmax_cross_entropy",
          "softmax_cross_entropy_large_logits",
          "softmax_cross_entropy_row_weights" ->
          new Loss.SoftmaxCrossEntropy(c.get("logits").get(0).size());
      case "binary_cross_entropy_logits", "binary_cross_entropy_logits_large" ->
          new Loss.BinaryCrossEntropy();
      case "squared_error" -> new Loss.SquaredError();
      default -> null;
    };
  }

  private static Executable check(JsonNode c) {
    Loss loss = loss(c);
    return loss == null ? null : () -> check(c, loss);
  }

  private static void check(JsonNode c, Loss loss) {
    int rows = c.get("logits").size();
    float[] logits = floats(c.get("logits"));
    float[] labels = floats(c.get("target"));
    float[] weights = new float[rows];
    Arrays.fill(weights, 1);
    if (c.has("row_weights")) {
      weights = floats(c.get("row_weights"));
    }
    float[] losses = new float[rows];
    float[] gradient = new float[logits.length];
    loss.losses(rows, logits, labels, losses);
    float[] alsoLosses = new float[rows];
    loss.gradient(rows, logits, labels, weights, alsoLosses, gradient);
    assertArrayEquals(losses, alsoLosses);
    double sum = 0;
    double weight = 0;
    for (int row = 0; row < rows; row++) {
      sum += (double) weights[row] * losses[row];
      weight += weights[row];
    }
    assertEquals(1, sum / weight / c.get("loss").doubleValue(), NEAR);
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] /= (float) weight;
    }
    assertNear("gradient", numbers(c.get("logits_grad")), gradient, NEAR);
  }
}
