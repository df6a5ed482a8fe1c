package io.lakeprop.optim;

import static io.lakeprop.golden.Golden.NEAR;
import static io.lakeprop.golden.Golden.assertNear;
import static io.lakeprop.golden.Golden.floats;
import static io.lakeprop.golden.Golden.numbers;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import io.lakeprop.golden.Golden;
import io.lakeprop.optim.UpdateRule.Chain;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;

/** Optimizers walk PyTorch's paths through the bowl. */
class OptimizerGoldenTest {
  /** PyTorch has none of these; the double-precision oracles have them all. */
  private static final Set<Class<?>> ELSEWHERE =
      Set.of(
          Optimizer.Lamb.class,
          Optimizer.Lars.class,
          Optimizer.Lion.class,
          Optimizer.LimitedMemoryBfgs.class);

  @TestFactory
  Stream<DynamicTest> optimizersAgreeWithPyTorch() {
    return Golden.tests("optimizers", Set.of(), OptimizerGoldenTest::check);
  }

  @Test
  void everyOptimizerHasAGoldenCase() {
    Set<Class<?>> covered = new HashSet<>(ELSEWHERE);
    for (JsonNode c : Golden.cases("optimizers")) {
      optimizer(c).ifPresent(optimizer -> covered.add(optimizer.getClass()));
    }
    assertEquals(Sealed.leaves(Optimizer.class), covered);
  }

  private static Optional<Optimizer> optimizer(JsonNode c) {
    JsonNode config = c.get("config");
    float epsilon = number(config, "eps");
    float momentum = number(config, "momentum");
    float alpha = number(config, "alpha");
    float[] b = config.has("betas") ? floats(config.get("betas")) : new float[2];
    return Optional.ofNullable(
        switch (Golden.name(c)) {
          case "sgd", "sgd_l2" -> new Optimizer.Sgd();
          case "momentum", "momentum_dampened" ->
              new Optimizer.Momentum(momentum, number(config, "dampening"));
          case "nesterov" -> new Optimizer.Nesterov(momentum);
          case "adagrad" -> new Optimizer.Adagrad(1e-10f);
          case "adadelta" -> new Optimizer.Adadelta(number(config, "rho"), epsilon);
          case "rmsprop" -> new Optimizer.RmsProp(alpha, epsilon, momentum);
          case "rmsprop_centered_momentum" ->
              new Optimizer.CenteredRmsProp(alpha, epsilon, momentum);
          case "adam", "adam_l2" -> new Optimizer.Adam(b[0], b[1], epsilon);
          case "amsgrad" -> new Optimizer.AmsGrad(b[0], b[1], epsilon);
          case "adamw" -> new Optimizer.AdamW(b[0], b[1], epsilon);
          case "adamax" -> new Optimizer.Adamax(b[0], b[1], epsilon);
          case "nadam" ->
              new Optimizer.NAdam(b[0], b[1], epsilon, config.get("momentum_decay").doubleValue());
          case "radam" -> new Optimizer.RAdam(b[0], b[1], epsilon);
          default -> null;
        });
  }

  /** 0 where PyTorch's default, which is 0 in every case, was used. */
  private static float number(JsonNode config, String key) {
    return (float) config.path(key).asDouble(0);
  }

  private static Executable check(JsonNode c) {
    int size = c.get("start").size();
    double decay = c.get("config").path("weight_decay").asDouble(0);
    Part all = new Part(0, 1, size, "all", Part.Kind.WEIGHT, 1, decay);
    return optimizer(c)
        .map(o -> new Chain(o.rules(new Parameters(List.of(all)))))
        .<Executable>map(rule -> () -> check(c, rule))
        .orElse(null);
  }

  private static void check(JsonNode c, UpdateRule rule) {
    JsonNode path = c.get("parameters_after_step");
    double[] matrix = numbers(c.get("matrix"));
    float[] theta = floats(c.get("start"));
    double rate = c.get("config").get("lr").doubleValue();
    Memory memory = new Memory(theta.length);
    float[] walked = new float[path.size() * theta.length];
    for (int step = 0; step < path.size(); step++) {
      Update update = new Update(gradient(matrix, theta), theta, memory, step, rate);
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
