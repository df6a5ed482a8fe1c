package io.lakeprop.nn;

import static io.lakeprop.golden.Golden.NEAR;
import static io.lakeprop.golden.Golden.assertNear;
import static io.lakeprop.golden.Golden.floats;
import static io.lakeprop.golden.Golden.numbers;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import io.lakeprop.golden.Golden;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;

/** Laws 1 and 2: weighted sums of losses and of gradients, divided once, are PyTorch's means. */
class LossGoldenTest {
  @TestFactory
  Stream<DynamicTest> lossesAgreeWithPyTorch() {
    return Golden.tests("losses", Set.of(), LossGoldenTest::check);
  }

  @Test
  void everyLossHasAGoldenCase() {
    Set<Class<?>> covered =
        Golden.cases("losses").stream()
            .map(LossGoldenTest::loss)
            .filter(Objects::nonNull)
            .map(Loss::getClass)
            .collect(Collectors.toSet());
    assertEquals(Losses.types(), covered);
  }

  private static Loss loss(JsonNode c) {
    JsonNode config = c.get("config");
    int logits = c.get("logits").get(0).size();
    return switch (Golden.name(c)) {
      case "softmax_cross_entropy",
          "softmax_cross_entropy_large_logits",
          "softmax_cross_entropy_row_weights",
          "softmax_cross_entropy_class_weights" ->
          new SoftmaxCrossEntropy(logits);
      case "softmax_cross_entropy_smoothing" ->
          new SoftmaxCrossEntropy(logits, config.get("label_smoothing").floatValue());
      case "binary_cross_entropy_logits", "binary_cross_entropy_logits_large" ->
          new BinaryCrossEntropy();
      case "binary_cross_entropy_logits_pos_weight" ->
          new BinaryCrossEntropy(0, config.get("pos_weight").floatValue());
      case "multilabel_binary_cross_entropy" ->
          new Heads(
              Collections.nCopies(logits, new Heads.Head(new BinaryCrossEntropy(), 1f / logits)));
      case "squared_error" -> new SquaredError();
      case "absolute_error" -> new AbsoluteError();
      case "huber" -> new HuberLoss(config.get("delta").floatValue());
      case "quantile" -> new QuantileLoss(quantiles(config.get("quantiles")));
      case "poisson_log_link" -> new PoissonLoss();
      case "gamma_log_link" -> new GammaLoss();
      case "tweedie_log_link" -> new TweedieLoss(config.get("power").floatValue());
      case "hinge" -> new HingeLoss();
      case "focal" -> new FocalLoss(config.get("gamma").floatValue());
      default -> null;
    };
  }

  private static List<Float> quantiles(JsonNode levels) {
    List<Float> quantiles = new ArrayList<>();
    levels.forEach(level -> quantiles.add(level.floatValue()));
    return quantiles;
  }

  /** The weight of each row: its own, times that of its class. */
  private static float[] weights(JsonNode c, int rows, float[] labels) {
    float[] weights = new float[rows];
    Arrays.fill(weights, 1);
    if (c.has("row_weights")) {
      weights = floats(c.get("row_weights"));
    }
    if (c.has("class_weights")) {
      for (int row = 0; row < weights.length; row++) {
        weights[row] *= c.get("class_weights").get((int) labels[row]).floatValue();
      }
    }
    return weights;
  }

  private static Executable check(JsonNode c) {
    Loss loss = loss(c);
    return loss == null ? null : () -> check(c, loss);
  }

  private static void check(JsonNode c, Loss loss) {
    int rows = c.get("logits").size();
    float[] logits = floats(c.get("logits"));
    float[] labels = floats(c.get("target"));
    if (loss instanceof HingeLoss) {
      // PyTorch's world reads -1 and 1.
      IntStream.range(0, rows).forEach(row -> labels[row] = Math.max(0, labels[row]));
    }
    float[] weights = weights(c, rows, labels);
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
