package io.lakeprop.optim;

import static io.lakeprop.golden.Golden.numbers;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import io.lakeprop.golden.Golden;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;

/** Every step has PyTorch's learning rate. */
class ScheduleGoldenTest {
  private static final double FINAL_RATE = 1e-3;
  private static final Set<String> NOT_YET =
      Set.of(
          "multi_step",
          "exponential",
          "cosine_warm_restarts",
          "one_cycle",
          "inverse_time",
          "polynomial",
          "reduce_on_plateau");

  @TestFactory
  Stream<DynamicTest> schedulesAgreeWithPyTorch() {
    return Golden.tests("schedules", NOT_YET, ScheduleGoldenTest::check);
  }

  @Test
  void everyScheduleHasAGoldenCase() {
    Set<Class<?>> covered = new HashSet<>();
    for (JsonNode c : Golden.cases("schedules")) {
      Schedule schedule = schedule(c);
      if (schedule != null) {
        covered.add(schedule.getClass());
      }
    }
    assertEquals(Set.of(Schedule.class.getPermittedSubclasses()), covered);
  }

  private static Schedule schedule(JsonNode c) {
    double base = c.get("base_rate").doubleValue();
    long steps = c.path("steps").longValue();
    return switch (Golden.name(c)) {
      case "constant" -> new Schedule.Constant(base);
      case "step" -> new Schedule.Step(base, 7, 0.5);
      case "cosine" -> new Schedule.Cosine(base, FINAL_RATE, steps);
      case "linear" -> new Schedule.Linear(0.1 * base, base, 10);
      case "warmup_then_cosine" -> new Schedule.WarmUp(5, new Schedule.Cosine(base, 0, steps - 5));
      default -> null;
    };
  }

  private static Executable check(JsonNode c) {
    Schedule schedule = schedule(c);
    return schedule == null ? null : () -> check(c, schedule);
  }

  private static void check(JsonNode c, Schedule schedule) {
    double[] expected = numbers(c.get("rates"));
    double[] rates = LongStream.range(0, expected.length).mapToDouble(schedule::rate).toArray();
    assertArrayEquals(expected, rates, 1e-11);
  }
}
