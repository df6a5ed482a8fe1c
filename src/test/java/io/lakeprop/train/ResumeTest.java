package io.lakeprop.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.eval.Metric;
import io.lakeprop.eval.RegressionSum;
import io.lakeprop.model.Snapshot;
import io.lakeprop.nn.Activation;
import io.lakeprop.nn.BatchNorm;
import io.lakeprop.nn.Dropout;
import io.lakeprop.nn.Initializer;
import io.lakeprop.nn.Kernel;
import io.lakeprop.nn.Linear;
import io.lakeprop.nn.Network;
import io.lakeprop.nn.Nonlinearity;
import io.lakeprop.nn.SoftmaxCrossEntropy;
import io.lakeprop.optim.Optimizer;
import io.lakeprop.optim.Parameters;
import io.lakeprop.optim.Part;
import io.lakeprop.optim.Plateau;
import io.lakeprop.optim.Recipe;
import io.lakeprop.optim.Schedule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Law 6: n rounds are k rounds, a snapshot, and n - k rounds, bit for bit, whatever the optimizer,
 * the average, the trouble and k. Whoever adds something that changes while training and forgets it
 * in {@link Snapshots} fails here.
 */
class ResumeTest {
  static final int ROUNDS = 14;
  private static final int[] SIZES = {30, 21};

  private static final List<Optimizer> OPTIMIZERS =
      List.of(
          new Optimizer.Sgd(),
          new Optimizer.Momentum(0.9f, 0.1f),
          new Optimizer.Nesterov(0.9f),
          new Optimizer.Adagrad(1e-10f),
          new Optimizer.Adadelta(0.9f, 1e-6f),
          new Optimizer.RmsProp(0.9f, 1e-8f, 0.5f),
          new Optimizer.CenteredRmsProp(0.9f, 1e-4f, 0.5f),
          new Optimizer.Adam(0.9f, 0.999f, 1e-8f),
          new Optimizer.AmsGrad(0.9f, 0.999f, 1e-8f),
          new Optimizer.AdamW(0.9f, 0.999f, 1e-8f),
          new Optimizer.Adamax(0.9f, 0.999f, 1e-8f),
          new Optimizer.NAdam(0.9f, 0.999f, 1e-8f, 4e-3),
          new Optimizer.RAdam(0.9f, 0.999f, 1e-8f),
          new Optimizer.Lion(0.9f, 0.99f),
          new Optimizer.Lamb(0.9f, 0.999f, 1e-6f),
          new Optimizer.Lars(0.9f, 0.01),
          new Optimizer.LimitedMemoryBfgs(3, 1e-9));

  /**
   * A training.
   *
   * @param bad rounds whose gradient has a NaN
   */
  record Case(Optimizer optimizer, Averaging averaging, NonFinite nonFinite, Set<Long> bad) {
    Case(Optimizer optimizer, Averaging averaging) {
      this(optimizer, averaging, NonFinite.STOP, Set.of());
    }

    boolean searches() {
      return optimizer instanceof Optimizer.LimitedMemoryBfgs;
    }

    Network network() {
      return searches() ? Samples.network(0) : NORMALISED;
    }

    RoundPlan plan() {
      return new RoundPlan(1, searches() ? 51 : 20, 2, SIZES);
    }
  }

  private static final Network NORMALISED =
      new Network(
          Samples.INPUT,
          List.of(
              new Network.Named("hidden", new Linear(Samples.INPUT.outputs(), 6)),
              new Network.Named("norm", new BatchNorm(0.1f, 1e-5f, 6)),
              new Network.Named("tanh", new Activation(Nonlinearity.TANH, 6)),
              new Network.Named("dropout", new Dropout(0.2f, 6)),
              new Network.Named("head", new Linear(6, Samples.CLASSES))));

  static List<Case> cases() {
    List<Case> cases = new ArrayList<>();
    OPTIMIZERS.forEach(optimizer -> cases.add(new Case(optimizer, new Averaging.None())));
    Optimizer adam = OPTIMIZERS.get(7);
    for (Averaging averaging :
        List.of(new Averaging.Exponential(0.9), new Averaging.Uniform(5, 2))) {
      cases.add(new Case(adam, averaging));
      cases.add(new Case(adam, averaging, NonFinite.RETRY, Set.of(4L, 9L, 10L)));
      cases.add(new Case(adam, averaging, NonFinite.SKIP, Set.of(3L, 4L, 11L)));
    }
    return cases;
  }

  /** A process of its own: it goes on from a state, until a round that it is stopped after. */
  static final class Attempt {
    private final Case of;
    private final Recorder recorder = new Recorder();

    Attempt(Case of) {
      this.of = of;
    }

    TrainerState start() {
      return new TrainerState(Initializer.suited(of.network(), 1));
    }

    TrainerState run(TrainerState state, long stopAfter) {
      Network network = of.network();
      Keeper keeper =
          new Keeper() {
            @Override
            public void roundDone(TrainerState reached, boolean last) {
              assertTrue(reached.whole());
            }

            @Override
            public boolean asksToStop() {
              return state.round() >= stopAfter;
            }
          };
      return new Trainer(
              rounds(),
              of.plan(),
              network.layout(),
              network.runningMoments(),
              new Recipe(Recipe.Clipping.NONE, Recipe.Penalties.NONE, of.optimizer())
                  .rule(parameters(network)),
              new Schedule.Constant(0.02),
              ROUNDS,
              Optional.of(
                  new Trainer.Validation(
                      ResumeTest::score,
                      Metric.RMSE,
                      2,
                      4,
                      Optional.of(new Plateau(0.5, 1, 1e-4, 0.01)))),
              recorder,
              of.averaging(),
              new Health(of.nonFinite(), 1, network.counters()),
              keeper)
          .run(state);
    }

    private RoundRunner rounds() {
      Objective objective =
          new Objective(of.network(), new SoftmaxCrossEntropy(Samples.CLASSES), 16, Kernel.EJML);
      RoundRunner good = new LocalRounds(objective, of.plan(), Samples.shards(SIZES));
      return (theta, round) -> {
        GradientSum sum = good.gradient(theta, round);
        if (of.bad().contains(round)) {
          sum.gradient()[3] = Float.NaN;
        }
        return sum;
      };
    }

    private static Parameters parameters(Network network) {
      return new Parameters(
          network.layout().slots().stream()
              .filter(placed -> placed.slot().role().learnt())
              .map(
                  placed ->
                      new Part(
                          placed.offset(),
                          placed.slot().rows(),
                          placed.slot().columns(),
                          placed.name(),
                          Part.Kind.OTHER,
                          1,
                          0))
              .toList());
    }

    /** What is the same in every process: all but the time it took. */
    List<String> lines() {
      return Stream.concat(
              recorder.rounds.stream()
                  .map(
                      r ->
                          Stream.of(
                                  r.round(),
                                  r.epoch(),
                                  r.loss(),
                                  r.gradientNorm(),
                                  r.clipped(),
                                  r.learningRate(),
                                  r.rows(),
                                  r.layers(),
                                  r.setback())
                              .map(Object::toString)
                              .collect(Collectors.joining(" "))),
              recorder.evaluations.stream().map(Object::toString))
          .toList();
    }
  }

  /** Worse and better by turns, as theta moves: bests, plateaus and patience all happen. */
  private static RegressionSum score(float[] theta) {
    double sum = 0;
    for (float value : theta) {
      sum += value;
    }
    float[] one = {1};
    RegressionSum score = new RegressionSum(1);
    score.add(1, new float[] {(float) (2 + Math.sin(40 * sum))}, new float[1], one, one);
    return score;
  }

  /** What another process would read: a copy, and the best theta from a file of its own. */
  static TrainerState reread(TrainerState state) {
    Snapshot snapshot = Snapshots.of(state);
    float[] best = state.judged() ? state.bestTheta().clone() : null;
    return Snapshots.state("snapshot", snapshot, best, state.theta().length);
  }

  static void assertSame(TrainerState expected, TrainerState state, String where) {
    assertEquals(Snapshots.of(expected).numbers(), Snapshots.of(state).numbers(), where);
    assertEquals(
        Snapshots.of(expected).vectors().keySet(), Snapshots.of(state).vectors().keySet(), where);
    Snapshots.of(expected)
        .vectors()
        .forEach(
            (name, vector) ->
                assertArrayEquals(
                    bits(vector), bits(Snapshots.of(state).vectors().get(name)), where + name));
    assertArrayEquals(bits(expected.bestTheta()), bits(state.bestTheta()), where);
  }

  private static int[] bits(float[] vector) {
    int[] bits = new int[vector.length];
    Arrays.setAll(bits, i -> Float.floatToRawIntBits(vector[i]));
    return bits;
  }

  @Test
  void everyOptimizerIsThere() {
    assertEquals(
        Set.of(Optimizer.class.getPermittedSubclasses()),
        OPTIMIZERS.stream().map(Object::getClass).collect(Collectors.toSet()));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void stoppedAnywhereIsNeverStopped(Case of) {
    Attempt whole = new Attempt(of);
    TrainerState expected = whole.run(whole.start(), ROUNDS);
    for (long k = 0; k <= expected.round(); k++) {
      Attempt first = new Attempt(of);
      TrainerState stopped = first.run(first.start(), k);
      assertEquals(k, stopped.round());
      Attempt second = new Attempt(of);
      assertSame(expected, second.run(reread(stopped), ROUNDS), "from round " + k + " ");
      if (k > 0 && k < expected.round()) {
        List<String> all = new ArrayList<>(first.lines());
        all.addAll(second.lines());
        assertEquals(Set.copyOf(whole.lines()), Set.copyOf(all));
      }
    }
  }

  /** It is written while rounds go on. */
  @ParameterizedTest
  @MethodSource("cases")
  void aSnapshotStaysAsItWas(Case of) {
    Attempt attempt = new Attempt(of);
    TrainerState state = attempt.run(attempt.start(), 6);
    Snapshot snapshot = Snapshots.of(state);
    Map<String, Double> numbers = new TreeMap<>(snapshot.numbers());
    Map<String, int[]> vectors = new TreeMap<>();
    snapshot.vectors().forEach((name, vector) -> vectors.put(name, bits(vector)));
    attempt.run(state, ROUNDS);
    assertEquals(numbers, snapshot.numbers());
    assertEquals(vectors.keySet(), snapshot.vectors().keySet());
    vectors.forEach(
        (name, was) -> assertArrayEquals(was, bits(snapshot.vectors().get(name)), name));
  }
}
