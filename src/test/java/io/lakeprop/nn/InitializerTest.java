package io.lakeprop.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lakeprop.base.InvalidInput;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Weights start with mean 0 and the published variance; biases and unseen values at zero. */
class InitializerTest {
  private static final int INPUTS = 300;
  private static final int OUTPUTS = 200;

  private static Network network() {
    return Network.perceptron(
        new TableInput(
            INPUTS - 16,
            List.of(new TableInput.Category("c", new CategoryEncoding.Embedding(500, 16)))),
        List.of(OUTPUTS),
        Nonlinearity.RELU,
        0,
        100);
  }

  @ParameterizedTest
  @EnumSource
  void variancesAreThePublishedOnes(Initializer initializer) {
    double hidden =
        switch (initializer) {
          case HE_NORMAL, HE_UNIFORM -> 2.0 / INPUTS;
          case GLOROT_NORMAL, GLOROT_UNIFORM -> 2.0 / (INPUTS + OUTPUTS);
          case LECUN_NORMAL, LECUN_UNIFORM, ORTHOGONAL -> 1.0 / INPUTS;
          case ZEROS -> 0;
        };
    float[] theta = initializer.theta(network(), 4);
    if (initializer == Initializer.ZEROS) {
      assertArrayEquals(new float[INPUTS * OUTPUTS], slot(theta, "hidden1.weight"));
      return;
    }
    assertMoments(slot(theta, "hidden1.weight"), hidden);
    assertMoments(slot(theta, "head.weight"), 2.0 / (OUTPUTS + 100));
  }

  /** Uniform numbers have an end, √3 deviations from 0; of so many normal ones some are beyond. */
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.MATCH_ANY, names = ".*(UNIFORM|_NORMAL)")
  void distributions(Initializer initializer) {
    float[] w = slot(initializer.theta(network(), 4), "hidden1.weight");
    double deviation = Math.sqrt(initializer.variance(INPUTS, OUTPUTS));
    double largest = 0;
    for (float value : w) {
      largest = Math.max(largest, Math.abs(value) / deviation);
    }
    if (initializer.name().endsWith("UNIFORM")) {
      assertEquals(Math.sqrt(3), largest, 1e-3);
    } else {
      assertTrue(largest > 3.5 && largest < 6, "" + largest);
    }
  }

  /** Rows of a wide matrix and columns of a tall one are orthonormal. */
  @ParameterizedTest
  @CsvSource({"20, 33", "33, 20", "20, 20", "1, 7", "7, 1"})
  void orthogonalIsOrthonormal(int inputs, int outputs) {
    Network network =
        Network.perceptron(
            new TableInput(inputs, List.of()), List.of(outputs), Nonlinearity.TANH, 0, 1);
    float[] w = Initializer.ORTHOGONAL.theta(network, 6);
    boolean wide = outputs <= inputs;
    int vectors = Math.min(inputs, outputs);
    for (int a = 0; a < vectors; a++) {
      for (int b = 0; b <= a; b++) {
        double dot = 0;
        for (int i = 0; i < Math.max(inputs, outputs); i++) {
          int ofA = wide ? a * inputs + i : i * inputs + a;
          int ofB = wide ? b * inputs + i : i * inputs + b;
          dot += (double) w[ofA] * w[ofB];
        }
        assertEquals(a == b ? 1 : 0, dot, 1e-6);
      }
    }
  }

  @Test
  void aConstantIsInEveryWeightButTheHeads() {
    WeightStart constant = new WeightStart.Constant(0.01f);
    float[] theta = new InitialTheta(Optional.of(constant), Map.of()).of(network(), 4);
    float[] expected = new float[INPUTS * OUTPUTS];
    Arrays.fill(expected, 0.01f);
    assertArrayEquals(expected, slot(theta, "hidden1.weight"));
    assertArrayEquals(new float[OUTPUTS], slot(theta, "hidden1.bias"));
    assertMoments(slot(theta, "head.weight"), 2.0 / (OUTPUTS + 100));
    assertThrows(InvalidInput.class, () -> new WeightStart.Constant(Float.POSITIVE_INFINITY));
    assertThrows(InvalidInput.class, () -> new WeightStart.Constant(Float.NaN));
  }

  /** A layer's own comes first, then that of all, then what suits; the rest keeps its bits. */
  @Test
  void oneLayerMayHaveItsOwn() {
    Map<String, WeightStart> own = Map.of("hidden1", Initializer.ZEROS);
    float[] suited = Initializer.suited(network(), 4);
    float[] theta = new InitialTheta(Optional.empty(), own).of(network(), 4);
    assertArrayEquals(new float[INPUTS * OUTPUTS], slot(theta, "hidden1.weight"));
    for (String other : List.of("input.c.weight", "head.weight", "head.bias")) {
      assertArrayEquals(slot(suited, other), slot(theta, other));
    }
    WeightStart all = Initializer.HE_NORMAL;
    theta = new InitialTheta(Optional.of(all), Map.of("head", Initializer.ZEROS)).of(network(), 4);
    assertMoments(slot(theta, "hidden1.weight"), 2.0 / INPUTS);
    assertArrayEquals(new float[OUTPUTS * 100], slot(theta, "head.weight"));
  }

  /** Each hidden weight suits its activation; one without an activation above has Glorot's. */
  @ParameterizedTest
  @EnumSource
  void theActivationChooses(Nonlinearity function) {
    double variance =
        switch (function) {
          case RELU, LEAKY_RELU, ELU, GELU, GELU_TANH, SILU, MISH, HARD_SWISH, SOFTPLUS -> 2.0 / 90;
          case SELU -> 1.0 / 90;
          case TANH, SIGMOID, SOFTSIGN, IDENTITY -> 2.0 / (90 + 70);
        };
    Network network = residual(function);
    float[] theta = Initializer.suited(network, 4);
    assertMoments(slot(network, theta, "inner.weight"), variance);
    assertMoments(slot(network, theta, "outer.weight"), 2.0 / (90 + 70));
    theta = Initializer.LECUN_UNIFORM.theta(network, 4);
    assertMoments(slot(network, theta, "inner.weight"), 1.0 / 90);
    assertMoments(slot(network, theta, "outer.weight"), 1.0 / 70);
  }

  /** No activation stands between its second linear layer and the head. */
  private static Network residual(Nonlinearity function) {
    return new Network(
        new TableInput(90, List.of()),
        List.of(
            new Network.Named("inner", new Linear(90, 70)),
            new Network.Named("activation", new Activation(function, 70)),
            new Network.Named("outer", new Linear(70, 90)),
            new Network.Named("add", new Add(Network.INPUT, 90)),
            new Network.Named("head", new Linear(90, 2))));
  }

  @Test
  void biasesAndUnseenValuesAreZero() {
    float[] theta = Initializer.suited(network(), 4);
    assertArrayEquals(new float[OUTPUTS], slot(theta, "hidden1.bias"));
    float[] table = slot(theta, "input.c.weight");
    assertArrayEquals(new float[16], Arrays.copyOf(table, 16));
    assertMoments(Arrays.copyOfRange(table, 16, table.length), 1.0 / 16);
  }

  private static float[] slot(float[] theta, String name) {
    return slot(network(), theta, name);
  }

  private static float[] slot(Network network, float[] theta, String name) {
    ParameterLayout.Placed placed =
        network.layout().slots().stream().filter(p -> p.name().equals(name)).findFirst().get();
    return Arrays.copyOfRange(theta, placed.offset(), placed.end());
  }

  /** Four standard errors; the kurtosis of a normal number is the larger one. */
  private static void assertMoments(float[] values, double variance) {
    double sum = 0;
    double squares = 0;
    for (float value : values) {
      sum += value;
      squares += (double) value * value;
    }
    double n = values.length;
    assertEquals(0, sum / n, 4 * Math.sqrt(variance / n));
    assertEquals(1, squares / n / variance, 4 * Math.sqrt(2 / n));
  }
}
