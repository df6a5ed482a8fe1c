package io.lakeprop.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.nn.Initializer;
import io.lakeprop.nn.Kernel;
import io.lakeprop.nn.Network;
import io.lakeprop.nn.Nonlinearity;
import io.lakeprop.nn.SoftmaxCrossEntropy;
import io.lakeprop.nn.UnitCounters;
import io.lakeprop.optim.Schedule;
import io.lakeprop.optim.UpdateRule;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said, when, how often, and that healthy trainings hear nothing. */
class HealthWatchTest {
  private static final int ROWS = 200;
  private static final RoundTimes NO_TIME = new RoundTimes(0, 0, 0, 0, 0);
  private static final Network NETWORK =
      Network.perceptron(Samples.INPUT, List.of(8, 6), Nonlinearity.SIGMOID, 0, Samples.CLASSES);

  private final HealthWatch watch = new HealthWatch(NETWORK.layout());
  private final List<Warning> warnings = new ArrayList<>();
  private long round;

  /** Gradients, updates and thetas of norm 1, 0.001 and 1 a weight, and whatever is changed. */
  private static List<LayerFigures.Learnt> layers(double first, double ratio) {
    return List.of(
        new LayerFigures.Learnt("input.c", 0, ratio, 1),
        new LayerFigures.Learnt("hidden1", Math.sqrt(8 * 6) * first, ratio, 1),
        new LayerFigures.Learnt("hidden2", Math.sqrt(9 * 6), ratio, 1),
        new LayerFigures.Learnt("head", Math.sqrt(7 * 3), ratio, 1));
  }

  private static final List<LayerFigures.Learnt> GOOD = layers(1, 1e-3);

  private void read(double loss, double norm, double rate, LayerFigures figures) {
    RoundReport report =
        new RoundReport(
            round++,
            0,
            loss,
            norm,
            Optional.empty(),
            rate,
            ROWS,
            figures,
            Optional.empty(),
            NO_TIME);
    warnings.addAll(watch.read(report));
  }

  private void read(int times, List<LayerFigures.Learnt> layers) {
    for (int i = 0; i < times; i++) {
      read(1, 1, 0.1, new LayerFigures(layers, List.of()));
    }
  }

  private List<Warning.Kind> kinds() {
    return warnings.stream().map(Warning::kind).toList();
  }

  @Test
  void vanishingGradientsAfterTwentyRoundsInARowOnce() {
    read(19, layers(9e-5, 1e-3));
    read(1, layers(1.1e-4, 1e-3));
    read(19, layers(0, 1e-3));
    assertEquals(List.of(), warnings);
    read(1, layers(3.1e-9, 1e-3));
    assertEquals(List.of("hidden1"), warnings.get(0).layers());
    assertEquals(
        "round 40: gradients vanish: those of hidden1 are 3.1e-09 of those of head; try"
            + " network.type: residual, network.norm: batch, network.initializer",
        warnings.get(0).line());
    read(100, layers(0, 1e-3));
    assertEquals(List.of(Warning.Kind.VANISHING_GRADIENTS), kinds());
  }

  @Test
  void withoutAnyGradientNothingVanishes() {
    List<LayerFigures.Learnt> none =
        GOOD.stream().map(l -> new LayerFigures.Learnt(l.layer(), 0, 0, 1)).toList();
    read(300, none);
    assertEquals(List.of(), warnings);
  }

  @Test
  void updatesLongerThanThetaFiveRoundsInARow() {
    read(4, layers(1, 1.5));
    read(1, GOOD);
    read(4, layers(1, Double.POSITIVE_INFINITY));
    assertEquals(List.of(), warnings);
    read(20, layers(1, 3.4));
    assertEquals(List.of(Warning.Kind.EXPLODING), kinds());
    assertEquals(
        "round 10: training explodes: updates of input.c are 3.40 times its weights; try"
            + " optimizer.clip_norm, optimizer.warmup_epochs, or a lower optimizer.learning_rate"
            + " (now 0.100)",
        warnings.get(0).line());
  }

  @Test
  void oneLongUpdateAndALossFarAboveTheFirstSoonAfter() {
    read(1, layers(1, 1e-3));
    read(1, layers(1, 1.5));
    read(3, GOOD);
    read(4, 1, 0.1, new LayerFigures(GOOD, List.of()));
    assertEquals(List.of(), warnings);
    read(1, layers(1, 1.5));
    read(2, GOOD);
    read(4, 1, 0.1, new LayerFigures(GOOD, List.of()));
    assertEquals(List.of(Warning.Kind.EXPLODING), kinds());
    assertEquals(9, warnings.get(0).round());
  }

  @Test
  void gradientsThatJumpInFiveRoundsOfTen() {
    LayerFigures figures = new LayerFigures(GOOD, List.of());
    for (int i = 0; i < 200; i++) {
      read(1, i % 3 == 0 && i > 30 ? 1e6 : 1, 0.1, figures);
    }
    assertEquals(List.of(), warnings);
    for (int i = 0; i < 9; i++) {
      read(1, i % 2 == 0 ? 150 : 1, 0.1, figures);
    }
    assertEquals(List.of(Warning.Kind.EXPLODING), kinds());
    assertTrue(warnings.get(0).text().contains("norm is 150, usually 1.00"), warnings.toString());
    assertEquals(List.of("hidden2"), warnings.get(0).layers());
  }

  /** Near the end norms may be tiny: that they grow again is no explosion. */
  @Test
  void gradientsMayGrowToWhatTheyWere() {
    LayerFigures figures = new LayerFigures(GOOD, List.of());
    for (int i = 0; i < 300; i++) {
      read(1, i < 50 ? 1 : i < 200 ? 1e-6 : 0.9, 0.1, figures);
    }
    assertEquals(List.of(), warnings);
  }

  @Test
  void aLossFarAboveTheFirst() {
    LayerFigures figures = new LayerFigures(GOOD, List.of());
    for (int i = 0; i < 30; i++) {
      read(2.5, 1, 0.1, figures);
    }
    for (int i = 0; i < 30; i++) {
      read(8, 1, 0.1, figures);
    }
    assertEquals(List.of(), warnings, "the gradient is as it was");
    for (int i = 0; i < 10; i++) {
      read(8, 4, 0.1, figures);
    }
    assertEquals(List.of(Warning.Kind.EXPLODING), kinds());
    assertTrue(warnings.get(0).text().contains("loss is 8.00, from 2.50"), warnings.toString());
  }

  /** Outliers in every third round, losses below 0, and a loss that falls to next to nothing. */
  @Test
  void lossesThatAreNotSteadyAreNoExplosion() {
    LayerFigures figures = new LayerFigures(GOOD, List.of());
    for (int i = 0; i < 300; i++) {
      read(i % 3 == 0 ? 1000 : -0.01 + 0.001 * i, i % 3 == 0 ? 50 : 1, 0.1, figures);
    }
    for (int i = 0; i < 100; i++) {
      read(1e-6 * (1 + i), 1e-4, 0.1, figures);
    }
    assertEquals(List.of(), warnings);
  }

  @ParameterizedTest
  @ValueSource(strings = {"RELU", "SIGMOID"})
  void unitsThatAreFlatInEveryRoundOfAWindow(Nonlinearity function) {
    UnitCounters counters = new UnitCounters("hidden1.activation", function, 0, 8);
    // Six are flat in any one round, but only four of them in all: half is not more than half.
    for (int i = 0; i < 120; i++) {
      read(1, 1, 0.1, units(counters, 0, 1, 2, 3, 4 + i % 4, 4 + (i + 1) % 4));
    }
    assertEquals(List.of(), warnings);
    for (int i = 0; i < 150; i++) {
      read(1, 1, 0.1, units(counters, 0, 1, 2, 3, 4));
    }
    boolean dead = function == Nonlinearity.RELU;
    assertEquals(List.of(dead ? Warning.Kind.DEAD_UNITS : Warning.Kind.SATURATED_UNITS), kinds());
    assertEquals(199, warnings.get(0).round());
    String start =
        "round 200: 63% of the units of hidden1.activation are " + (dead ? "dead" : "saturated");
    assertTrue(warnings.get(0).line().startsWith(start), warnings.toString());
  }

  private static LayerFigures units(UnitCounters counters, int... flat) {
    BitSet set = new BitSet();
    IntStream.of(flat).forEach(set::set);
    return new LayerFigures(GOOD, List.of(new LayerFigures.Units(counters, set)));
  }

  @Test
  void updatesTooSmallToLearn() {
    List<LayerFigures.Learnt> small = layers(1, 3e-8);
    read(99, small);
    assertEquals(List.of(), warnings);
    read(50, small);
    assertEquals(List.of(Warning.Kind.SMALL_UPDATES), kinds());
    assertEquals(99, warnings.get(0).round());
  }

  @Test
  void smallUpdatesAreWellAtTheEndOfASchedule() {
    LayerFigures small = new LayerFigures(layers(1, 3e-8), List.of());
    read(1, 1, 0.1, new LayerFigures(GOOD, List.of()));
    for (int i = 0; i < 300; i++) {
      read(1, 1, 0.04, small);
    }
    assertEquals(List.of(), warnings);
  }

  @Test
  void smallUpdatesAreWellWhenTheLossHasFallen() {
    LayerFigures small = new LayerFigures(layers(1, 3e-8), List.of());
    for (int i = 0; i < 300; i++) {
      read(i < 60 ? 1 : 0.9, 1, 0.1, small);
    }
    assertEquals(List.of(), warnings);
  }

  @Test
  void roundsWithoutFiguresSayNothing() {
    for (int i = 0; i < 300; i++) {
      read(1, 1, 0.1, LayerFigures.NONE);
    }
    assertEquals(List.of(), warnings);
  }

  @Test
  void ofRoundsLeftOutTheFirstIsToldAndOfWaysBackEach() {
    for (Setback setback :
        List.of(
            new Setback(NonFinite.SKIP, "loss=NaN", 7, 1),
            new Setback(NonFinite.SKIP, "loss=NaN", 8, 1),
            new Setback(NonFinite.RETRY, "loss=NaN", 3, 0.5),
            new Setback(NonFinite.RETRY, "loss=Infinity", 3, 0.25))) {
      RoundReport report =
          new RoundReport(
              round++,
              0,
              Double.NaN,
              1,
              Optional.empty(),
              0.1,
              1,
              LayerFigures.NONE,
              Optional.of(setback),
              NO_TIME);
      warnings.addAll(watch.read(report));
    }
    assertEquals(Collections.nCopies(3, Warning.Kind.NON_FINITE), kinds());
    assertTrue(
        warnings
                .get(2)
                .line()
                .startsWith("round 4: not finite: loss=Infinity; back to what round 3")
            && warnings.get(2).line().contains("1/4 of"),
        warnings.toString());
  }

  /** A network on the samples' rows, watched. */
  private static List<Warning> watched(
      Network network, float[] theta, double rate, boolean adam, int rounds) {
    int[] sizes = {150, 150};
    RoundPlan plan = new RoundPlan(1, 100, 2, sizes);
    Objective objective =
        new Objective(network, new SoftmaxCrossEntropy(Samples.CLASSES), 64, Kernel.EJML);
    UpdateRule step = new UpdateRule.ScaleByLearningRate();
    UpdateRule rule =
        adam
            ? new UpdateRule.Chain(List.of(new UpdateRule.ScaleByAdam(0.9f, 0.999f, 1e-8f), step))
            : step;
    Recorder recorder = new Recorder();
    new Trainer(
            new LocalRounds(objective, plan, Samples.shards(sizes)),
            plan,
            network.layout(),
            network.runningMoments(),
            rule,
            new Schedule.Constant(rate),
            rounds,
            Optional.empty(),
            recorder,
            new Averaging.None(),
            new Health(NonFinite.SKIP, 1, network.counters()),
            Keeper.NONE)
        .run(new TrainerState(theta));
    HealthWatch watch = new HealthWatch(network.layout());
    return recorder.rounds.stream().flatMap(report -> watch.read(report).stream()).toList();
  }

  private static Network deep(Nonlinearity function, int layers) {
    return Network.perceptron(
        Samples.INPUT, Collections.nCopies(layers, 12), function, 0, Samples.CLASSES);
  }

  @ParameterizedTest
  @ValueSource(strings = {"RELU", "TANH", "SELU", "SILU", "SIGMOID"})
  void healthyNetworksHearNothing(Nonlinearity function) {
    Network network = deep(function, 3);
    float[] theta = Initializer.suited(network, 2);
    assertEquals(List.of(), watched(network, theta, 1e-3, true, 150));
    assertEquals(List.of(), watched(network, theta, 0.05, false, 150));
  }

  @Test
  void twentySigmoidsInARowLoseTheGradient() {
    Network network = deep(Nonlinearity.SIGMOID, 20);
    List<Warning> warnings = watched(network, Initializer.suited(network, 2), 1e-3, true, 60);
    Warning first = warnings.get(0);
    assertEquals(Warning.Kind.VANISHING_GRADIENTS, first.kind());
    assertEquals("hidden1", first.layers().get(0));
    assertTrue(first.layers().size() > 5 && first.layers().size() < 19, first.toString());
    assertTrue(first.text().endsWith(", or another network.activation than sigmoid"), first.text());
    assertEquals(1, warnings.size());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void rateFarTooHighExplodes(boolean adam) {
    Network network = deep(Nonlinearity.RELU, 3);
    List<Warning> warnings =
        watched(network, Initializer.suited(network, 2), adam ? 3 : 30, adam, 40);
    assertTrue(
        warnings.stream()
            .anyMatch(
                w -> w.kind() == Warning.Kind.EXPLODING || w.kind() == Warning.Kind.NON_FINITE),
        warnings.toString());
  }

  @Test
  void unitsFarBelowZeroAreDead() {
    Network network = deep(Nonlinearity.RELU, 2);
    float[] theta = Initializer.suited(network, 2);
    network.layout().slots().stream()
        .filter(slot -> slot.name().equals("hidden1.bias"))
        .forEach(slot -> java.util.Arrays.fill(theta, slot.offset(), slot.offset() + 8, -50));
    List<Warning> warnings = watched(network, theta, 1e-3, true, 120);
    assertEquals(List.of(Warning.Kind.DEAD_UNITS), warnings.stream().map(Warning::kind).toList());
    assertEquals(List.of("hidden1.activation"), warnings.get(0).layers());
  }

  @Test
  void aRateNextToNothingIsTooLow() {
    Network network = deep(Nonlinearity.RELU, 2);
    List<Warning> warnings = watched(network, Initializer.suited(network, 2), 1e-9, true, 150);
    assertEquals(
        List.of(Warning.Kind.SMALL_UPDATES), warnings.stream().map(Warning::kind).toList());
  }

  /** After a resume only what was not said before is new: of units layer by layer. */
  @Test
  void whatAnEarlierProcessSaidIsNotSaidAgain() {
    watch.told(Warning.Kind.DEAD_UNITS, List.of("hidden1.activation"));
    watch.told(Warning.Kind.SMALL_UPDATES, List.of("any"));
    UnitCounters told = new UnitCounters("hidden1.activation", Nonlinearity.RELU, 0, 4);
    UnitCounters other = new UnitCounters("hidden2.activation", Nonlinearity.RELU, 4, 4);
    BitSet flat = new BitSet();
    flat.set(0, 4);
    List<LayerFigures.Units> units =
        List.of(new LayerFigures.Units(told, flat), new LayerFigures.Units(other, flat));
    for (int i = 0; i < 150; i++) {
      read(1, 1, 0.1, new LayerFigures(layers(1, 3e-8), units));
    }
    assertEquals(List.of(Warning.Kind.DEAD_UNITS), kinds());
    assertEquals(List.of("hidden2.activation"), warnings.get(0).layers());
  }

  @Test
  void numbersHaveThreeDigitsOrTwoAndAPower() {
    assertEquals("0.0100", HealthWatch.number(0.01));
    assertEquals("9.9e-03", HealthWatch.number(0.0099));
    assertEquals("999", HealthWatch.number(999));
    assertEquals("1.0e+03", HealthWatch.number(1000));
  }
}
