package io.lakeprop.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.lakeprop.data.PackedBlock;
import io.lakeprop.eval.Metric;
import io.lakeprop.eval.NotANumber;
import io.lakeprop.eval.RegressionSum;
import io.lakeprop.nn.Kernel;
import io.lakeprop.nn.Linear;
import io.lakeprop.nn.Network;
import io.lakeprop.nn.ParameterLayout;
import io.lakeprop.nn.SoftmaxCrossEntropy;
import io.lakeprop.nn.SquaredError;
import io.lakeprop.nn.TableInput;
import io.lakeprop.optim.Plateau;
import io.lakeprop.optim.RangeRule;
import io.lakeprop.optim.Schedule;
import io.lakeprop.optim.UpdateRule;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The loop: it learns, guards, clips the mean, keeps the best and obeys patience. */
class TrainerTest {
  private static final double RATE = 0.1;
  private static final Schedule SCHEDULE = new Schedule.Constant(RATE);
  private static final UpdateRule STEP = new UpdateRule.ScaleByLearningRate();
  private static final UpdateRule ADAM =
      new UpdateRule.Chain(List.of(new UpdateRule.ScaleByAdam(0.9f, 0.999f, 1e-8f), STEP));

  private final Recorder recorder = new Recorder();

  /** A linear network on labels 2 a - 3 b + 0.5 must find these numbers. */
  @Test
  void findsTheClosedForm() {
    Random random = new Random(4);
    List<PackedBlock> blocks = new ArrayList<>();
    int[] sizes = {40, 0, 25};
    for (int shard = 0; shard < sizes.length; shard++) {
      float[][] rows = new float[sizes[shard]][2];
      float[] labels = new float[sizes[shard]];
      float[] weights = new float[sizes[shard]];
      for (int i = 0; i < sizes[shard]; i++) {
        rows[i][0] = (float) random.nextGaussian();
        rows[i][1] = (float) random.nextGaussian();
        labels[i] = 2 * rows[i][0] - 3 * rows[i][1] + 0.5f;
        weights[i] = 1 + random.nextInt(3);
      }
      blocks.add(Samples.block(shard, rows, labels, weights));
    }
    RoundPlan plan = new RoundPlan(1, 20, sizes.length, sizes);
    TrainerState state =
        trainer(rounds(2, plan, blocks), plan, linear(2).layout(), STEP, 300, Optional.empty())
            .run(new TrainerState(new float[3]));
    assertArrayEquals(new float[] {2, -3, 0.5f}, state.theta(), 1e-4f);
    assertTrue(recorder.rounds.get(299).loss() < 1e-6 * recorder.rounds.get(0).loss());
    assertEquals(300, state.round());
  }

  @Test
  void stoppedAndGoneOnIsNeverStopped() {
    int[] sizes = {30, 21};
    Network network = Samples.network(0.2f);
    Objective objective =
        new Objective(network, new SoftmaxCrossEntropy(Samples.CLASSES), 16, Kernel.EJML);
    RoundPlan plan = new RoundPlan(1, 20, 2, sizes);
    RoundRunner runner = new LocalRounds(objective, plan, Samples.shards(sizes));
    TrainerState start = new TrainerState(io.lakeprop.nn.Initializer.suited(network, 1));
    float[] first = start.theta().clone();
    trainer(runner, plan, network.layout(), ADAM, 4, Optional.empty()).run(start);
    trainer(runner, plan, network.layout(), ADAM, 11, Optional.empty()).run(start);
    TrainerState whole =
        trainer(runner, plan, network.layout(), ADAM, 11, Optional.empty())
            .run(new TrainerState(first));
    assertArrayEquals(whole.theta(), start.theta());
  }

  @Test
  void keepsTheBestAndObeysPatience() {
    List<float[]> seen = new ArrayList<>();
    TrainerState state = judged(seen, 3, 2, 5, 3, 4, 3, 4, 1);
    // Rounds 2, 4 (best), 6, 8 (a tie is no best), 10: three evaluations without a new best.
    assertEquals(5, seen.size());
    assertEquals(10, state.round());
    assertEquals(4, state.bestRound());
    assertEquals(3, state.bestScore(), 1e-6);
    assertTrue(state.judged() && state.whole());
    assertFalse(new TrainerState(new float[2]).judged());
    assertArrayEquals(seen.get(1), state.bestTheta());
    assertFalse(java.util.Arrays.equals(state.theta(), state.bestTheta()));
    assertEquals(
        List.of(true, true, false, false, false),
        recorder.evaluations.stream().map(EvaluationReport::best).toList());
  }

  @Test
  void aNewBestStartsPatienceAgain() {
    List<float[]> seen = new ArrayList<>();
    TrainerState state = judged(seen, 2, 1, 5, 6, 4, 6, 3, 6, 2, 9, 9, 1);
    assertEquals(9, state.round());
    assertEquals(7, state.bestRound());
    assertArrayEquals(seen.get(6), state.bestTheta());
  }

  @Test
  void aScoreThatIsNotANumberEndsTheTraining() {
    String message =
        assertThrows(NotANumber.class, () -> judged(new ArrayList<>(), 3, 1, 5, Float.NaN, 4, 6, 6))
            .getMessage();
    assertTrue(message.contains("of the validation rows must be a number, however: NaN"), message);
    assertEquals(1, recorder.evaluations.size());
  }

  @Test
  void theLastRoundIsJudgedToo() {
    List<float[]> seen = new ArrayList<>();
    judged(seen, 9, 5, 4, 3, 2);
    assertEquals(3, seen.size());
    assertEquals(12, recorder.evaluations.get(2).round());
  }

  /** At most 12 rounds, each moving theta by -0.1; the scripted scores are RMSEs. */
  private TrainerState judged(List<float[]> seen, int patience, long every, float... scores) {
    Evaluator scripted =
        theta -> {
          RegressionSum sum = new RegressionSum(1);
          float[] one = {1};
          sum.add(1, new float[] {scores[seen.size()]}, new float[1], one, one);
          seen.add(theta.clone());
          return sum;
        };
    return trainer(
            (theta, round) -> sum(1, 1),
            new RoundPlan(1, 1, 1, new int[] {1}),
            linear(1).layout(),
            STEP,
            12,
            Optional.of(
                new Trainer.Validation(scripted, Metric.RMSE, every, patience, Optional.empty())))
        .run(new TrainerState(new float[2]));
  }

  @Test
  void nonFiniteGradientsStopBeforeTheStep() {
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
      TrainerState state = new TrainerState(new float[2]);
      RoundRunner runner = (theta, round) -> round < 3 ? sum(1, 1) : sum(1, bad);
      Trainer trainer = fake(runner, 10, ADAM);
      Diverged diverged = assertThrows(Diverged.class, () -> trainer.run(state));
      assertTrue(diverged.getMessage().contains("round 4 diverged"), diverged.getMessage());
      assertTrue(diverged.getMessage().contains("only.bias[0]"), diverged.getMessage());
      assertFalse(state.whole(), "in the middle of a round");
      TrainerState before = fake(runner, 3, ADAM).run(new TrainerState(new float[2]));
      assertArrayEquals(before.theta(), state.theta());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0, 299999, 'only.weight[0]'",
    "16383, 16384, 'only.weight[16383]'",
    "299999, 300000, 'only.weight[299999]'",
    "300000, 300000, 'only.bias[0]'"
  })
  void theFirstBadNumberOfManyIsNamed(int first, int second, String name) {
    RoundRunner runner =
        (theta, round) -> {
          GradientSum sum = new GradientSum(theta.length);
          sum.gradient()[first] = Float.NEGATIVE_INFINITY;
          sum.gradient()[second] = Float.NaN;
          sum.count(1, new float[] {1}, new float[] {1});
          return sum;
        };
    ParameterLayout layout = linear(300_000).layout();
    RoundPlan plan = new RoundPlan(1, 1, 1, new int[] {1});
    Trainer trainer = trainer(runner, plan, layout, ADAM, 1, Optional.empty());
    TrainerState state = new TrainerState(new float[layout.size()]);
    Diverged diverged = assertThrows(Diverged.class, () -> trainer.run(state));
    assertTrue(diverged.getMessage().contains(" at " + name + " "), diverged.getMessage());
    assertArrayEquals(new float[layout.size()], state.theta());
  }

  /** Each round here is a new best one; only what the first ones leave for good is allocated. */
  @Test
  void noRoundAllocatesAVectorAsLongAsTheta() {
    ParameterLayout layout = linear(1_000_000).layout();
    float[] gradient = new float[layout.size()];
    RoundRunner runner = (theta, round) -> new GradientSum(gradient, 1, 1, 1);
    Evaluator better =
        theta -> {
          RegressionSum sum = new RegressionSum(1);
          float[] one = {1};
          sum.add(1, new float[] {100f / recorder.rounds.size()}, new float[1], one, one);
          return sum;
        };
    RoundPlan plan = new RoundPlan(1, 1, 1, new int[] {1});
    Optional<Trainer.Validation> validation =
        Optional.of(new Trainer.Validation(better, Metric.RMSE, 1, 1, Optional.empty()));
    UpdateRule rule =
        new UpdateRule.Chain(
            List.of(
                new UpdateRule.ClipByGlobalNorm(1),
                new RangeRule.AddDecayedWeights(0.1, layout.decayed()),
                ADAM));
    TrainerState state = new TrainerState(new float[layout.size()]);
    trainer(runner, plan, layout, rule, 2, validation).run(state);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    trainer(runner, plan, layout, rule, 12, validation).run(state);
    long bytes = threads.getCurrentThreadAllocatedBytes() - before;
    assertEquals(12, state.bestRound());
    assertTrue(bytes < 4L * layout.size(), bytes + " bytes in ten rounds");
  }

  @Test
  void nonFiniteLossesStopToo() {
    RoundRunner runner =
        (theta, round) -> {
          GradientSum sum = new GradientSum(2);
          sum.count(1, new float[] {1}, new float[] {Float.NaN});
          return sum;
        };
    TrainerState state = new TrainerState(new float[2]);
    Trainer trainer = fake(runner, 1, STEP);
    assertThrows(Diverged.class, () -> trainer.run(state));
    assertArrayEquals(new float[2], state.theta());
  }

  /** Two slices pull by 200 and -198 a parameter: their mean, 1, is far below the bound. */
  @Test
  void clippingLooksAtTheMeanNotAtTheSlices() {
    double bound = 10;
    float[] theta = stepOfOppositeSlices(bound);
    assertArrayEquals(new float[] {-0.1f, -0.1f}, theta, 1e-6f);
    // Had each slice been clipped, to ±10/√2 a parameter, the mean would be 0.
    double slice = 200 * bound / (200 * Math.sqrt(2)) - 198 * bound / (198 * Math.sqrt(2));
    assertEquals(0, slice / 2, 1e-12);
  }

  @Test
  void theReportHasTheNormBeforeClippingAndTheStepIsBounded() {
    double bound = 0.5;
    float[] theta = stepOfOppositeSlices(bound);
    assertEquals(Math.sqrt(2), recorder.rounds.get(0).gradientNorm(), 1e-5);
    assertEquals(RATE * bound, Math.hypot(theta[0], theta[1]), 1e-6);
    assertEquals(Optional.of(true), recorder.rounds.get(0).clipped());
  }

  @Test
  void theReportSaysWhetherClippingBit() {
    stepOfOppositeSlices(1000);
    assertEquals(Optional.of(false), recorder.rounds.get(0).clipped());
    fake((theta, round) -> sum(1, 1), 1, STEP).run(new TrainerState(new float[2]));
    assertEquals(Optional.empty(), recorder.rounds.get(1).clipped());
  }

  /** Scores 5, 5, 5, 1, 5: patience 1 is exceeded by the third one. */
  @Test
  void aPlateauLowersTheRateThatIsUsedAndReported() {
    float[] scores = {5, 5, 5, 1, 5};
    List<Float> thetas = new ArrayList<>();
    Evaluator scripted =
        theta -> {
          RegressionSum sum = new RegressionSum(1);
          float[] one = {1};
          sum.add(1, new float[] {scores[thetas.size()]}, new float[1], one, one);
          thetas.add(theta[0]);
          return sum;
        };
    Trainer.Validation validation =
        new Trainer.Validation(
            scripted, Metric.RMSE, 1, 9, Optional.of(new Plateau(0.25, 1, 1e-4, 0)));
    RoundPlan plan = new RoundPlan(1, 1, 1, new int[] {1});
    trainer(
            (theta, round) -> sum(1, 1),
            plan,
            linear(1).layout(),
            STEP,
            scores.length,
            Optional.of(validation))
        .run(new TrainerState(new float[2]));
    double[] rates = {RATE, RATE, RATE, RATE / 4, RATE / 4};
    float theta = 0;
    for (int round = 0; round < rates.length; round++) {
      assertEquals(rates[round], recorder.rounds.get(round).learningRate());
      theta -= (float) rates[round];
      assertEquals(theta, thetas.get(round));
    }
  }

  private float[] stepOfOppositeSlices(double bound) {
    float[][] one = {{1}};
    float[] weight = {1};
    List<PackedBlock> blocks =
        List.of(
            Samples.block(0, one, new float[] {-100}, weight),
            Samples.block(1, one, new float[] {99}, weight));
    RoundPlan plan = new RoundPlan(1, 2, 2, new int[] {1, 1});
    UpdateRule rule = new UpdateRule.Chain(List.of(new UpdateRule.ClipByGlobalNorm(bound), STEP));
    return trainer(rounds(1, plan, blocks), plan, linear(1).layout(), rule, 1, Optional.empty())
        .run(new TrainerState(new float[2]))
        .theta();
  }

  @Test
  void roundsWithoutWeightAreSkipped() {
    RoundRunner all = (theta, round) -> sum(1f + (int) round, -2);
    RoundRunner holes =
        (theta, round) -> round % 2 == 1 ? new GradientSum(2) : all.gradient(theta, round / 2);
    TrainerState expected = fake(all, 3, ADAM).run(new TrainerState(new float[2]));
    TrainerState state = fake(holes, 6, ADAM).run(new TrainerState(new float[2]));
    assertArrayEquals(expected.theta(), state.theta());
    assertEquals(6, state.round());
  }

  private Trainer fake(RoundRunner runner, long rounds, UpdateRule rule) {
    RoundPlan plan = new RoundPlan(1, 1, 1, new int[] {1});
    return trainer(runner, plan, linear(1).layout(), rule, rounds, Optional.empty());
  }

  private Trainer trainer(
      RoundRunner runner,
      RoundPlan plan,
      ParameterLayout layout,
      UpdateRule rule,
      long rounds,
      Optional<Trainer.Validation> validation) {
    return new Trainer(
        runner,
        plan,
        layout,
        linear(1).runningMoments(),
        rule,
        SCHEDULE,
        rounds,
        validation,
        recorder);
  }

  private static LocalRounds rounds(int inputs, RoundPlan plan, List<PackedBlock> blocks) {
    Objective objective = new Objective(linear(inputs), new SquaredError(), 8, Kernel.EJML);
    return new LocalRounds(objective, plan, blocks);
  }

  private static Network linear(int inputs) {
    return new Network(
        new TableInput(inputs, List.of()),
        List.of(new Network.Named("only", new Linear(inputs, 1))));
  }

  /** A sum over one row of weight 1 and loss 1. */
  private static GradientSum sum(float g0, float g1) {
    GradientSum sum = new GradientSum(2);
    sum.gradient()[0] = g0;
    sum.gradient()[1] = g1;
    sum.count(1, new float[] {1}, new float[] {1});
    return sum;
  }

  /** Of each round the keeper is told, and of the last one that it is the last. */
  @Test
  void theKeeperIsToldOfEachRoundAndMayStop() {
    List<String> told = new ArrayList<>();
    for (int stop : new int[] {99, 2}) {
      Keeper keeper =
          new Keeper() {
            @Override
            public void roundDone(TrainerState state, boolean last) {
              told.add(state.round() + (last ? " last" : ""));
            }

            @Override
            public boolean asksToStop() {
              return told.size() % 10 == stop;
            }
          };
      told.clear();
      TrainerState state =
          kept(NonFinite.STOP, keeper, Optional.empty(), (theta, round) -> sum(1, 1), 3);
      assertEquals(stop == 2 ? List.of("1", "2") : List.of("1", "2", "3 last"), told);
      assertEquals(told.size(), state.round());
    }
  }

  private TrainerState kept(
      NonFinite what,
      Keeper keeper,
      Optional<Trainer.Validation> validation,
      RoundRunner runner,
      long rounds) {
    return new Trainer(
            runner,
            new RoundPlan(1, 1, 1, new int[] {3}),
            linear(1).layout(),
            linear(1).runningMoments(),
            STEP,
            SCHEDULE,
            rounds,
            validation,
            recorder,
            new Averaging.None(),
            new Health(what, 1, List.of()),
            keeper)
        .run(new TrainerState(new float[2]));
  }

  /** Three rounds are an epoch: an evaluation after any of its rounds is of that epoch. */
  @Test
  void anEvaluationSaysItsRoundAndEpoch() {
    kept(NonFinite.STOP, Keeper.NONE, every(1, 9, 5), (theta, round) -> sum(1, 1), 7);
    assertEquals(
        List.of(1L, 2L, 3L, 4L, 5L, 6L, 7L),
        recorder.evaluations.stream().map(EvaluationReport::round).toList());
    assertEquals(
        List.of(1L, 1L, 1L, 2L, 2L, 2L, 3L),
        recorder.evaluations.stream().map(EvaluationReport::epoch).toList());
  }

  @Test
  void theTimesOfARoundAreThoseOfTheClock() {
    long started = System.nanoTime();
    kept(NonFinite.STOP, Keeper.NONE, Optional.empty(), (theta, round) -> sum(1, 1), 5);
    long all = System.nanoTime() - started;
    for (RoundReport report : recorder.rounds) {
      RoundTimes times = report.times();
      assertTrue(times.waiting() >= 0 && times.optimizer() >= 0, times.toString());
      assertTrue(times.total() > 0 && times.total() <= all, times.toString());
    }
  }

  /** Scores RMSEs in their order, the last one again and again; NaN is an overflow. */
  private static Evaluator scored(List<float[]> seen, float... scores) {
    return theta -> {
      RegressionSum sum = new RegressionSum(1);
      float[] one = {1};
      float score = scores[Math.min(seen.size(), scores.length - 1)];
      sum.add(1, new float[] {score}, new float[1], one, one);
      seen.add(theta.clone());
      return sum;
    };
  }

  /**
   * Validation after every other round: a way back leads to the last one whose theta was judged
   * sound, past those that overflow.
   */
  @Test
  void aWayBackLeadsToWhatWasJudgedSound() {
    for (float fourth : new float[] {2, Float.NaN}) {
      recorder.rounds.clear();
      recorder.evaluations.clear();
      RoundRunner runner = (theta, round) -> sum(1, round == 5 ? Float.NaN : 1);
      TrainerState state = kept(NonFinite.RETRY, Keeper.NONE, every(2, 9, 3, fourth, 2), runner, 8);
      Setback setback = recorder.rounds.get(5).setback().orElseThrow();
      assertEquals(fourth == 2 ? 4 : 2, setback.backTo());
      EvaluationReport second = recorder.evaluations.get(1);
      assertEquals(fourth == 2, second.metrics().containsKey("rmse"), second.toString());
      assertEquals(fourth == 2, second.best());
      assertEquals(2, state.bestScore(), 1e-6);
    }
  }

  /** Overflows count as evaluations without a new best; where there is no best, none can stay. */
  @Test
  void evaluationsThatOverflow() {
    float bad = Float.NaN;
    RoundRunner runner = (theta, round) -> sum(1, 1);
    for (NonFinite what : new NonFinite[] {NonFinite.SKIP, NonFinite.RETRY}) {
      recorder.evaluations.clear();
      TrainerState state = kept(what, Keeper.NONE, every(2, 2, 3, bad), runner, 12);
      assertEquals(2, state.bestRound());
      assertEquals(6, state.round(), "patience ends it");
      assertEquals(3, recorder.evaluations.size());
      recorder.evaluations.clear();
      assertThrows(NotANumber.class, () -> kept(what, Keeper.NONE, every(2, 9, bad), runner, 4));
      assertEquals(1, recorder.evaluations.size(), "the first overflow may be followed by a best");
      recorder.evaluations.clear();
      assertThrows(NotANumber.class, () -> kept(what, Keeper.NONE, every(2, 1, bad), runner, 4));
      assertEquals(0, recorder.evaluations.size());
    }
    assertThrows(
        NotANumber.class, () -> kept(NonFinite.STOP, Keeper.NONE, every(2, 9, 3, bad), runner, 4));
  }

  private static Optional<Trainer.Validation> every(long every, int patience, float... scores) {
    return Optional.of(
        new Trainer.Validation(
            scored(new ArrayList<>(), scores), Metric.RMSE, every, patience, Optional.empty()));
  }

  /** A round without weight makes no step, so that no average takes it in. */
  @Test
  void anAverageKnowsNothingOfRoundsWithoutWeight() {
    RoundRunner all = (theta, round) -> sum(1f + (int) round, -2);
    RoundRunner holes =
        (theta, round) -> round % 2 == 1 ? new GradientSum(2) : all.gradient(theta, round / 2);
    List<float[]> averages = new ArrayList<>();
    for (RoundRunner runner : List.of(all, holes)) {
      TrainerState state =
          new Trainer(
                  runner,
                  new RoundPlan(1, 1, 1, new int[] {1}),
                  linear(1).layout(),
                  linear(1).runningMoments(),
                  STEP,
                  SCHEDULE,
                  runner == all ? 3 : 6,
                  Optional.empty(),
                  recorder,
                  new Averaging.Exponential(0.9),
                  Health.DEFAULT,
                  Keeper.NONE)
              .run(new TrainerState(new float[2]));
      assertEquals(3, state.averaged());
      averages.add(state.average);
    }
    assertArrayEquals(averages.get(0), averages.get(1));
  }
}
