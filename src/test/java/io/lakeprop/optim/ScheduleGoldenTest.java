package io.lakeprop.optim;

import static io.lakeprop.golden.Golden.numbers;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import io.lakeprop.golden.Golden;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every step has PyTorch's learning rate. */
class ScheduleGoldenTest {
  private static final double FINAL_RATE = 1e-3;

  @TestFactory
  Stream<DynamicTest> schedulesAgreeWithPyTorch() {
    return Golden.tests("schedules", Set.of(), ScheduleGoldenTest::check);
  }

  @Test
  void everyScheduleHasAGoldenCase() {
    // Joined has a closed form, and a test of its own.
    Set<Class<?>> covered = new HashSet<>(Set.of(Schedule.Joined.class));
    for (JsonNode c : Golden.cases("schedules")) {
      Schedule schedule = schedule(c);
      if (schedule != null) {
        covered.add(schedule.getClass());
      }
    }
    assertEquals(Sealed.leaves(Schedule.class), covered);
  }

  @Test
  void joinedSchedulesCountFromTheirOwnStart() {
    Schedule.Cosine last = new Schedule.Cosine(0.1, 0, 4);
    Schedule.Linear first = new Schedule.Linear(0.5, 1, 5);
    Schedule joined =
        new Schedule.Joined(
            List.of(
                new Schedule.Phase(3, first),
                new Schedule.Phase(2, new Schedule.Constant(7)),
                new Schedule.Phase(1, last)));
    double[] expected = {
      first.rate(0),
      first.rate(1),
      first.rate(2),
      7,
      7,
      0.1,
      last.rate(1),
      last.rate(2),
      last.rate(3)
    };
    double[] rates = LongStream.range(0, 9).mapToDouble(joined::rate).toArray();
    assertArrayEquals(expected, rates);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void plateausFollowEitherDirection(boolean higher) {
    Plateau plateau = new Plateau(0.5, 0, 0.1, 0.2);
    double sign = higher ? 1 : -1;
    double[] scores = {-100, -92, -89, -80.2, -80, 30, 32, 33.1};
    double[] factors = {1, 0.5, 0.5, 0.25, 0.25, 0.25, 0.2, 0.2};
    Plateau.Progress progress = Plateau.Progress.START;
    for (int i = 0; i < scores.length; i++) {
      Plateau.Order order = (score, best) -> higher ? score > best : score < best;
      progress = plateau.after(progress, sign * scores[i], order);
      assertEquals(factors[i], progress.factor(), "after evaluation " + i);
    }
    double before = progress.factor();
    progress = plateau.after(progress, Double.NaN, (score, best) -> score > best);
    assertEquals(Math.max(0.2, before / 2), progress.factor());
  }

  private static Schedule schedule(JsonNode c) {
    double base = c.get("base_rate").doubleValue();
    long steps = c.path("steps").longValue();
    return switch (Golden.name(c)) {
      case "constant" -> new Schedule.Constant(base);
      case "step" -> new Schedule.Step(base, 7, 0.5);
      case "cosine" -> new Schedule.Cosine(base, FINAL_RATE, steps);
      case "multi_step" -> new Decline.MultiStep(base, List.of(5L, 12L, 20L), 0.3);
      case "exponential" -> new Decline.Exponential(base, 1, 0.93);
      case "cosine_warm_restarts" -> new Cycle.CosineRestarts(base, FINAL_RATE, 6, 2);
      case "one_cycle" -> new Cycle.OneCycle(base, steps + 1, 0.3, 25, 1e4);
      case "inverse_time" -> new Decline.InverseTime(base, 1, 0.1);
      case "polynomial" -> new Decline.Polynomial(base, 0, steps, 2);
      case "linear" -> new Schedule.Linear(0.1 * base, base, 10);
      case "warmup_then_cosine" -> new Schedule.WarmUp(5, new Schedule.Cosine(base, 0, steps - 5));
      default -> null;
    };
  }

  private static Executable check(JsonNode c) {
    Schedule schedule = schedule(c);
    if (Golden.name(c).equals("reduce_on_plateau")) {
      return () -> checkPlateau(c);
    }
    return schedule == null ? null : () -> check(c, schedule);
  }

  private static void check(JsonNode c, Schedule schedule) {
    double[] expected = numbers(c.get("rates"));
    double[] rates = LongStream.range(0, expected.length).mapToDouble(schedule::rate).toArray();
    assertArrayEquals(expected, rates, 1e-11);
  }

  private static void checkPlateau(JsonNode c) {
    Plateau plateau =
        new Plateau(
            c.get("factor").doubleValue(),
            c.get("patience").intValue(),
            c.get("threshold").doubleValue(),
            0);
    double[] scores = numbers(c.get("scores"));
    double[] rates = new double[scores.length];
    Plateau.Progress progress = Plateau.Progress.START;
    for (int i = 0; i < scores.length; i++) {
      rates[i] = c.get("base_rate").doubleValue() * progress.factor();
      progress = plateau.after(progress, scores[i], (score, best) -> score < best);
    }
    assertArrayEquals(numbers(c.get("rates")), rates, 1e-11);
  }
}
