package io.lakeprop.optim;

import static io.lakeprop.golden.Golden.assertNear;
import static io.lakeprop.golden.Golden.floats;
import static io.lakeprop.golden.Golden.numbers;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import io.lakeprop.golden.Golden;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;

/** Clipping by global norm and by value gives PyTorch's gradients. */
class ClippingGoldenTest {
  /** PyTorch divides by norm + 1e-6. */
  private static final double NEAR = 1e-5;

  @TestFactory
  Stream<DynamicTest> clippingAgreesWithPyTorch() {
    return Golden.tests("clipping", Set.of(), ClippingGoldenTest::check);
  }

  private static Executable check(JsonNode c) {
    return switch (Golden.name(c)) {
      case "global_norm" ->
          () -> {
            double norm = update(c).norm();
            assertEquals(1, norm / c.get("total_norm").doubleValue(), NEAR);
            check(c, new UpdateRule.ClipByGlobalNorm(c.get("max_norm").doubleValue()));
          };
      case "value" -> () -> check(c, new UpdateRule.ClipByValue(c.get("max_value").doubleValue()));
      default -> null;
    };
  }

  private static void check(JsonNode c, UpdateRule rule) {
    Update update = update(c);
    rule.apply(update);
    assertNear("clipped", numbers(c.get("clipped")), update.values(), NEAR);
  }

  private static Update update(JsonNode c) {
    float[] gradient = floats(c.get("gradients"));
    return new Update(gradient, new float[gradient.length], new Memory(gradient.length), 0, 0);
  }
}
