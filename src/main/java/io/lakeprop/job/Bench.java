package io.lakeprop.job;

import io.lakeprop.base.InvalidInput;
import io.lakeprop.nn.Initializer;
import io.lakeprop.nn.Kernel;
import io.lakeprop.nn.Network;
import io.lakeprop.nn.Nonlinearity;
import io.lakeprop.nn.SoftmaxCrossEntropy;
import io.lakeprop.nn.TableInput;
import io.lakeprop.optim.Schedule;
import io.lakeprop.optim.UpdateRule;
import io.lakeprop.train.EvaluationReport;
import io.lakeprop.train.Objective;
import io.lakeprop.train.RoundPlan;
import io.lakeprop.train.RoundReport;
import io.lakeprop.train.RoundRunner;
import io.lakeprop.train.RoundTimes;
import io.lakeprop.train.Trainer;
import io.lakeprop.train.TrainerState;
import io.lakeprop.train.TrainingListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A perceptron with relu, softmax cross-entropy and Adam, trained by the trainer itself while the
 * clock runs.
 *
 * @param layers widths, inputs first and classes last
 */
record Bench(List<Integer> layers) {
  static final long SEED = 1;

  /** Rounds that let the JVM compile and the adapters settle. */
  private static final int WARM_UP_ROUNDS = 40;

  private static final double WARM_UP_SECONDS = 3;

  /** Vectors that Adam remembers. */
  static final int VECTORS = 2;

  Bench {
    layers = List.copyOf(layers);
    if (layers.size() < 2 || layers.stream().anyMatch(width -> width < 1)) {
      throw new InvalidInput(
          "--layers must be at least two widths above 0, such as 54,256,256,7, however: " + layers);
    }
    if (classes(layers) < 2) {
      throw new InvalidInput("--layers must end with at least 2 classes, however: " + layers);
    }
  }

  int inputs() {
    return layers.get(0);
  }

  int classes() {
    return classes(layers);
  }

  private static int classes(List<Integer> layers) {
    return layers.get(layers.size() - 1);
  }

  Objective objective(int piece, Kernel kernel) {
    Network network =
        Network.perceptron(
            new TableInput(inputs(), List.of()),
            layers.subList(1, layers.size() - 1),
            Nonlinearity.RELU,
            0,
            classes());
    return new Objective(network, new SoftmaxCrossEntropy(classes()), piece, kernel);
  }

  /**
   * What was measured.
   *
   * @param times of each round
   * @param heapBefore bytes in use on the driver after the warm-up and a collection of garbage
   * @param heapAfter the same after the last round
   */
  record Measured(
      long rows, double seconds, List<RoundTimes> times, long heapBefore, long heapAfter) {
    double rowsPerSecond() {
      return rows / seconds;
    }
  }

  /** Warms up, then trains for some seconds. */
  static Measured run(Objective objective, RoundPlan plan, RoundRunner runner, double seconds) {
    TrainerState state = new TrainerState(Initializer.suited(objective.network(), SEED));
    Recorder warmUp = new Recorder();
    long started = System.nanoTime();
    double warm = Math.min(WARM_UP_SECONDS, seconds);
    do {
      trainer(objective, plan, runner, state.round() + 1, warmUp).run(state);
    } while (state.round() < WARM_UP_ROUNDS || seconds(started) < warm);
    Recorder recorder = new Recorder();
    long heapBefore = usedHeap();
    started = System.nanoTime();
    do {
      trainer(objective, plan, runner, state.round() + 1, recorder).run(state);
    } while (seconds(started) < seconds);
    double took = seconds(started);
    return new Measured(recorder.rows, took, recorder.times, heapBefore, usedHeap());
  }

  private static long usedHeap() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) * 1e-9;
  }

  private static Trainer trainer(
      Objective objective,
      RoundPlan plan,
      RoundRunner runner,
      long rounds,
      TrainingListener listener) {
    Schedule rate = new Schedule.Constant(1e-3);
    Network network = objective.network();
    UpdateRule rule =
        new UpdateRule.Chain(
            List.of(
                new UpdateRule.ScaleByAdam(0.9f, 0.999f, 1e-8f),
                new UpdateRule.ScaleByLearningRate()));
    return new Trainer(
        runner,
        plan,
        network.layout(),
        network.runningMoments(),
        rule,
        rate,
        rounds,
        Optional.empty(),
        listener);
  }

  /** Keeps the times of rounds. */
  private static final class Recorder implements TrainingListener {
    private final List<RoundTimes> times = new ArrayList<>();
    private long rows;

    @Override
    public void round(RoundReport report) {
      times.add(report.times());
      rows += report.rows();
    }

    @Override
    public void evaluation(EvaluationReport report) {
      // There is none.
    }
  }
}
