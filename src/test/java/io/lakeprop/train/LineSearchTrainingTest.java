package io.lakeprop.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.data.PackedBlock;
import io.lakeprop.nn.BinaryCrossEntropy;
import io.lakeprop.nn.Kernel;
import io.lakeprop.nn.Linear;
import io.lakeprop.nn.Network;
import io.lakeprop.nn.ParameterLayout.Range;
import io.lakeprop.nn.TableInput;
import io.lakeprop.optim.Lbfgs;
import io.lakeprop.optim.RangeRule;
import io.lakeprop.optim.Schedule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** L-BFGS in the loop: it ends by itself, at the minimum that Newton's method finds. */
class LineSearchTrainingTest {
  private static final int INPUTS = 4;
  private static final double DECAY = 0.05;
  private static final int[] SIZES = {70, 0, 33, 90};

  private final List<double[]> rows = new ArrayList<>();
  private final List<Double> labels = new ArrayList<>();
  private final List<Double> weights = new ArrayList<>();
  private final Recorder recorder = new Recorder();

  @Test
  void logisticRegressionEndsWhereNewtonsMethodDoes() {
    TrainerState state = train(blocks(), 1000);
    assertTrue(state.round() < 60, state.round() + " rounds");
    assertArrayEquals(newton(), doubles(state.bestTheta()), 1e-4);
    assertEquals(state.round(), recorder.rounds.size());
  }

  /** In the middle of a search theta is a trial; what counts is the point before it. */
  @Test
  void theModelIsTheAcceptedPoint() {
    List<PackedBlock> blocks = blocks();
    double before = Double.MAX_VALUE;
    for (int rounds = 1; rounds < 12; rounds++) {
      TrainerState state = train(blocks, rounds);
      assertNotSame(state.theta(), state.bestTheta());
      double loss = loss(doubles(state.bestTheta()));
      assertTrue(loss <= before + 1e-7, loss + " after " + before);
      before = loss;
    }
  }

  /** {@code -x - 0.3 log(2 - x)}: no number from 2 on, lowest at 1.7. */
  @Test
  void aTrialThatIsNoNumberOnlyMakesTheStepShorter() {
    RoundRunner wall =
        (theta, round) -> {
          double x = theta[0];
          float[] gradient = {(float) (x < 2 ? -1 + 0.3 / (2 - x) : Double.NaN), 0};
          return new GradientSum(gradient, -x - 0.3 * Math.log(2 - x), 1, 1);
        };
    Network network =
        new Network(
            new TableInput(1, List.of()), List.of(new Network.Named("only", new Linear(1, 1))));
    TrainerState state =
        new Trainer(
                wall,
                new RoundPlan(1, 1, 1, new int[] {1}),
                network.layout(),
                network.runningMoments(),
                new Lbfgs(5, 1e-5, List.of()),
                new Schedule.Constant(100),
                200,
                Optional.empty(),
                recorder)
            .run(new TrainerState(new float[2]));
    assertTrue(recorder.rounds.stream().anyMatch(round -> Double.isNaN(round.loss())));
    assertEquals(1.7, state.bestTheta()[0], 1e-3);
  }

  private TrainerState train(List<PackedBlock> blocks, long rounds) {
    Network network =
        new Network(
            new TableInput(INPUTS, List.of()),
            List.of(new Network.Named("only", new Linear(INPUTS, 1))));
    Objective objective = new Objective(network, new BinaryCrossEntropy(), 16, Kernel.EJML);
    RoundPlan plan = new RoundPlan(1, 1000, SIZES.length, SIZES);
    Lbfgs rule =
        new Lbfgs(
            5,
            1e-5,
            List.of(new RangeRule.AddDecayedWeights(DECAY, List.of(new Range(0, INPUTS)))));
    return new Trainer(
            new LocalRounds(objective, plan, blocks),
            plan,
            network.layout(),
            network.runningMoments(),
            rule,
            new Schedule.Constant(1),
            rounds,
            Optional.empty(),
            recorder)
        .run(new TrainerState(new float[INPUTS + 1]));
  }

  private List<PackedBlock> blocks() {
    Random random = new Random(8);
    List<PackedBlock> blocks = new ArrayList<>();
    for (int shard = 0; shard < SIZES.length; shard++) {
      float[][] numbers = new float[SIZES[shard]][INPUTS];
      float[] own = new float[SIZES[shard]];
      float[] weight = new float[SIZES[shard]];
      for (int i = 0; i < SIZES[shard]; i++) {
        double score = 0.3;
        double[] row = new double[INPUTS + 1];
        for (int j = 0; j < INPUTS; j++) {
          numbers[i][j] = (float) ((j + 1) * random.nextGaussian());
          row[j] = numbers[i][j];
          score += (j % 2 == 0 ? 0.7 : -0.4) * row[j];
        }
        row[INPUTS] = 1;
        own[i] = random.nextDouble() < 1 / (1 + Math.exp(-score)) ? 1 : 0;
        weight[i] = random.nextInt(3);
        rows.add(row);
        labels.add((double) own[i]);
        weights.add((double) weight[i]);
      }
      blocks.add(Samples.block(shard, numbers, own, weight));
    }
    return blocks;
  }

  private double loss(double[] theta) {
    double sum = 0;
    double weight = 0;
    for (int i = 0; i < rows.size(); i++) {
      double z = dot(rows.get(i), theta);
      sum += weights.get(i) * (Math.log1p(Math.exp(z)) - labels.get(i) * z);
      weight += weights.get(i);
    }
    double penalty = 0;
    for (int j = 0; j < INPUTS; j++) {
      penalty += DECAY / 2 * theta[j] * theta[j];
    }
    return sum / weight + penalty;
  }

  /** The minimum of the same loss, in double precision. */
  private double[] newton() {
    int n = INPUTS + 1;
    double[] theta = new double[n];
    for (int step = 0; step < 30; step++) {
      double[][] system = new double[n][n + 1];
      double all = weights.stream().mapToDouble(Double::doubleValue).sum();
      for (int i = 0; i < rows.size(); i++) {
        double[] row = rows.get(i);
        double p = 1 / (1 + Math.exp(-dot(row, theta)));
        double w = weights.get(i) / all;
        for (int j = 0; j < n; j++) {
          system[j][n] += w * (p - labels.get(i)) * row[j];
          for (int k = 0; k < n; k++) {
            system[j][k] += w * p * (1 - p) * row[j] * row[k];
          }
        }
      }
      for (int j = 0; j < INPUTS; j++) {
        system[j][n] += DECAY * theta[j];
        system[j][j] += DECAY;
      }
      double[] move = solve(system);
      for (int j = 0; j < n; j++) {
        theta[j] -= move[j];
      }
    }
    return theta;
  }

  /** Gauss and Jordan; the last column is the right side. */
  private static double[] solve(double[][] system) {
    int n = system.length;
    for (int pivot = 0; pivot < n; pivot++) {
      for (int i = 0; i < n; i++) {
        double factor = i == pivot ? 0 : system[i][pivot] / system[pivot][pivot];
        for (int j = pivot; j <= n; j++) {
          system[i][j] -= factor * system[pivot][j];
        }
      }
    }
    double[] solution = new double[n];
    Arrays.setAll(solution, i -> system[i][n] / system[i][i]);
    return solution;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static double[] doubles(float[] x) {
    double[] doubles = new double[x.length];
    Arrays.setAll(doubles, i -> x[i]);
    return doubles;
  }
}
