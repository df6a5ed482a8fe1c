package io.lakeprop.optim;

import static io.lakeprop.golden.Golden.NEAR;
import static io.lakeprop.golden.Golden.assertNear;
import static io.lakeprop.golden.Golden.floats;
import static io.lakeprop.golden.Golden.numbers;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import io.lakeprop.golden.Golden;
import io.lakeprop.nn.ParameterLayout;
import io.lakeprop.optim.UpdateRule.AddDecayedWeights;
import io.lakeprop.optim.UpdateRule.AddMomentum;
import io.lakeprop.optim.UpdateRule.AddNesterovMomentum;
import io.lakeprop.optim.UpdateRule.Chain;
import io.lakeprop.optim.UpdateRule.ClipByGlobalNorm;
import io.lakeprop.optim.UpdateRule.ClipByValue;
import io.lakeprop.optim.UpdateRule.ScaleByAdam;
import io.lakeprop.optim.UpdateRule.ScaleByLearningRate;
import io.lakeprop.optim.UpdateRule.ScaleByRmsProp;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;

/** Chains of small rules walk PyTorch's paths through the bowl. */
class OptimizerGoldenTest {
  private static final Set<String> NOT_YET =
      Set.of(
          "momentum_dampened",
          "adagrad",
          "adadelta",
          "rmsprop_centered_momentum",
          "amsgrad",
          "adamax",
          "nadam",
          "radam");

  @TestFactory
  Stream<DynamicTest> chainsAgreeWithPyTorch() {
    return Golden.tests("optimizers", NOT_YET, OptimizerGoldenTest::check);
  }

  @Test
  void everyRuleHasAGoldenCase() {
    Set<Class<?>> covered =
        new HashSet<>(List.of(Chain.class, ClipByGlobalNorm.class, ClipByValue.class));
    for (JsonNode c : Golden.cases("optimizers")) {
      List<UpdateRule> rules = rules(c);
      rules.forEach(rule -> covered.add(rule.getClass()));
    }
    assertEquals(Set.of(UpdateRule.class.getPermittedSubclasses()), covered);
  }

  /** What comes before the learning rate; empty when a rule is missing. */
  private static List<UpdateRule> rules(JsonNode c) {
    JsonNode config = c.get("config");
    UpdateRule rate =
        new ScaleByLearningRate(new Schedule.Constant(config.get("lr").doubleValue()));
    return switch (Golden.name(c)) {
      case "sgd" -> List.of(rate);
      case "momentum" -> List.of(new AddMomentum(number(config, "momentum")), rate);
      case "nesterov" -> List.of(new AddNesterovMomentum(number(config, "momentum")), rate);
      case "sgd_l2" -> List.of(decay(c), rate);
      case "rmsprop" ->
          List.of(new ScaleByRmsProp(number(config, "alpha"), number(config, "eps")), rate);
      case "adam" -> List.of(adam(config), rate);
      case "adam_l2" -> List.of(decay(c), adam(config), rate);
      case "adamw" -> List.of(adam(config), decay(c), rate);
      default -> List.of();
    };
  }

  private static ScaleByAdam adam(JsonNode config) {
    float[] betas = floats(config.get("betas"));
    return new ScaleByAdam(betas[0], betas[1], number(config, "eps"));
  }

  private static AddDecayedWeights decay(JsonNode c) {
    var all = new ParameterLayout.Range(0, c.get("start").size());
    return new AddDecayedWeights(c.get("config").get("weight_decay").doubleValue(), List.of(all));
  }

  private static float number(JsonNode config, String key) {
    return (float) config.get(key).doubleValue();
  }

  private static Executable check(JsonNode c) {
    List<UpdateRule> rules = rules(c);
    return rules.isEmpty() ? null : () -> check(c, new Chain(rules));
  }

  private static void check(JsonNode c, UpdateRule rule) {
    JsonNode path = c.get("parameters_after_step");
    double[] matrix = numbers(c.get("matrix"));
    float[] theta = floats(c.get("start"));
    Memory memory = new Memory(theta.length);
    float[] walked = new float[path.size() * theta.length];
    for (int step = 0; step < path.size(); step++) {
      Update update = new Update(gradient(matrix, theta), theta, memory, step);
      rule.apply(update);
      update.addToTheta();
      System.arraycopy(theta, 0, walked, step * theta.length, theta.length);
    }
    assertNear("path", numbers(path), walked, NEAR);
  }

  /** {@code matrix x + 0.1 x³}. */
  private static float[] gradient(double[] matrix, float[] x) {
    float[] gradient = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      double sum = 0.1 * Math.pow(x[i], 3);
      for (int j = 0; j < x.length; j++) {
        sum += matrix[i * x.length + j] * x[j];
      }
      gradient[i] = (float) sum;
    }
    return gradient;
  }
}
