package io.lakeprop.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Regions are those of the definition, by each function's own slope, and rows in them are counted.
 */
class FlatRegionTest {
  private static final int STEPS_A_UNIT = 500;
  private static final int FAR = 30;
  private static final int ROWS = 23;

  /** The slope in steps from -30 to 30, and the largest of them. */
  private static double[] slopes(Nonlinearity function) {
    double[] slopes = new double[2 * FAR * STEPS_A_UNIT + 1];
    for (int i = 0; i < slopes.length; i++) {
      float x = x(i);
      slopes[i] = Math.abs(function.derivative(x, function.value(x)));
    }
    return slopes;
  }

  private static float x(int step) {
    return (float) step / STEPS_A_UNIT - FAR;
  }

  /** On the sides: every slope from there on outwards is below a hundredth of the largest. */
  private static boolean[] flat(double[] slopes) {
    // In floats, as leaky relu has its slope: a hundredth is not below a hundredth.
    double bound = 0.01f * Arrays.stream(slopes).max().orElseThrow();
    boolean[] flat = new boolean[slopes.length];
    for (int i = 0; i < slopes.length && slopes[i] < bound; i++) {
      flat[i] = true;
    }
    for (int i = slopes.length - 1; i >= 0 && slopes[i] < bound; i--) {
      flat[i] = true;
    }
    return flat;
  }

  @ParameterizedTest
  @EnumSource(Nonlinearity.class)
  void isWhereTheSlopeIsBelowAHundredthOfTheLargest(Nonlinearity function) {
    boolean[] flat = flat(slopes(function));
    FlatRegion region = function.flat();
    for (int i = 1; i < flat.length - 1; i++) {
      boolean within = outside(region, function, x(i));
      boolean atAnEnd = flat[i - 1] != flat[i + 1];
      assertTrue(atAnEnd || flat[i] == within, function + " at " + x(i) + ": " + within);
    }
    assertEquals(region.nowhere(), IntStream.range(0, flat.length).noneMatch(i -> flat[i]));
    assertEquals(region.twoSided(), flat[0] && flat[flat.length - 1]);
  }

  private static boolean outside(FlatRegion region, Nonlinearity function, float x) {
    float v = region.ofOutput() ? function.value(x) : x;
    return v < region.low() || v > region.high();
  }

  /** What the workspace overwrites can only be told by the output. */
  @ParameterizedTest
  @EnumSource(Nonlinearity.class)
  void looksAtWhatIsThere(Nonlinearity function) {
    assertTrue(!function.inPlace() || function.flat().ofOutput());
  }

  /** The slow twin: slopes at inputs that a network without the activation computes. */
  @ParameterizedTest
  @EnumSource(Nonlinearity.class)
  void rowsAreCounted(Nonlinearity function) {
    Linear linear = new Linear(3, 37);
    Network below = new Network(new TableInput(3, List.of()), List.of(named("a", linear)));
    Network network =
        new Network(
            new TableInput(3, List.of()),
            List.of(
                named("a", linear),
                named("first", new Activation(function, 37)),
                named("leaky", new Activation(Nonlinearity.LEAKY_RELU, 37)),
                named("b", new Linear(37, 5)),
                named("second", new Activation(Nonlinearity.RELU, 5)),
                named("head", new Linear(5, 1))));
    float[] theta = Initializer.suited(network, 3);
    // Far enough from 0 that every function is flat somewhere.
    for (int i = 0; i < below.layout().size(); i++) {
      theta[i] *= 20;
    }
    float[] x = logits(below, Arrays.copyOf(theta, below.layout().size()));
    float[] expected = new float[function.flat().nowhere() ? 0 : 37];
    boolean[] flat = flat(slopes(function));
    for (int i = 0; i < x.length && expected.length > 0; i++) {
      int step = Math.round((Math.max(-FAR, Math.min(FAR, x[i])) + FAR) * STEPS_A_UNIT);
      expected[i % 37] += flat[step] ? 1 : 0;
    }
    float[] counted = new float[network.counted()];
    Workspace workspace = workspace(network, theta, new Randomness(1, 0));
    network.backward(workspace, new float[theta.length], counted);
    assertArrayEquals(expected, Arrays.copyOf(counted, expected.length));
    assertEquals(expected.length + 5, counted.length);
    assertTrue(expected.length == 0 || IntStream.range(0, 37).anyMatch(i -> counted[i] > 0));
    assertTrue(IntStream.range(0, 5).anyMatch(i -> counted[expected.length + i] > 0));
  }

  @Test
  void countersLieOneLayerAfterAnother() {
    Network network =
        Network.perceptron(new TableInput(2, List.of()), List.of(4, 3), Nonlinearity.TANH, 0.5f, 2);
    assertEquals(
        List.of(
            new UnitCounters("hidden1.activation", Nonlinearity.TANH, 0, 4),
            new UnitCounters("hidden2.activation", Nonlinearity.TANH, 4, 3)),
        network.counters());
    assertEquals(7, network.counted());
  }

  /** Nine rows of ten are enough to be saturated; to be dead, it takes every one. */
  @Test
  void sharesOfRows() {
    UnitCounters sigmoid = new UnitCounters("s", Nonlinearity.SIGMOID, 0, 1);
    UnitCounters relu = new UnitCounters("r", Nonlinearity.RELU, 0, 1);
    assertEquals(
        List.of(false, true, true, false, false, true),
        List.of(
            sigmoid.flat(26, 29),
            sigmoid.flat(27, 30),
            sigmoid.flat(30, 30),
            relu.flat(27, 30),
            relu.flat(29, 30),
            relu.flat(30, 30)));
  }

  @Test
  void countingLeavesTheGradientAlone() {
    Network network =
        Network.perceptron(
            new TableInput(3, List.of()), List.of(9, 8), Nonlinearity.SIGMOID, 0.3f, 1);
    float[] theta = Initializer.suited(network, 3);
    float[] gradient = new float[theta.length];
    network.backward(workspace(network, theta, new Randomness(1, 0)), gradient);
    float[] counted = new float[theta.length];
    float[] counters = new float[network.counted()];
    network.backward(workspace(network, theta, new Randomness(1, 0)), counted, counters);
    assertArrayEquals(gradient, counted);
  }

  private static Network.Named named(String name, Layer layer) {
    return new Network.Named(name, layer);
  }

  private static float[] logits(Network network, float[] theta) {
    return workspace(network, theta, null).logits();
  }

  /** A workspace after forward over the same rows, and the same gradient of logits. */
  private static Workspace workspace(Network network, float[] theta, Randomness randomness) {
    Workspace workspace = new Workspace(network, ROWS, Kernel.EJML.gemm());
    Random random = new Random(5);
    List<float[]> rows = new ArrayList<>();
    for (int row = 0; row < ROWS; row++) {
      rows.add(new float[] {(float) random.nextGaussian(), (float) random.nextGaussian(), 1});
      workspace.put(row, rows.get(row), 0, new int[0], 0);
    }
    network.forward(workspace, theta, ROWS, randomness);
    Arrays.fill(workspace.logitsGradient(), 1);
    return workspace;
  }
}
