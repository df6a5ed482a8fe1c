package io.lakeprop.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.data.PackedBlock;
import io.lakeprop.nn.BatchNorm;
import io.lakeprop.nn.Initializer;
import io.lakeprop.nn.Kernel;
import io.lakeprop.nn.Linear;
import io.lakeprop.nn.Network;
import io.lakeprop.nn.ParameterLayout;
import io.lakeprop.nn.SquaredError;
import io.lakeprop.nn.TableInput;
import io.lakeprop.optim.RangeRule;
import io.lakeprop.optim.Schedule;
import io.lakeprop.optim.UpdateRule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Law 2 for batch normalisation: after each round the running moments have moved towards the exact
 * weighted moments of all its rows, however unequal the slices and whatever the pieces.
 */
class RunningMomentsTest {
  private static final int[] SIZES = {70, 0, 3, 11};
  private static final float MOMENTUM = 0.25f;
  private static final int WIDTH = 2;
  private static final int ROUNDS = 7;
  private static final double NEAR = 2e-5;

  private final List<PackedBlock> blocks = new ArrayList<>();
  private final List<float[][]> rows = new ArrayList<>();
  private final List<float[]> weights = new ArrayList<>();

  /** Columns far from 0 and of unlike spread, which differ from shard to shard. */
  RunningMomentsTest() {
    Random random = new Random(8);
    for (int shard = 0; shard < SIZES.length; shard++) {
      float[][] numbers = new float[SIZES[shard]][WIDTH];
      float[] own = new float[SIZES[shard]];
      for (int i = 0; i < SIZES[shard]; i++) {
        numbers[i][0] = (float) (20 + 3 * shard + random.nextGaussian());
        numbers[i][1] = (float) (0.1 * random.nextGaussian() - shard);
        own[i] = random.nextInt(4);
      }
      rows.add(numbers);
      weights.add(own);
      blocks.add(Samples.block(shard, numbers, new float[SIZES[shard]], own));
    }
  }

  @ParameterizedTest(name = "batch {0}, pieces of {1}")
  @CsvSource({"84, 100", "84, 8", "30, 100", "30, 1", "30, 7"})
  void areTheExactMomentsOfEachRound(int batch, int piece) {
    RoundPlan plan = new RoundPlan(3, batch, SIZES.length, SIZES);
    double[] mean = new double[WIDTH];
    double[] variance = {1, 1};
    for (long round = 0; round < ROUNDS; round++) {
      for (int column = 0; column < WIDTH; column++) {
        double[] exact = moments(plan, round, column);
        mean[column] += MOMENTUM * (exact[0] - mean[column]);
        variance[column] += MOMENTUM * (exact[1] - variance[column]);
      }
    }
    float[] theta = train(plan, piece);
    for (int column = 0; column < WIDTH; column++) {
      assertEquals(mean[column], slot(theta, "norm.running_mean")[column], NEAR * 20);
      assertEquals(
          variance[column],
          slot(theta, "norm.running_variance")[column],
          NEAR * (1 + variance[column]));
    }
  }

  /** Weighted mean and unbiased variance of the rows that a round reads, in double precision. */
  private double[] moments(RoundPlan plan, long round, int column) {
    double weight = 0;
    double sum = 0;
    double squares = 0;
    int n = 0;
    for (int slice = 0; slice < plan.slices(); slice++) {
      RoundPlan.Share share = plan.share(round, slice);
      for (int i = share.from(); i < share.to(); i++) {
        int row = share.order().at(i);
        double w = weights.get(share.shard())[row];
        double x = rows.get(share.shard())[row][column];
        weight += w;
        sum += w * x;
        squares += w * x * x;
        n++;
      }
    }
    double mean = sum / weight;
    return new double[] {mean, (squares / weight - mean * mean) * n / (n - 1)};
  }

  private static Network network() {
    return new Network(
        new TableInput(WIDTH, List.of()),
        List.of(
            new Network.Named("norm", new BatchNorm(MOMENTUM, 1e-5f, WIDTH)),
            new Network.Named("head", new Linear(WIDTH, 1))));
  }

  /** Any rule: none may touch the moments, nor may clipping see them. */
  private float[] train(RoundPlan plan, int piece) {
    Network network = network();
    Objective objective = new Objective(network, new SquaredError(), piece, Kernel.EJML);
    Schedule rate = new Schedule.Constant(0.01);
    UpdateRule rule =
        new UpdateRule.Chain(
            List.of(
                new UpdateRule.ClipByGlobalNorm(0.1),
                new UpdateRule.ScaleByAdam(0.9f, 0.999f, 1e-8f),
                new RangeRule.AddDecayedWeights(0.5, network.layout().decayed()),
                new UpdateRule.ScaleByLearningRate()));
    float[] start = Initializer.suited(network, 1);
    Recorder recorder = new Recorder();
    float[] theta =
        new Trainer(
                new LocalRounds(objective, plan, blocks),
                plan,
                network.layout(),
                network.runningMoments(),
                rule,
                rate,
                ROUNDS,
                Optional.empty(),
                recorder)
            .run(new TrainerState(start))
            .theta();
    for (float norm : recorder.floats(RoundReport::gradientNorm)) {
      assertTrue(norm < 100, "the gradient's norm has no moments in it: " + norm);
    }
    return theta;
  }

  private static float[] slot(float[] theta, String name) {
    for (ParameterLayout.Placed placed : network().layout().slots()) {
      if (placed.name().equals(name)) {
        return Arrays.copyOfRange(theta, placed.offset(), placed.end());
      }
    }
    throw new AssertionError(name);
  }

  /** Means of the slices' means, the classic mistake, would be seen. */
  @Test
  void slicesAreUnequalEnoughToTell() {
    RoundPlan plan = new RoundPlan(3, 84, SIZES.length, SIZES);
    double exact = moments(plan, 0, 1)[0];
    double ofSlices = 0;
    for (int slice = 0; slice < SIZES.length; slice++) {
      double sum = 0;
      double weight = 0;
      for (int row = 0; row < SIZES[slice]; row++) {
        sum += (double) weights.get(slice)[row] * rows.get(slice)[row][1];
        weight += weights.get(slice)[row];
      }
      ofSlices += weight > 0 ? sum / weight / 3 : 0;
    }
    assertTrue(Math.abs(exact - ofSlices) > 0.5, exact + " " + ofSlices);
  }
}
