package io.lakeprop.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.nn.BatchNorm;
import io.lakeprop.nn.Initializer;
import io.lakeprop.nn.Kernel;
import io.lakeprop.nn.Linear;
import io.lakeprop.nn.Network;
import io.lakeprop.nn.SoftmaxCrossEntropy;
import io.lakeprop.nn.TableInput;
import io.lakeprop.optim.Memory;
import io.lakeprop.optim.Schedule;
import io.lakeprop.optim.UpdateRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Rounds that are not finite: nothing of them stays, and training goes on, or not, as asked. */
class NonFiniteTest {
  private static final int[] SIZES = {30, 21};
  private static final int ROUNDS_AN_EPOCH = 3;
  private static final Network NETWORK = Samples.network(0.2f);
  private static final RoundPlan PLAN = new RoundPlan(1, 20, 2, SIZES);
  private static final UpdateRule ADAM =
      new UpdateRule.Chain(
          List.of(
              new UpdateRule.ScaleByAdam(0.9f, 0.999f, 1e-8f),
              new UpdateRule.ScaleByLearningRate()));
  private static final double RATE = 0.01;

  private final Recorder recorder = new Recorder();

  private static RoundRunner good() {
    Objective objective =
        new Objective(NETWORK, new SoftmaxCrossEntropy(Samples.CLASSES), 16, Kernel.EJML);
    return new LocalRounds(objective, PLAN, Samples.shards(SIZES));
  }

  /** Some rounds' gradients have a number that is not one. */
  private static RoundRunner bad(Set<Long> rounds) {
    RoundRunner good = good();
    return (theta, round) -> {
      GradientSum sum = good.gradient(theta, round);
      if (rounds.contains(round)) {
        sum.gradient()[30] = Float.NaN;
      }
      return sum;
    };
  }

  private TrainerState train(RoundRunner runner, NonFinite what, long rounds, TrainerState state) {
    return train(runner, what, rounds, state, new Averaging.None());
  }

  private TrainerState train(
      RoundRunner runner, NonFinite what, long rounds, TrainerState state, Averaging averaging) {
    return new Trainer(
            runner,
            PLAN,
            NETWORK.layout(),
            NETWORK.runningMoments(),
            ADAM,
            new Schedule.Constant(RATE),
            rounds,
            Optional.empty(),
            recorder,
            averaging,
            new Health(what, 1, NETWORK.counters()),
            Keeper.NONE)
        .run(state);
  }

  /** An average must not remember the rounds that training went back over. */
  @Test
  void goingBackTakesTheAverageBackToo() {
    Averaging averaging = new Averaging.Exponential(0.9);
    TrainerState copied = train(good(), NonFinite.RETRY, ROUNDS_AN_EPOCH, start(), averaging);
    float[] average = copied.average.clone();
    TrainerState state = train(bad(Set.of(5L)), NonFinite.RETRY, 6, start(), averaging);
    assertEquals(1, state.leftOut());
    assertEquals(copied.averaged(), state.averaged());
    assertArrayEquals(average, state.average);
    assertArrayEquals(copied.theta(), state.theta());
    TrainerState later = train(bad(Set.of(5L)), NonFinite.RETRY, 7, start(), averaging);
    assertEquals(copied.averaged() + 1, later.averaged());
  }

  private static TrainerState start() {
    return new TrainerState(Initializer.suited(NETWORK, 1));
  }

  /** The same rounds without the bad ones, at the steps of the rounds that are left. */
  @Test
  void aSkippedRoundIsAsIfItHadNotBeen() {
    List<Long> left = List.of(0L, 1L, 3L, 6L, 7L);
    RoundRunner good = good();
    RoundRunner others = (theta, round) -> good.gradient(theta, left.get((int) round));
    TrainerState expected = train(others, NonFinite.STOP, left.size(), start());
    TrainerState state = train(bad(Set.of(2L, 4L, 5L)), NonFinite.SKIP, 8, start());
    assertSame(expected, state);
    assertEquals(8, state.round());
    assertEquals(3, state.leftOut());
    RoundReport report = recorder.rounds.get(left.size() + 2);
    assertEquals(NonFinite.SKIP, report.setback().orElseThrow().done());
    assertTrue(report.setback().get().what().contains("hidden1.weight["), report.toString());
    assertEquals(LayerFigures.NONE, report.layers());
  }

  @Test
  void tenInARowAreTheMost() {
    Set<Long> ten = Set.of(2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L);
    assertEquals(10, train(bad(ten), NonFinite.SKIP, 13, start()).leftOut());
    Set<Long> twice = Set.of(0L, 1L, 2L, 3L, 4L, 5L, 7L, 8L, 9L, 10L, 11L, 12L);
    assertEquals(12, train(bad(twice), NonFinite.SKIP, 14, start()).leftOut());
    RoundRunner always = (theta, round) -> bad(Set.of(round)).gradient(theta, round);
    TrainerState state = start();
    Diverged diverged =
        assertThrows(Diverged.class, () -> train(always, NonFinite.SKIP, 13, state));
    assertTrue(diverged.getMessage().startsWith("round 11 diverged: loss="), diverged.getMessage());
    assertTrue(diverged.getMessage().contains("the 10 rounds before"), diverged.getMessage());
    assertTrue(diverged.getMessage().endsWith("clip_norm, or training.non_finite: retry)"));
    assertArrayEquals(start().theta(), state.theta());
    assertEquals(new Memory(1).vectors(), state.memory.vectors());
  }

  /**
   * Round 4 (from 0) fails in the second epoch: what the first one left goes on with the rows of
   * round 5, at half the rate.
   */
  @Test
  void aRetryGoesBackToTheLastCopyAndOnAtHalfTheRate() {
    TrainerState state = train(bad(Set.of(4L)), NonFinite.RETRY, 7, start());
    TrainerState expected = train(good(), NonFinite.STOP, ROUNDS_AN_EPOCH, start());
    RoundRunner good = good();
    expected.rateFactor = 0.5;
    RoundRunner others = (theta, round) -> good.gradient(theta, round + 2);
    train(others, NonFinite.STOP, ROUNDS_AN_EPOCH + 2, expected);
    assertSame(expected, state);
    assertEquals(7, state.round());
    assertEquals(
        List.of(RATE, RATE, RATE, RATE, RATE, RATE / 2, RATE / 2),
        recorder.rounds.stream().limit(7).map(RoundReport::learningRate).toList());
    Setback setback = recorder.rounds.get(4).setback().orElseThrow();
    assertEquals(new Setback(NonFinite.RETRY, setback.what(), 3, 0.5), setback);
  }

  /** Before the first copy of an epoch there is that of the start; vectors begin at 0 again. */
  @Test
  void aRetryCanGoBackToTheStart() {
    TrainerState state = train(bad(Set.of(1L)), NonFinite.RETRY, 2, start());
    assertArrayEquals(start().theta(), state.theta());
    state.memory.vectors().values().forEach(v -> assertArrayEquals(new float[v.length], v));
    assertEquals(0, state.step);
  }

  @Test
  void theRateIsHalvedTenTimes() {
    TrainerState state = start();
    RoundRunner always = (theta, round) -> bad(Set.of(round)).gradient(theta, round);
    Diverged diverged =
        assertThrows(Diverged.class, () -> train(always, NonFinite.RETRY, 99, state));
    assertTrue(diverged.getMessage().startsWith("round 11 diverged"), diverged.getMessage());
    assertTrue(
        diverged
            .getMessage()
            .endsWith(
                ", at a rate that was halved 10 times (try a lower optimizer.learning_rate or"
                    + " optimizer.clip_norm)"),
        diverged.getMessage());
    assertEquals(1.0 / 1024, state.rateFactor);
    assertArrayEquals(start().theta(), state.theta());
  }

  @ParameterizedTest
  @EnumSource(NonFinite.class)
  void healthyRoundsDoNotCareWhatIsAsked(NonFinite what) {
    assertSame(train(good(), NonFinite.STOP, 9, start()), train(good(), what, 9, start()));
  }

  /** A finite gradient of 1e30 at a rate of 1e20. */
  @ParameterizedTest
  @EnumSource(NonFinite.class)
  void aStepThatIsTooLargeNeverReachesTheta(NonFinite what) {
    Network network = linear();
    List<float[]> thetas = new ArrayList<>();
    RoundRunner runner =
        (theta, round) -> {
          thetas.add(theta.clone());
          float size = round == 0 ? 1e30f : 1;
          return new GradientSum(new float[] {0, size}, 1, 1, 1);
        };
    TrainerState state = new TrainerState(new float[] {5, 7});
    Trainer trainer =
        new Trainer(
            runner,
            new RoundPlan(1, 1, 1, new int[] {1}),
            network.layout(),
            network.runningMoments(),
            new UpdateRule.Chain(
                List.of(new UpdateRule.AddMomentum(0.5f, 0), new UpdateRule.ScaleByLearningRate())),
            new Schedule.Constant(1e20),
            2,
            Optional.empty(),
            recorder,
            new Averaging.None(),
            new Health(what, 1, List.of()),
            Keeper.NONE);
    if (what == NonFinite.RETRY) {
      trainer.run(state);
      assertArrayEquals(new float[] {5, 7}, thetas.get(1));
      assertArrayEquals(new float[] {5, -0.5e20f}, state.theta());
      return;
    }
    Diverged diverged = assertThrows(Diverged.class, () -> trainer.run(state));
    assertTrue(diverged.getMessage().contains("only.bias[0]"), diverged.getMessage());
    assertArrayEquals(new float[] {5, 7}, state.theta());
  }

  /** A sum of squares that overflows in what batch norm remembers; the gradient is good. */
  @ParameterizedTest
  @CsvSource({"STOP", "SKIP", "RETRY"})
  void runningMomentsAreGuardedToo(NonFinite what) {
    Network network =
        new Network(
            new TableInput(1, List.of()),
            List.of(
                new Network.Named("norm", new BatchNorm(0.1f, 1e-5f, 1)),
                new Network.Named("head", new Linear(1, 1))));
    // scale, bias, running mean, running variance; weight, bias.
    RoundRunner runner =
        (theta, round) ->
            new GradientSum(new float[] {1, 1, 1, Float.POSITIVE_INFINITY, 1, 1}, 2, 2, 2);
    TrainerState state = new TrainerState(new float[] {1, 0, 0, 1, 1, 0});
    Trainer trainer =
        new Trainer(
            runner,
            new RoundPlan(1, 1, 1, new int[] {1}),
            network.layout(),
            network.runningMoments(),
            ADAM,
            new Schedule.Constant(1),
            1,
            Optional.empty(),
            recorder,
            new Averaging.None(),
            new Health(what, 1, List.of()),
            Keeper.NONE);
    if (what == NonFinite.STOP) {
      String message = assertThrows(Diverged.class, () -> trainer.run(state)).getMessage();
      assertTrue(message.contains("norm.running_variance[0]"), message);
    } else {
      assertEquals(1, trainer.run(state).leftOut());
    }
    assertArrayEquals(new float[] {1, 0, 0, 1, 1, 0}, state.theta());
    assertEquals(Map.of(), state.memory.vectors());
    assertEquals(0, state.step);
  }

  private static Network linear() {
    return new Network(
        new TableInput(1, List.of()), List.of(new Network.Named("only", new Linear(1, 1))));
  }

  private static void assertSame(TrainerState expected, TrainerState actual) {
    assertArrayEquals(expected.theta(), actual.theta());
    assertEquals(expected.step, actual.step);
    assertEquals(expected.memory.vectors().keySet(), actual.memory.vectors().keySet());
    expected
        .memory
        .vectors()
        .forEach((name, v) -> assertArrayEquals(v, actual.memory.vectors().get(name)));
  }
}
