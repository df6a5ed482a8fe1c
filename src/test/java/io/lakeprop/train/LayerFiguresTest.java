package io.lakeprop.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.nn.Initializer;
import io.lakeprop.nn.Kernel;
import io.lakeprop.nn.Network;
import io.lakeprop.nn.Nonlinearity;
import io.lakeprop.nn.ParameterLayout;
import io.lakeprop.nn.SoftmaxCrossEntropy;
import io.lakeprop.nn.UnitCounters;
import io.lakeprop.optim.Schedule;
import io.lakeprop.optim.UpdateRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Figures of layers, beside the gradients and thetas that the rounds themselves give. */
class LayerFiguresTest {
  private static final int[] SIZES = {30, 0, 21};
  private static final int ROUNDS = 6;
  private static final Network NETWORK = Samples.network(0.2f);
  private static final ParameterLayout LAYOUT = NETWORK.layout();
  private static final RoundPlan PLAN = new RoundPlan(1, 20, 3, SIZES);

  private final Recorder recorder = new Recorder();
  private final List<float[]> gradients = new ArrayList<>();
  private final List<float[]> thetas = new ArrayList<>();

  private void train(int figuresEvery) {
    Objective objective =
        new Objective(NETWORK, new SoftmaxCrossEntropy(Samples.CLASSES), 16, Kernel.EJML);
    RoundRunner rounds = new LocalRounds(objective, PLAN, Samples.shards(SIZES));
    RoundRunner kept =
        (theta, round) -> {
          GradientSum sum = rounds.gradient(theta, round);
          float[] mean = sum.gradient().clone();
          for (int i = 0; i < mean.length; i++) {
            mean[i] /= (float) sum.weight();
          }
          gradients.add(mean);
          thetas.add(theta.clone());
          return sum;
        };
    UpdateRule rule =
        new UpdateRule.Chain(
            List.of(
                new UpdateRule.ClipByGlobalNorm(0.01),
                new UpdateRule.ScaleByAdam(0.9f, 0.999f, 1e-8f),
                new UpdateRule.ScaleByLearningRate()));
    TrainerState state =
        new Trainer(
                kept,
                PLAN,
                LAYOUT,
                NETWORK.runningMoments(),
                rule,
                new Schedule.Constant(0.02),
                ROUNDS,
                Optional.empty(),
                recorder,
                new Averaging.None(),
                new Health(NonFinite.STOP, figuresEvery, NETWORK.counters()),
                Keeper.NONE)
            .run(new TrainerState(Initializer.suited(NETWORK, 1)));
    thetas.add(state.theta());
  }

  @Test
  void areTheNormsOfGradientBeforeClippingAndOfWhatThetaMoved() {
    train(1);
    for (int round = 0; round < ROUNDS; round++) {
      List<LayerFigures.Learnt> layers = recorder.rounds.get(round).layers().learnt();
      assertEquals(
          List.of("input.c", "hidden1", "hidden2", "head"),
          layers.stream().map(LayerFigures.Learnt::layer).toList());
      double squares = 0;
      for (LayerFigures.Learnt layer : layers) {
        double gradient = norm(layer.layer(), gradients.get(round), null);
        double theta = norm(layer.layer(), thetas.get(round), null);
        double update = norm(layer.layer(), thetas.get(round + 1), thetas.get(round));
        assertTrue(gradient > 0 && update > 0);
        assertEquals(gradient, layer.gradientNorm(), 2e-6 * gradient);
        assertEquals(theta, layer.thetaNorm(), 1e-6 * theta);
        // What theta moved by is rounded to theta's own digits.
        assertEquals(update / theta, layer.updateRatio(), 1e-4 * update / theta);
        squares += layer.gradientNorm() * layer.gradientNorm();
      }
      double whole = recorder.rounds.get(round).gradientNorm();
      assertEquals(whole, Math.sqrt(squares), 1e-6 * whole);
    }
  }

  private static double norm(String layer, float[] values, float[] minus) {
    double squares = 0;
    for (ParameterLayout.Placed slot : LAYOUT.slots()) {
      for (int i = slot.offset(); slot.name().startsWith(layer + ".") && i < slot.end(); i++) {
        double value = (double) values[i] - (minus == null ? 0 : minus[i]);
        squares += value * value;
      }
    }
    return Math.sqrt(squares);
  }

  @Test
  void areThereAsOftenAsAsked() {
    train(4);
    train(0);
    List<Boolean> there =
        recorder.rounds.stream().map(report -> !report.layers().learnt().isEmpty()).toList();
    List<Boolean> expected = new ArrayList<>(List.of(true, false, false, false, true, false));
    expected.addAll(java.util.Collections.nCopies(ROUNDS, false));
    assertEquals(expected, there);
  }

  @Test
  void sharesAreOfUnitsThatWereFlatInEnoughRows() {
    GradientSum sum = new GradientSum(new float[1], new float[] {10, 9, 8, 10, 9}, 1, 1, 10);
    List<LayerFigures.Units> units =
        LayerFigures.units(
            List.of(
                new UnitCounters("a", Nonlinearity.TANH, 0, 3),
                new UnitCounters("b", Nonlinearity.RELU, 3, 2)),
            sum);
    assertEquals(2.0 / 3, units.get(0).share());
    assertEquals(0.5, units.get(1).share());
    assertTrue(units.get(1).flat().get(0));
  }

  @Test
  void aLayerThatStartsAtZeroMovesInfinitelyFar() {
    assertEquals(Double.POSITIVE_INFINITY, new LayerFigures.Learnt("a", 1, 1, 0).updateRatio());
    assertEquals(0, new LayerFigures.Learnt("a", 1, 0, 0).updateRatio());
  }
}
