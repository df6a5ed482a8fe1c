package io.lakeprop.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.data.PackedBlock;
import io.lakeprop.eval.Metric;
import io.lakeprop.eval.RegressionSum;
import io.lakeprop.nn.BatchNorm;
import io.lakeprop.nn.Dropout;
import io.lakeprop.nn.Initializer;
import io.lakeprop.nn.Kernel;
import io.lakeprop.nn.Linear;
import io.lakeprop.nn.Network;
import io.lakeprop.nn.SquaredError;
import io.lakeprop.nn.TableInput;
import io.lakeprop.optim.Memory;
import io.lakeprop.optim.RangeRule;
import io.lakeprop.optim.Schedule;
import io.lakeprop.optim.Update;
import io.lakeprop.optim.UpdateRule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What is judged and stored is the average by its definition, and training never knows of it. */
class AveragingTest {
  private static final int[] SIZES = {40, 0, 5, 21};
  private static final int BATCH = 20;
  private static final int INPUTS = 2;
  private static final int HIDDEN = 3;
  private static final int ROUNDS = 15;
  private static final double NEAR = 2e-6;
  private static final Averaging EXPONENTIAL = new Averaging.Exponential(0.8);

  /** After rounds 6, 9, 12 and 15. */
  private static final Averaging UNIFORM = new Averaging.Uniform(6, 3);

  private static final Schedule RATE = new Schedule.Constant(0.05);

  private final List<float[][]> rows = new ArrayList<>();
  private final List<float[]> weights = new ArrayList<>();
  private final List<PackedBlock> blocks = new ArrayList<>();
  private final RoundPlan plan = new RoundPlan(3, BATCH, SIZES.length, SIZES);

  AveragingTest() {
    Random random = new Random(5);
    for (int shard = 0; shard < SIZES.length; shard++) {
      float[][] numbers = new float[SIZES[shard]][INPUTS];
      float[] labels = new float[SIZES[shard]];
      float[] own = new float[SIZES[shard]];
      for (int i = 0; i < SIZES[shard]; i++) {
        numbers[i][0] = (float) (3 + shard + random.nextGaussian());
        numbers[i][1] = (float) (0.2 * random.nextGaussian() - shard);
        labels[i] = numbers[i][0] * numbers[i][1];
        own[i] = random.nextInt(3);
      }
      rows.add(numbers);
      weights.add(own);
      blocks.add(Samples.block(shard, numbers, labels, own));
    }
  }

  private static Network network(float dropout) {
    List<Network.Named> layers = new ArrayList<>();
    layers.add(new Network.Named("first", new Linear(INPUTS, HIDDEN)));
    layers.add(new Network.Named("norm", new BatchNorm(0.1f, 1e-5f, HIDDEN)));
    layers.add(new Network.Named("dropout", new Dropout(dropout, HIDDEN)));
    layers.add(new Network.Named("head", new Linear(HIDDEN, 1)));
    return new Network(new TableInput(INPUTS, List.of()), layers);
  }

  private static UpdateRule rule(Network network) {
    return new UpdateRule.Chain(
        List.of(
            new UpdateRule.ClipByGlobalNorm(2),
            new UpdateRule.ScaleByAdam(0.9f, 0.999f, 1e-8f),
            new RangeRule.AddDecayedWeights(0.1, network.layout().decayed()),
            new UpdateRule.ScaleByLearningRate()));
  }

  /** A training on the rows, which keeps each theta that it computes a gradient for. */
  private final class Run {
    private final Network network;
    private final List<float[]> path = new ArrayList<>();
    private final List<float[]> judged = new ArrayList<>();
    private final RoundRunner rounds;

    Run(Network network, int piece) {
      this.network = network;
      LocalRounds local =
          new LocalRounds(
              new Objective(network, new SquaredError(), piece, Kernel.EJML), plan, blocks);
      this.rounds =
          (theta, round) -> {
            path.add(theta.clone());
            return local.gradient(theta, round);
          };
    }

    float[] start() {
      return Initializer.suited(network, 1);
    }

    TrainerState train(Averaging averaging, long count, long evaluateEvery, TrainerState state) {
      Optional<Trainer.Validation> validation =
          evaluateEvery == 0
              ? Optional.empty()
              : Optional.of(
                  new Trainer.Validation(
                      this::score, Metric.RMSE, evaluateEvery, 99, Optional.empty()));
      return new Trainer(
              rounds,
              plan,
              network.layout(),
              network.runningMoments(),
              rule(network),
              RATE,
              count,
              validation,
              new Recorder(),
              averaging,
              Health.DEFAULT,
              Keeper.NONE)
          .run(state);
    }

    /** The later, the better. */
    private RegressionSum score(float[] theta) {
      judged.add(theta.clone());
      RegressionSum sum = new RegressionSum(1);
      float[] one = {1};
      sum.add(1, new float[] {100 - judged.size()}, new float[1], one, one);
      return sum;
    }
  }

  static List<Arguments> averages() {
    return List.of(
        Arguments.of(EXPONENTIAL),
        Arguments.of(UNIFORM),
        Arguments.of(new Averaging.Uniform(0, 1)));
  }

  /** Also with the loop as it was before there were averages, which moved the moments last. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("averages")
  void thePathIsTheSame(Averaging averaging) {
    Run run = new Run(network(0.2f), 7);
    TrainerState state = run.train(averaging, ROUNDS, 4, new TrainerState(run.start()));
    Network network = network(0.2f);
    float[] theta = run.start();
    Memory memory = new Memory(theta.length);
    RoundRunner local =
        new LocalRounds(new Objective(network, new SquaredError(), 7, Kernel.EJML), plan, blocks);
    for (long round = 0; round < ROUNDS; round++) {
      GradientSum sum = local.gradient(theta, round);
      float[] seen = network.runningMoments().take(sum.gradient(), sum.weight());
      Update update = sum.meanGradient(theta, memory, round, RATE.rate(round));
      rule(network).apply(update);
      update.addToTheta();
      network.runningMoments().move(theta, seen, sum.rows());
    }
    assertArrayEquals(theta, state.theta());
    assertFalse(Arrays.equals(theta, state.bestTheta()));
    TrainerState plain = run.train(new Averaging.None(), ROUNDS, 4, new TrainerState(run.start()));
    assertArrayEquals(theta, plain.theta());
    assertArrayEquals(theta, plain.bestTheta());
  }

  /** Running moments go along. */
  @Test
  void exponentialIsItsDefinition() {
    Run run = new Run(network(0), 7);
    Averaging slow = new Averaging.Exponential(0.55);
    TrainerState state = run.train(slow, ROUNDS, 0, new TrainerState(run.start()));
    run.path.add(state.theta());
    double[] average = doubles(run.path.get(0));
    for (int t = 1; t <= ROUNDS; t++) {
      double decay = Math.min(0.55, (1.0 + t) / (10 + t));
      assertEquals(t >= 10, decay == 0.55, "the decay warms up for some of the rounds");
      for (int i = 0; i < average.length; i++) {
        average[i] = decay * average[i] + (1 - decay) * run.path.get(t)[i];
      }
    }
    assertEquals(ROUNDS, state.averaged());
    assertNear(average, state.bestTheta(), average.length);
  }

  @ParameterizedTest(name = "from {0} every {1}: {2}")
  @CsvSource({"6, 3, 4", "0, 4, 3", "15, 2, 1", "1, 1, 15", "14, 5, 1"})
  void uniformIsItsDefinition(long from, long every, int times) {
    Run run = new Run(network(0), 7);
    TrainerState state =
        run.train(new Averaging.Uniform(from, every), ROUNDS, 0, new TrainerState(run.start()));
    // The gradients after the rounds are those that estimate the moments, under the average.
    assertEquals(ROUNDS + plan.roundsPerEpoch(), run.path.size());
    run.path.set(ROUNDS, state.theta());
    double[] average = new double[state.theta().length];
    int taken = 0;
    for (int round = 1; round <= ROUNDS; round++) {
      if (round >= from && (round - from) % every == 0) {
        for (int i = 0; i < average.length; i++) {
          average[i] += run.path.get(round)[i];
        }
        taken++;
      }
    }
    assertEquals(times, taken);
    assertEquals(times, state.averaged());
    for (int i = 0; i < average.length; i++) {
      average[i] /= taken;
    }
    assertNear(average, state.bestTheta(), moments(run.network));
    if (times == 1) {
      float[] one = run.path.get((int) from + (from == 0 ? 1 : 0));
      assertArrayEquals(
          Arrays.copyOf(one, moments(run.network)),
          Arrays.copyOf(state.bestTheta(), moments(run.network)),
          "the mean of one is that one");
    }
  }

  /** The slots up to the moments are those that an optimizer moves, in this network. */
  private static int moments(Network network) {
    return network.layout().slots().stream()
        .filter(placed -> placed.name().equals("norm.running_mean"))
        .findFirst()
        .orElseThrow()
        .offset();
  }

  /** The exact moments of what the averaged weights make of all rows, however they are cut. */
  @ParameterizedTest(name = "pieces of {0}, judged every {1} rounds")
  @CsvSource({"7, 0", "1, 0", "100, 4", "7, 1"})
  void momentsAreThoseOfAllRows(int piece, long every) {
    Run run = new Run(network(0), piece);
    TrainerState state = run.train(UNIFORM, ROUNDS, every, new TrainerState(run.start()));
    float[] theta = state.bestTheta();
    int mean = moments(run.network);
    for (int unit = 0; unit < HIDDEN; unit++) {
      double weight = 0;
      double sum = 0;
      double squares = 0;
      int n = 0;
      for (int shard = 0; shard < SIZES.length; shard++) {
        for (int row = 0; row < SIZES[shard]; row++) {
          double w = weights.get(shard)[row];
          double y = theta[INPUTS * HIDDEN + unit];
          for (int j = 0; j < INPUTS; j++) {
            y += (double) theta[unit * INPUTS + j] * rows.get(shard)[row][j];
          }
          weight += w;
          sum += w * y;
          squares += w * y * y;
          n++;
        }
      }
      double exact = sum / weight;
      double variance = (squares / weight - exact * exact) * n / (n - 1);
      assertEquals(exact, theta[mean + unit], 2e-5 * (1 + Math.abs(exact)));
      assertEquals(variance, theta[mean + HIDDEN + unit], 2e-5 * variance);
      assertTrue(
          Math.abs(variance / state.theta()[mean + HIDDEN + unit] - 1) > 1e-3,
          "theta's own are others");
    }
    if (every > 0) {
      assertArrayEquals(run.judged.get(run.judged.size() - 1), theta, "stored as judged");
    }
  }

  @Test
  void theAverageIsJudgedOnceItHasBegun() {
    Run run = new Run(network(0), 7);
    TrainerState state = run.train(UNIFORM, ROUNDS, 2, new TrainerState(run.start()));
    // After rounds 2, 4, 6, ... 14 and 15.
    assertEquals(8, run.judged.size());
    // Theta takes its steps, and an epoch more before 6, 10 (taken after 9), 12 and 15.
    assertEquals(ROUNDS + 4 * plan.roundsPerEpoch(), run.path.size());
    assertArrayEquals(run.path.get(2), run.judged.get(0));
    assertArrayEquals(run.path.get(4), run.judged.get(1));
    assertArrayEquals(run.judged.get(2), run.judged.get(3), "nothing was taken in between");
    assertFalse(Arrays.equals(run.judged.get(3), run.judged.get(4)));
    assertArrayEquals(run.judged.get(7), state.bestTheta());
    assertEquals(ROUNDS, state.bestRound());
  }

  @Test
  void anExponentialAverageCostsNoRounds() {
    Run run = new Run(network(0), 7);
    run.train(EXPONENTIAL, ROUNDS, 2, new TrainerState(run.start()));
    assertEquals(ROUNDS, run.path.size());
    for (float[] judged : run.judged) {
      assertTrue(run.path.stream().noneMatch(theta -> Arrays.equals(theta, judged)));
    }
  }

  @Test
  void withoutBatchNormNothingIsEstimated() {
    Network plain =
        new Network(
            new TableInput(INPUTS, List.of()),
            List.of(new Network.Named("only", new Linear(INPUTS, 1))));
    Run run = new Run(plain, 7);
    run.train(UNIFORM, ROUNDS, 1, new TrainerState(run.start()));
    assertEquals(ROUNDS, run.path.size());
  }

  /** Also where the stop estimated moments that the whole training did not. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("averages")
  void stoppedAndGoneOnIsNeverStopped(Averaging averaging) {
    for (int stop : new int[] {3, 7, 9, 14}) {
      Run run = new Run(network(0.2f), 7);
      TrainerState state = run.train(averaging, stop, 0, new TrainerState(run.start()));
      run.train(averaging, ROUNDS, 0, state);
      TrainerState whole = run.train(averaging, ROUNDS, 0, new TrainerState(run.start()));
      assertArrayEquals(whole.theta(), state.theta());
      assertArrayEquals(whole.bestTheta(), state.bestTheta());
    }
  }

  /** What is frozen stays as it is, to the bit, however often it is averaged. */
  @Test
  void whatDoesNotMoveIsNotMoved() {
    float[] theta = {0.1f, 1 / 3f, -7.7f};
    TrainerState state = new TrainerState(theta);
    state.average = theta.clone();
    for (int step = 1; step <= 1000; step++) {
      state.takeIntoAverage((float) EXPONENTIAL.weight(step, step, step - 1));
    }
    assertArrayEquals(theta, state.average);
    assertEquals(1000, state.averaged());
  }

  private static void assertNear(double[] expected, float[] actual, int count) {
    for (int i = 0; i < count; i++) {
      assertEquals(expected[i], actual[i], NEAR * (1 + Math.abs(expected[i])), "at " + i);
    }
  }

  private static double[] doubles(float[] numbers) {
    double[] doubles = new double[numbers.length];
    Arrays.setAll(doubles, i -> numbers[i]);
    return doubles;
  }
}
