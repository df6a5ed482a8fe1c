package io.lakeprop.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A round's time is its parts', whatever the clocks of tasks and driver say. */
class RoundTimesTest {
  /** What was measured, then compute, broadcast, aggregate and the rest that was waited. */
  @ParameterizedTest
  @CsvSource({
    "100, 60, 10, 20, 60, 10, 20, 10",
    "100, 60, 0, 0, 60, 0, 0, 40",
    "100, 200, 10, 20, 100, 0, 0, 0",
    "100, 95, 10, 20, 95, 5, 0, 0",
    "100, 60, 30, 20, 60, 30, 10, 0"
  })
  void partsMakeTheWhole(
      long gradient,
      long task,
      long broadcast,
      long adding,
      long compute,
      long out,
      long aggregate,
      long waiting) {
    RoundTimes times =
        RoundTimes.of(new Clock(broadcast, adding), new GradientSum(1).computed(task), gradient, 7);
    assertEquals(new RoundTimes(compute, out, aggregate, waiting, 7), times);
    assertEquals(gradient + 7, times.total());
    assertEquals(gradient + 7 - compute, times.overhead());
  }

  private record Clock(long broadcastNanos, long aggregateNanos) implements RoundRunner {
    @Override
    public GradientSum gradient(float[] theta, long round) {
      throw new AssertionError("nobody asks for one");
    }

    @Override
    public void close() {}
  }
}
